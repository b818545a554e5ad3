"""A class: a room with a code of four letters, which students join with a nickname, and the teacher's board of it.

Everything is in memory and goes with the room. Who holds the teacher key (printed when the server starts) opens and
closes it; a student has a random id, which is his access token. Whose a run is, is decided as everywhere (owners.py).
"""

import secrets
import threading
import time
from dataclasses import dataclass, field

from demo.backend.runs.payload import summary
from demo.backend.runs.queue import Runs
from demo.backend.runs.run import Run
from demo.backend.visitors.owners import Owners
from demo.backend.work.queue import GO_ON, PAUSE
from gan.common import checks

LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"  # without I and O, which look like digits
CODE_LENGTH = 4
MAX_STUDENTS = 60
MAX_NICKNAME = 24
MAX_CHAPTERS = 20
AWAY_SECONDS = 10.0
WRONG_CODES, PER_SECONDS = 60, 60.0  # tries at a room's code from one address
NO_ROOM = "There is no open room with this code: ask your teacher for it."
NO_KEY = (
    "Only the teacher may do this: open the page by the link that the server printed when it started."
)
NOT_IN_ROOM = "You are in no open room (any more): join with the code."


class NotInRoom(ValueError):
    """For who is in no room, or in none any more: his page asks for the code again."""

    status = 410


@dataclass(eq=False)
class Student:
    """One who joined; `owner` is that of his browser's runs."""

    id: str
    nickname: str
    owner: str
    chapter: str = ""
    done: int = 0
    predictions: dict[str, dict] = field(default_factory=dict)
    last_seen: float = field(default_factory=time.monotonic)


@dataclass(eq=False)
class Room:
    """`pinned`: the run that is shown on all pages."""

    code: str
    students: dict[str, Student] = field(default_factory=dict)
    pinned: str = ""
    paused: bool = False


