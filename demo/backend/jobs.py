"""Slow work beside the page: searches, report cards, the reading of uploads.

A job is one generator function of demo/workers/tasks, run in a process of its own (demo/workers/job.py):
niced, one thread, limited memory, killed when it is stopped or when nobody asks about it any more. It
yields plain dicts; the newest is what pages see, the last is its result.

An id is a secret of its page: whoever does not know it cannot reach the job. A dict's "files" (name to
bytes) stay here until they are asked for; the JSON has their names and lengths.
"""

import secrets
import time
from dataclasses import dataclass, field

from demo.backend.work import Work, WorkList
from demo.backend.work_queue import POLL_SECONDS, LocalQueue

MAX_RUNNING = 2
MAX_WAITING = 30
MAX_KEPT = 60
NICENESS = 5  # below the page, above the runs, which take minutes
ABANDONED_SECONDS = 15.0
MAX_SECONDS = 600.0
ENDED = (
    "The process that worked on this ended unexpectedly (perhaps out of memory): try something smaller."
)


@dataclass(eq=False)
class Job(Work):
    """One piece of slow work, as pages see it: queued, running, then done, failed or stopped."""

    task: str
    latest: dict | None = field(default=None, repr=False)
    asked: float = field(default_factory=time.monotonic)
    began: float | None = None

    @property
    def unwanted(self) -> bool:
        return self.too_long or time.monotonic() - self.asked > ABANDONED_SECONDS

    @property
    def too_long(self) -> bool:
        return self.began is not None and time.monotonic() - self.began > MAX_SECONDS


class Jobs(WorkList[Job]):
    """All jobs of this server, two of them at work; the rest wait in order."""

    def __init__(self):
        queue = LocalQueue("demo.workers.job.main", MAX_RUNNING, NICENESS)
        super().__init__(queue, MAX_WAITING, MAX_KEPT)

    def start(self, task: str, arguments: dict) -> Job:
        """Begin `task`, such as "demo.workers.tasks.invert.search", with keyword arguments that can be pickled.

        ValueError when too many wait already.
        """
        with self.lock:
            self.check_room()
            job = Job(secrets.token_hex(16), task)
            self.submit(job, (task, arguments))
        return job

    def find(self, name: object) -> Job:
        """The job of that id, which counts as asked for; ValueError if there is none (any more)."""
        job = super().find(name)
        job.asked = time.monotonic()
        return job

    def result(self, job: Job) -> dict:
        """What the job gives in the end; waits in this thread. ValueError if it came to nothing."""
        while not job.over:
            self.find(job.id)
            time.sleep(POLL_SECONDS)
        if job.state != "done" or job.latest is None:
            raise ValueError(job.message or "This was stopped before it was done.")
        return job.latest

    def receive(self, job: Job, kind: str, value: object) -> None:
        if kind == "started":
            job.began = time.monotonic()
            job.changed(state="running")
        elif kind == "latest":
            job.changed(latest=value)
        elif kind == "died":
            job.changed(state="failed", message=ENDED)
        elif kind == "cancelled" and job.too_long:
            message = f"Stopped after {MAX_SECONDS / 60:.0f} minutes: try something smaller."
            job.changed(state="failed", message=message)
        elif kind == "cancelled":
            job.changed(state="stopped")
        else:
            job.changed(state=kind, message=value or "")
