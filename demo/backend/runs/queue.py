"""The queue of training runs: start, watch, pause, stop, continue.

Each run trains in a worker process (demo/workers/train.py). A thread writes its messages into a `Run`
(demo/backend/runs/run.py), which any number of pages read. A run without watchers is stopped.
"""

import heapq
import math
import secrets
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from demo.backend.generators import RUN_PREFIX
from demo.backend.public_text import public_text
from demo.backend.runs import turbo
from demo.backend.runs.kept import SERVER_ENDED, UPLOADS_GONE, KeptRuns
from demo.backend.runs.limits import (
    BY_OPERATOR,
    TURN_SECONDS,
    stopped_by_operator,
    turn_is_over,
    turn_message,
)
from demo.backend.runs.run import STATES, Run
from demo.backend.work.base import WorkList
from demo.backend.work.process import ChildProcess
from demo.backend.work.queue import PAUSE, STOP, LocalQueue, WorkQueue
from gan.data.sources import UPLOAD_PREFIX
from gan.models.registry import CHECKPOINT_FILE
from gan.settings.config import TrainConfig

ENTRY = "demo.workers.train.main"
# Below the page's own priority: sliders stay quick while a run uses the cores.
NICENESS = 10
DEFAULT_DATA = TrainConfig().data
MAX_QUEUED = 20
MAX_PER_OWNER = 2
MAX_KEPT = 40
CLUSTER_QUEUED, CLUSTER_KEPT = 400, 400
WAIT_UNIT = 5  # seconds to which estimates are rounded
WAITS_SECONDS = 0.5  # between estimates while nothing but time changes them
LEFT_SECONDS = 1.0  # a new run is watched sooner
STOP_SECONDS = 1.2
CLUSTER_STOP_SECONDS = 10.0  # what it has learnt must come home
# Steps between checkpoints: what a killed run loses at most.
SAVE_EVERY = 200
ENDED = (
    "The training process ended unexpectedly (perhaps out of memory). Other runs are not affected: "
    "start this one again, with a smaller batch or width."
)


