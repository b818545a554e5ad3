"""What runs on a node of a Ray cluster: one piece of work, by the same entries as in child processes.

The entry runs in a thread, with a `Line` for its pipe; the task, a streaming generator, sends on what comes out.
"""

import contextlib
import importlib
import os
import shutil
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from pathlib import Path

import gan  # noqa: F401, sets environment variables before PyTorch is imported
from demo.backend.owned_folder import owned_folder
from demo.backend.work.luggage import RUN, UPLOADS, unpack, visible_files
from demo.backend.work.queue import STARTED, WORKER_ENDS, Message
from demo.backend.work.waiting_line import GO_ON
from gan.models.registry import STEPS_FOLDER, kept_steps

LOOK_SECONDS = 0.1  # for requests
# Of these the newest is enough.
SUPERSEDED = ("snapshot", "latest")
THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")


class Line:
    """What an entry has for its end of a pipe; the other end is `ask`, `take` and `close`.

    Nothing that it sends waits: if messages are not taken in time, of pictures only the newest stay.
    """

    def __init__(self):
        self.requests, self.messages = deque(), deque()
        self.changed = threading.Condition()
        self.closed = False

    def recv(self) -> object:
        with self.changed:
            self.changed.wait_for(lambda: self.requests or self.closed)
            if self.closed:
                raise EOFError
            return self.requests.popleft()

    def poll(self, timeout: float = 0.0) -> bool:
        with self.changed:
            return bool(self.changed.wait_for(lambda: self.requests or self.closed, timeout))

    def send(self, message: Message) -> None:
        with self.changed:
            if self.messages and _superseded(self.messages[-1], message):
                self.messages.pop()
            self.messages.append(message)
            self.changed.notify_all()

    def ask(self, request: object) -> None:
        with self.changed:
            self.requests.append(request)
            self.changed.notify_all()

    def take(self, seconds: float) -> Message | None:
        with self.changed:
            self.changed.wait_for(lambda: self.messages or self.closed, seconds)
            return self.messages.popleft() if self.messages else None

    def close(self) -> None:
        with self.changed:
            self.closed = True
            self.changed.notify_all()


def _superseded(old: Message, new: Message) -> bool:
    """Whether `new` says all that `old` does: a measured quality comes with one snapshot alone."""
    if old[0] != new[0] or old[0] not in SUPERSEDED:
        return False
    return old[0] == "latest" or not old[1][0]["quality"]


def perform(
    entry: str,
    work: object,
    files: dict[str, bytes],
    cpus: int,
    home_seconds: float,
    mailbox: object,
    key: int,
) -> Iterator[Message]:
    """Do one piece of work, with as many threads as it has logical CPUs, and yield its messages.

    `files` are what it needs (demo/backend/work/luggage.py). The message ("files", {name: content}) has what a run has
    saved, every `home_seconds` and before its end. Requests come from the `mailbox`, under `key`; None for work that
    does not listen.
    """
    yield STARTED
    _limit_threads(cpus)
    with _own_folder() as folder:
        try:
            unpack(files, folder)
        except ValueError as error:
            yield "failed", str(error)
            return
        line = Line()
        line.ask(work)
        worker = threading.Thread(target=_run_entry, args=(entry, line), daemon=True)
        worker.start()
        try:
            yield from _messages(line, worker, Home(folder / RUN, home_seconds), mailbox, key)
        finally:
            line.close()
            worker.join()


class Home:
    """What of a run's folder has not come home yet."""

    def __init__(self, folder: Path, seconds: float):
        self.folder, self.seconds = folder, seconds
        self.due, self.sent = time.monotonic() + seconds, {}

    def files(self) -> dict[str, bytes]:
        """The files that are not as they were when they were sent last."""
        self.due = time.monotonic() + self.seconds
        changed = {}
        kept = [self.folder / STEPS_FOLDER / str(step) for step in kept_steps(self.folder)]
        for path in [file for folder in (self.folder, *kept) for file in visible_files(folder)]:
            state, name = path.stat(), path.relative_to(self.folder).as_posix()
            if self.sent.get(name) != (stamp := (state.st_ino, state.st_mtime_ns, state.st_size)):
                changed[name], self.sent[name] = path.read_bytes(), stamp
        return changed


def _messages(
    line: Line, worker: threading.Thread, home: Home, mailbox: object, key: int
) -> Iterator[Message]:
    requests = None if mailbox is None else Requests(mailbox, key)
    while True:
        alive = worker.is_alive()
        message = line.take(LOOK_SECONDS)
        if not (message or alive):
            raise RuntimeError("The worker has ended without a word.")
        ends = message is not None and message[0] in WORKER_ENDS
        if (ends or time.monotonic() >= home.due) and (files := home.files()):
            yield "files", files
        if message:
            yield message
        if ends:
            return
        if requests and (request := requests.new()):
            line.ask(request)


class Requests:
    """What is requested of this work, as the mailbox tells it."""

    def __init__(self, mailbox: object, key: int):
        self.mailbox, self.key, self.state = mailbox, key, GO_ON
        self._wait()

    def _wait(self) -> None:
        self.answer = self.mailbox.next.remote(self.key, self.state).future()

    def new(self) -> str | None:
        """A request that has come since; None if there is none."""
        if not self.answer.done():
            return None
        before, self.state = self.state, self.answer.result()
        self._wait()
        return self.state if self.state != before else None


def _run_entry(entry: str, line: Line) -> None:
    module, function = entry.rsplit(".", 1)
    try:
        getattr(importlib.import_module(module), function)(line)
    finally:
        line.close()


def _limit_threads(count: int) -> None:
    os.environ |= dict.fromkeys(THREADS, str(count))
    # Imported by what this process did before.
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(count)


_folders: list[Path] = []


@contextlib.contextmanager
def _own_folder() -> Iterator[Path]:
    """A new working directory, which is removed at the end; what is left by a killed process, by the next one."""
    if not _folders:
        _folders.append(owned_folder("ganscope-node-"))
    folder, before = Path(tempfile.mkdtemp(dir=_folders[0])), Path.cwd()
    os.environ["GANSCOPE_OWN"] = str(folder / UPLOADS)
    os.chdir(folder)
    try:
        yield folder
    finally:
        os.chdir(before)
        shutil.rmtree(folder, ignore_errors=True)
