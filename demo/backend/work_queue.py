"""The queue of work beside the page: what it offers (`WorkQueue`), and one of local processes.

A cluster may stand in for `LocalQueue`: nothing in `WorkQueue` knows of processes or pipes.
"""

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from demo.backend.process import ChildProcess

# What is requested of work that goes on.
GO_ON, PAUSE, STOP = "go on", "pause", "stop"
# A message is (kind, value). Beside those that the worker sends there are these; a stream ends with
# "done", "failed" (with one sentence), both from the worker, "cancelled" or "died".
Message = tuple[str, object]
STARTED: Message = ("started", None)
CANCELLED: Message = ("cancelled", None)
DIED: Message = ("died", None)
WORKER_ENDS = ("done", "failed")

POLL_SECONDS = 0.05  # between two looks at a worker, and at what is requested
WAIT_SECONDS = 0.25  # between two looks of work that waits: it is woken when its turn comes


@dataclass(eq=False)
class Ticket:
    """A place in a queue. `work` is whatever its worker takes; it is dropped once it has been sent."""

    work: object = field(repr=False)
    requested: str = GO_ON


class WorkQueue(Protocol):
    """Work in order of arrival, some of it at once; all methods may be called from any thread."""

    def submit(self, work: object) -> Ticket:
        """Put work, which can be pickled, at the end of the queue."""

    def messages(self, ticket: Ticket) -> Iterator[Message | None]:
        """What becomes of it, to be read once, in one thread, to the end: work begins for its reader.

        None means that nothing came for a moment, so that the reader may look whether the work is
        still wanted. Leaving the stream early ends the work.
        """

    def request(self, ticket: Ticket, state: str) -> None:
        """Ask the worker to "pause" or to "go on"."""

    def cancel(self, ticket: Ticket) -> None:
        """End it: at once where it waits, otherwise by asking, and soon by force."""

    def place(self, ticket: Ticket | None) -> int:
        """1 for what begins next, 0 for what does not wait."""

    def warm(self) -> None:
        """Prepare, if there is anything to prepare, so that the first work begins sooner."""

    def close(self) -> None:
        """End everything; called when the server stops."""


@dataclass(eq=False)
class Slot:
    """Room for one piece of work at a time, perhaps with a process that waits for it."""

    process: ChildProcess | None = None


class LocalQueue:
    """A `WorkQueue` of child processes, `at_once` at a time, each in a thread of its reader.

    With `keep`, a process takes one piece of work after another and listens to requests; otherwise
    there is a new one each time, which is killed at its end. One that does not end within
    `stop_seconds` after it was asked to is killed as well.
    """

    def __init__(
        self,
        entry: str,
        at_once: int = 1,
        niceness: int = 0,
        keep: bool = False,
        stop_seconds: float = 0.0,
    ):
        self.entry, self.niceness = entry, niceness
        self.keep, self.stop_seconds = keep, stop_seconds
        self.slots = [Slot() for _ in range(at_once)]
        self.free = list(self.slots)
        self.waiting: list[Ticket] = []
        self.changed = threading.Condition()
        self.closed = False

    def submit(self, work: object) -> Ticket:
        ticket = Ticket(work)
        with self.changed:
            self.waiting.append(ticket)
        return ticket

    def messages(self, ticket: Ticket) -> Iterator[Message | None]:
        while not (slot := self._turn(ticket)):
            if self._cancelled(ticket):
                yield CANCELLED
                return
            yield None
        ended = False
        try:
            yield STARTED
            for message in self._work(ticket, slot):
                ended = message is not None and message[0] in WORKER_ENDS
                yield message
        except (EOFError, OSError):
            yield CANCELLED if self._cancelled(ticket) else DIED
        finally:
            if slot.process and not (ended and self.keep):
                slot.process.kill()
            self._release(slot)

    def request(self, ticket: Ticket, state: str) -> None:
        with self.changed:
            ticket.requested = state
            if state == STOP and ticket in self.waiting:
                self.waiting.remove(ticket)
            self.changed.notify_all()

    def cancel(self, ticket: Ticket) -> None:
        self.request(ticket, STOP)

    def place(self, ticket: Ticket | None) -> int:
        waiting = list(self.waiting)
        return waiting.index(ticket) + 1 if ticket in waiting else 0

    def warm(self) -> None:
        for slot in self.slots if self.keep else ():
            with self.changed:
                if slot not in self.free:
                    continue
                self.free.remove(slot)
            self._release(slot)

    def close(self) -> None:
        with self.changed:
            self.closed = True
            self.changed.notify_all()
        for slot in self.slots:
            if slot.process:
                slot.process.kill()

    def _cancelled(self, ticket: Ticket) -> bool:
        return self.closed or ticket.requested == STOP

    def _turn(self, ticket: Ticket) -> Slot | None:
        """The slot to work in, if the ticket is the first and one gets free soon."""

        def come() -> bool:
            return bool(self.free) and self.waiting[:1] == [ticket]

        with self.changed:
            self.changed.wait_for(lambda: come() or self._cancelled(ticket), WAIT_SECONDS)
            if self._cancelled(ticket) or not come():
                return None
            self.waiting.remove(ticket)
            # Another slot may be free for whoever is the first now.
            self.changed.notify_all()
            return self.free.pop(0)

    def _work(self, ticket: Ticket, slot: Slot) -> Iterator[Message | None]:
        if self._cancelled(ticket):
            yield CANCELLED
            return
        if not (slot.process and slot.process.alive):
            slot.process = ChildProcess(self.entry, self.niceness).start()
        slot.process.send(ticket.work)
        ticket.work, sent, stop_at = None, GO_ON, float("inf")
        while True:
            message = slot.process.receive(POLL_SECONDS)
            yield message
            if message and message[0] in WORKER_ENDS:
                return
            if ticket.requested != sent:
                sent = ticket.requested
                stop_at = time.monotonic() + self.stop_seconds if sent == STOP else float("inf")
                if self.keep:
                    slot.process.send(sent)
            if self.closed or time.monotonic() >= stop_at:
                yield CANCELLED
                return

    def _release(self, slot: Slot) -> None:
        """Make room for who is next, with a process that is ready for them where they are kept."""
        if not (slot.process and slot.process.alive):
            slot.process = None
        if self.keep and not self.closed and slot.process is None:
            # Otherwise whoever comes next tries again.
            with contextlib.suppress(OSError):
                slot.process = ChildProcess(self.entry, self.niceness).start()
        if self.closed and slot.process:
            slot.process.kill()
        with self.changed:
            self.free.append(slot)
            self.changed.notify_all()
