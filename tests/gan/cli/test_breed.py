"""`breed` and `combine`: the pictures that they write, and what they refuse."""

import numpy as np
import pytest
import torch
from helpers.running_commands import run
from PIL import Image

from gan.latent.lineage import grow
from gan.models.render import render
from gan.models.storage import load_generator


def drawn(path) -> np.ndarray:
    return np.asarray(Image.open(path))


def pictures(recipe: str, count: int, with_sum: bool = False) -> np.ndarray:
    family = grow(recipe, 8, count)
    z = torch.cat([family.latents[-1:], family.litter]) if with_sum else family.litter
    return render(load_generator("digits"), z)[..., 0]


def square(images: np.ndarray) -> np.ndarray:
    return np.block([[images[0], images[1]], [images[2], images[3]]])


def test_breed_draws_the_children_of_one_or_two(shipped, tmp_path, capsys):
    path = tmp_path / "children.png"
    options = ["--model", "digits", "--children", 4, "--scale", 1, "--out", path]
    assert run("breed", *options, "--seed", 42, "--difference", 0.35, "--litter", 2) == 0
    assert "recipe 42.c0d35s2" in capsys.readouterr().out
    assert np.array_equal(drawn(path), square(pictures("42.c0d35s2", 4)))
    assert run("breed", *options, "--seed", 42, "--other", 7, "--difference", 0) == 0
    assert np.array_equal(drawn(path), square(pictures("42.7.c0x1d0s0", 4)))


def test_breed_takes_a_recipe_from_the_page(shipped, tmp_path):
    path, recipe = tmp_path / "children.png", "42.c0d35s1i7.c1d35s2"
    options = ["--model", "digits", "--children", 4, "--scale", 1, "--out", path]
    assert run("breed", *options, "--recipe", recipe) == 0
    assert np.array_equal(drawn(path), square(pictures(recipe, 4)))


def test_combine_draws_the_sum_and_what_lies_near(shipped, tmp_path, capsys):
    path = tmp_path / "sum.png"
    groups = ["--plus", "1-2", "--minus", 3, "--onto", 4]
    options = ["--model", "digits", "--children", 3, "--scale", 1, "--out", path]
    assert run("combine", *groups, *options) == 0
    assert "recipe 1.2.3.4.a0x1m2p3.c4d10s0" in capsys.readouterr().out
    assert np.array_equal(drawn(path), square(pictures("1.2.3.4.a0x1m2p3.c4d10s0", 3, with_sum=True)))


def test_children_of_a_class(pets, tmp_path, capsys):
    path, recipe = tmp_path / "children.png", "42.c0d35s2k1"
    options = ["--model", "pets", "--children", 4, "--scale", 1, "--out", path]
    expected = square(render(pets, grow(recipe, 8, 4, 3).litter)[..., 0])
    assert (
        run("breed", *options, "--seed", 42, "--difference", 0.35, "--litter", 2, "--class", "dog") == 0
    )
    assert f"recipe {recipe}" in capsys.readouterr().out
    assert np.array_equal(drawn(path), expected)
    assert run("breed", *options, "--recipe", recipe) == 0
    assert np.array_equal(drawn(path), expected)
    assert run("breed", *options, "--recipe", recipe, "--class", "dog") == 2
    assert "a recipe holds its class itself" in capsys.readouterr().err
    assert run("combine", *options, "--plus", 1, "--minus", 2, "--onto", 3, "--class", "7") == 0
    assert "recipe 1.2.3.a0m1p2.c3d10s0k2" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["breed"], "either --seed"),
        (["breed", "--seed", 1, "--recipe", "1.c0d1s1"], "either --seed"),
        (["breed", "--recipe", "42"], "must end in a litter"),
        (["breed", "--recipe", "x"], "no picture like"),
        (["breed", "--seed", -1], "recipe has no picture|seed must be"),
        (["breed", "--seed", 1, "--difference", 0.355], "hundredths"),
        (["breed", "--seed", 1, "--difference", "nan"], "difference must be"),
        (["breed", "--seed", 1, "--children", 65], "number of children"),
        (["breed", "--seed", 1, "--litter", -1], "seed must be"),
        (["breed", "--seed", 1, "--scale", 99], "scale must be"),
        (["combine", "--plus", "x", "--minus", 1, "--onto", 2], "seeds must look like"),
        (["combine", "--plus", "0-300", "--minus", 1, "--onto", 2], "in a recipe must be"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(shipped, tmp_path, capsys, arguments, words):
    path = tmp_path / "no.png"
    assert run(*arguments, "--model", "digits", "--out", path) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and any(word in said for word in words.split("|"))
    assert not path.exists()
