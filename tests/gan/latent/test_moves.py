"""Latents moved by names of directions, in Python and on the command line."""

import numpy as np
import pytest
import torch
from helpers.running_commands import refused, run
from PIL import Image

from gan.latent.moves import direction_set, move
from gan.latent.seeds import parse_moves, parse_numbers
from gan.latent.vectors import seed_latents
from gan.models.registry import WEIGHTS_FOLDER
from gan.models.render import render
from gan.models.storage import load_generator


def test_a_move_adds_the_amount_along_the_direction():
    z = seed_latents([1, 2], 64)
    (vector,) = (
        each.vector
        for each in direction_set(
            load_generator("digits"), WEIGHTS_FOLDER / "digits", "named"
        ).directions
        if each.name == "slant"
    )
    moved = move("digits", z, named={"slant": -1.5}, numbers={3: 0.25})
    expected = z.double() - 1.5 * torch.tensor(vector, dtype=torch.float64)
    expected[:, 3] = 0.25
    assert torch.equal(moved, expected.float())
    assert torch.equal(z, seed_latents([1, 2], 64))
    assert torch.equal(move("digits", z), z)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [({"named": {"smile": 1}}, "direction of digits"), ({"named": {"slant": 3.5}}, "amount of slant"),
     ({"numbers": {64: 1}}, "index"), ({"numbers": {0: float("inf")}}, "number 0 of z")],
)  # fmt: skip
def test_what_is_not_there_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        move("digits", seed_latents([1], 64), **arguments)


def test_a_model_without_classes_has_none():
    with pytest.raises(ValueError, match="no directions called classes"):
        move("faces", seed_latents([1], 64), classes={"digit 1": 1})


def test_moves_as_text():
    assert parse_moves(["dark skin=1.5", "sefa:3=-2"]) == {
        "named": {"dark skin": 1.5},
        "sefa": {"3": -2.0},
    }
    assert parse_numbers(["12=0.5"]) == {12: 0.5}
    for text in ("", "slant", "slant=", "=1", "evil:1=1", "slant=x", "named:=1"):
        with pytest.raises(ValueError, match="--move takes"):
            parse_moves([text])
    for text in ("", "1", "x=1", "-1=1", "1=x", "99999=1"):
        with pytest.raises(ValueError, match="--number takes"):
            parse_numbers([text])


def test_sample_moves(tmp_path, capsys):
    out = tmp_path / "moved.png"
    moved = ["--move", "slant=2", "--number", "3=1"]
    assert run("sample", "--model", "digits", "--seeds", "4", *moved, "--scale", "1", "--out", out) == 0
    expected = render(
        load_generator("digits"),
        move("digits", seed_latents([4], 64), named={"slant": 2}, numbers={3: 1}),
    )
    assert np.array_equal(np.asarray(Image.open(out)), expected[0, ..., 0])
    capsys.readouterr()
    assert "slant=x" in refused(capsys, "sample", "--model", "digits", "--move", "slant=x")
    assert "direction of digits" in refused(capsys, "sample", "--model", "digits", "--move", "smile=1")
