"""One run at a time writes into a folder."""

import subprocess
import sys

import pytest

from gan.common.folder_lock import sole_use

pytest.importorskip("fcntl")
HOLD = """
import sys
from gan.common.folder_lock import sole_use

with sole_use(sys.argv[1]):
    print("held", flush=True)
    input()
"""


def test_another_process_is_refused_until_the_first_ends_in_any_way(tmp_path):
    command = [sys.executable, "-c", HOLD, tmp_path / "run"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        other.stdout.readline()
        with (
            pytest.raises(ValueError, match="Another run is being written into"),
            sole_use(tmp_path / "run"),
        ):
            pass
        other.kill()
    with sole_use(tmp_path / "run"):
        pass


def test_an_empty_folder_is_not_left(tmp_path):
    with sole_use(tmp_path / "runs" / "first"):
        assert (tmp_path / "runs" / "first").is_dir()
    assert list(tmp_path.iterdir()) == []
    with sole_use(tmp_path / "runs" / "first"):
        (tmp_path / "runs" / "first" / "file").touch()
    assert (tmp_path / "runs" / "first" / "file").exists()


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "file").touch()
    with (
        pytest.raises(ValueError, match="cannot be made: Not a directory"),
        sole_use(tmp_path / "file" / "x"),
    ):
        pass
