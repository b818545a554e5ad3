"""Temporary folders that belong to a process which is alive, whatever happens to it.

A folder is its owner's while the owner holds a lock on it, which the system drops with the process. Process
ids say nothing: each container counts from one, and several may share a temporary folder.
"""

import atexit
import contextlib
import os
import re
import shutil
import tempfile
from pathlib import Path

# fcntl is None on Windows, which does not let anyone remove a file that is open.
from gan.common.folder_lock import fcntl, lock_folder

# As tempfile ends names; versions until 0.1 put a process id before that.
NAME = re.compile(r"(\d+-)?[a-z0-9_]{8}")
LOCK_FILE = "owner.lock"  # where folders themselves cannot be locked
# Keeps the locks: a lock ends when its file is closed.
_held: list[object] = []


def owned_folder(prefix: str) -> Path:
    """A new temporary folder of this process, readable by it alone, and removed when it ends.

    Those called `prefix…` whose owners have ended in any way are removed now.
    """
    _remove_abandoned(prefix)
    while True:
        folder = Path(tempfile.mkdtemp(prefix=prefix))
        _held.append(_lock(folder, wait=True))
        # Another start may have removed it before it was locked.
        if folder.is_dir():
            break
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _remove_abandoned(prefix: str) -> None:
    """Remove folders without an owner; those of other users cannot be removed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*"):
        if not NAME.fullmatch(folder.name.removeprefix(prefix)) or (lock := _lock(folder)) is None:
            continue
        if fcntl is None:  # nor could we remove a file that we hold open
            lock.close()
        shutil.rmtree(folder, ignore_errors=True)
        if fcntl is not None:
            os.close(lock)


def _lock(folder: Path, wait: bool = False):
    """A lock on a folder, held until it is closed; None if it has an owner, or cannot be locked."""
    with contextlib.suppress(OSError):
        return _lock_open_file(folder) if fcntl is None else lock_folder(folder, wait)
    return None


def _lock_open_file(folder: Path):
    path = folder / LOCK_FILE
    path.unlink(missing_ok=True)  # fails while its owner has it open
    return path.open("w")
