"""Base classes of jobs (demo/backend/jobs/jobs.py) and runs (demo/backend/runs/run.py, queue.py)."""

import contextlib
import logging
import threading
import time
from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar, Generic, TypeVar

from demo.backend.logs import event
from demo.backend.public_text import public_text
from demo.backend.work.queue import GO_ON, STOP, Ticket, WorkQueue

# Stopped work may save what it has for about a second (`LocalQueue.stop_seconds`).
CLOSE_SECONDS = 3.0
log = logging.getLogger(__name__)
FAULT = "This could not be done: try again, or with other settings."


@dataclass(eq=False)
class Work:
    """One piece of work. Its follower thread writes its state and what came; others what is requested of it."""

    id: str
    _: KW_ONLY
    state: str = "queued"
    requested: str = GO_ON  # GO_ON, PAUSE or STOP
    message: str = ""  # for the user: why it failed, or a finding
    version: int = 0  # counts changes
    ticket: Ticket | None = field(default=None, repr=False)

    @property
    def over(self) -> bool:
        return self.state in ("done", "finished", "stopped", "failed")

    @property
    def unwanted(self) -> bool:
        """Whether to stop it although nobody requested that."""
        return False

    @property
    def facts(self) -> dict:
        """What the log says of it (demo/backend/logs.py)."""
        return {}

    def changed(self, **values: object) -> None:
        """Set fields and increase the version, which watchers wait for."""
        if "message" in values:
            values["message"] = public_text(str(values["message"]))
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1


W = TypeVar("W", bound=Work)


class WorkList(Generic[W]):
    """All work of one kind on this server, by id. One thread for each follows its messages."""

    NAME: ClassVar = "job"
    PLURAL: ClassVar = "jobs"
    UNKNOWN: ClassVar = "There is no such job (any more): start it again."

    def __init__(self, queue: WorkQueue, max_waiting: int, max_kept: int):
        self.queue, self.max_waiting, self.max_kept = queue, max_waiting, max_kept
        self.known: dict[str, W] = {}
        self.followers: list[threading.Thread] = []
        self.lock = threading.RLock()

    def find(self, name: object) -> W:
        """The work with this id; ValueError if there is none (any more)."""
        if isinstance(name, str) and name in self.known:
            return self.known[name]
        raise ValueError(self.UNKNOWN)

    def place(self, work: W) -> int:
        """Its place in the queue: 1 is next, 0 is not waiting."""
        return self.queue.place(work.ticket)

    def stop(self, work: W) -> None:
        """Stop it; waiting work leaves the queue at once."""
        work.requested = STOP
        if work.ticket:
            self.queue.cancel(work.ticket)

    def close(self) -> None:
        """Stop everything, and wait until it has ended; called when the server stops."""
        for work in list(self.known.values()):
            if not work.over:
                self.stop(work)
        until = time.monotonic() + CLOSE_SECONDS
        for follower in list(self.followers):
            # One that was submitted just now may not have started.
            with contextlib.suppress(RuntimeError):
                follower.join(max(until - time.monotonic(), 0.0))
        self.queue.close()

    def receive(self, work: W, kind: str, value: object) -> None:
        """Handle one message of `WorkQueue.messages`."""
        raise NotImplementedError

    def must_stop(self, work: W) -> bool:
        """Whether to stop it although nobody on a page requested that."""
        return work.unwanted

    def on_request_sent(self, work: W) -> None:
        """Called after `work.requested` was sent to the worker."""

    def on_followed(self, work: W) -> None:
        """Called by the thread that follows the work, before its first message."""

    def removable(self, work: W) -> bool:
        """Whether it may be dropped from the list to make room."""
        return work.over

    def on_removed(self, work: W) -> None:
        """Called when finished work is dropped from the list."""

    def waiting(self) -> list[W]:
        """What is waiting, and still wanted."""
        known = list(self.known.values())
        return [each for each in known if each.state == "queued" and not each.unwanted]

    def check_room(self) -> None:
        """ValueError when too many are waiting."""
        if len(self.waiting()) >= self.max_waiting:
            raise ValueError(
                f"{self.max_waiting} {self.PLURAL} are waiting already: try again in a minute."
            )

    def submit(self, work: W, arguments: object) -> None:
        """Queue work and start its follower; the oldest finished work is dropped."""
        self.known[work.id] = work
        event(log, f"{self.NAME} queued", **work.facts)
        work.ticket = self.queue.submit(arguments)
        follower = threading.Thread(target=self._follow, args=(work, work.ticket), daemon=True)
        self.followers = [each for each in self.followers if each.is_alive()] + [follower]
        follower.start()
        over = [each for each in self.known.values() if self.removable(each)]
        for old in over[: max(len(self.known) - self.max_kept, 0)]:
            self.remove(old)

    def remove(self, work: W) -> None:
        """Drop finished work from the list."""
        del self.known[work.id]
        self.on_removed(work)

    def _follow(self, work: W, ticket: Ticket) -> None:
        sent = GO_ON
        try:
            self.on_followed(work)
            for message in self.queue.messages(ticket):
                if message:
                    self.receive(work, *message)
                    self._update_places(message[0])
                if not work.over:
                    sent = self._send_request(work, ticket, sent)
        except BaseException:
            # So that watchers do not wait for ever; the exception goes to the log.
            work.changed(state="failed", message=FAULT)
            log.exception("following a %s failed", self.NAME)
            raise
        finally:
            event(log, f"{self.NAME} {work.state}", **work.facts)

    def _send_request(self, work: W, ticket: Ticket, sent: str) -> str:
        """Send `work.requested` to the worker unless it was; returns the request sent last."""
        if work.requested != STOP and self.must_stop(work):
            work.requested = STOP
        # Waiting work cannot be paused.
        if work.requested != sent and (work.state != "queued" or work.requested == STOP):
            sent = work.requested
            self.queue.request(ticket, sent)
            self.on_request_sent(work)
        return sent

    def _update_places(self, kind: str) -> None:
        if kind in ("started", "cancelled"):
            for each in list(self.known.values()):
                if each.state == "queued":
                    each.changed()
