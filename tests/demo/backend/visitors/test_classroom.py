"""A class: who may open, join and look; fair shares; and that nothing outlives the room."""

import csv
import io
import re
import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from demo.backend.runs.queue import Runs
from demo.backend.visitors import classroom
from demo.backend.visitors.class_results import as_csv, as_film
from demo.backend.visitors.classroom import MAX_STUDENTS, WRONG_CODES, Classroom
from demo.backend.visitors.owners import Owners
from demo.backend.work.queue import GO_ON, PAUSE
from gan.images import encode
from gan.settings.config import TrainConfig

CONFIG = TrainConfig(data="glyphs", steps=100_000, width=8, batch=8)
BROWSERS = [f"{number:032x}" for number in range(4)]


@pytest.fixture
def room(tmp_path):
    """An open class of a server whose runs wait for ever."""
    runs = Runs(tmp_path)
    runs.warm = lambda: None
    runs.submit = lambda run, arguments: runs.known.update({run.id: run})
    made = Classroom(runs, "key")
    made.open()
    return made


def join(room: Classroom, number: int = 0, name: str = "Ada"):
    return room.join(room.room.code, name, BROWSERS[number], "address")


def test_the_key_is_compared_as_a_whole(room):
    room.check_key("key")
    for wrong in ("", "k", "keys", "KEY", None, 7, ["key"]):
        with pytest.raises(ValueError, match="Only the teacher"):
            room.check_key(wrong)
    assert len(Classroom(room.runs).key) >= 32
    assert Classroom(room.runs).key != Classroom(room.runs).key


def test_a_code_has_four_letters_that_cannot_be_mistaken():
    assert re.fullmatch(f"[{classroom.LETTERS}]{{4}}", Classroom(Stub()).open().code)
    assert not set("IO01") & set(classroom.LETTERS)


class Stub:
    """Runs that nobody asks."""


def test_students_join_by_the_code_in_any_case_and_get_names_of_their_own(room):
    assert join(room).nickname == "Ada"
    again = room.join(f" {room.room.code.lower()} ", "Ada", BROWSERS[1], "address")
    assert again.nickname == "Ada 2" and len(again.id) == 32
    for code in ("ABCDE", "", None, 7):
        with pytest.raises(ValueError, match="no open room with this code"):
            room.join(code, "Eve", "", "address")
    for name in ("", "   ", "x" * 25, None):
        with pytest.raises(ValueError, match="nickname"):
            room.join(room.room.code, name, "", "address")


def test_a_code_cannot_be_guessed_at_will(room):
    for _ in range(WRONG_CODES):
        with pytest.raises(ValueError, match="no open room"):
            room.join("AAA", "Eve", "", "there")
    with pytest.raises(ValueError, match="Too many wrong codes"):
        room.join(room.room.code, "Eve", "", "there")
    join(room)  # from another address


def test_a_room_is_full_at_last(room):
    for number in range(MAX_STUDENTS):
        join(room, name=f"s{number}")
    with pytest.raises(ValueError, match=f"full: it has {MAX_STUDENTS}"):
        join(room)


def test_what_a_student_reports_is_checked_and_shown(room):
    student = join(room)
    news = {"chapter": "what", "done": 2, "predictions": {"what": {"choice": 1, "right": True}}}
    told = room.report(student.id, news)
    assert told == {
        "code": room.room.code,
        "nickname": "Ada",
        "pinned": "",
        "paused": False,
        "count": 1,
    }
    (row,) = room.board()["students"]
    assert (row["nickname"], row["chapter"], row["done"], row["away"]) == ("Ada", "what", 2, False)
    assert room.board()["spread"] == {"what": {1: 1}}
    for wrong in (
        {"done": -1}, {"chapter": "x" * 21}, {"predictions": [1]}, {"predictions": {"a": {"choice": 10}}},
        {"predictions": {"a": 3}}, {"predictions": {str(n): {"choice": 0} for n in range(21)}},
    ):  # fmt: skip
        with pytest.raises(ValueError):
            room.report(student.id, wrong)
    with pytest.raises(ValueError, match="You are in no open room"):
        room.report("0" * 32, news)