class Classroom:
    """At most one room of this server, and the key of whoever may open it."""

    def __init__(self, runs: Runs, key: str = ""):
        self.runs = runs
        self.key = key or secrets.token_urlsafe(24)
        self.room: Room | None = None
        self.lock = threading.Lock()
        self.wrong: dict[str, list[float]] = {}
        runs.shares = self.has

    def check_key(self, key: object) -> None:
        """ValueError unless it is the teacher key."""
        given = key if isinstance(key, str) else ""
        if not secrets.compare_digest(given.encode(), self.key.encode()):
            raise ValueError(NO_KEY)

    def open(self) -> Room:
        """Open a room in the place of the one that there is; what was known of its students is forgotten."""
        with self.lock:
            self.room = Room("".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH)))
        return self.room

    def close(self) -> None:
        with self.lock:
            self.room = None

    def join(self, code: object, nickname: object, browser: object, address: str) -> Student:
        """A new student; ValueError for a wrong code, too many tries, a full room, or a nickname that is none."""
        with self.lock:
            self._check_tries(address)
            room = self.room
            given = code.strip().upper() if isinstance(code, str) else ""
            if not room or not secrets.compare_digest(given.encode(), room.code.encode()):
                self.wrong.setdefault(address, []).append(time.monotonic())
                raise ValueError(NO_ROOM)
            name = checks.text("nickname", nickname, max_length=MAX_NICKNAME).strip()
            if not name:
                raise ValueError("Choose a nickname.")
            if len(room.students) >= MAX_STUDENTS:
                raise ValueError(f"This room is full: it has {MAX_STUDENTS} students.")
            taken = {each.nickname for each in room.students.values()}
            number = next(n for n in range(1, MAX_STUDENTS + 2) if _numbered(name, n) not in taken)
            student = Student(secrets.token_hex(16), _numbered(name, number), Owners.owner_by(browser))
            room.students[student.id] = student
        return student

    def _check_tries(self, address: str) -> None:
        since = time.monotonic() - PER_SECONDS
        self.wrong = {
            each: kept
            for each, times in self.wrong.items()
            if (kept := [t for t in times if t > since])
        }
        if len(self.wrong.get(address, ())) >= WRONG_CODES:
            raise ValueError("Too many wrong codes: wait a minute, then try again.")

    def find(self, student: object) -> tuple[Room, Student]:
        """The room and the student with this id; ValueError if he is in none."""
        room = self.room
        found = room and isinstance(student, str) and room.students.get(student)
        if not found:
            raise NotInRoom(NOT_IN_ROOM)
        return room, found

    def report(self, student: object, news: dict) -> dict:
        """What a student's page says of itself, and what it is to show: {code, nickname, pinned, paused, count}."""
        room, found = self.find(student)
        found.last_seen = time.monotonic()
        found.chapter = checks.text("chapter", news.get("chapter") or "-", max_length=20).strip("-")
        found.done = checks.integer("done", news.get("done", 0), 0, MAX_CHAPTERS)
        found.predictions = _checked_predictions(news.get("predictions") or {})
        # Its page may show something else meanwhile, such as the run that is pinned.
        if run := self.run_of(found):
            run.lease(AWAY_SECONDS)
        count = len(room.students)
        return {
            "code": room.code, "nickname": found.nickname, "pinned": room.pinned, "paused": room.paused, "count": count,
        }  # fmt: skip

    def leave(self, student: object) -> None:
        room, found = self.find(student)
        room.students.pop(found.id, None)

    def has(self, owner: str) -> bool:
        """Whether an owner of runs is in the room: he has one slot, and equal runs are shared (runs/queue.py)."""
        room = self.room
        return bool(
            owner and room and any(each.owner == owner for each in list(room.students.values()))
        )

    def pin(self, run: object) -> None:
        """Show a run on all pages; "" shows none. ValueError if there is no such run."""
        room = self._opened()
        room.pinned = self.runs.find(run).id if run else ""

    def pause(self, paused: object) -> None:
        """Pause the runs of all students, or let them go on."""
        room = self._opened()
        room.paused = checks.flag("paused", paused)
        for student in list(room.students.values()):
            run = self.run_of(student)
            if run and run.active:
                run.requested = PAUSE if room.paused else GO_ON

    def _opened(self) -> Room:
        if not self.room:
            raise ValueError("There is no open room: open one first.")
        return self.room

    def run_of(self, student: Student) -> Run | None:
        """The newest run that the student started or shares; None before the first, and for uploaded pictures."""
        known = reversed(list(self.runs.known.values()))
        mine = (run for run in known if student.owner in (run.owner, *run.sharers))
        return next((run for run in mine if student.owner and not run.private), None)

    def board(self) -> dict:
        """What the teacher sees: the students in the order in which they came, and how predictions are spread."""
        room = self.room
        if not room:
            return {"code": ""}
        now = time.monotonic()
        rows, spread = [], {}
        for student in list(room.students.values()):
            run = self.run_of(student)
            for chapter, told in student.predictions.items():
                counts = spread.setdefault(chapter, {})
                counts[told["choice"]] = counts.get(told["choice"], 0) + 1
            rows.append(
                {
                    "nickname": student.nickname, "chapter": student.chapter, "done": student.done,
                    "away": now - student.last_seen > AWAY_SECONDS,
                    "run": run and summary(run) | {"place": self.runs.place(run)},
                    "predictions": student.predictions,
                }
            )  # fmt: skip
        return {
            "code": room.code, "students": rows, "spread": spread, "pinned": room.pinned, "paused": room.paused,
        }  # fmt: skip


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name} {number}"


def _checked_predictions(told: object) -> dict[str, dict]:
    if not isinstance(told, dict) or len(told) > MAX_CHAPTERS:
        raise ValueError(f"predictions must map at most {MAX_CHAPTERS} lessons to what was predicted.")
    return {
        checks.text("lesson", chapter, max_length=20): {
            "choice": checks.integer(
                "choice", each.get("choice") if isinstance(each, dict) else None, 0, 9
            ),
            "right": bool(each.get("right")) if isinstance(each, dict) else False,
        }
        for chapter, each in told.items()
    }
