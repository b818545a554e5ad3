"""Slow work beside the page: searches, report cards, the reading of uploads.

A job is one generator function of demo/workers/tasks, run in a process of its own (demo/workers/job.py): niced, one
thread, limited memory, killed when it is stopped or when nobody asks about it any more. It yields plain
dicts; the newest is what pages see, the last is its result.

An id is a secret of its page: whoever does not know it cannot reach the job. A dict's "files" (name to
bytes) stay here until they are asked for; the JSON has their names and lengths.
"""

import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from demo.backend.process import CONTEXT, start

AT_ONCE = 2
MOST_WAITING = 30
MOST_KEPT = 60
NICENESS = 5  # below the page, above the runs, which take minutes
ABANDONED_SECONDS = 15.0
LONGEST_SECONDS = 600.0
LOOK_SECONDS = 0.05
OVER = ("done", "failed", "stopped")
DIED = (
    "The process that worked on this ended unexpectedly (perhaps out of memory): try something smaller."
)


@dataclass
class Job:
    """One piece of slow work, as pages see it."""

    id: str
    task: str
    arguments: dict = field(repr=False)
    state: str = "queued"  # then running; at its end done, failed or stopped
    latest: dict | None = field(default=None, repr=False)
    message: str = ""  # why it failed
    version: int = 0
    wish_to_stop: bool = False
    asked: float = field(default_factory=time.monotonic)

    @property
    def over(self) -> bool:
        return self.state in OVER

    @property
    def unwanted(self) -> bool:
        return self.wish_to_stop or time.monotonic() - self.asked > ABANDONED_SECONDS

    def changed(self, **values) -> None:
        """Set some fields, and let whoever waits know."""
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1


class Jobs:
    """All jobs of this server, two of them at work; the rest wait in order."""

    def __init__(self):
        self.jobs: dict[str, Job] = {}
        self.workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="job")
        self.lock = threading.Lock()
        self.closed = False

    def start(self, task: str, arguments: dict) -> Job:
        """Begin `task`, such as "demo.workers.tasks.invert.search", with keyword arguments that can be pickled.

        ValueError when too many wait already.
        """
        with self.lock:
            if len(self._waiting()) >= MOST_WAITING:
                raise ValueError(f"{MOST_WAITING} pieces of work are waiting: try again in a minute.")
            over = [job.id for job in self.jobs.values() if job.over]
            for old in over[: max(0, len(self.jobs) - MOST_KEPT)]:
                del self.jobs[old]
            job = Job(secrets.token_hex(16), task, arguments)
            self.jobs[job.id] = job
        self.workers.submit(self._serve, job)
        return job

    def find(self, name: object) -> Job:
        """The job of that id, which counts as asked for; ValueError if there is none (any more)."""
        job = self.jobs.get(name) if isinstance(name, str) else None
        if job is None:
            raise ValueError("There is no such piece of work (any more): start it again.")
        job.asked = time.monotonic()
        return job

    def result(self, job: Job) -> dict:
        """What the job gives in the end; waits in this thread. ValueError if it came to nothing."""
        while not job.over:
            self.find(job.id)
            time.sleep(LOOK_SECONDS)
        if job.state != "done" or job.latest is None:
            raise ValueError(job.message or "This was stopped before it was done.")
        return job.latest

    def stop(self, job: Job) -> None:
        """End a job; one that still waits never begins."""
        job.wish_to_stop = True

    def close(self) -> None:
        """End all; called when the server stops."""
        self.closed = True
        self.workers.shutdown(wait=False, cancel_futures=True)

    def place(self, job: Job) -> int:
        """1 for the job that begins next, 0 for one that is not waiting."""
        waiting = self._waiting()
        return waiting.index(job) + 1 if job in waiting else 0

    def _waiting(self) -> list[Job]:
        return [job for job in self.jobs.values() if job.state == "queued" and not job.unwanted]

    def _serve(self, job: Job) -> None:
        if job.unwanted or self.closed:
            job.changed(state="stopped")
            return
        job.changed(state="running")
        pipe, theirs = CONTEXT.Pipe()
        process = None
        try:
            process = start("demo.workers.job.main", theirs, NICENESS)
            pipe.send((job.task, job.arguments))
            self._follow(job, pipe)
        except Exception:  # the process is gone, or could not be started at all
            job.changed(state="failed", message=DIED)
        finally:
            job.arguments = {}  # perhaps a picture of megabytes
            pipe.close()
            if process:
                process.kill()
                process.join()

    def _follow(self, job: Job, pipe) -> None:
        began = time.monotonic()
        while not job.over:
            while pipe.poll(LOOK_SECONDS):
                kind, value = pipe.recv()
                if kind != "latest":
                    job.changed(state=kind, message=value or "")
                    return
                job.changed(latest=value)
            if job.unwanted or self.closed:
                job.changed(state="stopped")
            elif time.monotonic() - began > LONGEST_SECONDS:
                message = f"Stopped after {LONGEST_SECONDS / 60:.0f} minutes: try something smaller."
                job.changed(state="failed", message=message)
