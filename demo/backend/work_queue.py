"""A queue of work: the interface (`WorkQueue`), and an implementation with child processes.

A cluster can replace `LocalQueue`: nothing in `WorkQueue` depends on processes or pipes.
"""

import contextlib
import threading
import time
from collections.abc import Iterator
from contextvars import Context, copy_context
from dataclasses import dataclass, field
from typing import Protocol

from demo.backend.process import ChildProcess

# Requests to a worker.
GO_ON, PAUSE, STOP = "go on", "pause", "stop"
# A message is (kind, value): those of the worker, and the ones below. A stream ends with "done" or
# "failed" (one sentence for the user), both from the worker, or with "cancelled" or "died".
Message = tuple[str, object]
STARTED: Message = ("started", None)
CANCELLED: Message = ("cancelled", None)
DIED: Message = ("died", None)
WORKER_ENDS = ("done", "failed")

POLL_SECONDS = 0.05  # for messages of a worker, and for requests to it
WAIT_SECONDS = 0.25  # of waiting work; it is notified when a slot is free


@dataclass(eq=False)
class Ticket:
    """An entry of a queue. `work` is the message for the worker; None once it was sent."""

    work: object = field(repr=False)
    requested: str = GO_ON
    # Of whoever submits it: a host may ask whose work it is (demo/backend/turbo.py).
    context: Context = field(default_factory=copy_context, repr=False)


class WorkQueue(Protocol):
    """Runs work in order of arrival, some in parallel. Methods may be called from any thread."""

    def submit(self, work: object) -> Ticket:
        """Append picklable work to the queue."""

    def messages(self, ticket: Ticket) -> Iterator[Message | None]:
        """The messages of a piece of work. Must be iterated once, by one thread: it drives the work.

        None means that there was no message for a moment, so that the reader can check whether the
        work is still wanted. Closing the iterator ends the work.
        """

    def request(self, ticket: Ticket, state: str) -> None:
        """Send "pause" or "go on" to the worker."""

    def cancel(self, ticket: Ticket) -> None:
        """End the work: at once if it is waiting, otherwise by a request, and soon by a kill."""

    def place(self, ticket: Ticket | None) -> int:
        """The place in the queue: 1 is next, 0 is not waiting."""

    def warm(self) -> None:
        """Prepare workers, so that the first work starts sooner."""

    def close(self) -> None:
        """End all work; called when the server stops."""


@dataclass(eq=False)
class Slot:
    """Runs one piece of work at a time, perhaps with a process that is ready for it."""

    process: ChildProcess | None = None


class LocalQueue:
    """A `WorkQueue` of `at_once` child processes.

    With `keep_process`, a process takes one piece of work after another and receives requests;
    otherwise each gets a new process, which is killed at its end. Work that does not end within
    `stop_seconds` after a stop request is killed.
    """

    def __init__(
        self,
        entry: str,
        at_once: int = 1,
        niceness: int = 0,
        keep_process: bool = False,
        stop_seconds: float = 0.0,
    ):
        self.entry, self.niceness = entry, niceness
        self.keep_process, self.stop_seconds = keep_process, stop_seconds
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
        while not (slot := self._take_slot(ticket)):
            if self._cancelled(ticket):
                yield CANCELLED
                return
            yield None
        ended = False
        try:
            yield STARTED
            for message in self._run_worker(ticket, slot):
                ended = message is not None and message[0] in WORKER_ENDS
                yield message
        except (EOFError, OSError):
            yield CANCELLED if self._cancelled(ticket) else DIED
        finally:
            if slot.process and not (ended and self.keep_process):
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
        for slot in self.slots if self.keep_process else ():
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

    def _take_slot(self, ticket: Ticket) -> Slot | None:
        """Take a slot if the ticket is first and one is free within `WAIT_SECONDS`; else None."""

        def is_next() -> bool:
            return bool(self.free) and self.waiting[:1] == [ticket]

        with self.changed:
            self.changed.wait_for(lambda: is_next() or self._cancelled(ticket), WAIT_SECONDS)
            if self._cancelled(ticket) or not is_next():
                return None
            self.waiting.remove(ticket)
            # Another slot may be free for the ticket that is first now.
            self.changed.notify_all()
            return self.free.pop(0)

    def _run_worker(self, ticket: Ticket, slot: Slot) -> Iterator[Message | None]:
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
                if self.keep_process:
                    slot.process.send(sent)
            if self.closed or time.monotonic() >= stop_at:
                yield CANCELLED
                return

    def _release(self, slot: Slot) -> None:
        """Free the slot, with a running process if processes are kept."""
        if not (slot.process and slot.process.alive):
            slot.process = None
        if self.keep_process and not self.closed and slot.process is None:
            # If it fails, `_run_worker` tries again.
            with contextlib.suppress(OSError):
                slot.process = ChildProcess(self.entry, self.niceness).start()
        if self.closed and slot.process:
            slot.process.kill()
        with self.changed:
            self.free.append(slot)
            self.changed.notify_all()
