"""Maps of a latent space: what lies on them, and their files."""

import io
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from gan.cli.parser import main
from gan.data.load import load_images
from gan.images.encode import previews
from gan.latent.vectors import seed_latents
from gan.maps.latent_map import SIDE, LatentMap, draw_map, laid_out, real_pictures
from gan.maps.map_file import NAME, SHEET, as_dict, read_map, sheet_of, write_map
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.registry import WEIGHTS_FILE
from gan.models.render import render
from gan.models.storage import save_generator
from gan.settings.config import TrainConfig

SAMPLES, REALS = 50, 20


def generator(**changes):
    made = Generator(
        **{"family": "dcgan", "size": 32, "channels": 1, "width": 4, "z_dim": 8, **changes}
    )
    initialise(made, torch.Generator().manual_seed(0))
    return made.eval()


@pytest.fixture(scope="module")
def made():
    *_, last = draw_map(generator(), "glyphs", SAMPLES, REALS)
    return last.made


def test_it_has_the_pictures_of_seeds_and_then_real_ones(made):
    assert (made.fakes, made.places.shape) == (SAMPLES, (SAMPLES + REALS, 2))
    drawn = render(generator(), seed_latents(range(SAMPLES), 8)).astype(int)
    assert np.abs(made.pictures[:SAMPLES] - drawn).max() <= 1
    known = {each.tobytes() for each in load_images("glyphs", 32, 1, split="train").pixels.numpy()}
    reals = made.pictures[SAMPLES:]
    assert len({each.tobytes() for each in reals}) == REALS
    assert not any(each.tobytes() in known for each in reals), "real pictures that runs train on"


def test_it_fills_the_square_and_says_how_far_it_is(made):
    low, high = made.places.min(0), made.places.max(0)
    assert (low >= 0).all() and (high <= 1).all()
    assert (high - low).max() == pytest.approx(1.0, abs=1e-5)
    parts = [each.part for each in draw_map(generator(), "", SAMPLES, 0)]
    assert parts == sorted(parts) and parts[-1] == 1.0


def test_what_is_real_lies_apart_from_the_noise_of_new_networks(made):
    """An untrained network draws nothing like glyphs: no real picture has a fake as its nearest neighbour."""
    places = torch.from_numpy(made.places)
    nearest = torch.cdist(places, places).fill_diagonal_(9.0).argmin(1)
    assert (nearest[SAMPLES:] >= SAMPLES).all()


def test_classes_are_those_that_the_seeds_draw():
    conditional = generator(classes=3, class_names=("a", "b", "c"))
    *_, last = draw_map(conditional, "", SAMPLES, 0)
    wanted = conditional.classes_of(seed_latents(range(SAMPLES), 8))
    assert (last.made.classes == wanted.numpy()).all() and last.made.names == ("a", "b", "c")


@pytest.mark.parametrize(("samples", "reals"), [(49, 0), (4001, 0), (50, -1), (50, 4001), (1.5, 0)])
def test_wrong_numbers_are_refused_before_anything_is_drawn(samples, reals):
    with pytest.raises(ValueError, match="must be"):
        next(draw_map(generator(), "", samples, reals))


def test_real_pictures_are_as_large_as_drafts():
    large = generator(size=128, channels=3)
    assert real_pictures(large, "faces", 3).shape == (3, 64, 64, 3)
    assert real_pictures(large, "", 3).shape == (0, 64, 64, 3)


def test_thumbnails_are_means():
    pictures = np.zeros((1, 64, 64, 1), np.uint8)
    pictures[0, :1] = 200
    assert previews(pictures, SIDE)[0, :2, 5, 0].tolist() == [100, 0]
    assert previews(pictures[:, :32, :32], SIDE).shape == (1, 32, 32, 1)


def test_the_picture_shows_the_first_of_each_square():
    places = np.array([[0.1, 0.1], [0.12, 0.12], [0.9, 0.1], [1.0, 1.0]], np.float32)
    pictures = (
        np.full((4, 2, 2, 1), 10, np.uint8) * np.arange(1, 5, dtype=np.uint8)[:, None, None, None]
    )
    sheet = laid_out(LatentMap(places, pictures, 4), cells=2)
    assert sheet[::2, ::2, 0].tolist() == [[10, 30], [255, 40]]


def test_files_come_back_as_they_were_written_and_only_for_their_weights(made, tmp_path):
    save_generator(tmp_path, generator(), TrainConfig())
    assert read_map(tmp_path) is None
    write_map(tmp_path, made, tmp_path / WEIGHTS_FILE)
    content, sheet = read_map(tmp_path)
    assert content == as_dict(made) and sheet == sheet_of(made)
    assert content["x"][3] == round(float(made.places[3, 0]) * 10_000)
    with Image.open(io.BytesIO(sheet)) as image:
        columns = content["columns"]
        assert image.size == (columns * 32, -(-len(made.places) // columns) * 32)
    save_generator(tmp_path, generator(width=5), TrainConfig())
    assert read_map(tmp_path) is None


def test_the_command_writes_both_files_and_a_picture(tmp_path, capsys):
    save_generator(tmp_path / "model", generator(), TrainConfig(data="glyphs"))
    out = tmp_path / "out"
    arguments = [
        "--model",
        str(tmp_path / "model"),
        "--out",
        str(out),
        "--samples",
        "50",
        "--reals",
        "10",
    ]
    assert main(["map", *arguments]) == 0
    assert sorted(path.name for path in Path(out).iterdir()) == [NAME, "map.png", SHEET]
    assert f"50 pictures and 10 real ones in {out}" in capsys.readouterr().out
    assert main(["map", *arguments, "--samples", "3"]) == 2
    assert "samples must be" in capsys.readouterr().err


def test_the_command_cuts_real_pictures_as_they_were_for_training(tmp_path, monkeypatch):
    config = TrainConfig(data="glyphs", fit="pad", background="#102030")
    save_generator(tmp_path / "model", generator(), config)
    seen = {}

    def drawn(*arguments, **how):
        seen.update(how)
        yield from draw_map(*arguments, **how)

    monkeypatch.setattr("gan.maps.latent_map.draw_map", drawn)
    arguments = ["--model", str(tmp_path / "model"), "--out", str(tmp_path / "out"), "--samples", "50"]
    assert main(["map", *arguments, "--reals", "0"]) == 0
    assert seen == {"fit": "pad", "background": "#102030"}
