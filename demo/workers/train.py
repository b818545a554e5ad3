"""The process that trains: takes one run after another from a pipe and sends back what to show.

It stays warm between runs, so that one starts without the seconds that importing PyTorch takes.
It never imports Gradio. Messages to the server are (kind, value):

    real      bytes          a grid of real pictures, WebP
    changes   dict           the method's changes, where few pictures ask for others
    snapshot  (dict, bytes)  the numbers of a Snapshot, and its grid of samples as WebP
    done      None           the run is over: at its end, or because it was stopped
    failed    str            it is over; one sentence for the user

Messages from the server are a run, (settings, folder, resume), or "pause", "go on", "stop".
"""

import dataclasses
from multiprocessing.connection import Connection

import torch

from gan.data.image_tensors import Images
from gan.data.load import load_images
from gan.images.encode import webp
from gan.settings.config import TrainConfig
from gan.training import device, loop, resolve
from gan.training.dataset import load_data
from gan.training.small_data import for_small_data
from gan.training.trainer import Trainer

REALS = 64


def main(pipe: Connection) -> None:
    """Train one run after another until the server goes away."""
    _warm_up()
    while True:
        try:
            message = pipe.recv()
        except EOFError:
            return
        # A request that came too late for the run that it was meant for is passed over.
        if isinstance(message, tuple):
            pipe.send(_train(pipe, *message))


def draw_default(pipe: Connection) -> None:
    """Another process: it draws the default data into the cache, which takes seconds once a machine.

    Not a part of `main`, so that a run on other data need not wait for it.
    """
    config = resolve.resolve(TrainConfig())
    load_images(config.data, config.size, config.channels)


def _warm_up() -> None:
    """Pay while nobody waits for what only the first run pays: a step's kernels, and imports."""
    config = resolve.resolve(TrainConfig())
    pixels = torch.zeros(config.batch, config.channels, config.size, config.size, dtype=torch.uint8)
    Trainer(config, pixels, device.choose_device()).step(0.0)
    # What measures digits (gan.metrics.distances.Frechet).
    import torchmetrics.image.fid  # noqa: F401


def _train(pipe: Connection, settings: dict, folder: str, resume: bool) -> tuple[str, str | None]:
    """Train one run, and return its last message."""

    def load(config: TrainConfig) -> Images:
        images = load_data(config)
        pipe.send(("real", webp(images.pixels[:REALS].permute(0, 2, 3, 1).numpy())))
        if (changes := for_small_data(config, len(images)).changes) != config.changes:
            pipe.send(("changes", changes))
        return images

    try:
        run = loop.train(TrainConfig.from_dict(settings), out=folder, resume=resume, load=load)
        for snapshot in run:
            pipe.send(("snapshot", (_numbers(snapshot), webp(snapshot.samples))))
            if not _may_go_on(pipe):
                break
        # Writes the weights; explicit, so that a full disk is reported.
        run.close()
    except ValueError as error:
        return "failed", str(error)
    except MemoryError:
        return "failed", "Training ran out of memory: try a smaller batch or width."
    except RuntimeError as error:
        reason = str(error).splitlines()[0]
        advice = " Try a smaller batch or width." if "memory" in reason else ""
        return "failed", f"Training stopped: {reason}.{advice}"
    return "done", None


def _may_go_on(pipe: Connection) -> bool:
    """Obey what was requested meanwhile; waits here while paused. False: stop."""
    paused = False
    while paused or pipe.poll():
        message = pipe.recv()
        if message == "stop":
            return False
        paused = message == "pause"
    return True


def _numbers(snapshot) -> dict:
    shown = dataclasses.asdict(dataclasses.replace(snapshot, samples=None))
    del shown["samples"]
    shown["findings"] = [vars(each) | {"words": str(each)} for each in snapshot.findings]
    return shown