class Runs(WorkList[Run]):
    """All runs of this server, `at_once` of them training, or as many as a `cluster` can; the rest wait in order."""

    NAME, PLURAL = "run", "runs"
    UNKNOWN = "There is no such run (any more): press Train to start one."

    def __init__(
        self,
        folder: Path,
        at_once: int = 1,
        turn_seconds: float = TURN_SECONDS,
        cluster: WorkQueue | None = None,
    ):
        local = turbo.TurboQueue if turbo.is_offered() else LocalQueue
        queue = cluster or local(ENTRY, at_once, NICENESS, True, STOP_SECONDS)
        super().__init__(
            queue, *((CLUSTER_QUEUED, CLUSTER_KEPT) if cluster else (MAX_QUEUED, MAX_KEPT))
        )
        self.folder, self.turn_seconds, self.on_cluster = folder, turn_seconds, bool(cluster)
        self.kept = KeptRuns(folder)
        self.known = {run.id: run for run in self.kept.load()}
        self.warmed, self.waits_due = False, 0.0
        # Whose equal runs are one, and who has one slot: a class (demo/backend/visitors/classroom.py).
        self.shares: Callable[[str], bool] = lambda owner: False
        self.start_now, self.default_cached = threading.Event(), threading.Event()
        if cluster:
            self.default_cached.set()

    def warm(self, delay: float = 0.0) -> None:
        """Start the worker processes, so that the first run need not wait for them.

        They start `delay` seconds later, while others need the cores, or with the first run.
        """
        with self.lock:
            if self.warmed:
                return
            self.warmed = True
        for prepare in (self.queue.warm, *([] if self.on_cluster else [self._cache_default_data])):
            threading.Thread(target=self._prepare_later, args=(prepare, delay), daemon=True).start()

    def start(self, config: TrainConfig, owner: str = "", title: str = "", start: str = "") -> Run:
        """Queue a new run; ValueError when the queue is full, or the owner has `MAX_PER_OWNER` runs, in a class one.

        In a class an equal run of somebody else that has not ended is returned instead: both watch it.

        `title` is shown for the data, where their name is an id; `start` is where the model lies that it starts
        from (demo/backend/runs/starting.py).
        """
        with self.lock:
            self._stop_left(owner)
            if twin := self._twin(config, owner):
                twin.sharers.add(owner)
                return twin
            self._check_room(owner)
            # Whoever knows the id sees the pictures: with uploads it must be hard to guess.
            name = secrets.token_hex(8 if config.data.startswith(UPLOAD_PREFIX) else 4)
            run = Run(name, config, self.folder / name, owner, title, start)
            self._submit(run)
        return run

    def extend(self, run: Run, seconds: float) -> None:
        """Train a stopped or finished run for so many more seconds, from its last checkpoint.

        Without a checkpoint it starts again with its old budget.
        """
        with self.lock:
            if run.active:
                raise ValueError("This run is still training: stop it first, or wait for its end.")
            self._stop_left(run.owner)
            self._check_room(run.owner)
            run.resume = bool(run.moments) and (run.folder / CHECKPOINT_FILE).is_file()
            if run.resume:
                done = run.moments[-1].numbers["seconds"]
                run.config = replace(run.config, steps=None, seconds=done + seconds)
            run.queue_again()
            self._submit(run)

    def find_owned(self, name: object, owner: str) -> Run:
        """The run with this id; ValueError if there is none, or if another owner started it."""
        run = self.find(name)
        if run.owner != owner:
            raise ValueError("Only the owner of this run may stop or pause it.")
        return run

    def adopt(self, session: str, owner: str) -> None:
        """Give `owner` the runs of a session: who presses Train at once starts one before the page's token is known."""
        for run in list(self.known.values()):
            if run.owner == session != owner:
                run.owner = owner
                self.kept.hasten(run)

    def trains_on(self, data: str) -> bool:
        """Whether a run that has not ended trains on `data`, or starts from these weights."""
        active = [run.config for run in list(self.known.values()) if run.active]
        return any(data in (config.data, config.start_from) for config in active)

    def forget_pictures(self, data: str) -> None:
        """Drop what runs show of data that are being removed."""
        for run in list(self.known.values()):
            if run.config.data == data:
                run.changed(real=b"")

    def place(self, run: Run) -> int:
        """Its place in the queue: 1 is next, 0 waits for nobody."""
        place = super().place(run)
        return place if place > self.queue.at_once - len(self._at_work()) else 0

    def close(self) -> None:
        for run in list(self.known.values()):
            if run.active and run.requested != STOP:
                run.requested, run.why_stopped = STOP, UPLOADS_GONE if run.private else SERVER_ENDED
        self.start_now.set()
        super().close()
        self.kept.close()

    def receive(self, run: Run, kind: str, value: object) -> None:
        if kind == "started":
            run.changed(state="starting", started_at=time.monotonic())
            self._wait_for_data(run)
        elif kind == "real":
            run.changed(real=value)
        elif kind == "snapshot":
            numbers, frame = value
            findings = [each | {"words": public_text(each["words"])} for each in numbers["findings"]]
            numbers = numbers | {"findings": findings}
            run.add_snapshot(numbers, frame)
            if time.monotonic() >= self.waits_due:
                self._update_waits()
            # A finding may be temporary: its message goes with it.
            run.changed(message=numbers["findings"][-1]["words"] if numbers["findings"] else "")
        elif kind == "note":
            run.changed(trained_by=value)
        elif kind == "settings":
            run.changed(config=replace(run.config, **value))
        elif kind == "moved":
            said = f"At step {run.facts['step']} its machine was lost: it went on elsewhere, from what was saved last."
            run.changed(state="queued", started_at=None, notes=[*run.notes, said])
        elif kind in ("failed", "died"):
            run.changed(state="failed", message=value or ENDED)
        elif run.state == "queued":
            run.changed(state="stopped", message=run.why_stopped or "Stopped before it began.")
        else:
            why = "" if run.complete else run.why_stopped
            run.changed(state="finished" if run.complete else "stopped", message=why or run.message)
        self.kept.keep(run, now=run.over)

    def on_request_sent(self, run: Run) -> None:
        run.paused_since = time.monotonic() if run.requested == PAUSE else None
        self._update_waits()
        if run.state != "queued":
            run.changed(state=STATES[run.requested])

    def must_stop(self, run: Run) -> bool:
        why = run.why_unwanted or self._why_limited(run)
        run.why_stopped = why or run.why_stopped
        return bool(why)

    def _why_limited(self, run: Run) -> str:
        """Why it is to end although its page shows it, as a sentence; else ""."""
        if stopped_by_operator(self.folder, run):
            return BY_OPERATOR
        if turn_is_over(run, self.turn_seconds) and self._others_wait():
            return turn_message(self.turn_seconds)
        return ""

    def _others_wait(self) -> bool:
        return any(map(self.place, self.waiting()))

    def on_followed(self, run: Run) -> None:
        self.kept.keep(run)

    def removable(self, run: Run) -> bool:
        waited_for = {each.config.start_from for each in list(self.known.values()) if each.active}
        return run.over and RUN_PREFIX + run.id not in waited_for

    def on_removed(self, run: Run) -> None:
        self.kept.forget(run)
        shutil.rmtree(run.folder, ignore_errors=True)

    def _submit(self, run: Run) -> None:
        run.unwatched_since, run.paused_since = time.monotonic(), None
        run.queued_at, run.started_at = time.time(), None
        settings = run.config.to_dict() | {"start_from": run.start or run.config.start_from}
        self.submit(run, (settings, str(run.folder), run.resume))
        self._update_waits()
        self.start_now.set()

    def _at_work(self) -> list[Run]:
        return [run for run in list(self.known.values()) if run.active and run.state != "queued"]

    def _update_waits(self) -> None:
        """Estimate how long waiting runs wait, by the budgets of those before them."""
        self.waits_due = time.monotonic() + WAITS_SECONDS
        slots = sorted(run.seconds_left for run in self._at_work())
        slots = [*[0.0] * (self.queue.at_once - len(slots)), *slots]
        waiting = [run for run in list(self.known.values()) if run.state == "queued"]
        for run in sorted(waiting, key=super().place):
            wait = heapq.heappop(slots)
            heapq.heappush(slots, wait + run.seconds_left)
            shown = WAIT_UNIT * math.ceil(wait / WAIT_UNIT) if math.isfinite(wait) else None
            if shown != run.wait:
                run.changed(wait=shown)

    def _twin(self, config: TrainConfig, owner: str) -> Run | None:
        """Another's run in the class of `owner` with the same settings and seed that has not ended."""
        others = (
            run for run in list(self.known.values()) if run.owner != owner and run.config == config
        )
        if not self.shares(owner):
            return None
        equal = (run for run in others if run.active and not run.private and self.shares(run.owner))
        return next(equal, None)

    def _check_room(self, owner: str) -> None:
        self.warm()
        mine = [run for run in self.known.values() if run.owner == owner]
        count = sum(run.active and run.requested != STOP for run in mine)
        if owner and count >= (1 if self.shares(owner) else MAX_PER_OWNER):
            runs = "a run" if count == 1 else f"{count} runs"
            raise ValueError(f"You have {runs} already: stop one, or wait for its end.")
        self.check_room()

    def _stop_left(self, owner: str) -> None:
        """Stop the owner's runs whose page was closed: what he starts next does not wait for them."""
        for run in list(self.known.values()) if owner else ():
            if run.owner == owner and run.active and run.unseen_for > LEFT_SECONDS:
                self.stop(run)

    def _prepare_later(self, prepare: Callable[[], None], delay: float) -> None:
        self.start_now.wait(delay)
        if not self.queue.closed:
            prepare()

    def _cache_default_data(self) -> None:
        try:
            child = ChildProcess("demo.workers.train.cache_default_data", NICENESS).start()
            child.process.join()
        finally:
            self.default_cached.set()

    def _wait_for_data(self, run: Run) -> None:
        """Wait until `_cache_default_data` is done: rendering the data twice at once would be slower."""
        while run.config.data == DEFAULT_DATA and run.requested != STOP and not run.unwanted:
            if self.default_cached.wait(0.1):
                return
