"""The command line: what each command writes and prints, on small settings."""

import json
import os
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import torch
from helpers.making_pictures import coloured
from helpers.running_commands import run, tiny
from PIL import Image

from gan.cli.parser import parser
from gan.common.files import digest, read_json
from gan.latent.classes import class_changes, keep_class, with_class
from gan.latent.seeds import parse_seeds
from gan.latent.vectors import seed_latents, truncate, walk
from gan.models.render import render
from gan.models.storage import load_generator, read_generator
from gan.settings.catalogue import METHODS
from gan.settings.command_line import read_options, train_command
from gan.settings.config import TrainConfig


def test_train_leaves_weights_and_pictures_and_resumes(tmp_path, capsys):
    out = tmp_path / "run"
    assert run("train", *tiny(), "--seed", 7, "--out", out) == 0
    assert "3 steps in" in capsys.readouterr().out
    assert read_json(out / "train.json")["seed"] == 7
    assert read_json(out / "config.json")["width"] == 4
    assert Image.open(out / "samples.png").size == (8 * 32 * 2, 8 * 32 * 2)
    assert run("train", *tiny(5), "--seed", 7, "--out", out, "--resume") == 0
    assert "5 steps in" in capsys.readouterr().out
    assert run("train", *tiny(5), "--seed", 7, "--out", tmp_path / "whole") == 0
    weights = [(folder / "model.safetensors").read_bytes() for folder in (out, tmp_path / "whole")]
    assert weights[0] == weights[1]


def test_train_starts_from_a_model_and_a_run_is_exported_with_its_discriminator(tmp_path, capsys):
    shape = ["--data", "shapes", "--width", 4, "--limit", 32, "--batch", 4, "--steps", 2]
    assert run("train", *tiny(), "--set", "labels=ignored", "--out", tmp_path / "first") == 0
    given = tmp_path / "given"
    assert run("export", "--model", tmp_path / "first", "--discriminator", "--out", given) == 0
    assert (given / "discriminator.safetensors").is_file()
    capsys.readouterr()
    assert run("train", *shape, "--start-from", given, "--out", tmp_path / "second") == 0
    assert "Starts from given: from its averaged G and its D" in capsys.readouterr().err
    weights = read_json(tmp_path / "second" / "train.json")["start_weights"]
    assert weights == digest(given / "model.safetensors")
    recorded = read_json(tmp_path / "second" / "run.json")["config"]
    assert (recorded["start_from"], recorded["start_weights"]) == (str(given), weights)


def test_every_setting_of_train_reaches_the_run(tmp_path):
    settings = {
        "method": "dcgan", "save_every": 2, "model": "tutorial", "n_critic": 2, "g_lr": 0.001,
        "d_lr": 0.002, "ema_images": 50, "precision": "bfloat16", "seed": 9,
    }  # fmt: skip
    options = [
        str(x) for name, value in settings.items() for x in (f"--{name.replace('_', '-')}", value)
    ]
    assert run("train", *tiny(), *options, "--out", tmp_path) == 0
    told = read_json(tmp_path / "train.json")
    assert {name: told[name] for name in settings} == settings
    assert (told["batch"], told["z_dim"], told["limit"], told["steps"]) == (4, 8, 32, 3)


def test_sample_and_interpolate_draw_a_class(pets, tmp_path, capsys):
    path, options = tmp_path / "grid.png", ["--model", "pets", "--scale", 1]
    moved = ["--seeds", "5,1-3", "--truncation", 0.5, "--number", "1=2", "--number", "2=-1"]
    for name in ("dog", 1):
        assert run("sample", *options, *moved, "--class", name, "--out", path) == 0
        z = truncate(with_class(seed_latents([5, 1, 2, 3], 8), 3, 1), 0.5)
        z[:, 1], z[:, 2] = 2, -1
        expected = render(pets, keep_class(z, 3, 1))[..., 0]
        assert np.array_equal(
            np.asarray(Image.open(path)), np.block([[*expected[:2]], [*expected[2:]]])
        )
    film = ["--keys", 1, 4, 9, "--frames", 9, "--out", tmp_path / "walk.gif"]
    assert run("interpolate", *options, *film, "--class", "7") == 0
    assert "the class changes" not in capsys.readouterr().out
    assert run("interpolate", *options, *film) == 0
    changes = class_changes(walk(seed_latents([1, 4, 9], 8), 9), 3)
    said = capsys.readouterr().out
    assert said.count("the class changes from") == len(changes) - 1 > 0
    titles = [pets.class_names[label] for _, label in changes]
    assert f"from {titles[0]} to {titles[1]} at frame {changes[1][0] + 1}" in said


