"""Old runs and decoded datasets are removed, at the start and daily: those past an age, then the oldest until the rest
fits into a size.

Never a run that trains or waits, that somebody watches or that another run starts from; never a dataset that was used
within an hour (gan/data/cache.py).
"""

import logging
import threading
import time
from pathlib import Path

from demo.backend.logs import event
from demo.backend.runs.kept import kept_file
from demo.backend.runs.queue import Runs
from demo.backend.runs.run import Run
from gan.data import cache

DAYS, GIGABYTES = 30, 10  # defaults: how old, and how large together, runs may get
EVERY_SECONDS = 24 * 3600.0
log = logging.getLogger(__name__)


class Cleaner:
    """Cleans the runs and the cache of a server in a thread until it is closed."""

    def __init__(
        self,
        runs: Runs,
        days: float = DAYS,
        gigabytes: float = GIGABYTES,
        cache_gigabytes: float = cache.GIGABYTES,
    ):
        self.runs, self.days, self.gigabytes = runs, days, gigabytes
        self.cache_gigabytes = cache_gigabytes
        self.closed = threading.Event()
        threading.Thread(target=self._clean_daily, name="cleaner", daemon=True).start()

    def close(self) -> None:
        self.closed.set()

    def clean(self) -> list[Run]:
        """Remove what is too old or too much, and return it."""
        known = sorted(self.runs.known.values(), key=last_written)
        sizes = {run.id: size_of(run.folder) + size_of(kept_file(run)) for run in known}
        total, removed = sum(sizes.values()), []
        for run in known:
            old = time.time() - last_written(run) > self.days * 24 * 3600
            if (old or total > self.gigabytes * 1e9) and self._remove(run):
                total -= sizes[run.id]
                removed.append(run)
        if removed:
            event(log, "old runs removed", count=len(removed))
        return removed

    def _remove(self, run: Run) -> bool:
        with self.runs.lock:
            free = run.id in self.runs.known and run.unseen_for > 0 and self.runs.removable(run)
            if free:
                self.runs.remove(run)
        return free

    def _clean_daily(self) -> None:
        while not self.closed.is_set():
            try:
                self.clean()
                if count := cache.clean_cache(self.days, self.cache_gigabytes):
                    event(log, "old datasets removed from the cache", count=count)
            except Exception:  # the next day tries again
                log.exception("what is old could not be removed")
            self.closed.wait(EVERY_SECONDS)


def last_written(run: Run) -> float:
    """When a run's weights were last saved, in seconds since 1970; without weights, when it was made."""
    try:
        return (run.folder / "train.json").stat().st_mtime
    except OSError:
        return run.created


def size_of(path: Path) -> int:
    """Bytes of a file, or of the files in a folder; 0 if it is not there."""
    try:
        files = [path] if path.is_file() else [each for each in path.rglob("*") if each.is_file()]
        return sum(each.stat().st_size for each in files)
    except OSError:  # removed meanwhile
        return 0
