"""Generators by name; the rendering process (demo/workers/render.py) loads them and draws.

Nothing here belongs to one visitor: all share the loaded generators. Methods return futures:
`await asyncio.wrap_future(…)` in a route, `.result()` in a thread.
"""

import asyncio
import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from demo.backend.addresses import EARLIER_WEIGHTS
from demo.backend.work.rpc import RpcClient
from demo.workers.messages import GeneratorSource
from gan.common import checks
from gan.common.files import read_json
from gan.data.sources import UPLOAD_PREFIX, upload_folder
from gan.inside.limits import MAX_LETTERS
from gan.models.class_names import class_index
from gan.models.registry import STEPS_FOLDER, WEIGHTS_FILE, WEIGHTS_FOLDER, shipped

DEFAULT_MODEL = "faces"
FIND_MODEL = "digits"  # visitors can draw digits themselves
MAX_KNOWN = 8
RUN_PREFIX = "run:"


@dataclass(frozen=True)
class GeneratorHandle:
    """A generator that the renderer has loaded, and the facts that the page shows about it."""

    renderer: RpcClient
    source: GeneratorSource
    info: dict

    @property
    def where(self) -> dict:
        """Where its weights lie, as jobs take it: the arguments of gan.models.storage.load_generator."""
        return {"source": self.source.location, "roots": self.source.roots}

    def latents(
        self, seeds: Sequence[int], truncation: float = 1.0, class_name: str = ""
    ) -> Future[np.ndarray]:
        """The latents of seeds, of a class if one is named: float32 (len(seeds), z_dim)."""
        arguments = list(seeds), self.info["z_dim"], truncation
        return self.renderer.call(
            "latents", *arguments, self.info["classes"], self.class_of(class_name)
        )

    def class_of(self, class_name: object) -> int | None:
        """The index of a class by name or index, None for ""; ValueError if there is no such class."""
        if class_name == "":
            return None
        return class_index(class_name, self.info["classes"], self.info["class_names"])

    def grow(self, recipe: str, count: int) -> Future[tuple[np.ndarray, np.ndarray]]:
        """The latents of a recipe's pictures and of `count` children (gan.latent.lineage.grow)."""
        return self.renderer.call("grow", recipe, self.info["z_dim"], count, self.info["classes"])

    def draw(self, z: np.ndarray, draft: bool = False) -> Future[np.ndarray]:
        """float32 latents (N, z_dim) -> uint8 pictures (N, size, size, channels), or drafts of at most 64×64."""
        return self.renderer.call("draw", self.source, z, draft)

    def layers(self, z: np.ndarray) -> Future[list[np.ndarray]]:
        """What the layers compute for one latent (1, z_dim): uint8 squares, see gan.models.stage_pictures."""
        return self.renderer.call("layers", self.source, z)

    def edited(self, z: np.ndarray, edits: object) -> Future[np.ndarray]:
        """The picture of z (1, z_dim) with changes of units, as text (gan.inside.edit_text); ValueError for no text."""
        return self.inside("picture", z, edits_text(edits))

    def inside(self, question: str, *arguments: object) -> Future:
        """Ask about the inside of the generator: a question of demo.workers.inside, and what it takes."""
        return self.renderer.call("inside", self.source, question, *arguments)

    def mix(
        self, columns: np.ndarray, rows: np.ndarray, share: object, level: object
    ) -> Future[np.ndarray]:
        """All mixtures of latents (A, z_dim) and (B, z_dim), row by row (gan.inside.mixing.matrix)."""
        return self.inside("mix", columns, rows, share, level)

    def critic(self, drawn: np.ndarray, z: np.ndarray, seed: int) -> Future[dict]:
        """What the discriminator says of a picture of z, uint8 (1, size, size, channels), and of a real one."""
        return self.renderer.call("critic", self.source, "critic", drawn, z, seed)

    def critic_of_drawing(self, pixels: bytes) -> Future[dict]:
        """What the discriminator says of a picture that somebody drew: {own}; size · size · channels bytes."""
        return self.renderer.call("critic", self.source, "critic_of_drawing", pixels)

    def find_parts(self) -> Future[dict]:
        """Which parts its units draw, which may take half a minute."""
        return self.renderer.call("parts", self.source)

    def directions(self, key: str) -> Future[list[dict]]:
        """Compute the sets of directions "pca" (a second) or "named" (several seconds)."""
        return self.renderer.call("directions", self.source, key)

    def walk(
        self, keys: np.ndarray, frames: int, mode: str, closed: bool = False
    ) -> Future[np.ndarray]:
        """float32 keys (K, z_dim) -> uint8 (frames, size, size, channels) along the path through them."""
        return self.renderer.call("walk", self.source, keys, frames, mode, closed)

    def class_changes(
        self, keys: np.ndarray, frames: int, mode: str, closed: bool = False
    ) -> Future[list[tuple[int, int]]]:
        """Of that path, the first frame and each where the class changes, with the class from there on."""
        return self.renderer.call("class_changes", self.info["classes"], keys, frames, mode, closed)