@pytest.mark.parametrize(
    ("command", "out"),
    [
        (["sample"], "x.png"),
        (["interpolate", "--keys", 1, 2], "x.gif"),
        (["breed", "--seed", 1], "x.png"),
    ],
)
def test_a_class_that_there_is_not_is_one_line(pets, tmp_path, capsys, command, out):
    command = [*command, "--out", tmp_path / out]
    assert run(*command, "--model", "pets", "--class", "cow") == 2
    choices = "choose cat, dog, 7, or a number from 0 to 2."
    assert f"pets has no class 'cow': {choices}" in capsys.readouterr().err
    assert run(*command, "--model", "digits", "--class", "7") == 2
    assert "digits has no classes" in capsys.readouterr().err
    assert not (tmp_path / out).exists()


def test_sample_draws_the_pictures_of_its_seeds(shipped, tmp_path, capsys):
    path = tmp_path / "grid.png"
    assert run("sample", "--model", "digits", "--seeds", "5,1-2,40", "--scale", 1, "--out", path) == 0
    assert "4 pictures" in capsys.readouterr().out
    sheet = np.asarray(Image.open(path))
    images = render(load_generator("digits"), seed_latents([5, 1, 2, 40], 8))[..., 0]
    expected = np.block([[images[0], images[1]], [images[2], images[3]]])
    assert np.array_equal(sheet, expected)


def test_truncation_nought_draws_one_picture_for_all(shipped, tmp_path):
    path = tmp_path / "grid.png"
    options = ["--model", shipped / "digits", "--seeds", "0-3", "--scale", 1]
    assert run("sample", *options, "--truncation", 0, "--out", path) == 0
    sheet = np.asarray(Image.open(path))
    assert np.array_equal(sheet[:32, :32], sheet[32:, 32:])


def test_interpolate_walks_from_seed_to_seed(shipped, tmp_path):
    path = tmp_path / "walk.gif"
    between = ["--model", "digits", "--from", 1, "--to", 2, "--frames", 9, "--scale", 1]
    for mode in ("slerp", "lerp"):
        assert run("interpolate", *between, "--mode", mode, "--out", path) == 0
        film = Image.open(path)
        assert film.n_frames == 9
        ends = render(load_generator("digits"), seed_latents([1, 2], 8))[..., 0]
        for frame, end in ((0, ends[0]), (8, ends[1])):
            film.seek(frame)
            assert np.abs(np.asarray(film.convert("L")).astype(int) - end).max() <= 1
    assert run("interpolate", *between, "--closed", "--out", path) == 0


def test_evaluate_prints_exactly_one_json_object(shipped, capsys):
    assert run("evaluate", "--model", "digits", "--data", "shapes", "--samples", 50) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["model"], result["data"], result["samples"]) == ("digits", "shapes", 50)
    assert 0 < result["sliced_wasserstein_floor"] < result["sliced_wasserstein"]


def test_methods_lists_the_catalogue(capsys):
    assert run("methods") == 0
    text = capsys.readouterr().out
    assert all(method.summary in text and method.paper in text for method in METHODS.values())
    assert run("methods", "--json") == 0
    assert [row["name"] for row in json.loads(capsys.readouterr().out)] == list(METHODS)


@pytest.mark.parametrize("command", ["train", "sample", "interpolate", "invert", "evaluate", "methods"])
def test_help_shows_an_example_that_is_understood(command, capsys):
    assert run(command, "--help") == 0
    _, example = capsys.readouterr().out.split("example:\n  python -m gan ")
    options = parser().parse_args(example.split())
    assert options.run.__name__ == command


@pytest.mark.parametrize(
    ("text", "seeds"),
    [("7", [7]), ("0-3", [0, 1, 2, 3]), ("1, 5,9-11", [1, 5, 9, 10, 11]), ("4294967295", [2**32 - 1])],
)
def test_seeds_are_written_as_numbers_and_ranges(text, seeds):
    assert parse_seeds(text) == seeds
    assert len(parse_seeds("0-4095")) == 4096


@pytest.mark.parametrize(
    "config",
    [
        TrainConfig(),
        TrainConfig("ring", steps=5000, seed=2**32 - 1, z_dim=1, width=128, g_lr=1e-7, d_lr=1.0),
        TrainConfig("own points/a 'b'; $c.csv", "nonsaturating", seconds=1.5, limit=2, save_every=9),
        TrainConfig("ring", "nonsaturating", steps=1, changes={
            "spectral_norm": True, "minibatch_stddev": False, "unroll": 2, "fake_label": -0.1,
            "activation": "tanh", "orthogonal": 1e-5, "augment": "",
        }),
        TrainConfig("shapes", "quick", size=64, channels=3, precision="bfloat16", model="resnet",
                    ema_images=0, changes={"augment": "color,cutout", "loss": "hinge"}),
    ],
    ids=["defaults", "numbers", "a name for shells", "changes", "pictures"],
)  # fmt: skip
def test_a_written_command_trains_as_its_config_says(config):
    line = train_command(config)
    assert line.startswith("python -m gan train --data ")
    assert read_options(parser().parse_args(shlex.split(line)[3:])) == config


