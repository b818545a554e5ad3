"""The shipped generators, and the names of the files in a generator's folder. Free of PyTorch."""

from pathlib import Path

from gan.common.files import find_folder, read_json
from gan.settings.config import TrainConfig

# Optional files beside a generator's weights.
DIRECTIONS, ENCODER = "directions.json", "encoder.safetensors"
CHECKPOINT = "checkpoint.safetensors"
# In a checkout weights/ is beside gan/; in an installed package it is inside (see pyproject.toml).
WEIGHTS = next(path for up in (2, 1) if (path := Path(__file__).parents[up] / "weights").is_dir())


def training_config_of(model: str) -> TrainConfig | None:
    """The config with which a generator (shipped name or folder) was trained; None without a train.json."""
    folder = WEIGHTS / model if model in shipped() else find_folder(model)
    try:
        return TrainConfig.from_dict(read_json(Path(folder) / "train.json")) if folder else None
    except (ValueError, TypeError):
        return None


def shipped() -> list[str]:
    """Names of the generators in weights/."""
    return sorted(path.parent.name for path in WEIGHTS.glob("*/train.json"))
