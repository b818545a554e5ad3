"""Runs on disk: what pages show of a run outlives the server (docs/architecture.md, "The folder of runs").

Beside the folder of a run's weights lies ID.run.zip: run.json, a WebP by step, and the real pictures. It is written
when the run is queued, every `EVERY_SECONDS` while it trains, and at its end. Uploaded pictures are not kept: they go
with the server.
"""

import contextlib
import io
import json
import logging
import os
import time
import zipfile
from pathlib import Path

from demo.backend.run import ACTIVE, Moment, Run
from gan.common.files import write_bytes
from gan.common.folder_lock import fcntl, lock_folder
from gan.settings.config import TrainConfig

FORMAT = 1
SUFFIX = ".run.zip"
ABOUT, REAL = "run.json", "real.webp"
EVERY_SECONDS = 20.0
RESTARTED = "The server was restarted meanwhile. What was saved last is kept: press Continue to go on from there."
NEVER_BEGAN = "The server was restarted before it began: press Continue to start it."
log = logging.getLogger(__name__)


class KeptRuns:
    """The runs in a folder. Of several servers with the same folder only the first one keeps them."""

    def __init__(self, folder: Path):
        self.folder, self.lock, self.due = folder, None, {}
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            self.lock = -1 if fcntl is None else lock_folder(folder)

    def load(self) -> list[Run]:
        """All runs that were kept, oldest first; what cannot be read is passed over and logged."""
        runs = []
        for path in self.folder.glob(f"*{SUFFIX}") if self.lock is not None else ():
            try:
                runs.append(read(path))
            except (
                OSError,
                ValueError,
                KeyError,
                TypeError,
                AttributeError,
                zipfile.BadZipFile,
            ) as error:
                log.warning("%s cannot be read and is passed over: %s", path.name, error)
        return sorted(runs, key=lambda run: run.created)

    def keep(self, run: Run, now: bool = True) -> None:
        """Write a run, unless its turn has not come (`now` is False). A full disk is logged, and ends nothing."""
        if self.lock is None or (not now and time.monotonic() < self.due.get(run.id, 0.0)):
            return
        self.due[run.id] = time.monotonic() + EVERY_SECONDS
        try:
            write_bytes(self.folder / (run.id + SUFFIX), packed(run))
        except ValueError as error:
            log.warning("%s", error)

    def forget(self, run: Run) -> None:
        """Remove what was kept of a run."""
        self.due.pop(run.id, None)
        if self.lock is not None:
            (self.folder / (run.id + SUFFIX)).unlink(missing_ok=True)

    def close(self) -> None:
        """Leave the folder to another server."""
        if self.lock is not None and self.lock >= 0:
            os.close(self.lock)
        self.lock = None


def packed(run: Run) -> bytes:
    """The file of a run."""
    moments = run.moments
    about = {
        "format": FORMAT, "id": run.id, "owner": run.owner, "sharers": sorted(run.sharers), "title": run.title,
        "start": run.start, "created": run.created, "state": run.state, "message": run.message,
        "config": run.config.to_dict(), "moments": [moment.numbers for moment in moments],
    }  # fmt: skip
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(ABOUT, json.dumps(about), zipfile.ZIP_DEFLATED)
        for moment in moments:
            archive.writestr(f"{moment.numbers['step']}.webp", moment.frame)
        if run.real and not run.private:
            archive.writestr(REAL, run.real)
    return buffer.getvalue()


def read(path: Path) -> Run:
    """A run as it was kept; one that had not ended has stopped. For others ValueError, or what zipfile raises."""
    with zipfile.ZipFile(path) as archive:
        about = json.loads(archive.read(ABOUT))
        if about["format"] != FORMAT or about["id"] + SUFFIX != path.name:
            raise ValueError(
                f"it is of format {about['format']}, not {FORMAT}, or has another run's name"
            )
        moments = [Moment(each, archive.read(f"{each['step']}.webp")) for each in about["moments"]]
        real = archive.read(REAL) if REAL in archive.namelist() else b""
    config, folder = TrainConfig.from_dict(about["config"]), path.parent / about["id"]
    run = Run(
        about["id"], config, folder, about["owner"], about["title"], about["start"], about["created"]
    )
    run.moments, run.real, run.sharers = moments, real, set(about["sharers"])
    run.state, run.message = about["state"], about["message"]
    if run.state in ACTIVE:
        complete = run.complete and (folder / "train.json").is_file()
        run.state = "finished" if complete else "stopped"
        run.message = "" if complete else RESTARTED if moments else NEVER_BEGAN
    return run
