"""`RpcClient`: numbered requests to one child process, as futures."""

import contextlib
import itertools
import threading
from concurrent.futures import Future
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from demo.backend.process import CONTEXT, ENDED, start


class RpcClient:
    """Numbered requests to one process, as futures; if it dies, the next request starts another.

    A request is (number, name, arguments), an answer (number, kind, value) with the kinds "done",
    "refused" (the words of a ValueError) and "failed" (a traceback). Answers may come in any order.
    """

    def __init__(self, entry: str = "demo.workers.render.main", niceness: int = 0):
        self.entry, self.niceness = entry, niceness
        self.process: BaseProcess | None = None
        self.pipe: Connection | None = None
        self.waiting: dict[int, Future] = {}
        self.numbers = itertools.count()
        self.lock = threading.Lock()

    def ask(self, name: str, *arguments: object) -> Future:
        """The answer to a request; its `result()` raises ValueError in the process's own words."""
        future = Future()
        # Nobody may cancel it: a visitor who left must not surprise the thread that answers.
        future.set_running_or_notify_cancel()
        with self.lock:
            pipe, number = self._open(), next(self.numbers)
            self.waiting[number] = future
            # If the process has just died, `_listen` is about to notice, and tells all who wait.
            with contextlib.suppress(OSError):
                pipe.send((number, name, arguments))
        return future

    def begin(self) -> None:
        """Start the process, so that the first request need not wait for it."""
        with self.lock:
            self._open()

    def close(self) -> None:
        """End the process; called when the server stops."""
        # One that has ended is not killed: its number may be another's by now.
        if self.process and self.process.is_alive():
            self.process.kill()
            self.process.join()

    def _open(self) -> Connection:
        if self.pipe is None:
            self.pipe, theirs = CONTEXT.Pipe()
            threading.Thread(target=self._listen, args=(self.pipe, theirs), daemon=True).start()
        return self.pipe

    def _listen(self, pipe: Connection, theirs: Connection) -> None:
        try:
            # Here, because it takes as long as PyTorch's import; the pipe keeps what is asked before.
            self.process = start(self.entry, theirs, self.niceness)
            while True:
                number, kind, value = pipe.recv()
                _settle(self.waiting.pop(number), kind, value)
        except (EOFError, OSError):
            pass
        finally:
            with self.lock:
                lost, self.waiting, self.pipe = self.waiting, {}, None
                pipe.close()
            for future in lost.values():
                future.set_exception(ValueError(ENDED))


def _settle(future: Future, kind: str, value: object) -> None:
    if kind == "done":
        future.set_result(value)
    else:
        error = ValueError if kind == "refused" else RuntimeError
        future.set_exception(error(value))
