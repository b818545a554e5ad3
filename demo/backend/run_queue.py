"""Training runs beside the page: start, watch, pause, stop, continue; a queue and many watchers.

Each run trains in a worker process of its own (demo/workers/train.py). One thread a worker moves its
messages into a `Run` (demo/backend/run.py), which any number of pages may read. A run that nobody watches
is stopped.
"""

import secrets
import shutil
import threading
import time
from collections import deque
from dataclasses import replace
from pathlib import Path

from demo.backend.process import CONTEXT, start
from demo.backend.run import STATES, Run
from gan.data.sources import UPLOAD_PREFIX
from gan.models.registry import CHECKPOINT_FILE
from gan.settings.config import TrainConfig

# Below the page's own priority: sliders stay quick while a run uses the cores.
NICENESS = 10
DEFAULT_DATA = TrainConfig().data
MAX_QUEUED = 20
MAX_PER_OWNER = 2
MAX_KEPT = 40
PAUSED_SECONDS = 600.0
STOP_SECONDS = 1.2
# So that a run whose process had to be killed keeps nearly all that it learned.
SAVE_EVERY = 200


class Runs:
    """All runs of this server, `at_once` of them training; the rest wait in order."""

    def __init__(self, folder: Path, at_once: int = 1):
        self.folder = folder
        self.runs: dict[str, Run] = {}
        self.queue: deque[Run] = deque()
        self.changed = threading.Condition()
        self.closed = False
        self.default_drawn = threading.Event()
        tasks = [self._draw_default, *[self._work] * at_once]
        self.threads = [threading.Thread(target=task, daemon=True) for task in tasks]
        self.warmed, self.patience = False, 0.0

    def warm(self, patience: float = 0.0) -> None:
        """Start the worker processes, so that the first click need not wait for them.

        Without a click they start `patience` seconds later, when others need the cores now.
        """
        with self.changed:
            if self.warmed:
                return
            self.warmed, self.patience = True, patience
        for thread in self.threads:
            thread.start()

    def start(self, config: TrainConfig, owner: str = "", title: str = "") -> Run:
        """Put a new run into the queue; ValueError when the queue or the owner's share is full.

        `title` is what its data are called, where their name says nothing.
        """
        with self.changed:
            self._check_room(owner)
            # Whoever knows a run's id sees its pictures: of someone's own, no one is to guess it.
            name = secrets.token_hex(8 if config.data.startswith(UPLOAD_PREFIX) else 4)
            run = Run(name, config, self.folder / name, owner, title)
            self.runs[name] = run
            self._enqueue(run)
            self._forget_old()
        return run

    def extend(self, run: Run, seconds: float) -> None:
        """Train a stopped or finished run for so many seconds more, and what it did not save again.

        One that was ended before it had saved anything begins anew, with the budget that it had.
        """
        with self.changed:
            if run.active:
                raise ValueError("This run is still going: stop it first, or wait for its end.")
            self._check_room(run.owner)
            run.resume = bool(run.moments) and (run.folder / CHECKPOINT_FILE).is_file()
            if run.resume:
                done = run.moments[-1].numbers["seconds"]
                run.config = replace(run.config, steps=None, seconds=done + seconds)
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

    def learning_from(self, data: str) -> bool:
        """Whether a run that has not ended trains on `data`."""
        return any(run.active and run.config.data == data for run in list(self.runs.values()))

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
        self.changed.notify_all()

    def _forget_old(self) -> None:
        over = len(self.runs) - MAX_KEPT
        for old in [run for run in self.runs.values() if not run.active][: max(over, 0)]:
            del self.runs[old.id]
            shutil.rmtree(old.folder, ignore_errors=True)

    def _be_patient(self) -> None:
        with self.changed:
            self.changed.wait_for(lambda: self.runs or self.closed, self.patience)

    def _draw_default(self) -> None:
        self._be_patient()
        ours, theirs = CONTEXT.Pipe()
        try:
            start("demo.workers.train.draw_default", theirs, NICENESS).join()
        finally:
            ours.close()
            self.default_drawn.set()

    def _work(self) -> None:
        self._be_patient()
        process = None
        while not self.closed:
            if process is None or not process.alive:
                process = Process()
            run = self._next()
            if run:
                self._wait_for_data(run)
            if run and not process.serve(run):
                process.kill()
                process = None
        if process:
            process.kill()

    def _wait_for_data(self, run: Run) -> None:
        """Two processes that drew the same pictures at once would both take longer."""
        while run.config.data == DEFAULT_DATA and run.wish != "stop" and not run.abandoned:
            if self.default_drawn.wait(0.1):
                return

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
        self.pipe, theirs = CONTEXT.Pipe()
        self.process = start("demo.workers.train.main", theirs, NICENESS)

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
        # What went wrong may pass: then nothing is said of it any more.
        run.changed(message=numbers["findings"][-1]["words"] if numbers["findings"] else "")
    elif kind == "changes":
        run.changed(config=replace(run.config, changes=value))
    elif kind == "error":
        run.changed(state="failed", message=value)
