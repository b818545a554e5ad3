"""Training runs beside the page: start, watch, pause, stop, continue; a queue and many watchers.

Each run trains in a worker process of its own (demo/worker.py). One thread a worker moves its
messages into a `Run`, which any number of pages may read. A run that nobody watches is stopped.
"""

import io
import multiprocessing
import os
import secrets
import shutil
import threading
import time
import zipfile
from collections import deque
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from demo import worker
from gan.config import TrainConfig

EXPORTED = ("config.json", "train.json", "model.safetensors")
MAX_QUEUED = 20
MAX_PER_OWNER = 2
MAX_KEPT = 40
MAX_MOMENTS = 240
# A closed page must end its run within 2 s; a connection that hiccups should not.
ABANDONED_SECONDS = 1.0
PAUSED_SECONDS = 600.0
STOP_SECONDS = 1.2
# What a run is doing when it has heard each wish.
STATES = {"go on": "running", "pause": "paused", "stop": "stopping"}
ACTIVE = ("queued", "starting", "running", "paused", "stopping")


class Moment(NamedTuple):
    """A Snapshot as pages get it: its numbers, and its grid of samples as WebP."""

    numbers: dict
    frame: bytes


@dataclass
class Run:
    """One run as pages see it. Only its worker's thread writes, but for `wish` and `watchers`."""

    id: str
    config: TrainConfig
    folder: Path
    owner: str
    state: str = "queued"
    resume: bool = False
    wish: str = "go on"  # or "pause" or "stop": what the user wants next
    watchers: int = 0
    unwatched_since: float = field(default_factory=time.monotonic)
    real: bytes = b""
    moments: list[Moment] = field(default_factory=list)
    message: str = ""
    version: int = 0

    def changed(self, **values) -> None:
        """Set fields and let the watchers know."""
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1

    def add(self, numbers: dict, frame: bytes) -> None:
        """Keep a snapshot; a long history is thinned to every other one, its ends kept."""
        kept = self.moments
        if kept and kept[-1].numbers["step"] == numbers["step"]:
            # A continued run shows first where it stands, which is known, without its losses.
            if not numbers["final"]:
                return self.changed(state=STATES[self.wish])
            kept = kept[:-1]
        if len(kept) >= MAX_MOMENTS:
            kept = [kept[0], *kept[2:-1:2], kept[-1]]
        # A new list each time: readers in other threads keep a whole one.
        self.changed(moments=[*kept, Moment(numbers, frame)], state=STATES[self.wish])

    @property
    def points(self) -> list[dict]:
        """The numbers of all moments."""
        return [moment.numbers for moment in self.moments]

    @property
    def active(self) -> bool:
        return self.state in ACTIVE

    @property
    def abandoned(self) -> bool:
        silent = time.monotonic() - self.unwatched_since
        return self.watchers == 0 and silent > ABANDONED_SECONDS

    def weights_zip(self) -> bytes:
        """The trained generator's files as a zip; ValueError if there are none yet."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name in EXPORTED:
                if not (self.folder / name).is_file():
                    raise ValueError("This run has saved no weights yet.")
                archive.write(self.folder / name, f"ganscope-{self.id}/{name}")
        return buffer.getvalue()

    def watched(self, by: int) -> None:
        """One watcher more (1) or less (-1)."""
        self.watchers += by
        self.unwatched_since = time.monotonic()


class Runs:
    """All runs of this server, `at_once` of them training; the rest wait in order."""

    def __init__(self, folder: Path, at_once: int = 1):
        self.folder = folder
        self.runs: dict[str, Run] = {}
        self.queue: deque[Run] = deque()
        self.changed = threading.Condition()
        self.closed = False
        self.threads = [threading.Thread(target=self._work, daemon=True) for _ in range(at_once)]

    def warm(self) -> None:
        """Start the worker processes, so that the first click need not wait for them."""
        for thread in self.threads:
            if not thread.is_alive():
                thread.start()

    def start(self, config: TrainConfig, owner: str = "") -> Run:
        """Put a new run into the queue; ValueError when the queue or the owner's share is full."""
        with self.changed:
            self._check_room(owner)
            name = secrets.token_hex(4)
            run = Run(name, config, self.folder / name, owner)
            self.runs[name] = run
            self._enqueue(run)
            self._forget_old()
        return run

    def extend(self, run: Run, seconds: float) -> None:
        """Train a stopped or finished run for so many seconds more."""
        with self.changed:
            if run.active:
                raise ValueError("This run is still going: stop it first, or wait for its end.")
            if not (run.folder / "checkpoint.safetensors").is_file():
                raise ValueError("This run left nothing to go on from: start a new one.")
            self._check_room(run.owner)
            done = run.moments[-1].numbers["seconds"]
            run.config = replace(run.config, steps=None, seconds=done + seconds)
            run.resume = True
            run.changed(state="queued", wish="go on", message="")
            self._enqueue(run)

    def stop(self, run: Run) -> None:
        """End a run; one that still waits leaves the queue at once."""
        run.wish = "stop"
        with self.changed:
            if run in self.queue:
                self.queue.remove(run)
                run.changed(state="stopped", message="Stopped before it began.")

    def find(self, name: object) -> Run:
        """The run called `name`; ValueError if there is none (any more)."""
        if isinstance(name, str) and name in self.runs:
            return self.runs[name]
        raise ValueError("There is no such run (any more): press Train to start one.")

    def place(self, run: Run) -> int:
        """1 for the run that starts next, 0 for a run that is not waiting."""
        waiting = self._waiting()
        return waiting.index(run) + 1 if run in waiting else 0

    def _waiting(self) -> list[Run]:
        return [run for run in list(self.queue) if not run.abandoned]

    def close(self) -> None:
        """End all workers; called when the server stops."""
        self.closed = True
        with self.changed:
            self.changed.notify_all()

    def _check_room(self, owner: str) -> None:
        self.warm()
        mine = sum(
            run.active and not run.abandoned and run.owner == owner for run in self.runs.values()
        )
        if owner and mine >= MAX_PER_OWNER:
            raise ValueError(f"You have {mine} runs already: stop one, or wait for its end.")
        if len(self._waiting()) >= MAX_QUEUED:
            raise ValueError(f"{MAX_QUEUED} runs are waiting already: try again in a minute.")

    def _enqueue(self, run: Run) -> None:
        run.unwatched_since = time.monotonic()
        self.queue.append(run)
        self.changed.notify()

    def _forget_old(self) -> None:
        over = len(self.runs) - MAX_KEPT
        for old in [run for run in self.runs.values() if not run.active][: max(over, 0)]:
            del self.runs[old.id]
            shutil.rmtree(old.folder, ignore_errors=True)

    def _work(self) -> None:
        process = None
        while not self.closed:
            if process is None or not process.alive:
                process = Process()
            run = self._next()
            if run and not process.serve(run):
                process.kill()
                process = None
        if process:
            process.kill()

    def _next(self) -> Run | None:
        with self.changed:
            if not self.queue:
                self.changed.wait(timeout=0.5)
            if not self.queue:
                return None
            run = self.queue.popleft()
        for waiting in list(self.queue):
            waiting.changed()
        if run.wish == "stop" or run.abandoned:
            run.changed(state="stopped", message="Stopped before it began.")
            return None
        run.changed(state="starting")
        return run


