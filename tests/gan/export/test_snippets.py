"""The lines that the page offers, run as a user would run them: the same pixels come out."""

import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from helpers.running_commands import run
from PIL import Image

from gan.export import needs, snippets
from gan.latent.classes import keep_class, with_class
from gan.latent.moves import move
from gan.latent.text import pack
from gan.latent.vectors import seed_latents, truncate, walk
from gan.models.render import render
from gan.models.storage import load_generator, read_generator
from gan.settings.config import TrainConfig

ROOT = Path(__file__).parents[3]
EDITED = seed_latents([9], 8)[0].numpy() * 0.7 + 0.01


def make(again, folder, monkeypatch):
    """Run the Python in `folder`; then the command, in a folder beside it."""
    assert len(again.python.strip().splitlines()) <= 15
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.chdir(folder)
    exec(compile(again.python, "snippet", "exec"), {})
    beside = folder / "command"
    beside.mkdir()
    monkeypatch.chdir(beside)
    python, dash, module, *arguments = shlex.split(again.command)
    assert (python, dash, module) == ("python", "-m", "gan")
    assert run(*arguments) == 0
    return folder, beside


def drawn(z):
    return render(load_generator("digits"), z)


@pytest.mark.parametrize(("key", "truncation"), [(42, 1.0), (42, 0.8), (pack(EDITED), 1.0)])
def test_a_picture_comes_out_again(shipped, tmp_path, monkeypatch, key, truncation):
    z = truncate(seed_latents([42], 8), truncation)
    if isinstance(key, str):
        z = torch.from_numpy(EDITED)[None]
    expected = drawn(z)[0, ..., 0].repeat(3, axis=0).repeat(3, axis=1)
    for folder in make(snippets.picture("digits", key, truncation, 3), tmp_path, monkeypatch):
        assert np.array_equal(np.asarray(Image.open(folder / "picture.png")), expected)


@pytest.mark.parametrize("form", ["gif", "mp4"])
@pytest.mark.parametrize("keys", [[1, 7, 23], [1, pack(EDITED), 5]])
def test_a_walk_comes_out_again(shipped, tmp_path, monkeypatch, keys, form):
    again = snippets.walk("digits", keys, 9, "lerp", True, form, 2)
    here, beside = make(again, tmp_path, monkeypatch)
    name = f"walk.{form}"
    assert (here / name).read_bytes() == (beside / name).read_bytes()
    if form == "mp4":
        return
    rows = [torch.from_numpy(EDITED) if isinstance(k, str) else seed_latents([k], 8)[0] for k in keys]
    expected = drawn(walk(torch.stack(rows), 9, "lerp", True))[..., 0]
    with Image.open(here / name) as film:
        assert film.n_frames == 9
        for place in (0, 4, 8):
            film.seek(place)
            shown = np.asarray(film.convert("L"))
            assert np.array_equal(shown, expected[place].repeat(2, axis=0).repeat(2, axis=1))


def test_a_training_comes_out_again(tmp_path, monkeypatch, tiny):
    config = tiny(seed=4, changes={"real_label": 0.9})
    here, beside = make(snippets.training(config), tmp_path, monkeypatch)
    weights = [(each / "runs/again/model.safetensors").read_bytes() for each in (here, beside)]
    assert weights[0] == weights[1]
    assert read_generator(here / "runs/again").width == 4


def test_the_module_is_light():
    code = "import gan.export.snippets, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT).returncode == 0


def test_names_cannot_leave_their_quotes():
    again = snippets.picture('a\'; rm -rf "$HOME" #\\', 1)
    assert shlex.split(again.command)[5] == 'a\'; rm -rf "$HOME" #\\'
    compile(again.python, "snippet", "exec")


def test_bad_keys_are_refused():
    for key in (-1, 2**32, 1.5, True, None, "z:x", [1]):
        with pytest.raises(ValueError, match=r"seed|latent"):
            snippets.picture("digits", key)
    with pytest.raises(ValueError, match="truncation"):
        snippets.picture("digits", 1, float("nan"))
    for frames, mode, form in ((1, "slerp", "gif"), (9, "up", "gif"), (9, "lerp", "exe")):
        with pytest.raises(ValueError):
            snippets.walk("digits", [1, 2], frames, mode, False, form)


def test_what_is_default_is_not_said():
    assert "seed=" not in snippets.training(TrainConfig(seconds=30)).python
    assert "seconds=30" in snippets.training(TrainConfig(seconds=30)).python


