"""Runs on disk: what pages show of a run outlives the server (docs/architecture.md, "The folder of runs").

Beside the folder of a run's weights lies ID.run.gz: JSON, in which pictures are base64. It is neither a picture nor an
archive of some, so that no data can be read from it. It is written when the run is queued, every `EVERY_SECONDS` while
it trains, and at its end. Uploaded pictures are not kept: they go with the server.
"""

import base64
import contextlib
import gzip
import json
import logging
import os
import threading
import time
from pathlib import Path

from demo.backend.runs.run import ACTIVE, Moment, Run
from gan.common.files import write_bytes
from gan.common.folder_lock import fcntl, lock_folder
from gan.settings.config import TrainConfig

FORMAT = 1
SUFFIX = ".run.gz"
EVERY_SECONDS = 20.0
HALF_SECONDS = 10.0  # a file that is not whole, and not written to for so long, stays so
SERVER_ENDED = "The server was stopped meanwhile: press Continue to go on."
RESTARTED = "The server was restarted meanwhile. What was saved last is kept: press Continue to go on from there."
NEVER_BEGAN = "The server was restarted before it began: press Continue to start it."
UPLOADS_GONE = (
    "The server was stopped meanwhile, and what you uploaded went with it: upload it again to train on."
)
log = logging.getLogger(__name__)


class KeptRuns:
    """The runs in a folder. Of several servers with the same folder only the first one keeps them."""

    def __init__(self, folder: Path):
        self.folder, self.writing = folder, threading.Lock()
        self.lock: int | None = None  # a file descriptor; -1 where there are no locks
        self.due: dict[str, float] = {}
        self.forgotten: set[str] = set()
        self.closed = False
        if not self._is_ours():
            log.warning("Runs of this server do not outlive it while another one uses %s.", folder)

    def load(self) -> list[Run]:
        """All runs that were kept, oldest first; what cannot be read is passed over and logged."""
        runs = []
        if self._is_ours():
            _remove_halves(self.folder)
        for path in self.folder.glob(f"*{SUFFIX}") if self._is_ours() else ():
            try:
                runs.append(read(path))
                _remove_halves(runs[-1].folder)
            except Exception as error:  # whatever is wrong with one file, the server starts
                log.warning("%s cannot be read and is passed over: %r", path.name, error)
        return sorted(runs, key=lambda run: run.created)

    def keep(self, run: Run, now: bool = True) -> None:
        """Write a run, unless its turn has not come (`now` is False). A full disk is logged, and ends nothing."""
        if not now and time.monotonic() < self.due.get(run.id, 0.0):
            return
        with self.writing:
            if run.id in self.forgotten or not self._is_ours():
                return
            self.due[run.id] = time.monotonic() + EVERY_SECONDS
            try:
                write_bytes(kept_file(run), packed(run))
            except ValueError as error:
                log.warning("%s", error)

    def hasten(self, run: Run) -> None:
        """Have a run written at its next message: not here, where a page may wait."""
        self.due.pop(run.id, None)

    def forget(self, run: Run) -> None:
        """Remove what was kept of a run, for good."""
        with self.writing:
            self.forgotten.add(run.id)
            self.due.pop(run.id, None)
            if self._is_ours():
                with contextlib.suppress(OSError):
                    kept_file(run).unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the folder to another server."""
        with self.writing:
            if self.lock is not None and self.lock >= 0:
                os.close(self.lock)
            self.lock, self.closed = None, True

    def _is_ours(self) -> bool:
        """Whether this server keeps the runs; tried again while another one holds the folder."""
        if self.lock is None and not self.closed:
            with contextlib.suppress(BlockingIOError):
                self.lock = _lock(self.folder)
        return self.lock is not None


def _remove_halves(folder: Path) -> None:
    """Remove what a process that was killed had not written to its end (gan.common.files.write_bytes)."""
    for path in folder.glob(".new-*"):
        with contextlib.suppress(OSError):
            if time.time() - path.stat().st_mtime > HALF_SECONDS:
                path.unlink()


def _lock(folder: Path) -> int:
    """A lock on a folder, or -1 where it cannot be made or has no locks. BlockingIOError if another holds one."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return -1 if fcntl is None else lock_folder(folder)
    except BlockingIOError:
        raise
    except OSError:
        return -1


def kept_file(run: Run) -> Path:
    """Where a run is kept."""
    return run.folder.with_name(run.folder.name + SUFFIX)


def packed(run: Run) -> bytes:
    """The file of a run."""
    moments = run.moments
    about = {
        "format": FORMAT, "id": run.id, "owner": run.owner, "sharers": sorted(run.sharers), "title": run.title,
        "start": run.start, "created": run.created, "state": run.state, "message": run.message, "notes": run.notes,
        "config": run.config.to_dict(), "moments": [moment.numbers for moment in moments],
        "frames": [_text(moment.frame) for moment in moments], "real": "" if run.private else _text(run.real),
    }  # fmt: skip
    return gzip.compress(json.dumps(about).encode(), compresslevel=1)


def read(path: Path) -> Run:
    """A run as it was kept; one that had not ended has stopped. Raises for any other file."""
    about = json.loads(gzip.decompress(path.read_bytes()))
    if about["format"] != FORMAT or about["id"] + SUFFIX != path.name:
        raise ValueError(f"it is of format {about['format']}, not {FORMAT}, or has another run's name")
    config, folder = TrainConfig.from_dict(about["config"]), path.parent / about["id"]
    run = Run(
        about["id"], config, folder, about["owner"], about["title"], about["start"], about["created"]
    )
    frames = map(base64.b64decode, about["frames"])
    run.moments = [Moment(*each) for each in zip(about["moments"], frames, strict=True)]
    run.real, run.sharers = base64.b64decode(about["real"]), set(about["sharers"])
    run.state, run.message = about["state"], about["message"]
    run.notes = about.get("notes", [])  # not in files of 0.1
    if run.state in ACTIVE:
        run.state, run.message = _after_a_kill(run)
    return run


def _after_a_kill(run: Run) -> tuple[str, str]:
    if run.complete and (run.folder / "train.json").is_file():
        return "finished", ""
    if run.private:
        return "stopped", UPLOADS_GONE
    return "stopped", RESTARTED if run.moments else NEVER_BEGAN


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode()
