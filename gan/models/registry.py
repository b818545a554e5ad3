"""The shipped generators, and the names of the files in a generator's folder. Free of PyTorch."""

from pathlib import Path

from gan.common.files import find_folder, read_json
from gan.settings.config import TrainConfig

WEIGHTS_FILE = "model.safetensors"
DIRECTIONS_FILE, ENCODER_FILE = "directions.json", "encoder.safetensors"
CHECKPOINT_FILE, DISCRIMINATOR_FILE = "checkpoint.safetensors", "discriminator.safetensors"
STEPS_FOLDER = "steps"  # in a run's folder: what its generator was after STEP steps, in steps/STEP
# In a checkout weights/ is beside gan/; in an installed package it is inside (see pyproject.toml).
_PLACES = [Path(__file__).parents[up] / "weights" for up in (2, 1)]
WEIGHTS_FOLDER = next(filter(Path.is_dir, _PLACES), _PLACES[0])


def training_config_of(model: str) -> TrainConfig | None:
    """The config with which a generator (shipped name or folder) was trained; None without a train.json."""
    folder = WEIGHTS_FOLDER / model if model in shipped() else find_folder(model)
    try:
        return TrainConfig.from_file(read_json(Path(folder) / "train.json")) if folder else None
    except (ValueError, TypeError):
        return None


def kept_steps(folder: Path) -> list[int]:
    """The steps after which the generator of the run in `folder` was kept, in order; none for other generators."""
    found = (path.parent.name for path in (folder / STEPS_FOLDER).glob(f"*/{WEIGHTS_FILE}"))
    return sorted(int(name) for name in found if name.isdecimal())


def shipped() -> list[str]:
    return sorted(path.parent.name for path in WEIGHTS_FOLDER.glob("*/train.json"))
