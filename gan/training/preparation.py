"""What is settled, checked and read before a run's first step."""

import hashlib
from collections.abc import Callable
from pathlib import Path

from gan.common import ranks
from gan.common.files import check_output_folder
from gan.data.image_tensors import Images
from gan.models.registry import CHECKPOINT_FILE
from gan.settings.config import TrainConfig
from gan.training.checkpoint import read_run
from gan.training.resolve import resolve
from gan.training.small_data import for_small_data, note
from gan.training.start_from import classes_in, fit_classes
from gan.training.trainer import Trainer
from gan.training.trainer_state import put_state, state_of


def settle(
    config: TrainConfig, out: str | Path | None, resume: bool, overwrite: bool
) -> tuple[TrainConfig, int | None]:
    """The resolved config and, where a run that started from a model is resumed, the number of its G's classes.

    ValueError for settings that do not fit, and for a folder that may not be written into.
    """
    if resume and out is None:
        raise ValueError("To resume, name the folder of the run.")
    started = resume and config.start_from
    # What a run started from may be gone when it is resumed.
    config = resolve(config, read_run(out)[0] if started else None)
    ranks.check_batch(config.batch)
    if out is not None:
        check_output_folder(out)
        if (Path(out) / CHECKPOINT_FILE).exists() and not (resume or overwrite):
            raise ValueError(
                f"There is a run in {out} already: resume it, choose another folder, or have it overwritten."
            )
    return config, classes_in(out) if started else None


def read_data(
    config: TrainConfig, classes: int | None, load: Callable[[TrainConfig], Images]
) -> tuple[TrainConfig, Images, tuple[str, ...]]:
    """(the config for these data, the data, what is to be said of them); `classes`: those of a G that goes on."""
    images = load(config)
    before, config = config, for_small_data(config, len(images))
    notes = (note(len(images)),) if config != before else ()
    if config.start_from:
        images, said = fit_classes(config, images, classes)
        notes += said
    return config, images, notes


def begin_alike(trainer: Trainer) -> None:
    """Give all ranks the state of rank 0's trainer; ValueError if they have read different data."""
    if ranks.size() == 1:
        return
    seen = hashlib.sha256(trainer.pixels.cpu().contiguous().numpy())
    if trainer.labels is not None:
        seen.update(trainer.labels.cpu().contiguous().numpy())
    ranks.check_same(
        seen.hexdigest(),
        f"The processes of this run read different data as {trainer.config.data}: all machines need the same.",
    )
    tensors = ranks.told(lambda: {name: value.cpu() for name, value in state_of(trainer).items()})
    put_state(trainer, tensors)
