"""Processes of ours beside the server: they start quickly, end with it, and may be asked by number.

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