def test_the_program_itself_speaks_one_json_object_and_keeps_its_bar_apart(tmp_path):
    """As people run it: another process, whose output goes into a pipe."""

    def python(*arguments: object) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "gan", *map(str, arguments)]
        # One thread, for the reason given in conftest.py.
        options = {"env": {**os.environ, "OMP_NUM_THREADS": "1"}, "cwd": Path(__file__).parents[3]}
        return subprocess.run(command, capture_output=True, text=True, **options)

    trained = python("train", *tiny(), "--out", tmp_path / "run")
    assert trained.returncode == 0
    assert "100%" in trained.stderr
    assert trained.stdout.count("\n") == 1
    assert torch.isfinite(read_generator(tmp_path / "run").dense.weight).all()
    judged = python("evaluate", "--model", tmp_path / "run", "--data", "shapes", "--samples", 20)
    assert judged.returncode == 0
    assert json.loads(judged.stdout)["samples"] == 20
    refusal = python("sample", "--model", tmp_path / "nothing", "--out", tmp_path / "x.png")
    assert (refusal.returncode, refusal.stdout) == (2, "")
    assert refusal.stderr.startswith("error: There is no model")
    assert refusal.stderr.count("\n") == 1


def test_train_on_a_zip_says_what_it_left_out_and_did(picture_folder, capsys, tmp_path):
    folder = picture_folder({f"{i}.png": coloured(i, 48, 32) for i in range(4)} | {"no.png": b"text"})
    with zipfile.ZipFile(tmp_path / "mine.zip", "w") as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, path.name)
        archive.write(folder / "0.png", "again.png")
    small = [
        "--size",
        "32",
        "--channels",
        "1",
        "--width",
        "4",
        "--batch",
        "4",
        "--z-dim",
        "8",
        "--steps",
        "2",
    ]
    pad = ["--fit", "pad", "--background", "#000000"]
    out = tmp_path / "run"
    assert run("train", "--data", tmp_path / "mine.zip", *small, *pad, "--out", out) == 0
    said = capsys.readouterr().err
    assert "Equal to another picture and left out: 1." in said
    assert "Files left out: 1, the first mine.zip: no.png: not a PNG" in said
    assert "Only 4 pictures: D's input is augmented" in said
    kept = json.loads((out / "train.json").read_text())
    assert (kept["fit"], kept["background"]) == ("pad", "#000000")
    assert kept["changes"] == {"augment": "color,translation,cutout"}


def documented() -> list[str]:
    """The arguments of each command that the README, a document or a shipped model card writes out."""
    root = Path(__file__).parents[3]
    files = [root / "README.md", *root.glob("docs/*.md"), *root.glob("weights/*/README.md")]
    text = "\n".join(file.read_text() for file in files)
    found = re.findall(
        r"(?:python|torchrun [^`\n]*) -m gan ((?:[a-z]+)(?: --[^`\n#…]*)?(?:\n--[^`#…]*)?)(?=`|\n|#)",
        text,
    )
    return sorted({" ".join(each.split()) for each in found if " --" in each})


@pytest.mark.parametrize("line", documented())
def test_documented_commands_are_known(line):
    assert parser().parse_args(shlex.split(line)).run.__name__ == line.split()[0]


def test_the_critic_judges_a_seed_and_a_picture(tmp_path, capsys):
    out = tmp_path / "critic.png"
    assert run("critic", "--model", "faces", "--seed", 5, "--scale", 1, "--out", out) == 0
    said = capsys.readouterr().out
    with Image.open(out) as sheet:
        assert sheet.size == (3 * 128, 128)
        drawn = np.asarray(sheet)[:, :128].astype(int)
    expected = render(load_generator("faces"), seed_latents([5], 64))[0].astype(int)
    assert np.abs(drawn - expected).max() <= 1
    Image.fromarray(drawn.astype(np.uint8)).save(tmp_path / "mine.png")
    assert run("critic", "--model", "faces", "--picture", tmp_path / "mine.png", "--out", out) == 0
    logits = [float(text.split()[1].strip(",")) for text in (said, capsys.readouterr().out)]
    assert logits[1] >= logits[0] - 0.1  # of the class that it finds most real
    assert run("critic", "--model", "faces", "--picture", tmp_path / "none.png", "--out", out) == 2
    assert "there is no such file" in capsys.readouterr().err
    assert run("critic", "--model", "digits", "--out", out) == 2
    assert "came without its discriminator" in capsys.readouterr().err


@pytest.mark.skipif(not torch.distributed.is_available(), reason="needs torch.distributed")
def test_two_processes_that_torchrun_starts_speak_with_one_voice(tmp_path):
    small = "--standalone --nproc-per-node 2 -m gan train --data ring --limit 100 --width 4 --steps 2"
    command = [sys.executable, "-m", "torch.distributed.run", *small.split(), "--out", tmp_path / "run"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert re.findall(r"\d+ steps in", done.stdout) == ["2 steps in"]
    written = {path.name for path in (tmp_path / "run").iterdir()}
    assert {"checkpoint.safetensors", "model.safetensors", "run.json", "samples.csv"} <= written