def test_who_is_silent_is_away_and_who_leaves_is_gone(room, monkeypatch):
    student = join(room)
    student.last_seen = time.monotonic() - 2 * classroom.AWAY_SECONDS
    assert room.board()["students"][0]["away"]
    room.leave(student.id)
    assert room.board()["students"] == []


def test_closing_forgets_everybody(room):
    student = join(room)
    room.close()
    assert room.board() == {"code": ""} and room.room is None
    with pytest.raises(ValueError, match="no open room"):
        room.report(student.id, {})
    code = room.open().code
    assert room.board()["students"] == [] and room.room.code == code


def owner(number: int) -> str:
    return Owners.owner_by(BROWSERS[number])


def test_in_a_class_one_slot_each_and_equal_runs_are_one(room):
    join(room, 0)
    join(room, 1, "Bo")
    runs = room.runs
    first = runs.start(CONFIG, owner(0))
    assert runs.start(CONFIG, owner(1)) is first
    assert [row["run"]["id"] for row in room.board()["students"]] == [first.id, first.id]
    other = runs.start(replace(CONFIG, seed=1), owner(1))
    assert other is not first and runs.find_owned(other.id, owner(1)) is other
    with pytest.raises(ValueError, match="You have a run already"):
        runs.start(replace(CONFIG, seed=2), owner(1))
    # Who is not in the class has two, and no share in those of others.
    outside = runs.start(CONFIG, owner(2))
    assert outside is not first
    assert runs.start(replace(CONFIG, seed=2), owner(2)).active


def test_students_cannot_write_on_others_runs(room):
    join(room, 0)
    join(room, 1, "Bo")
    run = room.runs.start(CONFIG, owner(0))
    with pytest.raises(ValueError, match="Only the owner"):
        room.runs.find_owned(run.id, owner(1))


def test_a_run_goes_on_while_its_student_is_in_the_room(room):
    student = join(room, 0)
    run = room.runs.start(CONFIG, owner(0))
    run.unwatched_since = time.monotonic() - 60
    assert run.unseen_for > 50
    room.report(student.id, {})
    assert run.unseen_for == 0


def test_pausing_all_and_pinning(room):
    join(room, 0)
    student = join(room, 1, "Bo")
    run, outside = room.runs.start(CONFIG, owner(0)), room.runs.start(CONFIG, owner(2))
    room.pause(True)
    assert (run.requested, outside.requested) == (PAUSE, GO_ON)
    assert room.report(student.id, {})["paused"]
    room.pause(False)
    assert run.requested == GO_ON
    room.pin(run.id)
    assert room.report(student.id, {})["pinned"] == run.id == room.board()["pinned"]
    room.pin("")
    assert room.board()["pinned"] == ""
    for wrong in ("none", 7):
        with pytest.raises(ValueError):
            room.pin(wrong)
    with pytest.raises(ValueError, match="paused"):
        room.pause("yes")


def test_results_as_a_table_and_a_film(room):
    join(room, 0, "=1+1")
    join(room, 1, "小明")
    run = room.runs.start(CONFIG, owner(1))
    with pytest.raises(ValueError, match="Nobody in this room"):
        as_film(room)
    sheet = encode.webp(np.full((64, 4, 4, 3), 200, np.uint8))
    run.moments.append(Moment(sheet))
    rows = list(csv.reader(io.StringIO(as_csv(room))))
    assert rows[0][0] == "nickname" and [row[0] for row in rows[1:]] == ["'=1+1", "小明"]
    assert rows[2][rows[0].index("run")] == run.id
    film = Image.open(io.BytesIO(as_film(room)))
    assert (film.size, film.n_frames) == ((256, 256), 1)


class Moment:
    """A preview of a run."""

    def __init__(self, frame: bytes):
        self.frame = frame
        self.numbers = {"step": 3, "seconds": 1.0, "quality": None}
