"""The generators that the page shows: loaded once, drawn by one thread, found by name.

Every picture of the page comes from `Studio.draw`: latents in, pixels out. It keeps no state of any
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


class Studio:
    """Loads generators by shipped name, `run:ID`, folder under `roots` or Hub id, and draws."""

    def __init__(self, runs_folder: Path, roots: tuple[Path, ...] = ()):
        self.runs_folder = runs_folder
        self.roots = [WEIGHTS, runs_folder, *roots]
        self.loaded: OrderedDict[str, Loaded] = OrderedDict()
        self.lock = threading.Lock()

    def open(self, name: object) -> Loaded:
        """The generator called `name`; ValueError that says why not."""
        name = checks.text("model", name, longest=500)
        if name.startswith(RUN_PREFIX):
            return self._open_run(name)
        with self.lock:
            if name not in self.loaded:
                self.loaded[name] = self._load(name, name)
            self.loaded.move_to_end(name)
            while len(self.loaded) > MAX_LOADED:
                self.loaded.popitem(last=False)
            return self.loaded[name]

    def _open_run(self, name: str) -> Loaded:
        key = name[len(RUN_PREFIX) :]
        # Only a plain folder name may follow, so that no path leads out of the runs' folder.
        if not key.isalnum() or not (self.runs_folder / key / "train.json").is_file():
            raise ValueError("This run has left no weights: train one first.")
        # Not kept: a run that is continued replaces its weights under the same name.
        return self._load(str(self.runs_folder / key), name)

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

    @torch.inference_mode()
    def draw(self, name: object, z: np.ndarray) -> np.ndarray:
        """float32 latents (N, z_dim) -> uint8 pictures (N, size, size, channels)."""
        loaded = self.open(name)
        if z.ndim != 2 or z.shape[1] != loaded.generator.z_dim or not len(z):
            raise ValueError(f"{name} needs latents of {loaded.generator.z_dim} numbers each.")
        if not np.isfinite(z).all():
            raise ValueError("Latents must be finite numbers.")
        batches = torch.from_numpy(np.ascontiguousarray(z, dtype=np.float32)).split(BATCH)
        return np.concatenate([to_uint8(loaded.generator(batch)) for batch in batches])


def menu() -> list[tuple[str, str]]:
    """(what the menu says, name) of each shipped generator."""
    titles = {name: read_json(WEIGHTS / name / "train.json") for name in shipped()}
    return [(f"{name} — trained on {config['data']}", name) for name, config in titles.items()]