class Process:
    """A worker process and the pipe to it."""

    def __init__(self):
        # "spawn": a fork of a server with threads may deadlock, and it would share its memory.
        context = multiprocessing.get_context("spawn")
        # Threads that wait for each other spin a little, then sleep: spinning on, as is the default,
        # they would take the cores that the page needs, and a step could take ten times as long.
        os.environ.setdefault("GOMP_SPINCOUNT", "10000")
        self.pipe, theirs = context.Pipe()
        self.process = context.Process(target=worker.main, args=(theirs,), daemon=True)
        self.process.start()
        theirs.close()

    @property
    def alive(self) -> bool:
        return self.process.is_alive()

    def kill(self) -> None:
        self.process.kill()
        self.process.join()
        self.pipe.close()

    def serve(self, run: Run) -> bool:
        """Take a run through; False if the worker is gone or had to be ended."""
        said, asked_to_stop, paused_since = "go on", None, None
        try:
            self.pipe.send((run.config.to_dict(), str(run.folder), run.resume))
            while True:
                while self.pipe.poll(0.05):
                    kind, value = self.pipe.recv()
                    if kind == "end":
                        self._conclude(run)
                        return True
                    _take(run, kind, value)
                too_long = paused_since and time.monotonic() - paused_since > PAUSED_SECONDS
                if run.abandoned or too_long:
                    run.wish = "stop"
                if run.wish != said:
                    said = run.wish
                    self.pipe.send(said)
                    paused_since = time.monotonic() if said == "pause" else None
                    asked_to_stop = time.monotonic() if said == "stop" else None
                    run.changed(state=STATES[said])
                if asked_to_stop and time.monotonic() - asked_to_stop > STOP_SECONDS:
                    self._conclude(run)
                    return False
        except (EOFError, OSError):
            run.changed(
                state="failed",
                message="The training process ended unexpectedly (perhaps out of memory). The page "
                "and other runs are not touched: start it again, with a smaller batch or width.",
            )
            return False

    @staticmethod
    def _conclude(run: Run) -> None:
        complete = bool(run.moments) and run.moments[-1].numbers["final"]
        if run.state != "failed":
            run.changed(state="finished" if complete else "stopped")


def _take(run: Run, kind: str, value) -> None:
    if kind == "real":
        run.changed(real=value)
    elif kind == "snapshot":
        numbers, frame = value
        run.add(numbers, frame)
        if numbers["findings"]:
            run.changed(message=numbers["findings"][-1])
    elif kind == "error":
        run.changed(state="failed", message=value)