def test_moved_sliders_are_named(shipped, tmp_path, monkeypatch):
    moves = {"pca": {"1": -2, "3": 0}, "sefa": {"2": 0.5}}
    made = snippets.picture("digits", 42, 0.9, 3, moves, {"7": 0.5})
    assert "base64" not in made.python
    assert 'sefa={"2": 0.5}, pca={"1": -2.0}, numbers={7: 0.5}' in made.python
    assert "--move sefa:2=0.5 --move pca:1=-2.0 --number 7=0.5" in made.command
    here, beside = make(made, tmp_path, monkeypatch)
    assert (here / "picture.png").read_bytes() == (beside / "picture.png").read_bytes()
    z = move("digits", truncate(seed_latents([42], 8), 0.9), **moves, numbers={7: 0.5})
    expected = drawn(z)[0, ..., 0].repeat(3, axis=0).repeat(3, axis=1)
    assert np.array_equal(np.asarray(Image.open(here / "picture.png")), expected)


@pytest.mark.parametrize(
    ("truncation", "numbers", "name"),
    [(1.0, None, "dog"), (0.7, {"1": -2, "0": 3}, "7"), (0.0, None, "2")],
)
def test_a_picture_of_a_class_comes_out_again(pets, tmp_path, monkeypatch, truncation, numbers, name):
    made = snippets.picture("pets", 42, truncation, 3, numbers=numbers, class_name=name)
    here, beside = make(made, tmp_path, monkeypatch)
    assert (here / "picture.png").read_bytes() == (beside / "picture.png").read_bytes()
    index = pets.class_index(name)
    z = truncate(with_class(seed_latents([42], 8), 3, index), truncation)
    z = keep_class(move("pets", z, numbers={int(k): v for k, v in (numbers or {}).items()}), 3, index)
    expected = render(pets, z)[0, ..., 0].repeat(3, axis=0).repeat(3, axis=1)
    assert np.array_equal(np.asarray(Image.open(here / "picture.png")), expected)


def test_a_walk_within_a_class_comes_out_again(pets, tmp_path, monkeypatch):
    made = snippets.walk("pets", [1, pack(EDITED), 5], 9, scale=1, class_name="dog")
    here, beside = make(made, tmp_path, monkeypatch)
    assert (here / "walk.gif").read_bytes() == (beside / "walk.gif").read_bytes()
    one, five = seed_latents([1, 5], 8)
    keys = torch.stack([one, torch.from_numpy(EDITED), five])
    expected = render(pets, walk(with_class(keys, 3, 1), 9))[..., 0]
    with Image.open(here / "walk.gif") as film:
        film.seek(4)
        assert np.array_equal(np.asarray(film.convert("L")), expected[4])


def test_names_of_classes_cannot_leave_their_quotes():
    for made in (
        snippets.picture("a", 1, class_name="-'\"; $x"),
        snippets.walk("a", [1, 2], class_name="-'\"; $x"),
    ):
        assert "--class=-'\"; $x" in shlex.split(made.command)
        compile(made.python, "snippet", "exec")
    for bad in (7, None, "x" * 61, "a\nb"):
        with pytest.raises(ValueError, match="class_name"):
            snippets.picture("a", 1, class_name=bad)
    with pytest.raises(ValueError, match="a latent is drawn as it is"):
        snippets.picture("a", pack(EDITED), class_name="dog")


@pytest.mark.parametrize(
    ("moves", "numbers", "words"),
    [({"evil": {"1": 1}}, None, "set of directions"), ({"sefa": {"1": 9}}, None, "amount of 1 must be from -3 to 3"),
     ({"sefa": 1}, None, "moves must look like"), ([1], None, "moves must look like"), (None, {"x": 1}, "index"),
     (None, {"1": float("nan")}, "number 1 of z"), (None, [1], "numbers must look like"), (None, {"2000": 1}, "index")],
)  # fmt: skip
def test_bad_moves_are_refused(moves, numbers, words):
    with pytest.raises(ValueError, match=words):
        snippets.picture("digits", 1, moves=moves, numbers=numbers)


def test_a_packed_latent_is_explained_and_takes_no_moves():
    assert "No seed has this latent" in snippets.picture("digits", pack(EDITED)).python
    with pytest.raises(ValueError, match="belong to a seed"):
        snippets.picture("digits", pack(EDITED), moves={"sefa": {"1": 1}})


def test_every_snippet_says_what_it_needs():
    own = snippets.training(TrainConfig("pictures"))
    words = "pictures stands for your pictures: put a folder or zip of that name where you run this."
    assert own.needs == f"{needs.PACKAGE} {words}"
    assert own.python.startswith(f"# {needs.PACKAGE}\n# {words}\n")
    for data in ("glyphs", "mnist", "ylecun/mnist", "ring"):
        assert snippets.training(TrainConfig(data)).needs == needs.PACKAGE
    for made in (snippets.picture("faces", 1), snippets.walk("faces", [1, 2])):
        assert made.needs == needs.PACKAGE and made.python.startswith(f"# {needs.PACKAGE}\n")
    judged = snippets.report("ganscope-ab12", "cats", 20, need=needs.folder_needed("ganscope-ab12"))
    assert "ganscope-ab12 is the model's folder" in judged.needs and "cats stands for" in judged.needs
