"""The rendering process: holds the loaded generators and turns latents into pixels. Never imports Gradio.

One thread draws, so that requests take turns instead of competing for the cores (`DrawingQueue`).
What may take seconds (loading, datasets) runs in other threads. The server's end of the pipe is
`demo.backend.work.rpc.RpcClient`; the name of a request is that of the `Renderer` method that answers it.
"""

import functools
import sys
import threading
import traceback
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

import numpy as np
import torch
from torch import Tensor

from demo.workers.drawing_queue import DrawingQueue, Request, batch_for
from demo.workers.inside import (
    CRITIC_QUESTIONS,
    QUESTIONS,
    TURNS,
    advance,
    find_scores,
    use_scores,
)
from demo.workers.loaded import LoadedGenerator, find_direction_sets, load_source, thumbnails
from demo.workers.messages import GeneratorSource
from gan.latent.classes import class_changes
from gan.latent.lineage import grow
from gan.latent.vectors import seed_latents, truncate_in_class, walk
from gan.models.registry import shipped
from gan.models.stage_pictures import stage_pictures

MAX_LOADED = 8  # generators, and sets of directions or parts: least recently used are dropped
LOADER_THREADS = 4
DIRECTION_THREADS = 1  # finding directions takes seconds of one core


def main(pipe: Connection) -> None:
    """Answer requests until the pipe is closed."""
    # A small picture takes one thread as long as two, and the other cores stay free.
    torch.set_num_threads(1)
    # So that loader threads running Python release the GIL to the drawing thread sooner.
    sys.setswitchinterval(0.001)
    Renderer(pipe).serve()


