"""What a run may start from: models by the names that the page has for them, and which of them fit."""

from pathlib import Path

from demo.backend.generators import RUN_PREFIX
from demo.backend.services import Services
from gan.common.files import read_json
from gan.drawn.registry import DRAWN
from gan.models.registry import WEIGHTS_FOLDER, shipped, training_config_of
from gan.settings.config import TrainConfig
from gan.settings.starting import with_settings


def open_start(
    services: Services, config: TrainConfig, owner: str, session: str | None
) -> tuple[TrainConfig, str]:
    """(`config` with the size and channels of the model that it starts from, where that lies; "" for nothing).

    ValueError for a model that does not fit, cannot be read, or is not this visitor's to open.
    """
    name = config.start_from
    if not name:
        return config, ""
    if name.startswith(RUN_PREFIX):
        run = services.runs.find(name.removeprefix(RUN_PREFIX).partition("@")[0])
        if run.private and run.owner != owner:
            raise ValueError(
                "This run has learned from somebody's own pictures: only its owner may start from it."
            )
    services.uploads.check(name, session or "")
    handle = services.generators.open(name)
    shape = {key: handle.info[key] for key in ("size", "channels")}
    return with_settings(config, shape, name), handle.source.location


def fitting(services: Services, session: str, size: int, channels: int) -> list[tuple[str, str]]:
    """(label, name) of the models in a session's menu that draw pictures of this size and so many channels."""
    return [each for each in services.models(session) if _shape(services, each[1]) == (size, channels)]


def suggested(models: list[tuple[str, str]]) -> str:
    """The shipped one of these models that a small set of pictures should start from; "" without one.

    Those that learned from photographs have seen more than those that learned from drawings.
    """
    here = sorted(name for _, name in models if name in shipped())
    return min(here, key=_learned_from_drawings, default="")


def _learned_from_drawings(name: str) -> bool:
    config = training_config_of(name)
    return config is None or config.data in DRAWN


def _shape(services: Services, name: str) -> tuple[int, int] | None:
    """Size and channels of a model on this machine; None for one of points, and one that cannot be read."""
    try:
        folder = (
            WEIGHTS_FOLDER / name if name in shipped() else services.generators.source_of(name).location
        )
        shape = read_json(Path(folder) / "config.json")
    except ValueError:
        return None
    return (shape.get("size"), shape.get("channels"))
