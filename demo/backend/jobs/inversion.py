"""Starts the search for the latent of a picture (demo/workers/tasks/invert.py)."""

import base64
from pathlib import Path

import numpy as np

from demo.backend.generators import GeneratorHandle
from demo.backend.jobs.jobs import Job
from demo.backend.services import Services
from gan.common import checks
from gan.images.inversion_target import EDGE_MODES, LIGHTS
from gan.settings.config import MAX_SEED

MAX_BYTES = 20_000_000
# Limits for visitors; gan.latent.inversion allows more.
MAX_STEPS, MAX_STARTS = 2000, 32


def read_picture(path: object) -> bytes:
    """The bytes of an uploaded file; ValueError if there is none, or if it is too large."""
    if not path:
        raise ValueError("There is no picture yet: upload a file.")
    if Path(path).stat().st_size > MAX_BYTES:
        raise ValueError(f"This is larger than {MAX_BYTES // 1_000_000} MB.")
    return Path(path).read_bytes()


def found_pixels(result: dict) -> np.ndarray:
    """The picture in the result of a search: uint8 (size, size, channels)."""
    raw = np.frombuffer(base64.b64decode(result["picture"]), np.uint8)
    return raw.reshape(result["size"], result["size"], result["channels"])


def start_inversion(
    services: Services,
    loaded: GeneratorHandle,
    content: bytes,
    edges: object,
    light: object,
    steps: object,
    starts: object,
    seed: object,
) -> Job:
    """Start a search (demo.workers.tasks.invert.search); ValueError for invalid settings."""
    if not content:
        raise ValueError("There is no picture yet: draw or choose one.")
    arguments = {
        "content": content,
        **loaded.where,
        "edges": checks.choice("edges", edges, EDGE_MODES),
        "light": checks.choice("light", light, LIGHTS),
        "steps": checks.integer("steps", steps, 1, MAX_STEPS),
        "starts": checks.integer("starts", starts, 1, MAX_STARTS),
        "seed": checks.integer("seed", seed, 0, MAX_SEED),
    }
    return services.jobs.start("demo.workers.tasks.invert.search", arguments)
