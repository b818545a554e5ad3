"""Unfinished runs on disk.

A checkpoint is one file that holds both networks, the average, the optimisers, the counters, the
config and the random state: one rename puts all of it in place.
"""

import json
from pathlib import Path

from gan.common.files import (
    read_tensors,
    write_tensors,
)
from gan.models.registry import CHECKPOINT_FILE
from gan.settings.config import TrainConfig
from gan.training.trainer import Trainer
from gan.training.trainer_state import put_state, state_of


def save_run(folder: str | Path, trainer: Trainer, seconds: float) -> None:
    """Write all that a run needs to go on, in one file."""
    notes = {"config": json.dumps(trainer.config.to_dict()), "seconds": repr(seconds)}
    write_tensors(Path(folder) / CHECKPOINT_FILE, state_of(trainer), notes)


def read_run(folder: str | Path) -> tuple[TrainConfig, float]:
    """The config of a saved run and the seconds that it has trained."""
    _, notes = read_tensors(Path(folder) / CHECKPOINT_FILE)
    try:
        return TrainConfig.from_dict(json.loads(notes["config"])), float(notes["seconds"])
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(f"{CHECKPOINT_FILE} in {folder} is not a checkpoint of a run.") from error


def restore_run(folder: str | Path, trainer: Trainer) -> None:
    """Put a saved run's state into a trainer of the same shape; ValueError if it does not fit."""
    tensors, _ = read_tensors(Path(folder) / CHECKPOINT_FILE)
    try:
        put_state(trainer, tensors)
    except (KeyError, RuntimeError) as error:
        raise ValueError(
            f"The checkpoint in {folder} belongs to a run with another model, size or width."
        ) from error
