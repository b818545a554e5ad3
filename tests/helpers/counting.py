"""Tasks for tests of demo/backend/jobs/jobs.py."""

import os
import time
from pathlib import Path


def count(to: int, pause: float = 0.0):
    for number in range(1, to + 1):
        time.sleep(pause)
        yield {"number": number, "process": os.getpid()}


def count_as_seen(to: int, folder: str):
    """Count on once the file of that name is there."""
    for number in range(1, to + 1):
        yield {"number": number}
        while not Path(folder, str(number)).exists():
            time.sleep(0.01)


def refuse(words: str):
    yield {"number": 1}
    raise ValueError(words)


def break_down():
    yield {"number": 1}
    raise KeyError("a secret")


def die():
    yield {"number": 1}
    os._exit(3)


def swell():
    yield {"length": len(bytearray(4 * 2**30))}


def write():
    yield {"files": {"a b.txt": b"hello"}}
