"""What is written: checked before the work, in the format that was named, and also when a run is stopped."""

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
import tqdm
from helpers.running_commands import refused, run, tiny
from helpers.waiting import PATIENCE
from PIL import Image

from gan.cli.train import _with_bar
from gan.common.files import read_json
from gan.settings.config import TrainConfig
from gan.training.loop import train


@pytest.mark.parametrize(
    ("name", "form"), [("s.png", "PNG"), ("s.jpg", "JPEG"), ("s.JPEG", "JPEG"), ("s.webp", "WEBP")]
)
def test_a_picture_is_of_the_format_that_its_name_says(shipped, tmp_path, name, form):
    assert run("sample", "--model", "digits", "--seeds", "0-3", "--out", tmp_path / name) == 0
    assert Image.open(tmp_path / name).format == form


@pytest.mark.parametrize(
    ("command", "name", "words"),
    [
        (["sample", "--model", "digits"], "s.tif", ".png, .jpg, .jpeg, .webp"),
        (["sample", "--model", "digits"], "s", ".png, .jpg, .jpeg, .webp"),
        (["breed", "--model", "digits", "--seed", "1"], "b.gif", ".png, .jpg, .jpeg, .webp"),
        (["interpolate", "--model", "digits", "--from", "1", "--to", "2"], "w.webp", ".gif or .mp4"),
        (["interpolate", "--model", "digits", "--from", "1", "--to", "2"], "w.webm", ".gif or .mp4"),
    ],
)
def test_a_format_that_cannot_be_written_is_refused(shipped, capsys, tmp_path, command, name, words):
    line = refused(capsys, *command, "--out", tmp_path / name)
    assert words in line and name in line
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize(
    "command",
    [
        ["sample", "--model", "nowhere"],
        ["breed", "--model", "nowhere", "--seed", "1"],
        ["export", "--model", "digits", "--format", "zip"],
        ["report", "--model", "nowhere", "--data", "shapes"],
    ],
)
def test_a_file_that_cannot_be_written_is_said_before_anything_is_read(
    shipped, capsys, tmp_path, command
):
    suffix = "html" if command[0] == "report" else "png"
    (tmp_path / f"folder.{suffix}").mkdir()
    assert "is a folder" in refused(capsys, *command, "--out", tmp_path / f"folder.{suffix}")
    (tmp_path / "file").write_text("in the way")
    line = refused(capsys, *command, "--out", tmp_path / "file" / f"x.{suffix}")
    assert "cannot be written" in line


