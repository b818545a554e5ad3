"""Starts the jobs of Inside: a generator's map, and what its discriminator says of a visitor's picture."""

from collections.abc import Sequence
from pathlib import Path

from demo.backend.generators import GeneratorHandle
from demo.backend.jobs.jobs import Job
from demo.backend.services import Services
from gan.data.sources import UPLOAD_PREFIX, find_place
from gan.drawn.registry import DRAWN
from gan.models.registry import training_config_of


def start_map(services: Services, loaded: GeneratorHandle) -> Job:
    """The job that draws the map of a generator: one for all who ask for it. ValueError when too many jobs wait."""
    training = training_config_of(loaded.source.location)
    data = training.data if training else ""
    arguments = {
        **loaded.where,
        "data": data,
        "with_reals": is_at_hand(data, services.roots),
        "how": {"fit": training.fit, "background": training.background} if training else {},
    }
    return services.jobs.share(f"map {loaded.source.key}", "demo.workers.tasks.map.draw", arguments)


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


def start_critic(services: Services, loaded: GeneratorHandle, content: bytes) -> Job:
    """The job in which a generator's discriminator judges an encoded picture; ValueError where there is none."""
    if not content:
        raise ValueError("There is no picture yet: choose one.")
    return services.jobs.start("demo.workers.tasks.critic.judge", {"content": content, **loaded.where})
