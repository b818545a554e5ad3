"""The process that trains: takes one job after another from a pipe and sends back what to show.

It stays warm between jobs, so that a run starts without the seconds that importing PyTorch takes.
It never imports Gradio. Messages to the page are (kind, value):

    ready    None           waiting for a job
    changes  dict           the method's changes, where few pictures ask for others
    real     bytes          a grid of real pictures, WebP
    snapshot (dict, bytes)  the numbers of a Snapshot, and its grid of samples as WebP
    error    str            one sentence for the user
    end      None           the job is over

Messages from the page are a job, (settings, folder, resume), or "pause", "go on", "stop".
"""

import dataclasses
from multiprocessing.connection import Connection

import torch

from gan.data.load import load_images
from gan.images.encode import webp
from gan.settings.config import TrainConfig
from gan.training import device, loop, resolve
from gan.training.dataset import pictures_of
from gan.training.small_data import for_small_data
from gan.training.trainer import Trainer

REALS = 64


def main(pipe: Connection) -> None:
    """Serve jobs until the page's process goes away."""
    pipe.send(("ready", None))
    _warm_up()
    while True:
        try:
            message = pipe.recv()
        except EOFError:
            return
        if isinstance(message, tuple):
            _serve(pipe, *message)


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


def _serve(pipe: Connection, settings: dict, folder: str, resume: bool) -> None:
    try:
        config = resolve.resolve(TrainConfig.from_dict(settings))
        images = pictures_of(config)
        pipe.send(("real", webp(images.pixels[:REALS].permute(0, 2, 3, 1).numpy())))
        if (changes := for_small_data(config, len(images)).changes) != config.changes:
            pipe.send(("changes", changes))
        run = loop.train(config, out=folder, resume=resume)
        for snapshot in run:
            pipe.send(("snapshot", (_numbers(snapshot), webp(snapshot.samples))))
            if not _may_go_on(pipe):
                break
        # Writes the weights; explicit, so that a full disk is reported.
        run.close()
    except ValueError as error:
        pipe.send(("error", str(error)))
    except MemoryError:
        pipe.send(("error", "Training ran out of memory: try a smaller batch or width."))
    except RuntimeError as error:
        reason = str(error).splitlines()[0]
        advice = " Try a smaller batch or width." if "memory" in reason else ""
        pipe.send(("error", f"Training stopped: {reason}.{advice}"))
    pipe.send(("end", None))


def _may_go_on(pipe: Connection) -> bool:
    """Obey what the page said meanwhile; waits here while paused."""
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