def test_train_checks_its_folder_and_film_first(capsys, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert "is a file" in refused(capsys, "train", *tiny(), "--out", tmp_path / "file")
    film = ["--film", tmp_path / "film.webm"]
    assert ".gif or .mp4" in refused(capsys, "train", *tiny(), "--out", tmp_path / "a", *film)
    film = ["--film", tmp_path / "file" / "film.gif"]
    assert "cannot be written" in refused(capsys, "train", *tiny(), "--out", tmp_path / "a", *film)
    assert not (tmp_path / "a" / "model.safetensors").exists()


def test_a_run_is_not_replaced_unless_that_is_said(capsys, tmp_path):
    assert run("train", *tiny(3), "--out", tmp_path / "run") == 0
    weights = (tmp_path / "run" / "model.safetensors").read_bytes()
    capsys.readouterr()
    line = refused(capsys, "train", *tiny(2), "--seed", 1, "--out", tmp_path / "run")
    assert "There is a run in" in line
    assert (tmp_path / "run" / "model.safetensors").read_bytes() == weights
    assert run("train", *tiny(2), "--seed", 1, "--out", tmp_path / "run", "--overwrite") == 0
    assert (tmp_path / "run" / "model.safetensors").read_bytes() != weights


def test_without_out_each_run_has_a_folder_of_its_own(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        assert run("train", *tiny()) == 0
    assert sorted(path.name for path in Path("runs").iterdir()) == ["shapes-quick-1", "shapes-quick-2"]


def test_a_resumed_run_goes_on_in_its_record_and_film(tmp_path):
    out, film = tmp_path / "run", tmp_path / "film.gif"
    assert run("train", *tiny(3), "--out", out, "--film", film) == 0
    before = read_json(out / "run.json")["numbers"]
    frames = Image.open(film).n_frames
    assert (before["step"][0], before["step"][-1]) == (0, 3)
    assert before["distance"][-1] is not None
    assert run("train", *tiny(6), "--out", out, "--resume", "--film", film) == 0
    after = read_json(out / "run.json")["numbers"]
    for name in ("step", "distance"):
        assert after[name][: len(before["step"])] == before[name]
    assert after["step"][-1] == 6
    assert after["distance"][-1] is not None
    assert Image.open(film).n_frames > frames


def test_a_resumed_run_s_bar_counts_the_time_of_what_is_done_now(monkeypatch):
    made = []

    class Bar(tqdm.tqdm):
        def __init__(self, *arguments, **options):
            super().__init__(*arguments, **options, file=io.StringIO())
            made.append(self)

    monkeypatch.setattr(tqdm, "tqdm", Bar)
    shown = SimpleNamespace(step=1, images_per_second=1.0, d_loss=1.0, g_loss=1.0, findings=())
    run = (SimpleNamespace(**vars(shown), progress=progress) for progress in (0.5, 0.625, 0.75))
    places = [made[0].n for _ in _with_bar(run)]
    assert places == [0.5, 0.625, 0.75]
    assert made[0].initial == 0.5


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_run_that_is_stopped_leaves_everything(tmp_path, number):
    out, film = tmp_path / "run", tmp_path / "film.gif"
    command = [sys.executable, "-m", "gan", "train", *tiny(1_000_000), "--out", out, "--film", film]
    process = subprocess.Popen(
        list(map(str, command)), stderr=subprocess.PIPE, cwd=Path(__file__).parents[3]
    )
    try:
        while not (out / "checkpoint.safetensors").exists():
            assert process.poll() is None
            time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(timeout=PATIENCE) == 128 + number
    finally:
        process.kill()
    assert f"--resume --out {out}" in process.stderr.read().decode()
    assert Image.open(film).format == "GIF"
    assert (out / "samples.png").exists() and (out / "model.safetensors").exists()
    steps = read_json(out / "run.json")["numbers"]["step"]
    assert run("train", *tiny(steps[-1] + 2), "--out", out, "--resume") == 0


def test_a_full_disk_keeps_the_generator_and_says_so_at_once(monkeypatch, tmp_path, capsys):
    from gan.training import loop

    def full(*_):
        raise ValueError("Could not save checkpoint.safetensors: No space left on device.")

    monkeypatch.setattr(loop, "save_run", full)
    monkeypatch.setattr(loop, "PREVIEW_SECONDS", 0.0)
    monkeypatch.setattr(loop, "PREVIEW_SHARE", 1e9)
    assert run("train", *tiny(5), "--out", tmp_path / "run") == 2
    assert "No space left on device" in capsys.readouterr().err
    assert (tmp_path / "run" / "model.safetensors").exists()
    assert (tmp_path / "run" / "run.json").exists()


def test_a_setting_that_differs_is_named(capsys, tmp_path):
    assert run("train", *tiny(2), "--out", tmp_path / "run") == 0
    capsys.readouterr()
    line = refused(capsys, "train", *tiny(4), "--g-lr", 0.5, "--out", tmp_path / "run", "--resume")
    assert "g_lr=" in line and "not 0.5" in line


def test_data_that_have_moved_are_named_anew(picture_folder, tmp_path):
    folder = picture_folder(12)
    small = ["--size", "32", "--channels", "3", "--width", "4", "--batch", "4", "--z-dim", "8"]
    assert run("train", "--data", folder, *small, "--steps", 2, "--out", tmp_path / "run") == 0
    os.rename(folder, tmp_path / "moved")
    again = ["train", "--data", tmp_path / "moved", *small, "--steps", 4, "--out", tmp_path / "run"]
    assert run(*again, "--resume") == 0


def test_settings_of_a_newer_version_are_passed_over_with_a_note(tmp_path, capsys):
    from gan.common.files import write_json

    assert run("train", *tiny(2), "--out", tmp_path / "run") == 0
    written = read_json(tmp_path / "run" / "train.json")
    write_json(tmp_path / "run" / "train.json", written | {"colour_of_tomorrow": 3})
    capsys.readouterr()
    assert (
        run("export", "--model", tmp_path / "run", "--format", "card", "--out", tmp_path / "card.md")
        == 0
    )
    assert (
        "note: Settings that this version does not know are passed over: colour_of_tomorrow."
        in capsys.readouterr().err
    )


@pytest.mark.parametrize(("seeds", "words"), [("5-2", "write 2-5, not 5-2"), ("7,5-2", "write 2-5")])
def test_seeds_that_run_backwards_are_said_how(shipped, capsys, tmp_path, seeds, words):
    assert words in refused(
        capsys, "sample", "--model", "digits", "--seeds", seeds, "--out", tmp_path / "s.png"
    )


@pytest.mark.parametrize("name", ["cuda", "cuda:7", "gpu"])
def test_a_device_that_is_not_there_is_one_line(monkeypatch, capsys, tmp_path, name):
    import torch

    if torch.cuda.is_available() and name == "cuda":
        pytest.skip("it is there")
    monkeypatch.setenv("GANSCOPE_DEVICE", name)
    assert "GANSCOPE_DEVICE" in refused(capsys, "train", *tiny(), "--out", tmp_path / "run")


@pytest.mark.parametrize(
    "content",
    [
        '{"numbers": {"step": [0',
        '{"numbers": {"step": [0], "distance": [null], "floor": [null]}}',
        '{"numbers": {}}',
        "[]",
    ],
)
def test_a_damaged_record_or_film_begins_anew_and_says_so(capsys, tmp_path, content):
    out, film = tmp_path / "run", ["--film", tmp_path / "film.GIF"]
    assert run("train", *tiny(2), "--out", out, *film) == 0
    (out / "run.json").write_text(content)
    assert run("train", *tiny(3), "--out", out, "--resume") == 0
    assert "run.json is damaged: the record of this run begins anew" in capsys.readouterr().err
    assert read_json(out / "run.json")["numbers"]["step"] == [2, 3]
    (out / "film.npz").write_bytes((out / "film.npz").read_bytes()[:100])
    assert run("train", *tiny(4), "--out", out, "--resume", *film) == 0
    assert "film.npz is damaged: the film begins anew" in capsys.readouterr().err
    assert Image.open(film[1]).format == "GIF"


def test_a_second_run_into_a_folder_at_work_is_refused(capsys, tmp_path):
    first = train(
        TrainConfig("shapes", size=32, channels=1, width=4, limit=32, steps=9), out=tmp_path / "run"
    )
    next(first)
    assert "Another run is being written" in refused(
        capsys, "train", *tiny(), "--out", tmp_path / "run"
    )
    first.close()
    assert run("train", *tiny(), "--out", tmp_path / "run", "--overwrite") == 0


@pytest.mark.parametrize(
    ("name", "seeds", "scale", "words"),
    [
        ("s.webp", "0-4095", 8, "16,384 pixels wide, of at most 16,383: choose a scale of at most 7"),
        ("s.png", "0-1023", 32, "32,768 pixels wide, of at most 16,384: choose a scale of at most 16"),
    ],
)
def test_a_sheet_too_large_for_its_file_is_refused(
    shipped, capsys, tmp_path, name, seeds, scale, words
):
    line = refused(
        capsys,
        "sample",
        "--model",
        "digits",
        "--seeds",
        seeds,
        "--scale",
        scale,
        "--out",
        tmp_path / name,
    )
    assert words in line
