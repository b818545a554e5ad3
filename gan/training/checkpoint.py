"""Checkpoints of training runs: one file holds all, so that one rename replaces it atomically."""

import json
from pathlib import Path

from gan.common.files import read_tensors, write_tensors
from gan.models.registry import CHECKPOINT_FILE
from gan.settings.config import TrainConfig
from gan.training.trainer import Trainer
from gan.training.trainer_state import put_state, state_of


def save_run(folder: str | Path, trainer: Trainer, seconds: float) -> None:
    """Write a checkpoint into `folder`; `seconds` is the training time so far."""
    notes = {"config": json.dumps(trainer.config.to_dict()), "seconds": repr(seconds)}
    write_tensors(Path(folder) / CHECKPOINT_FILE, state_of(trainer), notes)


def read_run(folder: str | Path) -> tuple[TrainConfig, float]:
    """Config and training time in seconds of the checkpoint in `folder`; ValueError if it is damaged."""
    _, notes = read_tensors(Path(folder) / CHECKPOINT_FILE)
    try:
        return TrainConfig.from_file(json.loads(notes["config"])), float(notes["seconds"])
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(f"{CHECKPOINT_FILE} in {folder} is not a checkpoint of a run.") from error


def restore_run(folder: str | Path, trainer: Trainer) -> None:
    """Load the checkpoint in `folder` into a trainer; ValueError if its networks have another shape."""
    tensors, _ = read_tensors(Path(folder) / CHECKPOINT_FILE)
    try:
        put_state(trainer, tensors)
    except (KeyError, RuntimeError) as error:
        raise ValueError(
            f"The checkpoint in {folder} belongs to a run with another model, size or width."
        ) from error
