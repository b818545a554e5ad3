"""The cache of decoded datasets: where it is, and how it stays small."""

import contextlib
import os
import re
import time
from pathlib import Path

DAYS, GIGABYTES = 30, 10  # defaults: how long unused, and how large together, its files may get
IN_USE_SECONDS = 3600.0  # a file that was used within it is never removed
OURS = re.compile(r"[0-9a-f]{24}\.safetensors|\.new-.*")  # a dataset, or one whose writing was cut off


def cache_folder() -> Path:
    """GANSCOPE_CACHE, or a folder in the user's home."""
    return Path(os.environ.get("GANSCOPE_CACHE") or Path.home() / ".cache" / "ganscope")


def mark_used(path: Path) -> None:
    """Note that a file of the cache is being used: by its time, for many systems note no time of reading."""
    with contextlib.suppress(OSError):
        os.utime(path)


def clean_cache(days: float = DAYS, gigabytes: float = GIGABYTES) -> int:
    """Remove what was not used for so many days, then the least recently used until the rest fits; how many files went.

    Other files in the folder are left alone, and so is what was used within the last hour, however large.
    """
    states = {}
    for path in cache_folder().glob("*"):
        with contextlib.suppress(OSError):  # removed meanwhile
            if OURS.fullmatch(path.name) and path.is_file():
                states[path] = path.stat()
    total, removed, now = sum(state.st_size for state in states.values()), 0, time.time()
    for path, state in sorted(states.items(), key=lambda each: each[1].st_mtime):
        unused = now - state.st_mtime
        unwanted = unused > days * 24 * 3600 or total > gigabytes * 1e9 or path.name.startswith(".")
        if unused <= IN_USE_SECONDS or not unwanted:
            continue
        with contextlib.suppress(OSError):  # read-only, or open on Windows
            path.unlink()
            total, removed = total - state.st_size, removed + 1
    return removed
