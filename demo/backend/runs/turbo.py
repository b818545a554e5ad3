"""Turbo: short runs on the GPU that a ZeroGPU Space lends for a while (docs/hosting.md, section 3).

The package `spaces` lends it to a fork of the server, for one call of a generator. It has imported and changed
PyTorch in the server by then, whatever we do; drawing, and runs that no GPU is lent to, keep their own processes.
"""

import importlib
import importlib.util
import logging
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from safetensors import safe_open

from demo.backend.work.queue import (
    CANCELLED,
    GO_ON,
    PAUSE,
    POLL_SECONDS,
    STOP,
    WORKER_ENDS,
    LocalQueue,
    Message,
    Slot,
    Ticket,
)
from gan.models.registry import CHECKPOINT_FILE

Work = tuple[dict, str, bool]  # settings, folder and whether to resume: what demo/workers/train.py gets
WORKER = "demo.workers.train"
# What forks find imported: each would do it at the expense of the visitor's share.
IMPORTED = (WORKER, "torchmetrics.image.fid")
MAX_SECONDS = 90  # of a budget
MARGIN = 30  # seconds to load the data, measure, and save
LENT = "Turbo: a GPU of Hugging Face trains this run, for at most {} seconds of your daily share."
LONG = "The CPU trains this run: a GPU is lent to runs of at most {} seconds."
REFUSED = "The CPU trains this run, because no GPU is lent. {}"
SILENT = "The service that lends GPUs does not answer."
log = logging.getLogger(__name__)


def is_offered() -> bool:
    """Whether this is a ZeroGPU Space."""
    if "SPACES_ZERO_GPU" not in os.environ or importlib.util.find_spec("spaces") is None:
        return False
    from spaces.config import Config

    return Config.zero_gpu


def keep_processes_off() -> None:
    """Have processes that are started from now on train on the CPU."""
    os.environ["GANSCOPE_DEVICE"] = "cpu"


def train(settings: dict, folder: str, resume: bool) -> Iterator[Message]:
    """The messages of a run. `decorated` runs it in a fork that has a GPU."""
    os.environ.pop("GANSCOPE_DEVICE", None)
    yield from importlib.import_module(WORKER).streamed(settings, folder, resume)


def seconds_lent(settings: dict, folder: str, resume: bool) -> int:
    """For how long a run needs a GPU: what is left of its budget, and a margin."""
    left = settings["seconds"]
    if resume:
        with safe_open(Path(folder) / CHECKPOINT_FILE, framework="np") as file:
            left -= float(file.metadata()["seconds"])
    return round(max(left, 0)) + MARGIN


def decorated() -> Callable[..., Iterator[Message]]:
    """`train` as a Space wants it; outside of ZeroGPU, `train` itself."""
    import spaces

    # Now: a fork that is made while a thread imports a module can never import it.
    for name in IMPORTED:
        importlib.import_module(name)
    return spaces.GPU(train, duration=seconds_lent)


class TurboQueue(LocalQueue):
    """A `LocalQueue` whose work runs on a lent GPU if it is short and one is lent, else in its processes.

    A paused run gives its GPU back, and goes on from its checkpoint by another loan.
    """

    def __init__(self, *arguments: object, call: Callable[..., Iterator[Message]] | None = None):
        super().__init__(*arguments)
        self.call = call or decorated()

    def _run_worker(self, ticket: Ticket, slot: Slot) -> Iterator[Message | None]:
        why_not = yield from self._on_gpu(ticket)
        if why_not:
            yield "note", why_not
            yield from super()._run_worker(ticket, slot)

    def _on_gpu(self, ticket: Ticket) -> Iterator[Message | None]:
        """The messages of a run on a GPU; returns why another is to train it, or "" when it has ended."""
        while not self.cancelled(ticket):
            if ticket.work[0]["seconds"] is None or seconds_lent(*ticket.work) > MAX_SECONDS + MARGIN:
                return LONG.format(MAX_SECONDS)
            yield "note", LENT.format(seconds_lent(*ticket.work))
            loan = Loan(self.call, ticket)
            try:
                yield from self._read(loan, ticket)
            finally:
                loan.give_back()
            if loan.why_not or loan.ended:
                ticket.work = _resumed(ticket.work)
                return loan.why_not
            if loan.over and ticket.requested == STOP:
                # It has saved, as a process that was asked to stop.
                yield "done", None
                return ""
            ticket.work = _resumed(ticket.work)
            while ticket.requested == PAUSE and not self.closed:
                yield None
                time.sleep(POLL_SECONDS)
        yield CANCELLED
        return ""

    def _read(self, loan: "Loan", ticket: Ticket) -> Iterator[Message | None]:
        """A loan's messages until it ends, or must."""
        while not loan.over and ticket.requested == GO_ON and not self.closed:
            yield loan.message()
        loan.give_back()
        until = time.monotonic() + self.stop_seconds
        while not loan.over and not self.closed:
            if ticket.requested == STOP and time.monotonic() > until:
                return
            yield loan.message()


def _resumed(work: Work) -> Work:
    settings, folder, _ = work
    return settings, folder, (Path(folder) / CHECKPOINT_FILE).is_file()


class Loan:
    """One call of the decorated generator, in a thread: it may wait a minute for a GPU.

    Hugging Face finds the visitor whose share it is by the request in the context of his ticket.
    """

    def __init__(self, call: Callable[..., Iterator[Message]], ticket: Ticket):
        self.over = self.ended = self.given_back = False
        self.why_not = ""
        self.received: queue.SimpleQueue[Message | None] = queue.SimpleQueue()
        arguments = (self._iterate, call, ticket.work)
        threading.Thread(target=ticket.context.copy().run, args=arguments, daemon=True).start()

    def message(self) -> Message | None:
        """The next message; None if there was none for a moment, or at the end."""
        try:
            message = self.received.get(timeout=POLL_SECONDS)
        except queue.Empty:
            return None
        self.over = message is None
        return message

    def give_back(self) -> None:
        """End it at its next message."""
        self.given_back = True

    def _iterate(self, call: Callable[..., Iterator[Message]], work: Work) -> None:
        try:
            for message in (stream := call(*work)):
                self.ended = message[0] in WORKER_ENDS
                self.received.put(message)
                if self.given_back:
                    # Returns when the fork has saved.
                    stream.close()
                    return
            if not self.ended:
                raise RuntimeError("the stream has no last message")
        except Exception as error:
            self.why_not = REFUSED.format(_words(error))
        finally:
            self.received.put(None)


def _words(error: Exception) -> str:
    """Why there is no GPU (any more): a `gradio.Error` of the package, such as a quota, says so itself."""
    if message := getattr(error, "message", ""):
        return str(message).strip()
    log.warning("a GPU was asked for in vain", exc_info=error)
    return SILENT
