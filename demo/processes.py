"""Processes of ours beside the server: they start quickly, end with it, and may be asked by number.

The server itself never imports PyTorch. On Linux one process does, once, and the others are forked
from it: they are there within milliseconds and share its memory. (The server could not be forked
itself: it has threads, and a fork of them may deadlock.) Elsewhere each process imports anew.
"""

import contextlib
import importlib
import itertools
import multiprocessing
import os
import signal
import sys
import threading
from concurrent.futures import Future
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import gan  # noqa: F401, sets variables that processes of ours inherit before they import PyTorch

CONTEXT = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
if sys.platform == "linux":
    CONTEXT.set_forkserver_preload(["gan.training"])

ENDED = "The drawing process ended unexpectedly. Try again: a new one takes its place."


def start(entry: str, pipe: Connection, niceness: int = 0) -> BaseProcess:
    """Start `entry` ("package.module.function") with its end of a pipe, which is closed here."""
    own = os.environ.get("GANSCOPE_OWN")
    arguments = (entry, pipe, niceness, own)
    process = CONTEXT.Process(target=_enter, args=arguments, name=entry, daemon=True)
    try:
        process.start()
    finally:
        pipe.close()
    return process


def _enter(entry: str, pipe: Connection, niceness: int, own: str | None) -> None:
    # Of what is set after the first process began, a fork of it knows nothing.
    if own:
        os.environ["GANSCOPE_OWN"] = own
    # Ctrl-C reaches every process of a terminal; the server's end is what ends ours.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    threading.Thread(target=_follow_parent, daemon=True).start()
    module, function = entry.rsplit(".", 1)
    getattr(importlib.import_module(module), function)(pipe)


def _follow_parent() -> None:
    """End with the server, however it ended: no orphan stays."""
    multiprocessing.parent_process().join()
    os._exit(1)


class Line:
    """Numbered requests to one process, as futures; if it dies, the next request starts another.

    A request is (number, name, arguments), an answer (number, kind, value) with the kinds "done",
    "refused" (the words of a ValueError) and "failed" (a traceback). Answers may come in any order.
    """

    def __init__(self, entry: str = "demo.artist.main", niceness: int = 0):
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
