"""Temporary folders that are removed once their owner has ended, and never before."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from helpers.waiting import PATIENCE

from demo.backend import owned_folder as module
from demo.backend.owned_folder import owned_folder

HOLD = """
import sys, time
from demo.backend.owned_folder import owned_folder
print(owned_folder("kept-"), flush=True)
time.sleep(600)
"""


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_is_kept_while_its_owner_lives_and_removed_after_a_kill(temporary):
    world = {**os.environ, "TMPDIR": str(temporary)}
    with subprocess.Popen([sys.executable, "-c", HOLD], env=world, stdout=subprocess.PIPE) as owner:
        folder = Path(owner.stdout.readline().decode().strip())
        (folder / "private.png").write_bytes(b"private")
        owned_folder("kept-")
        assert (folder / "private.png").exists(), "its owner lives"
        owner.send_signal(signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while folder.exists():
        assert time.monotonic() < deadline
        owned_folder("kept-")
        time.sleep(0.1)


def test_other_folders_stay(temporary):
    for name in ("kept", "kept-mine", "kept-12-x", "other-abcdefgh"):
        (temporary / name).mkdir()
    made = owned_folder("kept-")
    assert len(list(temporary.iterdir())) == 5
    assert os.name == "nt" or made.stat().st_mode & 0o777 == 0o700


def test_where_folders_cannot_be_locked_they_are_made_and_left_alone(temporary, monkeypatch):
    def refuse(*arguments):
        raise OSError("no locks here")

    monkeypatch.setattr(module, "lock_folder", refuse)
    monkeypatch.setattr(module, "_lock_open_file", refuse)
    first = owned_folder("kept-")
    owned_folder("kept-")
    assert first.is_dir()


def test_without_locks_of_folders_an_open_file_marks_the_owner(temporary, monkeypatch):
    monkeypatch.setattr(module, "fcntl", None)
    folder = owned_folder("kept-")
    assert (folder / module.LOCK_FILE).exists()
