"""Old runs are removed, at the start and daily: those past an age, then the oldest until the rest fits into a size.

Never one that trains or waits, that somebody watches or that another run starts from.
"""

import logging
import threading
import time
from pathlib import Path

from demo.backend.run import Run
from demo.backend.run_queue import Runs

DAYS, GIGABYTES = 30, 10  # defaults: how old, and how large together, runs may get
EVERY_SECONDS = 24 * 3600.0
log = logging.getLogger(__name__)


class Cleaner:
    """Cleans the runs of a server in a thread until it is closed."""

    def __init__(self, runs: Runs, days: float = DAYS, gigabytes: float = GIGABYTES):
        self.runs, self.days, self.gigabytes = runs, days, gigabytes
        self.closed = threading.Event()
        threading.Thread(target=self._clean_daily, name="cleaner", daemon=True).start()

    def close(self) -> None:
        self.closed.set()

    def clean(self) -> list[Run]:
        """Remove what is too old or too much, and return it."""
        sizes = {run.id: size_of(run.folder) for run in list(self.runs.known.values())}
        with self.runs.lock:
            known = sorted(self.runs.known.values(), key=last_written)
            total, removed = sum(sizes.get(run.id, 0) for run in known), []
            for run in known:
                old = time.time() - last_written(run) > self.days * 24 * 3600
                if (
                    not (old or total > self.gigabytes * 1e9)
                    or run.unseen_for == 0
                    or not self.runs.removable(run)
                ):
                    continue
                self.runs.remove(run)
                total -= sizes.get(run.id, 0)
                removed.append(run)
        if removed:
            log.info("removed %d old runs: %s", len(removed), " ".join(run.id for run in removed))
        return removed

    def _clean_daily(self) -> None:
        while not self.closed.is_set():
            self.clean()
            self.closed.wait(EVERY_SECONDS)


def last_written(run: Run) -> float:
    """When a run's weights were last saved, in seconds since 1970; without weights, when it was made."""
    try:
        return (run.folder / "train.json").stat().st_mtime
    except OSError:
        return run.created


def size_of(folder: Path) -> int:
    """Bytes of the files in a folder; 0 if it is not there."""
    total = 0
    for path in folder.rglob("*"):
        try:
            total += path.stat().st_size if path.is_file() else 0
        except OSError:  # removed meanwhile
            continue
    return total
