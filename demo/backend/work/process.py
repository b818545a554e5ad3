"""Child processes of the server: how they start, communicate through a pipe, and end.

The server itself never imports PyTorch. On Linux a fork server imports it once, and the others are
forked from that: they start within milliseconds and share its memory. (Forking the server itself could
deadlock, because it has threads.) On other systems each process imports PyTorch itself.
"""

import importlib
import multiprocessing
import os
import signal
import sys
import threading
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import gan  # noqa: F401, sets environment variables that child processes need before they import PyTorch

CONTEXT = multiprocessing.get_context("forkserver" if sys.platform == "linux" else "spawn")
if sys.platform == "linux":
    CONTEXT.set_forkserver_preload(["gan.training.loop"])


class ChildProcess:
    """A process that calls `entry` ("package.module.function") with its end of a pipe.

    Messages sent before it has started wait in the pipe. One thread may receive while another sends.
    """

    def __init__(self, entry: str, niceness: int = 0):
        self.entry, self.niceness = entry, niceness
        self.pipe, self.child_pipe = CONTEXT.Pipe()
        self.process: BaseProcess | None = None
        self.killed = False

    def start(self) -> "ChildProcess":
        """Start the process and return self; the first one takes as long as PyTorch's import."""
        arguments = (self.entry, self.child_pipe, self.niceness, os.environ.get("GANSCOPE_OWN"))
        process = CONTEXT.Process(target=_enter, args=arguments, name=self.entry, daemon=True)
        try:
            process.start()
        finally:
            # While this copy is open, the server would get no EOFError when the process ends.
            self.child_pipe.close()
        self.process = process
        if self.killed:
            self.kill()
        return self

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.is_alive()

    def send(self, message: object) -> None:
        """Send a picklable message; OSError if the process has ended."""
        self.pipe.send(message)

    def receive(self, seconds: float | None = None) -> object | None:
        """The next message, or None after `seconds` without one; EOFError if the process has ended."""
        return self.pipe.recv() if self.pipe.poll(seconds) else None

    def kill(self) -> None:
        """Kill the process; one that is still starting is killed as soon as it has started."""
        self.killed = True
        # The process id of an ended process may belong to another by now.
        if self.alive:
            self.process.kill()
            self.process.join()


def _enter(entry: str, pipe: Connection, niceness: int, uploads: str | None) -> None:
    # The fork server does not have environment variables that were set after its start.
    if uploads:
        os.environ["GANSCOPE_OWN"] = uploads
    # Ctrl-C signals every process of a terminal; children end with the server instead.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if niceness and hasattr(os, "nice"):
        os.nice(niceness)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    module, function = entry.rsplit(".", 1)
    getattr(importlib.import_module(module), function)(pipe)


def _end_with_parent() -> None:
    """End this process when the server has ended, however that happened."""
    multiprocessing.parent_process().join()
    os._exit(1)
