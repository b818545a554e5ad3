"""The process that draws: it holds the loaded generators and turns latents into pixels.

One thread draws, so that requests take turns instead of fighting for the cores. Each picture of a
request beyond its first lets ten later requests overtake it, and a large one is drawn a few pictures
at a time: a moved slider never waits behind small previews or a walk of 240 frames, and neither is
forgotten. Requests for one picture each that wait for the same generator are drawn together, which
costs less. What may take seconds (loading, datasets) is done by other threads. It never
imports Gradio. The server's end of the pipe is `demo.backend.rpc.RpcClient`; a request's name is that of
the method here that answers it.
"""

import functools
import itertools
import sys
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from queue import PriorityQueue

import numpy as np
import torch
from torch import Tensor

from demo.workers.messages import GeneratorSource
from gan.data.load import load_images
from gan.data.sources import natural_shape
from gan.images.encode import webp
from gan.latent.direction_files import read_directions
from gan.latent.directions import SETS, pca_set, sefa_set
from gan.latent.lineage import grow
from gan.latent.named_directions import find_named, trained_on
from gan.latent.vectors import seed_latents, truncate, walk
from gan.models.flops import multiply_adds, parameter_count
from gan.models.generator import Generator
from gan.models.registry import shipped
from gan.models.render import ReproducibleRenderer
from gan.models.storage import find_generator, load_generator

MAX_LOADED = 8
AT_ONCE = 8  # pictures: about 12 ms of the larger shipped generator
OVERTAKEN = 10  # later requests, for each picture beyond the first
LOADERS = 4
FINDERS = 1  # directions take seconds of a core
THUMBNAILS = 64


def main(pipe: Connection) -> None:
    """Answer requests until the server goes away."""
    # One thread draws a small picture as fast as two, and leaves the other core to everyone else.
    torch.set_num_threads(1)
    # A loader that draws thumbnails in Python hands over soon to the thread that draws.
    sys.setswitchinterval(0.001)
    Renderer(pipe).serve()


@dataclass(frozen=True)
class LoadedGenerator:
    """A generator, and what the page says of it."""

    generator: Generator
    info: dict
    folder: Path

    @functools.cached_property
    def renderer(self) -> ReproducibleRenderer:
        """What draws its pictures."""
        return ReproducibleRenderer(self.generator)


@dataclass(order=True)
class Request:
    """Pictures to draw; the smallest `rank` is next."""

    rank: int
    number: int
    renderer: ReproducibleRenderer = field(compare=False)
    z: Tensor = field(compare=False)
    drawn: list[np.ndarray] = field(default_factory=list, compare=False)