class GeneratorStore:
    """Finds generators by shipped name, `run:ID`, `run:ID@STEP` (what it was then), `own:ID`, folder or Hub id."""

    def __init__(
        self, runs_folder: Path, roots: tuple[Path, ...] = (), renderer: RpcClient | None = None
    ):
        self.runs_folder = runs_folder
        self.roots = [WEIGHTS_FOLDER, runs_folder, *roots]
        self.renderer = renderer or RpcClient()
        self.known: OrderedDict[str, GeneratorHandle] = OrderedDict()
        self.lock = threading.Lock()

    def open(self, name: object) -> GeneratorHandle:
        """The generator called `name`, loaded if it is not yet; ValueError says why it cannot be."""
        source = self.source_of(name)
        return self._cached(source) or self._cache(source, self.renderer.call("info", source).result())

    async def open_async(self, name: object) -> GeneratorHandle:
        """`open` without blocking the event loop."""
        source = self.source_of(name)
        if loaded := self._cached(source):
            return loaded
        return self._cache(source, await asyncio.wrap_future(self.renderer.call("info", source)))

    def thumbnails(self, source: str) -> Future[bytes]:
        """A WebP grid of a local dataset's first pictures."""
        return self.renderer.call("thumbnails", source)

    def _cached(self, source: GeneratorSource) -> GeneratorHandle | None:
        with self.lock:
            loaded = self.known.get(source.key)
            if loaded:
                self.known.move_to_end(source.key)
            return loaded

    def _cache(self, source: GeneratorSource, info: dict) -> GeneratorHandle:
        with self.lock:
            self.known[source.key] = loaded = GeneratorHandle(self.renderer, source, info)
            while len(self.known) > MAX_KNOWN:
                self.known.popitem(last=False)
        return loaded

    def source_of(self, name: object) -> GeneratorSource:
        """Where the generator called `name` is stored; ValueError for a name that is none."""
        name = checks.text("model", name, max_length=500)
        if name.startswith(UPLOAD_PREFIX):
            return GeneratorSource(name, str(upload_folder(name) / "weights"), name)
        if not name.startswith(RUN_PREFIX):
            return GeneratorSource(name, name, name, self.roots)
        run, at, step = name[len(RUN_PREFIX) :].partition("@")
        # Only letters and digits, so that no path leads out of the runs' folder, and no more than a name may have.
        fits = re.fullmatch("[0-9A-Za-z]{1,64}", run) and re.fullmatch("@[0-9]{1,8}|", at + step)
        folder = self.runs_folder / run / (f"{STEPS_FOLDER}/{step}" if at else "")
        weights = folder / WEIGHTS_FILE
        if not fits or not weights.is_file():
            raise ValueError("There are no weights of this run (any more): train one first.")
        return GeneratorSource(
            name, str(weights.parent), f"{name} {weights.stat().st_mtime_ns}", self.roots
        )


def edits_text(edits: object) -> str:
    """`edits` as text of a length that is read; ValueError for anything else."""
    if not isinstance(edits, str) or len(edits) > MAX_LETTERS:
        raise ValueError(f"edits must be a text of at most {MAX_LETTERS:,} letters.")
    return edits


def find_set(info: dict, key: str) -> dict:
    """The set of directions `key` in the facts about a generator."""
    return next(each for each in info["sets"] if each["key"] == key)


def list_shipped() -> list[tuple[str, str]]:
    """(label in the model menu, name) of each shipped generator, last those that only old links lead to."""
    configs = {name: read_json(WEIGHTS_FOLDER / name / "train.json") for name in shipped()}
    earlier = {now for _, _, now in EARLIER_WEIGHTS}
    return [
        (f"{name} — {'earlier, ' if name in earlier else ''}trained on {configs[name]['data']}", name)
        for name in sorted(configs, key=lambda name: (name in earlier, name))
    ]
