"""The command line: each command on small settings, and one clear line for whatever is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from making_pictures import coloured
from PIL import Image

from gan.__main__ import main
from gan.checkpoints import load_generator, read_generator
from gan.commands import parse_seeds
from gan.data import to_uint8
from gan.files import read_json
from gan.latent import seed_latents
from gan.methods import METHODS


def tiny(steps: int = 3) -> list[str]:
    """The settings of a run that takes a second."""
    small = "--data shapes --size 32 --channels 1 --width 4 --batch 4 --z-dim 8 --limit 32"
    return [*small.split(), "--steps", str(steps)]


def run(*arguments: object) -> int:
    """The exit code of `python -m gan ...`."""
    try:
        return main([str(argument) for argument in arguments])
    except SystemExit as stop:
        return stop.code


def refused(capsys, *arguments: object) -> str:
    """The one line that says why a command was not run."""
    assert run(*arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines = [line for line in err.replace("\r", "\n").split("\n") if line.strip()]
    assert len(lines) == 1, err
    assert "Traceback" not in err
    assert len(lines[0]) < 600
    return lines[0]


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


def test_sample_draws_the_pictures_of_its_seeds(shipped, tmp_path, capsys):
    path = tmp_path / "grid.png"
    assert run("sample", "--model", "digits", "--seeds", "5,1-2,40", "--scale", 1, "--out", path) == 0
    assert "4 pictures" in capsys.readouterr().out
    sheet = np.asarray(Image.open(path))
    images = to_uint8(load_generator("digits")(seed_latents([5, 1, 2, 40], 8)))[..., 0]
    expected = np.block([[images[0], images[1]], [images[2], images[3]]])
    assert np.abs(sheet.astype(int) - expected).max() <= 1


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
        ends = to_uint8(load_generator("digits")(seed_latents([1, 2], 8)))[..., 0]
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


@pytest.mark.parametrize("command", ["train", "sample", "interpolate", "evaluate", "methods"])
def test_help_shows_an_example_that_is_understood(command, capsys):
    from gan.__main__ import parser

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


BAD_SEEDS = ["-1", "4294967296", "9" * 400, "9" * 5000, "nan", "seven", "", "1.5", "3-1", "5-", "1,,2"]


@pytest.mark.parametrize("seeds", [*BAD_SEEDS, "0-4096", "0-4294967295", "1-2-3"], ids=lambda s: s[:9])
def test_bad_seeds_get_one_line(shipped, capsys, tmp_path, seeds):
    path = tmp_path / "x.png"
    line = refused(capsys, "sample", "--model", "digits", f"--seeds={seeds}", "--out", path)
    assert "seed" in line
    assert not path.exists()


@pytest.mark.parametrize(
    "seed", ["-1", "4294967296", "9" * 400, "nan", "seven", "", "1.5"], ids=lambda s: s[:9]
)
def test_a_bad_seed_gets_one_line_from_each_command(shipped, capsys, tmp_path, seed):
    assert "seed" in refused(capsys, "train", *tiny(), f"--seed={seed}", "--out", tmp_path / "run")
    walk = ["interpolate", "--model", "digits", f"--from={seed}", "--to=1", "--out", tmp_path / "w"]
    line = refused(capsys, *walk)
    assert "seed" in line or "--from" in line
    assert not list(tmp_path.glob("[rw]*/*.safetensors"))


WRONG = {
    "truncation -1": ("sample --model digits --truncation=-1", "truncation must be from 0 to 2"),
    "truncation nan": ("sample --model digits --truncation nan", "truncation must be"),
    "truncation text": ("sample --model digits --truncation much", "truncation"),
    "scale 0": ("sample --model digits --scale 0", "scale must be from 1"),
    "0 frames": ("interpolate --model digits --from 1 --to 2 --frames 0", "frames must be from 2"),
    "many frames": ("interpolate --model digits --from 1 --to 2 --frames 1000000000", "frames must be"),
    "mode": ("interpolate --model digits --from 1 --to 2 --mode spline", "Unknown mode 'spline'"),
    "no model": ("sample", "--model"),
    "unknown model": ("sample --model cats", "no model called 'cats': choose digits"),
    "missing folder": ("sample --model ./nothing-here", "no model called './nothing-here'"),
    "long name": (f"sample --model {'a' * 300}", "no model called"),
    "unknown method": ("train --method adam", "Unknown method 'adam': choose one of quick"),
    "unknown data": ("train --data cats --steps 1", "no data called 'cats': choose faces"),
    "hub data offline": ("train --data some/thing --steps 1", "Use a drawn source instead: faces"),
    "evaluate data": ("evaluate --model digits --data cats", "no data called 'cats'"),
    "samples": ("evaluate --model digits --data shapes --samples 0", "samples must be from 2"),
    "size": ("train --size 48", "Unknown size 48: choose one of 32, 64"),
    "channels": ("train --channels 2", "Unknown channels 2"),
    "width": ("train --width 1000000", "width must be from 4 to 128"),
    "both budgets": ("train --steps 3 --seconds 3", "not both"),
    "seconds nan": ("train --seconds nan", "seconds must be"),
    "steps 0": ("train --steps 0", "steps must be from 1"),
    "family": ("train --model resnet", "Unknown model 'resnet'"),
    "precision": ("train --precision float8", "Unknown precision 'float8'"),
    "nothing": ("", "COMMAND"),
    "no such command": ("paint", "paint"),
    "no such option": ("methods --xml", "--xml"),
}


@pytest.mark.parametrize("what", WRONG)
def test_bad_input_gets_exit_code_2_and_one_clear_line(shipped, capsys, tmp_path, monkeypatch, what):
    monkeypatch.chdir(tmp_path)
    command, words = WRONG[what]
    before = sorted(tmp_path.rglob("*"))
    assert words in refused(capsys, *command.split())
    assert sorted(tmp_path.rglob("*")) == before


def test_broken_weights_get_one_line(shipped, capsys, tmp_path):
    weights = shipped / "digits" / "model.safetensors"
    whole = weights.read_bytes()
    for content in (whole[:-9], b"", b"\x80\x04pickle"):
        weights.write_bytes(content)
        line = refused(capsys, "sample", "--model", "digits", "--out", tmp_path / "x.png")
        assert "not a whole safetensors file" in line
    weights.unlink()
    assert "no model.safetensors" in refused(capsys, "sample", "--model", "digits")


FOLDERS = {
    "empty": ({}, "at least 2 are needed"),
    "one": ({"a.png": coloured(0)}, "at least 2 are needed"),
    "corrupt": ({"a.png": b"no", "b.png": b"no"}, "at least 2 are needed"),
}


@pytest.mark.parametrize("what", FOLDERS)
def test_folders_with_too_few_pictures_get_one_line(capsys, tmp_path, picture_folder, what):
    files, words = FOLDERS[what]
    (tmp_path / "pictures").mkdir()
    picture_folder(files)
    line = refused(
        capsys, "train", "--data", tmp_path / "pictures", "--steps", 1, "--out", tmp_path / "o"
    )
    assert words in line


def test_resuming_what_is_not_there_gets_one_line(capsys, tmp_path):
    line = refused(capsys, "train", *tiny(), "--out", tmp_path / "none", "--resume")
    assert "no checkpoint.safetensors" in line


def test_a_full_disk_gets_exit_code_2_and_says_so(shipped, capsys, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    line = refused(capsys, "sample", "--model", "digits", "--out", tmp_path / "x.png")
    assert "No space left on device" in line
    assert run("train", *tiny(), "--out", tmp_path / "run") == 2
    err = capsys.readouterr().err
    assert err.count("No space left on device") == 1
    assert "Traceback" not in err


def test_the_program_itself_speaks_one_json_object_and_keeps_its_bar_apart(tmp_path):
    """As people run it: another process, whose output goes into a pipe."""

    def python(*arguments: object) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "gan", *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, cwd=Path(__file__).parents[2])

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
