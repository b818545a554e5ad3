"""What visitors hand in: whose it is, how much of it there may be, and when it is removed."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from helpers.waiting import PATIENCE

from demo.backend.owned_folder import owned_folder
from demo.backend.visitors import uploads
from demo.backend.visitors.uploads import CLOSED_SECONDS, MAX_SETS_PER_OWNER, UNUSED_SECONDS, Uploads


@pytest.fixture
def used():
    """Names of sets that a run trains on."""
    return set()


@pytest.fixture
def own(used):
    own = Uploads(lambda name: name in used)
    yield own
    own.close()


def test_a_set_is_its_owner_s_alone(own):
    mine = own.create("me")
    assert own.find(mine.id, "me") is mine
    with pytest.raises(ValueError, match="no longer here"):
        own.find(mine.id, "you")
    with pytest.raises(ValueError, match="no longer here"):
        own.check(mine.name, "you")
    own.check(mine.name, "me")
    own.check("faces", "you")


def test_ids_cannot_be_guessed(own):
    names = {own.create(str(index)).id for index in range(20)}
    assert len(names) == 20
    assert all(len(name) == 32 and int(name, 16) >= 0 for name in names)


@pytest.mark.parametrize("name", [None, 7, "", "../x", ["a"], "a" * 32])
def test_other_names_are_no_set(own, name):
    with pytest.raises(ValueError, match="no longer here"):
        own.find(name, "me")


def test_tokens_stand_for_their_session(own):
    token = own.issue_token("me")
    assert own.session_of(token) == "me"
    for wrong in (None, "", "me", token[:-1], 7):
        with pytest.raises(ValueError, match="reload"):
            own.session_of(wrong)


def test_what_is_handed_in_has_a_limit(own, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 1000)
    mine = own.create("me")
    own.reserve(mine, 900)
    with pytest.raises(ValueError, match="larger than"):
        own.reserve(mine, 101)
    own.reserve(mine, 100)
    monkeypatch.setattr(uploads, "MAX_TOTAL_BYTES", 1500)
    with pytest.raises(ValueError, match="no room"):
        own.reserve(own.create("you"), 600)


def test_a_full_disk_takes_no_more(own, monkeypatch):
    monkeypatch.setattr(uploads, "MIN_FREE_BYTES", 10**18)
    with pytest.raises(ValueError, match="no room"):
        own.reserve(own.create("me"), 1)


def test_the_oldest_idle_set_makes_room_for_a_new_one(own, used):
    sets = [own.create("me") for _ in range(MAX_SETS_PER_OWNER)]
    other = own.create("you")
    used.add(sets[0].name)
    own.create("me")
    assert sets[0].folder.exists() and not sets[1].folder.exists() and other.folder.exists()
    used.update(each.name for each in own.sets.values())
    with pytest.raises(ValueError, match="as many uploads as are kept"):
        own.create("me")


def test_so_many_people_at_once(own, monkeypatch):
    monkeypatch.setattr(uploads, "MAX_SETS", 2)
    own.create("a"), own.create("b")
    with pytest.raises(ValueError, match="too many uploads"):
        own.create("c")


def test_a_closed_page_s_files_go_but_not_under_a_run(own, used):
    mine, yours = own.create("me"), own.create("you")
    used.add(mine.name)
    own.page_closed("me")
    own.clean()
    assert mine.folder.exists()  # what it asked for last may still come
    mine.closed_at -= CLOSED_SECONDS + 1
    own.clean()
    assert mine.folder.exists()
    used.clear()
    own.clean()
    assert not mine.folder.exists() and yours.folder.exists()
    with pytest.raises(ValueError, match="no longer here"):
        own.find(mine.id, "me")


def test_a_page_that_comes_back_keeps_its_files(own):
    mine = own.create("me")
    own.page_closed("me")
    own.find(mine.id, "me")
    assert mine.closed_at is None


def test_an_hour_unused_is_the_end(own):
    mine = own.create("me")
    mine.used -= UNUSED_SECONDS - 10
    own.clean()
    assert mine.folder.exists()
    mine.used -= 20
    own.clean()
    assert not mine.folder.exists()


def test_what_is_removed_waits_for_an_upload_and_a_run(own, used):
    mine = own.create("me")
    mine.holds = 1
    own.remove(mine)
    assert mine.folder.exists()
    mine.holds = 0
    own.clean()
    assert not mine.folder.exists()


def test_it_is_cleaned_without_being_asked(monkeypatch):
    monkeypatch.setattr(uploads, "CLEAN_SECONDS", 0.05)
    own = Uploads()
    mine = own.create("me")
    mine.used -= UNUSED_SECONDS + 1
    until = time.monotonic() + PATIENCE
    while mine.folder.exists() and time.monotonic() < until:
        time.sleep(0.02)
    own.close()
    assert not mine.folder.exists()


def test_nothing_stays_when_the_server_stops(own):
    folders = [own.create(owner).folder for owner in ("me", "you")]
    own.close()
    assert not any(folder.exists() for folder in folders)


PROGRAM = """
import os, sys
from demo.backend.visitors.uploads import Uploads
own = Uploads()
print(own.create("me").folder.parent, flush=True)
{end}
"""


def left_by(end: str, folder: Path) -> Path:
    """Where a program that ends so kept its sets."""
    world = {**os.environ, "TMPDIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(end=end)], env=world, capture_output=True, text=True
    )
    return Path(done.stdout.strip())


def test_what_a_killed_server_left_is_removed_by_the_next(tmp_path, monkeypatch):
    orphan = left_by("os._exit(9)", tmp_path)
    assert orphan.is_dir() and orphan.parent == tmp_path
    (tmp_path / "ganscope-own-x").mkdir()  # not one of ours
    # In a container each server is process 1, and that is always alive.
    of_a_container = Path(tempfile.mkdtemp(prefix="ganscope-own-1-", dir=tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    alive = owned_folder("ganscope-own-")
    assert not left_by("", tmp_path).exists()
    assert not orphan.exists() and alive.exists() and (tmp_path / "ganscope-own-x").exists()
    assert not of_a_container.exists()


def test_the_server_reads_no_picture_and_imports_no_pytorch():
    program = "import sys, demo.backend.visitors.uploads, demo.workers.upload_format; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_who_shows_an_upload_is_told_that_it_is_removed(used):
    gone = []
    own = Uploads(lambda name: name in used, gone.append)
    kept, removed = own.create("me"), own.create("me")
    own.remove(removed)
    assert gone == [removed.name]
    own.close()
    assert gone == [removed.name, kept.name]