class Renderer:
    """Answers the requests that come through a pipe, each from the thread that finished it."""

    def __init__(self, pipe: Connection):
        self.pipe = pipe
        self.answering = threading.Lock()
        self.loaded: OrderedDict[str, Future[LoadedGenerator]] = OrderedDict()
        self.loaders = ThreadPoolExecutor(LOADERS, thread_name_prefix="loader")
        self.found: OrderedDict[tuple[str, str], Future[list[dict]]] = OrderedDict()
        self.finders = ThreadPoolExecutor(FINDERS, thread_name_prefix="finder")
        self.wanted: PriorityQueue[Request] = PriorityQueue()
        self.order = itertools.count()
        self.methods = {
            each.__name__: each
            for each in (
                self.info,
                self.latents,
                self.grow,
                self.draw,
                self.walk,
                self.directions,
                self.thumbnails,
            )
        }

    def serve(self) -> None:
        """Take requests until the pipe is closed."""
        threading.Thread(target=self._draw_all, daemon=True).start()
        for name in shipped():
            self._load(GeneratorSource(name, name, name))
        while True:
            try:
                number, name, arguments = self.pipe.recv()
            except EOFError:
                return
            with self._answer_errors(number):
                self.methods[name](number, *arguments)

    def info(self, number: int, place: GeneratorSource) -> None:
        """What the page says of a generator."""
        self._when_loaded(number, place, lambda loaded: self._answer(number, "done", loaded.info))

    def latents(self, number: int, seeds: list, z_dim: int, truncation: float) -> None:
        """float32 (len(seeds), z_dim)."""
        self._answer(number, "done", truncate(seed_latents(seeds, z_dim), truncation).numpy())

    def grow(self, number: int, recipe: str, z_dim: int, count: int) -> None:
        """`gan.latent.lineage.grow`: the latents of people and litter, two float32 arrays."""
        family = grow(recipe, z_dim, count)
        self._answer(number, "done", (family.latents.numpy(), family.litter.numpy()))

    def draw(self, number: int, place: GeneratorSource, z: np.ndarray) -> None:
        """float32 latents (N, z_dim) -> uint8 pictures (N, size, size, channels)."""
        self._when_loaded(number, place, lambda loaded: self._want(number, loaded, torch.from_numpy(z)))

    def walk(self, number: int, place: GeneratorSource, keys: np.ndarray, *path: object) -> None:
        """The pictures of `gan.latent.vectors.walk(keys, *path)`."""
        z = walk(torch.from_numpy(keys), *path)
        self._when_loaded(number, place, lambda loaded: self._want(number, loaded, z))

    def directions(self, number: int, place: GeneratorSource, key: str) -> None:
        """The sets of directions that looking for `key` brings, which may take seconds."""

        def look(loaded: LoadedGenerator) -> None:
            begin = functools.partial(self.finders.submit, find_sets, loaded, key)
            once(self.found, (place.key, key), begin).add_done_callback(answer)

        def answer(finding: Future[list[dict]]) -> None:
            with self._answer_errors(number):
                self._answer(number, "done", finding.result())

        self._when_loaded(number, place, look)

    def thumbnails(self, number: int, source: str) -> None:
        """A WebP grid of a dataset's first pictures."""

        def work():
            with self._answer_errors(number):
                self._answer(number, "done", thumbnails(source))

        self.loaders.submit(work)

    def _answer(self, number: int, kind: str, value: object) -> None:
        with self.answering:
            self.pipe.send((number, kind, value))

    @contextmanager
    def _answer_errors(self, *numbers: int) -> Iterator[None]:
        """An exception inside is the answer to these requests, so that nobody waits in vain."""
        try:
            yield
        except Exception as error:
            refused = isinstance(error, ValueError)
            answer = ("refused", str(error)) if refused else ("failed", traceback.format_exc())
            for number in numbers:
                self._answer(number, *answer)

    def _when_loaded(
        self, number: int, place: GeneratorSource, then: Callable[[LoadedGenerator], None]
    ) -> None:
        def go_on(loading: Future[LoadedGenerator]) -> None:
            with self._answer_errors(number):
                then(loading.result())

        self._load(place).add_done_callback(go_on)

    def _load(self, place: GeneratorSource) -> Future[LoadedGenerator]:
        """The generator at a place; everyone who wants it meanwhile waits for the same loading."""
        return once(self.loaded, place.key, functools.partial(self.loaders.submit, load, place))

    def _want(self, number: int, loaded: LoadedGenerator, z: Tensor) -> None:
        z_dim = loaded.generator.z_dim
        if z.ndim != 2 or z.shape[1] != z_dim or not len(z):
            raise ValueError(f"{loaded.info['name']} needs latents of {z_dim} numbers each.")
        rank = next(self.order) + OVERTAKEN * (len(z) - 1)
        self.wanted.put(Request(rank, number, loaded.renderer, z))

    def _draw_all(self) -> None:
        while True:
            self._draw_some(self._next())

    def _next(self) -> list[Request]:
        """The request whose turn it is; if one picture is left of it, the next such ones as well."""
        first = self.wanted.get()
        chosen = [first]
        while len(first.z) == 1 and len(chosen) < AT_ONCE and not self.wanted.empty():
            request = self.wanted.get()
            if len(request.z) > 1 or request.renderer is not first.renderer:
                self.wanted.put(request)
                break
            chosen.append(request)
        return chosen

    def _draw_some(self, requests: list[Request]) -> None:
        """A few pictures of one request, or one picture of each."""
        with self._answer_errors(*(request.number for request in requests)):
            z = torch.cat([request.z[:AT_ONCE] for request in requests])
            drawn = requests[0].renderer(z)
            for request, pictures in zip(requests, np.split(drawn, len(requests)), strict=True):
                request.drawn.append(pictures)
                request.z = request.z[AT_ONCE:]
                if len(request.z):
                    self.wanted.put(request)
                else:
                    self._answer(request.number, "done", np.concatenate(request.drawn))


def once(known: OrderedDict, key: Hashable, begin: Callable[[], Future]) -> Future:
    """What is known or on its way under `key`, else begun now; of all, the last used are kept."""
    future = known.get(key)
    # What failed is tried again: a network may be back.
    if future is None or (future.done() and future.exception()):
        future = known[key] = begin()
    known.move_to_end(key)
    while len(known) > MAX_LOADED:
        known.popitem(last=False)
    return future


def load(place: GeneratorSource) -> LoadedGenerator:
    """The generator at a place, and its facts; ValueError says why not."""
    generator = load_generator(place.source, place.roots)
    folder = find_generator(place.source, place.roots)
    info = {
        "name": place.name,
        "size": generator.size,
        "channels": generator.channels,
        "z_dim": generator.z_dim,
        "parameters": parameter_count(generator),
        "multiply_adds": multiply_adds(generator),
        "sets": known_sets(generator, folder),
    }
    return LoadedGenerator(generator, info, folder)


def known_sets(generator: Generator, folder: Path) -> list[dict]:
    """The sets of directions that are at hand, and those that can be looked for, without directions."""
    try:
        stored = read_directions(folder, generator.z_dim)
    except ValueError:  # made for other weights, or damaged: as if there were none
        stored = ()
    sets = {each.key: asdict(each) for each in (*stored, sefa_set(generator))}
    for key in ("named", "pca"):
        title, hint = SETS[key]
        sets.setdefault(key, {"key": key, "title": title, "hint": hint, "directions": None})
    return [sets[key] for key in SETS if key in sets]


def find_sets(loaded: LoadedGenerator, key: str) -> list[dict]:
    """PCA, or what has names: found anew."""
    generator = loaded.generator
    found = [pca_set(generator)] if key == "pca" else find_named(generator, trained_on(loaded.folder))
    return [asdict(each) for each in found]


@functools.cache
def thumbnails(source: str) -> bytes:
    """A WebP grid of the first pictures of a dataset that is on this machine."""
    size, channels = natural_shape(source)
    images = load_images(source, size, channels, THUMBNAILS)
    return webp(images.pixels.permute(0, 2, 3, 1).numpy())
