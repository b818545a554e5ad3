"""Work as pages see it: what jobs (demo/backend/jobs.py) and runs (demo/backend/run_queue.py) share."""

import threading
from dataclasses import KW_ONLY, dataclass, field
from typing import ClassVar, Generic, TypeVar

from demo.backend.work_queue import GO_ON, STOP, Ticket, WorkQueue

FAULT = "This could not be done: try again, or with other settings."


@dataclass(eq=False)
class Work:
    """One piece of work; only the thread that follows it writes, but for `requested`."""

    id: str
    _: KW_ONLY
    state: str = "queued"
    requested: str = GO_ON  # or PAUSE or STOP: what the user wants next
    message: str = ""  # why it failed, or what else is to be said of it
    version: int = 0
    ticket: Ticket | None = field(default=None, repr=False)

    @property
    def over(self) -> bool:
        return self.state in ("done", "finished", "stopped", "failed")

    @property
    def unwanted(self) -> bool:
        """Whether it is to end without anybody's asking."""
        return False

    def changed(self, **values: object) -> None:
        """Set fields, and let whoever waits know."""
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1


W = TypeVar("W", bound=Work)


class WorkList(Generic[W]):
    """All work of one kind on this server, by id. One thread each follows its messages."""

    PLURAL: ClassVar = "pieces of work"
    UNKNOWN: ClassVar = "There is no such piece of work (any more): start it again."

    def __init__(self, queue: WorkQueue, max_waiting: int, max_kept: int):
        self.queue, self.max_waiting, self.max_kept = queue, max_waiting, max_kept
        self.known: dict[str, W] = {}
        self.lock = threading.RLock()

    def find(self, name: object) -> W:
        """The work of that id; ValueError if there is none (any more)."""
        if isinstance(name, str) and name in self.known:
            return self.known[name]
        raise ValueError(self.UNKNOWN)

    def place(self, work: W) -> int:
        """1 for what begins next, 0 for what does not wait."""
        return self.queue.place(work.ticket)

    def stop(self, work: W) -> None:
        """End it; what still waits leaves the queue at once."""
        work.requested = STOP
        if work.ticket:
            self.queue.cancel(work.ticket)

    def close(self) -> None:
        """End everything; called when the server stops."""
        self.queue.close()

    def receive(self, work: W, kind: str, value: object) -> None:
        """Take in one message of `WorkQueue.messages`."""
        raise NotImplementedError

    def request_sent(self, work: W) -> None:
        """What is requested has been passed on."""

    def forgotten(self, work: W) -> None:
        """It is not kept any longer."""

    def check_room(self) -> None:
        """ValueError when too many wait already."""
        waiting = [each for each in self.known.values() if each.state == "queued" and not each.unwanted]
        if len(waiting) >= self.max_waiting:
            raise ValueError(
                f"{self.max_waiting} {self.PLURAL} are waiting already: try again in a minute."
            )

    def submit(self, work: W, arguments: object) -> None:
        """Put work into the queue; of what is over, only the newest is kept."""
        self.known[work.id] = work
        work.ticket = self.queue.submit(arguments)
        threading.Thread(target=self._follow, args=(work, work.ticket), daemon=True).start()
        over = [each for each in self.known.values() if each.over]
        for old in over[: max(len(self.known) - self.max_kept, 0)]:
            del self.known[old.id]
            self.forgotten(old)

    def _follow(self, work: W, ticket: Ticket) -> None:
        sent = GO_ON
        try:
            for message in self.queue.messages(ticket):
                if message:
                    self.receive(work, *message)
                    self._places_changed(message[0])
                if not work.over:
                    sent = self._pass_on(work, ticket, sent)
        except BaseException:
            # Nobody may wait for ever; what went wrong goes to the log.
            work.changed(state="failed", message=FAULT)
            raise

    def _pass_on(self, work: W, ticket: Ticket, sent: str) -> str:
        """Pass on what is requested, if that was not yet; returns what has been."""
        if work.unwanted:
            work.requested = STOP
        # Work that waits cannot pause.
        if work.requested != sent and (work.state != "queued" or work.requested == STOP):
            sent = work.requested
            self.queue.request(ticket, sent)
            self.request_sent(work)
        return sent

    def _places_changed(self, kind: str) -> None:
        if kind in ("started", "cancelled"):
            for each in list(self.known.values()):
                if each.state == "queued":
                    each.changed()
