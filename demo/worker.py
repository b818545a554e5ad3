"""The process that trains: takes one job after another from a pipe and sends back what to show.

It stays warm between jobs, so that a run starts without the seconds that importing PyTorch takes.
It never imports Gradio. Messages to the page are (kind, value):

    ready    None           waiting for a job
    real     bytes          a grid of real pictures, WebP
    snapshot (dict, bytes)  the numbers of a Snapshot, and its grid of samples as WebP
    error    str            one sentence for the user
    end      None           the job is over

Messages from the page are a job, (settings, folder, resume), or "pause", "go on", "stop".
"""

import dataclasses
import io
import os
import signal
import threading
from multiprocessing import parent_process
from multiprocessing.connection import Connection

import numpy as np

# Below the page's own priority: sliders stay quick while a run uses the cores.
NICENESS = 10
REALS = 64


def main(pipe: Connection) -> None:
    """Serve jobs until the page's process goes away."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    threading.Thread(target=_follow_parent, daemon=True).start()
    from gan import training

    pipe.send(("ready", None))
    _warm_up(training)
    while True:
        try:
            message = pipe.recv()
        except EOFError:
            return
        if isinstance(message, tuple):
            _serve(pipe, training, *message)


def _warm_up(training) -> None:
    """Draw the default data into the cache while nobody waits for it: seconds, once a machine."""
    config = training.resolve(training.TrainConfig())
    training.load_images(config.data, config.size, config.channels)


def _follow_parent() -> None:
    """End with the page, however it ended: no orphan goes on training."""
    parent_process().join()
    os._exit(1)


def _serve(pipe: Connection, training, settings: dict, folder: str, resume: bool) -> None:
    try:
        config = training.resolve(training.TrainConfig.from_dict(settings))
        pipe.send(("real", _reals(training, config)))
        run = training.train(config, out=folder, resume=resume)
        for snapshot in run:
            pipe.send(("snapshot", (_numbers(snapshot), encode(snapshot.samples))))
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


def _reals(training, config) -> bytes:
    images = training.load_images(config.data, config.size, config.channels, config.limit)
    return encode(images.pixels[:REALS].permute(0, 2, 3, 1).numpy())


def encode(pictures: np.ndarray) -> bytes:
    """uint8 (N, H, W, C) -> a WebP grid: a tenth of PNG's size at no visible loss."""
    from gan.pictures import grid, to_image

    buffer = io.BytesIO()
    to_image(grid(pictures)).save(buffer, "WEBP", quality=90, method=1)
    return buffer.getvalue()


def _numbers(snapshot) -> dict:
    shown = dataclasses.asdict(dataclasses.replace(snapshot, samples=None))
    del shown["samples"]
    return shown
