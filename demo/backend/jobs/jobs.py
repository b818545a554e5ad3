"""Background jobs: inversion, report cards, exports, reading uploads.

A job is a generator function of demo/workers/tasks, run in its own process (demo/workers/job.py): niced,
one thread, limited memory, killed when it is stopped or no longer polled. It yields dicts; pages see
the newest, and the last is the result.

The id of a job is random and serves as its access token. "files" of a dict (name -> bytes) stay on the
server until they are downloaded; the JSON for pages has their names and lengths."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from demo.backend.work.base import Work, WorkList
from demo.backend.work.queue import POLL_SECONDS, STOP, LocalQueue, Message, Ticket, WorkQueue

ENTRY = "demo.workers.job.main"
# What takes long, and needs nothing of this machine but a model's files: a cluster's work.
ON_CLUSTER = (
    "demo.workers.tasks.invert.search",
    "demo.workers.tasks.report.evaluate",
    "demo.workers.tasks.map.draw",
)
MAX_RUNNING = 2
MAX_WAITING = 30
MAX_KEPT = 60
NICENESS = 5  # below the server, above training
ABANDONED_SECONDS = 15.0
MAX_SECONDS = 600.0
ENDED = (
    "The process that worked on this ended unexpectedly (perhaps out of memory): try something smaller."
)


@dataclass(eq=False)
class Job(Work):
    """One job: queued, running, then done, failed or stopped."""

    task: str
    key: str = ""  # of a job that all who ask for the same share: it ends when nobody asks any more
    latest: dict | None = field(default=None, repr=False)
    last_poll: float = field(default_factory=time.monotonic)
    started_at: float | None = None

    @property
    def facts(self) -> dict:
        return {"task": self.task.removeprefix("demo.workers.tasks.")}

    @property
    def unwanted(self) -> bool:
        return self.too_long or time.monotonic() - self.last_poll > ABANDONED_SECONDS

    @property
    def too_long(self) -> bool:
        return self.started_at is not None and time.monotonic() - self.started_at > MAX_SECONDS


class ByTask:
    """A `WorkQueue` of two: the tasks of `ON_CLUSTER` go to a cluster, the others are done here."""

    def __init__(self, here: WorkQueue, cluster: WorkQueue):
        self.here, self.cluster = here, cluster
        self.queues: WeakKeyDictionary[Ticket, WorkQueue] = WeakKeyDictionary()

    def submit(self, work: tuple[str, dict]) -> Ticket:
        queue = self.cluster if work[0] in ON_CLUSTER else self.here
        ticket = queue.submit(work)
        self.queues[ticket] = queue
        return ticket

    def messages(self, ticket: Ticket) -> Iterator[Message | None]:
        return self.queues[ticket].messages(ticket)

    def request(self, ticket: Ticket, state: str) -> None:
        self.queues[ticket].request(ticket, state)

    def cancel(self, ticket: Ticket) -> None:
        self.queues[ticket].cancel(ticket)

    def place(self, ticket: Ticket | None) -> int:
        return self.queues[ticket].place(ticket) if ticket else 0

    def close(self) -> None:
        self.here.close()
        self.cluster.close()


class Jobs(WorkList[Job]):
    """All jobs of this server; `MAX_RUNNING` run at a time, or as many as a `cluster` can, the others wait in order."""

    def __init__(self, cluster: WorkQueue | None = None):
        queue = LocalQueue(ENTRY, MAX_RUNNING, NICENESS)
        super().__init__(ByTask(queue, cluster) if cluster else queue, MAX_WAITING, MAX_KEPT)

    def start(self, task: str, arguments: dict, key: str = "") -> Job:
        """Start `task`, such as "demo.workers.tasks.invert.search", with picklable keyword arguments.

        ValueError when too many are waiting.
        """
        with self.lock:
            self.check_room()
            job = Job(secrets.token_hex(16), task, key)
            self.submit(job, (task, arguments))
        return job

    def share(self, key: str, task: str, arguments: dict) -> Job:
        """The job that was started under this key, if it is kept and has not failed or been stopped, or a new one."""
        with self.lock:
            ended = ("failed", "stopped")
            same = (each for each in self.known.values() if each.key == key)
            job = next(
                (each for each in same if each.requested != STOP and each.state not in ended), None
            )
            job = job or self.start(task, arguments, key)
            job.last_poll = time.monotonic()
        return job

    def find(self, name: object) -> Job:
        """The job with this id, marked as polled just now; ValueError if there is none (any more)."""
        job = super().find(name)
        job.last_poll = time.monotonic()
        return job

    def result(self, job: Job) -> dict:
        """Wait in this thread for the job's result; ValueError if it failed or was stopped."""
        while not job.over:
            self.find(job.id)
            time.sleep(POLL_SECONDS)
        if job.state != "done" or job.latest is None:
            raise ValueError(job.message or "This was stopped before it was done.")
        return job.latest

    def receive(self, job: Job, kind: str, value: object) -> None:
        if kind == "started":
            job.started_at = time.monotonic()
            job.changed(state="running")
        elif kind == "latest":
            job.changed(latest=value)
        elif kind == "moved":
            job.changed(state="queued", started_at=None)
        elif kind == "died":
            job.changed(state="failed", message=ENDED)
        elif kind == "cancelled" and job.too_long:
            message = f"Stopped after {MAX_SECONDS / 60:.0f} minutes: try something smaller."
            job.changed(state="failed", message=message)
        elif kind == "cancelled":
            job.changed(state="stopped")
        else:
            job.changed(state=kind, message=value or "")
