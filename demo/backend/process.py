"""Child processes beside the server: how they start, talk through a pipe, and end.

The server itself never imports PyTorch. On Linux one process does, once, and the others are forked
from it: they are there within milliseconds and share its memory. (The server could not be forked
itself: it has threads, and a fork of them may deadlock.) Elsewhere each process imports anew.
"""

import importlib
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import gan  # noqa: F401, sets variables that child processes inherit before they import PyTorch

CONTEXT = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
if sys.platform == "linux":
    CONTEXT.set_forkserver_preload(["gan.training.loop"])


class ChildProcess:
    """A process that runs `entry` ("package.module.function") with its end of a pipe.

    What is sent before it runs waits in the pipe. One thread may receive while another sends.
    """

    def __init__(self, entry: str, niceness: int = 0):
        self.entry, self.niceness = entry, niceness
        self.pipe, self.theirs = CONTEXT.Pipe()
        self.process: BaseProcess | None = None
        self.killed = False

    def start(self) -> "ChildProcess":
        """Start it, and return it; the first process of all takes as long as PyTorch's import."""
        arguments = (self.entry, self.theirs, self.niceness, os.environ.get("GANSCOPE_OWN"))
        process = CONTEXT.Process(target=_enter, args=arguments, name=self.entry, daemon=True)
        try:
            process.start()
        finally:
            # With this copy open, the end of the process would never be noticed.
            self.theirs.close()
        self.process = process
        if self.killed:
            self.kill()
        return self

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.is_alive()

    def send(self, message: object) -> None:
        """Send anything that can be pickled; OSError if the process has ended."""
        self.pipe.send(message)

    def receive(self, seconds: float | None = None) -> object | None:
        """The next message, or None after so many seconds without one; EOFError at the process's end."""
        return self.pipe.recv() if self.pipe.poll(seconds) else None

    def kill(self) -> None:
        """End it at once; one that is only about to start ends as soon as it has."""
        self.killed = True
        # One that has ended is not killed: its number may be another's by now.
        if self.alive:
            self.process.kill()
            self.process.join()


def _enter(entry: str, pipe: Connection, niceness: int, uploads: str | None) -> None:
    # Of what is set after the first process began, a fork of it knows nothing.
    if uploads:
        os.environ["GANSCOPE_OWN"] = uploads
    # Ctrl-C reaches every process of a terminal; the server's end is what ends its children.
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