class Renderer:
    """Answers the requests that come through a pipe; the thread that finishes one sends its answer."""

    def __init__(self, pipe: Connection):
        self.pipe = pipe
        self.send_lock = threading.Lock()
        self.loaded: OrderedDict[str, Future[LoadedGenerator]] = OrderedDict()
        self.loader_threads = ThreadPoolExecutor(LOADER_THREADS, thread_name_prefix="loader")
        self.found: OrderedDict[tuple[str, str], Future[list]] = OrderedDict()
        self.direction_threads = ThreadPoolExecutor(DIRECTION_THREADS, thread_name_prefix="finder")
        self.inside_thread = ThreadPoolExecutor(1, thread_name_prefix="inside")
        self.critic_thread = ThreadPoolExecutor(1, thread_name_prefix="critic")
        self.drawing_queue = DrawingQueue()
        self.methods = {
            each.__name__: each
            for each in (
                self.info,
                self.latents,
                self.grow,
                self.draw,
                self.walk,
                self.class_changes,
                self.directions,
                self.layers,
                self.inside,
                self.parts,
                self.critic,
                self.thumbnails,
            )
        }

    def serve(self) -> None:
        """Receive requests until the pipe is closed. The shipped generators are loaded at once."""
        threading.Thread(target=self._draw_forever, daemon=True).start()
        for name in shipped():
            self._load(GeneratorSource(name, name, name))
        while True:
            try:
                number, name, arguments = self.pipe.recv()
            except (EOFError, ConnectionError):
                return
            with self._answer_errors(number):
                self.methods[name](number, *arguments)

    def info(self, number: int, source: GeneratorSource) -> None:
        """Answer with the facts about a generator, a dict (`load_source`)."""
        self._when_loaded(number, source, lambda loaded: self._answer(number, "done", loaded.info))

    def latents(
        self, number: int, seeds: list, z_dim: int, truncation: float, classes: int, chosen: int | None
    ) -> None:
        """Answer with the latents of seeds, of class `chosen` unless it is None: float32 (len(seeds), z_dim)."""
        z = truncate_in_class(seed_latents(seeds, z_dim), truncation, classes, chosen)
        self._answer(number, "done", z.numpy())

    def grow(self, number: int, recipe: str, z_dim: int, count: int, classes: int) -> None:
        """Answer with `gan.latent.lineage.grow`: latents of ancestors and children, two float32 arrays."""
        lineage = grow(recipe, z_dim, count, classes)
        self._answer(number, "done", (lineage.latents.numpy(), lineage.litter.numpy()))

    def draw(self, number: int, source: GeneratorSource, z: np.ndarray, draft: bool = False) -> None:
        """Answer with pictures of latents: float32 (N, z_dim) -> uint8 (N, size, size, channels), or of drafts."""
        self._when_loaded(
            number,
            source,
            lambda loaded: self._queue_drawing(number, loaded, torch.from_numpy(z), draft),
        )

    def walk(self, number: int, source: GeneratorSource, keys: np.ndarray, *path: object) -> None:
        """Answer with the pictures of `gan.latent.vectors.walk(keys, *path)`."""
        z = walk(torch.from_numpy(keys), *path)
        self._when_loaded(number, source, lambda loaded: self._queue_drawing(number, loaded, z))

    def class_changes(self, number: int, classes: int, keys: np.ndarray, *path: object) -> None:
        """Answer with `gan.latent.classes.class_changes` of that walk."""
        self._answer(number, "done", class_changes(walk(torch.from_numpy(keys), *path), classes))

    def directions(self, number: int, source: GeneratorSource, key: str) -> None:
        """Answer with the sets of directions that `find_direction_sets` finds, which may take seconds."""
        self._answer_found(number, source, key, lambda loaded: find_direction_sets(loaded, key))

    def layers(self, number: int, source: GeneratorSource, z: np.ndarray) -> None:
        """Answer with `stage_pictures` of one latent, NumPy arrays."""

        def draw(loaded: LoadedGenerator) -> None:
            squares = stage_pictures(loaded.generator, torch.from_numpy(z))
            self._answer(number, "done", [square.numpy() for square in squares])

        self._when_loaded(number, source, draw)

    def inside(self, number: int, source: GeneratorSource, question: str, *arguments: object) -> None:
        """Answer a question about the inside of a generator (`demo.workers.inside`), in turns if it pulls points."""
        ask = QUESTIONS[question]

        # Turns are limited: where many pull, one's drag may have to begin again when it is there (`Look.drags`).
        def answer(loaded: LoadedGenerator, turns: int) -> None:
            with self._answer_errors(number):
                if turns and not advance(loaded, question, *arguments):
                    self.inside_thread.submit(answer, loaded, turns - 1)
                else:
                    self._answer(number, "done", ask(loaded, *arguments))

        self._when_loaded(
            number, source, lambda loaded: self.inside_thread.submit(answer, loaded, TURNS)
        )

    def critic(self, number: int, source: GeneratorSource, question: str, *arguments: object) -> None:
        """Answer with what the generator's discriminator says of a picture (`demo.workers.inside`)."""
        ask = CRITIC_QUESTIONS[question]
        self._answer_from(self.critic_thread, number, source, lambda loaded: ask(loaded, *arguments))

    def parts(self, number: int, source: GeneratorSource) -> None:
        """Answer with the parts that units draw, which takes up to half a minute to find."""
        self._answer_found(number, source, "parts", find_scores, use_scores)

    def thumbnails(self, number: int, source: str) -> None:
        """A WebP grid of a dataset's first pictures."""

        def work():
            with self._answer_errors(number):
                self._answer(number, "done", thumbnails(source))

        self.loader_threads.submit(work)

    def _answer_from(
        self, thread: ThreadPoolExecutor, number: int, source: GeneratorSource, work: Callable
    ) -> None:
        """Answer with work(loaded), done in a thread."""

        def answer(loaded: LoadedGenerator) -> None:
            with self._answer_errors(number):
                self._answer(number, "done", work(loaded))

        self._when_loaded(number, source, lambda loaded: thread.submit(answer, loaded))

    def _answer_found(
        self,
        number: int,
        source: GeneratorSource,
        key: str,
        find: Callable,
        use: Callable = lambda _loaded, found: found,
    ) -> None:
        """Answer with use(loaded, found) of what find(loaded) finds; requests for one key share what was found."""

        def begin(loaded: LoadedGenerator) -> None:
            start = functools.partial(self.direction_threads.submit, find, loaded)
            finding = submit_once(self.found, (source.key, key), start)
            finding.add_done_callback(functools.partial(answer, loaded))

        def answer(loaded: LoadedGenerator, finding: Future[list]) -> None:
            with self._answer_errors(number):
                self._answer(number, "done", use(loaded, finding.result()))

        self._when_loaded(number, source, begin)

    def _answer(self, number: int, kind: str, value: object) -> None:
        # Without a server nobody is answered, and `serve` ends.
        with self.send_lock, suppress(ConnectionError):
            self.pipe.send((number, kind, value))

    @contextmanager
    def _answer_errors(self, *numbers: int) -> Iterator[None]:
        """Send an exception raised inside as the answer to these requests, so that none is left without."""
        try:
            yield
        except Exception as error:
            refused = isinstance(error, ValueError)
            answer = ("refused", str(error)) if refused else ("failed", traceback.format_exc())
            for number in numbers:
                self._answer(number, *answer)

    def _when_loaded(
        self, number: int, source: GeneratorSource, then: Callable[[LoadedGenerator], None]
    ) -> None:
        def continue_with(loading: Future[LoadedGenerator]) -> None:
            with self._answer_errors(number):
                then(loading.result())

        self._load(source).add_done_callback(continue_with)

    def _load(self, source: GeneratorSource) -> Future[LoadedGenerator]:
        """The loaded generator; concurrent requests for one source share one future."""
        return submit_once(
            self.loaded, source.key, functools.partial(self.loader_threads.submit, load_source, source)
        )

    def _queue_drawing(
        self, number: int, loaded: LoadedGenerator, z: Tensor, draft: bool = False
    ) -> None:
        z_dim = loaded.generator.z_dim
        if z.ndim != 2 or z.shape[1] != z_dim or not len(z):
            raise ValueError(f"{loaded.info['name']} needs latents of {z_dim} numbers each.")
        renderer = loaded.draft if draft else loaded.renderer
        batch = batch_for(renderer.side, loaded.info.get("multiply_adds", 0))
        self.drawing_queue.put(Request(number, renderer, z, batch))

    def _draw_forever(self) -> None:
        while True:
            self._draw_batch(self.drawing_queue.next_batch())

    def _draw_batch(self, requests: list[Request]) -> None:
        """Draw a batch of one request, or one picture of each of several."""
        with self._answer_errors(*(request.number for request in requests)):
            z = torch.cat([request.z[: request.batch] for request in requests])
            drawn = requests[0].renderer(z)
            for request, pictures in zip(requests, np.split(drawn, len(requests)), strict=True):
                request.drawn.append(pictures)
                request.z = request.z[request.batch :]
                if len(request.z):
                    self.drawing_queue.put_back(request)
                else:
                    self._answer(request.number, "done", np.concatenate(request.drawn))


def submit_once(cache: OrderedDict, key: Hashable, start: Callable[[], Future]) -> Future:
    """The future cached under `key`, or that of `start()`. A least-recently-used cache of `MAX_LOADED`."""
    future = cache.get(key)
    # Failures are tried again: the network may be back.
    if future is None or (future.done() and future.exception()):
        future = cache[key] = start()
    cache.move_to_end(key)
    while len(cache) > MAX_LOADED:
        cache.popitem(last=False)
    return future
