"""A queue of work: the interface (`WorkQueue`), and an implementation with child processes.

A cluster can replace `LocalQueue` (demo/backend/work/ray_queue.py): nothing in `WorkQueue` depends on processes or
pipes.
"""

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from demo.backend.work.process import ChildProcess
from demo.backend.work.waiting_line import GO_ON, PAUSE, STOP, Ticket, WaitingLine

__all__ = ["GO_ON", "PAUSE", "STOP", "LocalQueue", "Ticket", "WorkQueue"]

# A message is (kind, value): those of the worker, and the ones below. A stream ends with "done" or
# "failed" (one sentence for the user), both from the worker, or with "cancelled" or "died".
Message = tuple[str, object]
STARTED: Message = ("started", None)
CANCELLED: Message = ("cancelled", None)
DIED: Message = ("died", None)
# What was at work waits once more: its machine was lost, and it goes on elsewhere.
MOVED: Message = ("moved", None)
WORKER_ENDS = ("done", "failed")

POLL_SECONDS = 0.05  # for messages of a worker, and for requests to it


class WorkQueue(Protocol):
    """Runs work in order of arrival, some in parallel. Methods may be called from any thread."""

    at_once: int  # pieces of work that run in parallel, 1 or more; a cluster's changes

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


class LocalQueue(WaitingLine):
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
        super().__init__()
        self.at_once = at_once
        self.slots = [Slot() for _ in range(at_once)]
        self.free = list(self.slots)
        self.taken: dict[Ticket, Slot] = {}

    def messages(self, ticket: Ticket) -> Iterator[Message | None]:
        if not (yield from self.turn(ticket)):
            yield CANCELLED
            return
        slot, ended = self.taken.pop(ticket), False
        try:
            yield STARTED
            for message in self._run_worker(ticket, slot):
                ended = message is not None and message[0] in WORKER_ENDS
                yield message
        except (EOFError, OSError):
            yield CANCELLED if self.cancelled(ticket) else DIED
        finally:
            if slot.process and not (ended and self.keep_process):
                slot.process.kill()
            self._release(slot)

    def warm(self) -> None:
        for slot in self.slots if self.keep_process else ():
            with self.changed:
                if slot not in self.free:
                    continue
                self.free.remove(slot)
            self._release(slot)

    def close(self) -> None:
        super().close()
        for slot in self.slots:
            if slot.process:
                slot.process.kill()

    def has_room(self) -> bool:
        return bool(self.free)

    def enter(self, ticket: Ticket) -> None:
        self.taken[ticket] = self.free.pop(0)

    def _run_worker(self, ticket: Ticket, slot: Slot) -> Iterator[Message | None]:
        if self.cancelled(ticket):
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
