"""The part of a queue that waits: work begins in order of arrival, as soon as there is room for it."""

import threading
from collections.abc import Generator
from contextvars import Context, copy_context
from dataclasses import dataclass, field

# Requests to a worker.
GO_ON, PAUSE, STOP = "go on", "pause", "stop"

WAIT_SECONDS = 0.25  # of waiting work; it is notified when there is room


@dataclass(eq=False)
class Ticket:
    """An entry of a queue. `work` is the message for the worker; None once it is needed no more."""

    work: object = field(repr=False)
    requested: str = GO_ON
    # Of whoever submits it: a host may ask whose work it is (demo/backend/runs/turbo.py).
    context: Context = field(default_factory=copy_context, repr=False)


class WaitingLine:
    """What waits, and who is next. Methods may be called from any thread."""

    def __init__(self):
        self.waiting: list[Ticket] = []
        self.changed = threading.Condition()
        self.closed = False

    def submit(self, work: object) -> Ticket:
        ticket = Ticket(work)
        with self.changed:
            self.waiting.append(ticket)
        return ticket

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

    def close(self) -> None:
        with self.changed:
            self.closed = True
            self.changed.notify_all()

    def cancelled(self, ticket: Ticket) -> bool:
        return self.closed or ticket.requested == STOP

    def turn(self, ticket: Ticket) -> Generator[None, None, bool]:
        """Waits for this ticket's turn, with a None now and then; returns False where it was cancelled before."""
        while not self.take_turn(ticket):
            if self.cancelled(ticket):
                return False
            yield None
        return True

    def take_turn(self, ticket: Ticket) -> bool:
        """Whether it is this ticket's turn, within `WAIT_SECONDS`: then it waits no more."""

        def is_next() -> bool:
            return self.has_room() and self.waiting[:1] == [ticket]

        with self.changed:
            self.changed.wait_for(lambda: is_next() or self.cancelled(ticket), WAIT_SECONDS)
            if self.cancelled(ticket) or not is_next():
                return False
            self.waiting.remove(ticket)
            self.enter(ticket)
            # There may be room for the ticket that is first now.
            self.changed.notify_all()
            return True

    def has_room(self) -> bool:
        """Whether the next one may begin."""
        raise NotImplementedError

    def enter(self, ticket: Ticket) -> None:
        """Called when a ticket's turn has come, with the lock held."""
        raise NotImplementedError
