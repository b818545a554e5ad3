"""`python -m gan export` in each format, and what a run at the command line keeps."""

import json

import numpy as np
import onnxruntime
import pytest
import torch
from helpers.running_commands import refused, run, tiny
from PIL import Image

from gan.latent.vectors import seed_latents
from gan.models.storage import load_generator
from tests.gan.images.test_video import decoded


def test_export_as_folder_and_zip(shipped, tmp_path, capsys):
    assert run("export", "--model", "digits", "--out", tmp_path / "folder") == 0
    assert "folder" in capsys.readouterr().out
    names = {path.name for path in (tmp_path / "folder").iterdir()}
    assert names == {"config.json", "train.json", "model.safetensors", "README.md"}
    assert (
        run("export", "--model", tmp_path / "folder", "--format", "zip", "--out", tmp_path / "a.zip")
        == 0
    )
    import shutil

    shutil.unpack_archive(tmp_path / "a.zip", tmp_path / "b")
    z = seed_latents([1], 8)
    assert torch.equal(load_generator(str(tmp_path / "b/a"))(z), load_generator("digits")(z))


def test_export_as_onnx_and_card(shipped, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert run("export", "--model", "digits", "--format", "onnx") == 0
    session = onnxruntime.InferenceSession("digits.onnx", providers=["CPUExecutionProvider"])
    z = seed_latents([3], 8)
    with torch.inference_mode():
        expected = load_generator("digits")(z).numpy()
    assert np.abs(session.run(None, {"z": z.numpy()})[0] - expected).max() < 1e-4
    assert run("export", "--model", "digits", "--format", "card") == 0
    assert "# digits" in (tmp_path / "README.md").read_text()


def test_export_refuses_in_one_line(shipped, tmp_path, capsys):
    assert "Unknown format" in refused(capsys, "export", "--model", "digits", "--format", "exe")
    assert "no model" in refused(capsys, "export", "--model", "nope")
    with_d = ("export", "--model", "digits", "--discriminator")
    assert "no discriminator in" in refused(capsys, *with_d, "--out", tmp_path / "x")
    assert "a folder or a zip, not onnx" in refused(capsys, *with_d, "--format", "onnx")
    (shipped / "digits/model.safetensors").write_bytes(b"cut off")
    assert "safetensors" in refused(capsys, "export", "--model", "digits", "--out", tmp_path / "x")
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("ending", ["gif", "mp4"])
def test_a_run_leaves_its_numbers_and_its_film(tmp_path, ending, capsys):
    out, film = tmp_path / "run", tmp_path / f"film.{ending}"
    assert run("train", *tiny(), "--out", out, "--film", film) == 0
    told = json.loads((out / "run.json").read_text())
    steps = told["numbers"]["step"]
    assert steps[0] == 0 and steps[-1] == 3 and told["config"]["data"] == "shapes"
    assert told["quality"]["distance"] > 0 and told["numbers"]["distance"][-1] > 0
    if ending == "gif":
        # Equal frames at the end are one that lasts longer.
        with Image.open(film) as image:
            assert image.size == (8 * 32 * 2, 8 * 32 * 2) and image.n_frames >= 2
    else:
        _, shown = decoded(film.read_bytes())
        assert shown.shape[1:3] == (512, 512) and len(shown) == len(steps) + 22
    assert run("export", "--model", out, "--format", "card", "--out", tmp_path / "card.md") == 0
    assert "where real pictures get" in (tmp_path / "card.md").read_text()


def test_points_have_no_film(tmp_path, capsys):
    points = [
        "train",
        "--data",
        "ring",
        "--steps",
        2,
        "--out",
        tmp_path / "run",
        "--film",
        tmp_path / "a.gif",
    ]
    assert "points" in refused(capsys, *points)


def test_keys_and_latents_are_checked(shipped, tmp_path, capsys):
    walk = ["interpolate", "--model", "digits", "--out", tmp_path / "w.gif"]
    assert "--keys" in refused(capsys, *walk)
    assert "--keys" in refused(capsys, *walk, "--from", 1)
    assert "--keys" in refused(capsys, *walk, "--from", 1, "--to", 2, "--keys", 1, 2)
    assert "seed such as 7" in refused(capsys, *walk, "--keys", 1, "x")
    assert "8 numbers" in refused(capsys, *walk, "--keys", 1, "z:AACAPwAAAEA")
    assert "latent" in refused(capsys, "sample", "--model", "digits", "--z", "z:nonsense!")
