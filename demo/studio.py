"""The generators that the page shows: loaded once, drawn by one thread, found by name.

Every picture of the page comes from `Loaded.draw`: latents in, pixels out. It keeps no state of any
visitor, so thirty of them share one generator.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from gan import checks
from gan.checkpoints import WEIGHTS, load_generator, shipped
from gan.data import to_uint8
from gan.files import read_json
from gan.latent import sefa
from gan.models import Generator, multiply_adds, parameter_count

DIRECTIONS = 8
MAX_LOADED = 8
BATCH = 64
RUN_PREFIX = "run:"


@dataclass(frozen=True)
class Loaded:
    """A generator, and what the page says of it."""

    generator: Generator
    info: dict

    @torch.inference_mode()
    def draw(self, z: np.ndarray) -> np.ndarray:
        """float32 latents (N, z_dim) -> uint8 pictures (N, size, size, channels)."""
        z_dim = self.generator.z_dim
        if z.ndim != 2 or z.shape[1] != z_dim or not len(z):
            raise ValueError(f"{self.info['name']} needs latents of {z_dim} numbers each.")
        if not np.isfinite(z).all():
            raise ValueError("Latents must be finite numbers.")
        batches = torch.from_numpy(np.ascontiguousarray(z, dtype=np.float32)).split(BATCH)
        return np.concatenate([to_uint8(self.generator(batch)) for batch in batches])


class Studio:
    """Loads generators by shipped name, `run:ID`, folder under `roots` or Hub id."""

    def __init__(self, runs_folder: Path, roots: tuple[Path, ...] = ()):
        self.runs_folder = runs_folder
        self.roots = [WEIGHTS, runs_folder, *roots]
        self.loaded: OrderedDict[str, Loaded] = OrderedDict()
        self.lock = threading.Lock()

    def ready(self, name: object) -> Loaded | None:
        """The generator called `name` if it is loaded already; ValueError for no name at all."""
        _, key = self._place(name)
        with self.lock:
            return self.loaded.get(key)

    def open(self, name: object) -> Loaded:
        """The generator called `name`, loaded if need be; ValueError that says why not."""
        source, key = self._place(name)
        # Outside of the lock: a slow download must not hold up everyone else's pictures.
        loaded = self.ready(name) or self._load(source, name)
        with self.lock:
            self.loaded[key] = loaded
            self.loaded.move_to_end(key)
            while len(self.loaded) > MAX_LOADED:
                self.loaded.popitem(last=False)
        return loaded

    def _place(self, name: object) -> tuple[str, str]:
        """What to load for a name, and a key that changes when a continued run's weights do."""
        name = checks.text("model", name, longest=500)
        if not name.startswith(RUN_PREFIX):
            return name, name
        run = name[len(RUN_PREFIX) :]
        weights = self.runs_folder / run / "model.safetensors"
        # Only a plain folder name may follow, so that no path leads out of the runs' folder.
        if not run.isalnum() or not weights.is_file():
            raise ValueError("This run has left no weights: train one first.")
        return str(weights.parent), f"{name} {weights.stat().st_mtime_ns}"

    def _load(self, source: str, name: str) -> Loaded:
        generator = load_generator(source, self.roots)
        rows = sefa(generator, min(DIRECTIONS, generator.z_dim))
        info = {
            "name": name,
            "size": generator.size,
            "channels": generator.channels,
            "z_dim": generator.z_dim,
            "parameters": parameter_count(generator),
            "multiply_adds": multiply_adds(generator),
            "directions": [[round(x, 5) for x in row] for row in rows.tolist()],
        }
        return Loaded(generator, info)


def menu() -> list[tuple[str, str]]:
    """(what the menu says, name) of each shipped generator."""
    titles = {name: read_json(WEIGHTS / name / "train.json") for name in shipped()}
    return [(f"{name} — trained on {config['data']}", name) for name, config in titles.items()]
