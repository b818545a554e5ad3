"""Starts the drawing of a generator's map (demo/workers/tasks/map.py)."""

from collections.abc import Sequence
from pathlib import Path

from demo.backend.generators import GeneratorHandle
from demo.backend.jobs import Job
from demo.backend.services import Services
from gan.data.sources import UPLOAD_PREFIX, find_place
from gan.drawn.registry import DRAWN
from gan.models.registry import training_config_of


def start_map(services: Services, loaded: GeneratorHandle) -> Job:
    """The job that draws the map of a generator: one for all who ask for it. ValueError when too many jobs wait."""
    source, training = loaded.source, training_config_of(loaded.source.location)
    data = training.data if training else ""
    arguments = {
        "source": source.location,
        "roots": source.roots,
        "data": data,
        "with_reals": is_at_hand(data, services.roots),
    }
    return services.jobs.share(f"map {source.key}", "demo.workers.tasks.map.draw", arguments)


def is_at_hand(data: str, roots: Sequence[Path]) -> bool:
    """Whether its pictures may lie on a map: drawn ones, and what is on this machine for everybody.

    Uploads are for their owner's eyes alone, and nothing is downloaded for a map.
    """
    if data in DRAWN:
        return True
    if not data or data.startswith(UPLOAD_PREFIX):
        return False
    try:
        return Path(find_place(data, roots)).exists()
    except ValueError:
        return False
