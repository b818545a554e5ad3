"""The training process: takes one run after another from a pipe and sends back its progress.

It is reused, so that a run starts without the seconds that importing PyTorch takes.
Never imports Gradio. Messages to the server are (kind, value):

    real      bytes          a grid of previews of real pictures, WebP
    settings  dict           settings that the data, or the start of the run, decided
    snapshot  (dict, bytes)  the scalars of a Snapshot, and previews of its samples as a WebP grid
    done      None           the run has ended, or was stopped
    failed    str            the run has failed; one sentence for the user

Messages from the server are a run, (settings, folder, resume), or "pause", "go on", "stop".
"""

import dataclasses
import functools
import multiprocessing
import threading
from collections.abc import Iterator
from multiprocessing.connection import Connection

import torch

from gan.data.image_tensors import Images
from gan.data.load import load_images
from gan.data.sources import UPLOAD_PREFIX
from gan.images.encode import previews, webp
from gan.settings.config import TrainConfig
from gan.settings.starting import short_name
from gan.training import device, loop, resolve
from gan.training.dataset import load_data
from gan.training.small_data import for_small_data
from gan.training.trainer import Trainer

MAX_REAL = 64
KEEP_AT = (
    64,
    256,
    1024,
    4096,
    16_384,
)  # steps after which the generator stays, for maps of how its space unfolds


def main(pipe: Connection) -> None:
    """Train one run after another until the pipe is closed."""
    _warm_up()
    while True:
        try:
            message = pipe.recv()
        except (EOFError, ConnectionError):
            return
        # "pause" or "stop" that came after the end of its run is ignored.
        if isinstance(message, tuple):
            pipe.send(_train(pipe, *message))


def streamed(settings: dict, folder: str, resume: bool) -> Iterator[tuple[str, object]]:
    """The messages of one run, where a generator is wanted (demo/backend/runs/turbo.py); closing it stops the run."""
    ours, theirs = multiprocessing.Pipe()

    def work() -> None:
        with theirs:
            theirs.send(_train(theirs, settings, folder, resume))

    worker = threading.Thread(target=work)
    worker.start()
    try:
        kind = ""
        while kind not in ("done", "failed"):
            kind, value = ours.recv()
            yield kind, value
    finally:
        # With nobody to read, a run that is not over would wait for ever.
        if worker.is_alive():
            _end(ours)
        worker.join()


def _end(run: Connection) -> None:
    try:
        run.send("stop")
        while run.recv()[0] not in ("done", "failed"):
            pass
    except (EOFError, OSError):
        pass


def cache_default_data(pipe: Connection) -> None:
    """Entry of another process: render the default dataset into the cache, which takes seconds once.

    Not a part of `main`, so that a run on other data does not wait for it.
    """
    config = resolve.resolve(TrainConfig())
    load_images(config.data, config.size, config.channels)


@functools.cache
def _warm_up() -> None:
    """Take one step and do slow imports now, so that the first run does not pay for them."""
    config = resolve.resolve(TrainConfig())
    pixels = torch.zeros(config.batch, config.channels, config.size, config.size, dtype=torch.uint8)
    Trainer(config, pixels, device.choose_device()).step(0.0)
    # Used by gan.metrics.distances.Frechet.
    import torchmetrics.image.fid  # noqa: F401


def _train(pipe: Connection, settings: dict, folder: str, resume: bool) -> tuple[str, str | None]:
    """Train one run, and return its last message."""

    def load(config: TrainConfig) -> Images:
        images = load_data(config)
        reals = images.sample(MAX_REAL).pixels.permute(0, 2, 3, 1).numpy()
        pipe.send(("real", webp(previews(reals))))
        changes = for_small_data(config, len(images)).changes
        decided = {"changes": changes, "start_weights": config.start_weights}
        if any(value != getattr(asked, name) for name, value in decided.items()):
            pipe.send(("settings", decided))
        return images

    try:
        asked = TrainConfig.from_dict(settings)
        run = loop.train(asked, out=folder, resume=resume, load=load, keep_at=KEEP_AT)
        for snapshot in run:
            pipe.send(("snapshot", (_scalars(snapshot), webp(previews(snapshot.samples)))))
            if not _handle_requests(pipe):
                break
        # Saves the weights. Explicit, so that a full disk is reported.
        run.close()
    except ValueError as error:
        return "failed", _for_watchers(str(error), settings)
    except MemoryError:
        return "failed", "Training ran out of memory: try a smaller batch or width."
    except RuntimeError as error:
        reason = str(error).splitlines()[0]
        advice = " Try a smaller batch or width." if "memory" in reason else ""
        return "failed", f"Training stopped: {reason}.{advice}"
    return "done", None


def _for_watchers(message: str, settings: dict) -> str:
    """A message about a run with these settings, without the ids of uploads, which are secret."""
    data, start = settings["data"], settings.get("start_from")
    if data.startswith(UPLOAD_PREFIX):
        message = message.replace(data, "the uploaded pictures")
    return message.replace(start, short_name(start)) if start else message


def _handle_requests(pipe: Connection) -> bool:
    """Handle pending requests; blocks while paused. False: stop."""
    paused = False
    while paused or pipe.poll():
        message = pipe.recv()
        if message == "stop":
            return False
        paused = message == "pause"
    return True


def _scalars(snapshot) -> dict:
    values = dataclasses.asdict(dataclasses.replace(snapshot, samples=None))
    del values["samples"]
    values["findings"] = [vars(each) | {"words": str(each)} for each in snapshot.findings]
    return values
