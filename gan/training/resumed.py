"""Whether a run may go on with these settings."""

import dataclasses
from pathlib import Path

from gan.data.point_clouds import CLOUDS, is_points
from gan.data.sources import find_place, find_points
from gan.drawn.registry import DRAWN
from gan.settings.config import TrainConfig
from gan.training.resolve import filled


def check_resumed(folder: str | Path, saved: TrainConfig, config: TrainConfig) -> None:
    """ValueError if the resolved `config` differs from the saved one of the run in `folder` in more than its budget."""
    budget = {"steps": None, "seconds": None, "save_every": None}
    # Saved by an older version, it lacks what has been added since.
    saved, now = (dataclasses.replace(each, **budget) for each in (filled(saved), config))
    if saved.data != now.data and not _is_there(saved.data):
        # Data that have moved are named anew.
        saved = dataclasses.replace(saved, data=now.data)
    if changed := [
        f"{field.name}={getattr(saved, field.name)}, not {getattr(now, field.name)}"
        for field in dataclasses.fields(saved)
        if getattr(saved, field.name) != getattr(now, field.name)
    ]:
        raise ValueError(
            f"The run in {folder} had other settings ({'; '.join(changed)}): only its budget may change."
        )


def _is_there(source: str) -> bool:
    """Whether data of that name exist here, or may exist on the Hub."""
    if source in CLOUDS or source in DRAWN:
        return True
    try:
        (find_points if is_points(source) else find_place)(source)
    except ValueError:
        return False
    return True
