"""`RpcClient`: numbered requests to one child process, as futures."""

import contextlib
import itertools
import threading
from concurrent.futures import Future

from demo.backend.process import ChildProcess

ENDED = "The drawing process ended unexpectedly. Try again: a new one takes its place."


class RpcClient:
    """Numbered requests to one process, as futures; if it dies, the next request starts another.

    A request is (number, name, arguments), an answer (number, kind, value) with the kinds "done",
    "refused" (the words of a ValueError) and "failed" (a traceback). Answers may come in any order.
    """

    def __init__(self, entry: str = "demo.workers.render.main", niceness: int = 0):
        self.entry, self.niceness = entry, niceness
        self.child: ChildProcess | None = None  # None: the next request starts one
        self.waiting: dict[int, Future] = {}
        self.numbers = itertools.count()
        self.lock = threading.Lock()

    def call(self, name: str, *arguments: object) -> Future:
        """The answer to a request; its `result()` raises ValueError in the process's own words."""
        future = Future()
        # Nobody may cancel it: a visitor who left must not surprise the thread that answers.
        future.set_running_or_notify_cancel()
        with self.lock:
            child, number = self._open(), next(self.numbers)
            self.waiting[number] = future
            # If the process has just died, `_listen` is about to notice, and tells all who wait.
            with contextlib.suppress(OSError):
                child.send((number, name, arguments))
        return future

    def start(self) -> None:
        """Start the process, so that the first request need not wait for it."""
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
            child.pipe.close()
            for future in lost.values():
                future.set_exception(ValueError(ENDED))


def _settle(future: Future, kind: str, value: object) -> None:
    if kind == "done":
        future.set_result(value)
    else:
        error = ValueError if kind == "refused" else RuntimeError
        future.set_exception(error(value))
