"""Tasks for tests of demo/backend/jobs/jobs.py."""

import os
import time


def count(to: int, pause: float = 0.0):
    for number in range(1, to + 1):
        time.sleep(pause)
        yield {"number": number, "process": os.getpid()}


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
