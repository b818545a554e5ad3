"""Runs that are over within a second or two, for tests of demo/backend/runs/queue.py."""

from gan.settings.config import TrainConfig
from helpers.waiting import wait_for

SMALL = {"data": "glyphs", "limit": 64, "width": 4, "batch": 8}


def started(runs, owner="", **settings):
    """A run that somebody watches."""
    run = runs.start(TrainConfig(**{**SMALL, **settings}), owner)
    run.count_watcher(1)
    return run


def ended(run):
    """The run once it is over."""
    wait_for(lambda: not run.active)
    return run
