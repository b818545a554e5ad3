"""Waiting for what other processes do: as long as a busy machine may need, and no longer than it takes."""

import time
from collections.abc import Callable

PATIENCE = (
    600.0  # seconds; beside busy loops on all cores, a process of low priority gets a tenth of one
)


def wait_for(condition: Callable[[], object], seconds: float = PATIENCE) -> None:
    """Return once `condition()` is true; fail after so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
