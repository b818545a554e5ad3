"""Work on a Ray cluster: the `WorkQueue` that takes the place of child processes where GANSCOPE_RAY names one.

Each piece of work is a streaming generator task (demo/backend/work/ray_task.py). It is asked to pause or stop through a
mailbox, one small actor for all; one that does not listen is ended by `ray.cancel` with force. Only so many tasks are
given to Ray as it can run, and `AHEAD` more: the rest waits here, where it has a place. Needs Ray 2.52 or later.
"""

import asyncio
import contextlib
import itertools
import logging
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import ray
from ray.exceptions import NodeDiedError, ObjectLostError, RayError
from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

from demo.backend.work.luggage import Luggage, unpack
from demo.backend.work.queue import CANCELLED, DIED, MOVED, STARTED, WORKER_ENDS, Message
from demo.backend.work.ray_task import perform
from demo.backend.work.waiting_line import STOP, Ticket, WaitingLine

AHEAD = 4  # tasks that wait in Ray: an autoscaler sees them, and a CPU that is free has work at once
MAX_MOVES = 3  # work that loses so many nodes has perhaps ended them
POLL_SECONDS = 0.25  # between looks at whether work is still wanted
# How often what a run has saved comes home: what it loses at most with its node.
HOME_SECONDS = 30.0
NODES_SECONDS = 2.0  # between looks at the cluster's nodes
LETTER_SECONDS = 60.0
# Messages on their way: with more of them the task sends only the newest pictures.
UNREAD = 16
log = logging.getLogger(__name__)


@ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1, max_concurrency=10_000)
class Mailbox:
    """What is requested of each piece of work, which waits here for the next request."""

    def __init__(self):
        self.states: dict[int, str] = {}
        self.changed = asyncio.Condition()

    async def put(self, key: int, state: str | None) -> None:
        """Request `state` of the work `key`, or forget it (None)."""
        async with self.changed:
            self.states[key] = state
            if state is None:
                del self.states[key]
            self.changed.notify_all()

    async def next(self, key: int, seen: str) -> str:
        """The request once it is another than `seen`, or `seen` after a while."""
        async with self.changed:
            with contextlib.suppress(TimeoutError, asyncio.TimeoutError):
                other = self.changed.wait_for(lambda: self.states.get(key, seen) != seen)
                await asyncio.wait_for(other, LETTER_SECONDS)
            return self.states.get(key, seen)


@ray.remote(num_returns="streaming", max_retries=0, _generator_backpressure_num_objects=UNREAD)
def task(*arguments):
    yield from located(*arguments)


# For work that limits its own process.
@ray.remote(
    num_returns="streaming", max_retries=0, max_calls=1, _generator_backpressure_num_objects=UNREAD
)
def last_task(*arguments):
    yield from located(*arguments)


def located(*arguments) -> Iterator[Message]:
    """The messages of a piece of work, after ("node", where it is done)."""
    yield "node", ray.get_runtime_context().get_node_id()
    yield from perform(*arguments)


@dataclass(eq=False)
class Sent:
    """A task that was given to Ray."""

    stream: ray.ObjectRefGenerator
    luggage: Luggage
    node: str = ""  # its id, once it has begun there
    seen: bool = (
        False  # whether that node was among those that are alive: one that has just come is not yet
    )
    unsaved: str = ""  # why what came home last could not be written


