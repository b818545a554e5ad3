"""The command line: exit code 2 and one clear line on stderr for whatever is wrong."""

import os

import pytest
from helpers.making_pictures import coloured
from helpers.running_commands import refused, run, tiny

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
    walk = ["interpolate", "--model", "digits", f"--from={seed}", "--to=1"]
    line = refused(capsys, *walk, "--out", tmp_path / "w.gif")
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
    "size": ("train --size 48", "Unknown size 48: choose one of 32, 64, 128"),
    "channels": ("train --channels 2", "Unknown channels 2"),
    "width": ("train --width 1000000", "width must be from 4 to 128"),
    "both budgets": ("train --steps 3 --seconds 3", "not both"),
    "seconds nan": ("train --seconds nan", "seconds must be"),
    "steps 0": ("train --steps 0", "steps must be from 1"),
    "family": ("train --model unet", "Unknown model 'unet'"),
    "precision": ("train --precision float8", "Unknown precision 'float8'"),
    "unknown choice": ("train --set changes=1", "There is no setting called 'changes'"),
    "choice without value": ("train --set spectral_norm", "--set takes name=value"),
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
    "empty": ({}, "at least 2 different ones are needed"),
    "one": ({"a.png": coloured(0)}, "at least 2 different ones are needed"),
    "corrupt": ({"a.png": b"no", "b.png": b"no"}, "2 × not a PNG"),
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
    # At the first save, and at the end.
    assert err.count("No space left on device") == 2
    assert "Traceback" not in err
