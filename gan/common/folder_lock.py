"""One process at a time writes into a folder."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: two runs into one folder are not noticed there
    fcntl = None


@contextlib.contextmanager
def sole_use(folder: str | Path) -> Iterator[None]:
    """Hold `folder`. If it is not there it is made, with those above it; what of them is empty at the end is removed.

    The system drops the lock with the process, however that ends. ValueError, at once, if another one (or an
    iterator of this one that is not closed) holds the folder, or it cannot be made.
    """
    folder = Path(folder).absolute()
    made = [each for each in (folder, *folder.parents) if not each.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValueError(f"{folder} cannot be made: {error.strerror}.") from error
    lock = None
    try:
        lock = _lock_or_refuse(folder)
        yield
    finally:
        if lock is not None:
            os.close(lock)
        with contextlib.suppress(OSError):
            for each in made:
                each.rmdir()


def lock_folder(folder: Path, wait: bool = False) -> int:
    """A lock on a folder, held until this file descriptor is closed. OSError without locks, or, unless it is to
    `wait`, if another process holds one."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(opened)
        raise
    return opened


def _lock_or_refuse(folder: Path) -> int | None:
    if fcntl is None:
        return None
    try:
        return lock_folder(folder)
    except BlockingIOError:
        raise ValueError(
            f"Another run is being written into {folder}: wait for its end, or choose another folder."
        ) from None
    except OSError:
        return None  # some network file systems have no locks