class RayQueue(WaitingLine):
    """A `WorkQueue` whose work runs on the connected cluster, each with `cpus` logical CPUs.

    With `listens`, a process takes one piece of work after another, hears requests, and has `stop_seconds` to end
    after a stop request; otherwise each gets a new process, which is killed. `pack` says what work needs of this
    machine.
    """

    def __init__(
        self,
        entry: str,
        cpus: int = 1,
        listens: bool = False,
        stop_seconds: float = 0.0,
        pack: Callable[[object], Luggage] = Luggage,
    ):
        super().__init__()
        self.entry, self.cpus, self.stop_seconds, self.pack = entry, cpus, stop_seconds, pack
        self.task = (task if listens else last_task).options(num_cpus=cpus)
        here = NodeAffinitySchedulingStrategy(ray.get_runtime_context().get_node_id(), soft=False)
        self.mailbox = Mailbox.options(scheduling_strategy=here).remote() if listens else None
        self.keys: dict[Ticket, int] = {}
        self.count = itertools.count()
        self.pending: list[Ticket] = []  # given to Ray, which has not begun them
        self.at_work: set[Ticket] = set()
        self.packing = False  # one at a time, so that none is overtaken
        self.nodes: dict[str, dict] = {}
        self.nodes_due = 0.0
        self.home_seconds = HOME_SECONDS

    @property
    def at_once(self) -> int:
        """How many pieces of work the cluster's CPUs can do in parallel; 1 where it has none yet."""
        cpus = sum(node["Resources"].get("CPU", 0) for node in self._nodes().values())
        return max(int(cpus) // self.cpus, 1)

    def _nodes(self) -> dict[str, dict]:
        """The nodes that are alive, by their ids, as they were two seconds ago at most."""
        if time.monotonic() >= self.nodes_due:
            self.nodes = {node["NodeID"]: node for node in ray.nodes() if node["Alive"]}
            self.nodes_due = time.monotonic() + NODES_SECONDS
        return self.nodes

    def place(self, ticket: Ticket | None) -> int:
        with self.changed:
            line = [*self.pending, *self.waiting]
        return line.index(ticket) + 1 if ticket in line else 0

    def request(self, ticket: Ticket, state: str) -> None:
        super().request(ticket, state)
        with self.changed:
            if state == STOP and ticket in self.pending:
                self.pending.remove(ticket)
            key = self.keys.get(ticket)
        if self.mailbox is not None and key is not None:
            self.mailbox.put.remote(key, state)

    def warm(self) -> None:
        """Ray keeps processes by itself."""

    def has_room(self) -> bool:
        return not self.packing and len(self.pending) + len(self.at_work) < self.at_once + AHEAD

    def enter(self, ticket: Ticket) -> None:
        self.packing = True
        self.pending.append(ticket)
        self.keys[ticket] = next(self.count)

    def messages(self, ticket: Ticket) -> Iterator[Message | None]:
        if not (yield from self.turn(ticket)):
            yield CANCELLED
            return
        try:
            yield from self._wherever(ticket)
        finally:
            self._leave(ticket)

    def _wherever(self, ticket: Ticket) -> Iterator[Message | None]:
        """Do the work, and elsewhere again if its node is lost."""
        for _ in range(MAX_MOVES):
            try:
                luggage = self.pack(ticket.work)
                given = luggage.work, luggage.files, self.cpus, self.home_seconds
                stream = self.task.remote(self.entry, *given, self.mailbox, self.keys[ticket])
            except ValueError as error:
                yield "failed", str(error)
                return
            finally:
                self._packed()
            try:
                yield from self._follow(ticket, Sent(stream, luggage))
                return
            except (NodeDiedError, ObjectLostError) as error:
                log.warning("a node was lost: %s", str(error).splitlines()[0])
                self._wait_again(ticket)
                yield MOVED
        yield DIED

    def _follow(self, ticket: Ticket, sent: Sent) -> Iterator[Message | None]:
        """The messages of one task; NodeDiedError or ObjectLostError if its node is lost."""
        stop_at, ended = math.inf, False
        try:
            while not ended:
                message = self._receive(ticket, sent)
                ended = message is not None and message[0] in WORKER_ENDS
                yield message
                if self.cancelled(ticket) and stop_at == math.inf:
                    stop_at = time.monotonic() + self._patience(ticket)
                if not ended and (self.closed or time.monotonic() >= stop_at):
                    yield CANCELLED
                    return
        except (NodeDiedError, ObjectLostError):
            if not self.cancelled(ticket):
                raise
            yield CANCELLED
        except (RayError, StopIteration):
            yield CANCELLED if self.cancelled(ticket) else DIED
        finally:
            if not ended:
                ray.cancel(sent.stream, force=True)

    def _receive(self, ticket: Ticket, sent: Sent) -> Message | None:
        """The next message for the reader, if there is one within a moment."""
        ready, _ = ray.wait([sent.stream], timeout=POLL_SECONDS)
        if not ready:
            # One without power or network: the stream itself would learn that after minutes.
            alive = sent.node in self._nodes()
            if sent.seen and not alive:
                raise NodeDiedError("it does not answer any more.")
            sent.seen = sent.seen or alive
            return None
        kind, value = message = ray.get(next(sent.stream))
        if kind == "node":
            sent.node = value
        elif kind == "files":
            sent.unsaved = _bring_home(value, sent.luggage)
        elif kind == "done" and sent.unsaved:
            return "failed", sent.unsaved
        else:
            if message == STARTED:
                self._begin(ticket)
            return message
        return None

    def _patience(self, ticket: Ticket) -> float:
        """Seconds from a stop request to a kill."""
        return self.stop_seconds if self.mailbox is not None and ticket in self.at_work else 0.0

    def _packed(self) -> None:
        with self.changed:
            self.packing = False
            self.changed.notify_all()

    def _begin(self, ticket: Ticket) -> None:
        with self.changed:
            if ticket in self.pending:
                self.pending.remove(ticket)
            self.at_work.add(ticket)

    def _wait_again(self, ticket: Ticket) -> None:
        with self.changed:
            self.at_work.discard(ticket)
            if ticket not in self.pending:
                self.pending.insert(0, ticket)

    def _leave(self, ticket: Ticket) -> None:
        with self.changed:
            self.at_work.discard(ticket)
            if ticket in self.pending:
                self.pending.remove(ticket)
            key = self.keys.pop(ticket)
            ticket.work = None
            self.changed.notify_all()
        if self.mailbox is not None:
            self.mailbox.put.remote(key, None)


def _bring_home(files: dict[str, bytes], luggage: Luggage) -> str:
    """Write what a run has saved; a full disk is told at its end, unless a later try succeeds."""
    try:
        unpack(files, luggage.home)
    except ValueError as error:
        log.warning("%s", error)
        return str(error)
    return ""
