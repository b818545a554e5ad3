"""A discriminator beside its generator: what a run needs to start from both.

A run keeps its D in its checkpoint, a model that is given away in discriminator.safetensors. That file names the
weights that it belongs to and the settings that shape it; beside other weights it is passed over.
"""

import json
from pathlib import Path
from typing import NamedTuple

from torch import Tensor

from gan.common.files import digest, read_tensors
from gan.models.generator import Generator
from gan.models.registry import CHECKPOINT_FILE, DISCRIMINATOR_FILE, WEIGHTS_FILE
from gan.settings.config import TrainConfig, method_of
from gan.settings.declare import IMAGES
from gan.settings.hyperparameters import CHOICES, check

PREFIX = "d."  # of D's tensors in a checkpoint
EMBEDDING = "embedding."  # of the tensors by which D knows the classes
RENAMED = {"family": "model", "norm": "g_norm"}
# Argument of a generator -> the setting that decides it. Its classes are those of the data.
G_SETTINGS = {name: RENAMED.get(name, name) for name in Generator.SHAPE if not name.startswith("class")}
# The settings that shape D alone.
D_SETTINGS = tuple(
    name
    for name, choice in CHOICES.items()
    if choice.shapes_networks
    and IMAGES in choice.applies
    and name not in (*G_SETTINGS.values(), "labels")
)


class KeptDiscriminator(NamedTuple):
    """The tensors of a D, and the settings that shape it."""

    tensors: dict[str, Tensor]
    settings: dict[str, object]


def read_discriminator(folder: str | Path) -> KeptDiscriminator | None:
    """The D in a generator's folder; None where there is none, or it belongs to other weights.

    ValueError if its file is damaged.
    """
    folder = Path(folder)
    if (folder / CHECKPOINT_FILE).is_file():
        tensors, notes = read_tensors(folder / CHECKPOINT_FILE, PREFIX)
        return KeptDiscriminator(tensors, _settings_of(_config_in(notes, CHECKPOINT_FILE)))
    path = folder / DISCRIMINATOR_FILE
    if not path.is_file():
        return None
    tensors, notes = read_tensors(path)
    if notes.get("weights") != digest(folder / WEIGHTS_FILE):
        return None
    return KeptDiscriminator(tensors, _checked(notes))


def discriminator_file(folder: str | Path) -> bytes:
    """The D of the generator in `folder` as the content of discriminator.safetensors; ValueError without one."""
    from safetensors.torch import save

    kept = read_discriminator(folder)
    if kept is None:
        raise ValueError(
            f"There is no discriminator in {folder}: only the folder of a run, with its {CHECKPOINT_FILE}, has one."
        )
    notes = {
        "weights": digest(Path(folder) / WEIGHTS_FILE),
        "settings": json.dumps(kept.settings, sort_keys=True),
    }
    return save(kept.tensors, notes)


def _config_in(notes: dict, name: str) -> TrainConfig:
    try:
        return TrainConfig.from_file(json.loads(notes["config"]))
    except (KeyError, ValueError, TypeError) as error:
        raise ValueError(f"{name} is not a checkpoint of a run.") from error


def _settings_of(config: TrainConfig) -> dict[str, object]:
    method = method_of(config)
    values = {name: getattr(method, name) for name in D_SETTINGS}
    return values | {"d_width": method.d_width or method.width}


def _checked(notes: dict) -> dict[str, object]:
    try:
        values = json.loads(notes["settings"])
        if not values.keys() <= set(D_SETTINGS):
            raise ValueError("settings that shape no discriminator")
        return {name: check(name, value) for name, value in values.items()}
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"{DISCRIMINATOR_FILE} does not say how its network is shaped.") from error
