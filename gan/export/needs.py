"""What someone must have before a snippet or a command runs, in words. No PyTorch."""

from gan.data.point_clouds import CLOUDS
from gan.data.sources import HUB, hub_like
from gan.drawn.registry import DRAWN
from gan.models.registry import shipped
from gan.settings.config import TrainConfig

PACKAGE = "Once, inside a clone of GANscope, run “python -m pip install .”."


def folder_needed(name: str) -> str:
    """What to say of a model that is in a folder of this name."""
    return f"{name} is the model's folder: press “Model as zip”, and unpack that where you run this."


def data_needed(data: str) -> str:
    """What to say of pictures that are neither drawn nor on the Hub; else "". `data` names no local path."""
    if data in DRAWN or data in HUB or data in CLOUDS or hub_like(data):
        return ""
    return f"{data} stands for your pictures: put a folder or zip of that name where you run this."


def start_needed(config: TrainConfig) -> str:
    """What to say of the model that a run starts from, if it is neither shipped nor on the Hub; else ""."""
    name = config.start_from
    if not name or name in shipped() or hub_like(name):
        return ""
    return f"{name} is the folder of the model that it starts from: put it where you run this."


def training_needs(config: TrainConfig) -> tuple[str, str]:
    """What a training run needs besides the package; empty texts where that is everywhere."""
    return data_needed(config.data), start_needed(config)


def in_words(*needs: str) -> str:
    """All that is needed, the package first, as one paragraph."""
    return " ".join(filter(None, (PACKAGE, *needs)))


def as_comments(*needs: str) -> str:
    """The same as comment lines, for Python and shells."""
    # On one line each, whatever a name holds: nothing may leave its comment.
    return "".join(f"# {' '.join(need.split())}\n" for need in (PACKAGE, *needs) if need)
