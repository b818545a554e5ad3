"""`RpcClient`: numbered requests to one child process, as futures."""

import contextlib
import itertools
import threading
from concurrent.futures import Future

from demo.backend.work.process import ChildProcess

ENDED = "The process that computes this ended unexpectedly. Try again: a new one is started."


class RpcClient:
    """Sends numbered requests to one process and returns futures; if it dies, the next request starts another.

    Without `restarts`, for processes that hold state, every request after the end is a ValueError.
    A request is (number, name, arguments), an answer (number, kind, value) with the kinds "done",
    "refused" (the message of a ValueError) and "failed" (a traceback). Answers may come in any order.
    """

    def __init__(
        self, entry: str = "demo.workers.render.main", niceness: int = 0, restarts: bool = True
    ):
        self.entry, self.niceness, self.restarts = entry, niceness, restarts
        self.ended = False  # for good
        self.child: ChildProcess | None = None  # None: the next request starts one
        self.waiting: dict[int, Future] = {}
        self.numbers = itertools.count()
        self.lock = threading.Lock()

    def call(self, name: str, *arguments: object) -> Future:
        """Send a request and return the future of its answer.

        `result()` raises ValueError for a refused request, RuntimeError for other errors.
        """
        future = Future()
        # Makes it uncancellable: set_result on a future cancelled by a closed page would raise.
        future.set_running_or_notify_cancel()
        with self.lock:
            if self.ended:
                future.set_exception(ValueError(ENDED))
                return future
            child, number = self._open(), next(self.numbers)
            self.waiting[number] = future
            # If the process has just died, `_listen` is about to fail this future too.
            with contextlib.suppress(OSError):
                child.send((number, name, arguments))
        return future

    def start(self) -> None:
        """Start the process ahead of the first request."""
        with self.lock:
            self._open()

    def close(self) -> None:
        """End the process; called when the server stops."""
        if child := self.child:
            child.kill()

    def _open(self) -> ChildProcess:
        if self.child is None:
            self.child = ChildProcess(self.entry, self.niceness)
            threading.Thread(target=self._listen, args=(self.child,), daemon=True).start()
        return self.child

    def _listen(self, child: ChildProcess) -> None:
        try:
            child.start()
            while True:
                number, kind, value = child.receive()
                _settle(self.waiting.pop(number), kind, value)
        except (EOFError, OSError):
            pass
        finally:
            with self.lock:
                lost, self.waiting, self.child = self.waiting, {}, None
                self.ended = not self.restarts
            child.pipe.close()
            for future in lost.values():
                future.set_exception(ValueError(ENDED))


def _settle(future: Future, kind: str, value: object) -> None:
    if kind == "done":
        future.set_result(value)
    else:
        error = ValueError if kind == "refused" else RuntimeError
        future.set_exception(error(value))
