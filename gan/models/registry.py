"""Where generators lie (the shipped ones, and the files beside their weights) and what they learnt from.

Free of PyTorch.
"""

from pathlib import Path

from gan.common.files import find_folder, read_json
from gan.settings.config import TrainConfig

# Beside a generator's weights, where somebody wrote them, or a run left it.
DIRECTIONS, ENCODER = "directions.json", "encoder.safetensors"
CHECKPOINT = "checkpoint.safetensors"
# At the top of a checkout; within the package where it is installed (pyproject.toml).
WEIGHTS = next(path for up in (2, 1) if (path := Path(__file__).parents[up] / "weights").is_dir())


def training_config_of(model: str) -> TrainConfig | None:
    """How a generator (a shipped name or a folder) was trained; None where nothing says so."""
    folder = WEIGHTS / model if model in shipped() else find_folder(model)
    try:
        return TrainConfig.from_dict(read_json(Path(folder) / "train.json")) if folder else None
    except (ValueError, TypeError):
        return None


def shipped() -> list[str]:
    """Names of the generators in weights/."""
    return sorted(path.parent.name for path in WEIGHTS.glob("*/train.json"))
