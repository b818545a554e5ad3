"""What a generator learnt from, as far as the folder that it came in says. No PyTorch."""

from pathlib import Path

from gan import sources
from gan.config import TrainConfig
from gan.files import find_folder, read_json


def learnt_from(model: str) -> TrainConfig | None:
    """How a generator (a shipped name or a folder) was trained; None where nothing says so."""
    folder = sources.WEIGHTS / model if model in sources.shipped() else find_folder(model)
    try:
        return TrainConfig.from_dict(read_json(Path(folder) / "train.json")) if folder else None
    except (ValueError, TypeError):
        return None
