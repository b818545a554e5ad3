"""When a run is ended although its page still shows it: its turn is over, or the operator says so.

Whoever may write into the runs' folder is the operator: the file ID.stop in it ends that run, all.stop
every run that there is (docs/hosting.md).
"""

import contextlib
import time
from pathlib import Path

from demo.backend.runs.run import Run

ALL = "all"
BY_OPERATOR = "Whoever runs this server stopped this run."
# Twice the longest training that the slider of Train offers.
TURN_SECONDS = 1200.0


def stopped_by_operator(folder: Path, run: Run) -> bool:
    """Whether a file in `folder` asks to stop this run, written after the run was queued."""
    for name in (run.id, ALL):
        with contextlib.suppress(OSError):
            if (folder / f"{name}.stop").stat().st_mtime >= run.queued_at:
                return True
    return False


def turn_is_over(run: Run, turn_seconds: float) -> bool:
    """Whether it has trained for longer than it may while others wait."""
    return run.started_at is not None and time.monotonic() - run.started_at > turn_seconds


def turn_message(turn_seconds: float) -> str:
    """What a run that had to make room says."""
    return (
        f"Stopped after {turn_seconds / 60:.3g} minutes because others are waiting. "
        "What it has learnt is kept: press Continue to queue again."
    )
