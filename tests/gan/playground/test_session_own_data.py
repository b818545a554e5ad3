"""Points of one's own: a CSV file as data."""

import os

import numpy as np
import pytest
from helpers.running_commands import run

from gan.data.point_csv import read_points
from gan.data.sources import find_points
from gan.settings.config import TrainConfig
from gan.training.dataset import load_data
from gan.training.resolve import resolve

CORNERS = "x,y\n10,20\n30,20\n30,24\n10,24\n"


@pytest.fixture
def corners(tmp_path):
    (tmp_path / "corners.csv").write_text(CORNERS)
    return tmp_path / "corners.csv"


def config_of(data, **changed) -> TrainConfig:
    return resolve(TrainConfig(data=str(data), method="nonsaturating", steps=3, **changed))


def test_a_file_is_fitted_into_the_square(corners):
    points = load_data(config_of(corners)).pixels
    assert np.allclose(points, [[-1, -0.2], [1, -0.2], [1, 0.2], [-1, 0.2]])
    assert len(load_data(config_of(corners, limit=3)).pixels) == 3
    corners.write_text("10,20\n" + CORNERS.removeprefix("x,y\n"))
    with pytest.raises(ValueError, match="All points are the same"):
        load_data(config_of(corners, limit=2))


@pytest.mark.parametrize("lines", [2, 4])
def test_few_points_can_be_learnt(tmp_path, capsys, lines):
    (tmp_path / "few.CSV").write_text("".join(CORNERS.splitlines(keepends=True)[: lines + 1]))
    out = tmp_path / "run"
    assert run("train", "--data", tmp_path / "few.CSV", "--steps", 30, "--out", out) == 0
    assert "30 steps in" in capsys.readouterr().out
    assert np.isfinite(read_points((out / "samples.csv").read_text())).all()


def test_a_file_is_found_beside_the_other_data(corners, monkeypatch):
    monkeypatch.setenv("GANSCOPE_DATA", str(corners.parent))
    assert find_points("corners.csv") == corners


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"1,2\n3,x", "Line 2: 'x' is not a number."),
        (b"\xff\xfe1,2", "points.csv is not a text in UTF-8."),
        (b"", "There are no points"),
    ],
)
def test_what_cannot_be_read_is_told_before_the_run(tmp_path, capsys, content, words):
    (tmp_path / "points.csv").write_bytes(content)
    assert run("train", "--data", tmp_path / "points.csv", "--steps", 3, "--out", tmp_path / "run") != 0
    assert words in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_files_that_are_not_there_or_too_large(tmp_path):
    for missing in ("none.csv", "x" * 400 + ".csv", "~nobody/points.csv"):
        with pytest.raises(ValueError, match="There is no file of points called"):
            load_data(config_of(missing))
    with open(tmp_path / "huge.csv", "wb") as file:
        os.truncate(file.fileno(), 10**9)
    with pytest.raises(ValueError, match=r"huge\.csv is larger than 100 MB"):
        load_data(config_of(tmp_path / "huge.csv"))
