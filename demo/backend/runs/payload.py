"""The payload of a run, which demo/web/train/train.js draws, and the stream of payloads to a page."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing

from demo.backend import recordings
from demo.backend.datasets import SOURCES, has_thumbnails
from demo.backend.generators import RUN_PREFIX
from demo.backend.runs.queue import Runs
from demo.backend.runs.readers import Watcher
from demo.backend.runs.run import Run
from demo.workers.messages import json_number
from gan.data.sources import UPLOAD_PREFIX, natural_shape
from gan.images.encode import preview_side
from gan.metrics.quality import TITLES
from gan.models.registry import WEIGHTS_FILE
from gan.settings.catalogue import METHODS
from gan.settings.config import TrainConfig
from gan.settings.starting import short_name

# Eight updates per second look live; more would only load the browser.
UPDATE_SECONDS = 0.125
COLUMNS = ("step", "seconds", "progress", "images_per_second", "d_loss", "g_loss", "d_real", "d_fake")


def idle_payload(data: str) -> dict:
    """The payload before the first run, with the route to a recorded run on the data, or None.

    Without pictures if the data are not chosen yet.
    """
    size, _ = natural_shape(data)
    return {
        "state": "idle",
        "size": size,
        "preview": preview_side(size),
        "data": SOURCES.get(data, ""),
        "real_path": _thumbnails(data),
        "recording": recordings.address(recordings.run_name(data)),
    }


def _thumbnails(data: str) -> str | None:
    return f"data?source={data}" if has_thumbnails(data) else None


def _reals(run: Run, owned: bool) -> str | None:
    """The path of a run's real pictures; None if there are none for this page."""
    if not run.real or (run.private and not owned):
        return None
    return f"runs/{run.id}/real" + (f"?key={run.real_key}" if run.private else "")


def data_title(run: Run, owned: bool = False) -> str:
    """What a run trains on, as a page shows it to its owner or to anybody."""
    title = run.title or SOURCES.get(run.config.data, run.config.data)
    return title if owned else title.replace("your pictures", "own pictures")


def run_title(run: Run, minutes: int = 0) -> str:
    """A readable name, such as "MNIST digits · Quick · 15:01", on a clock so many minutes ahead of UTC."""
    clock = time.strftime("%H:%M", time.gmtime(run.created + 60 * minutes))
    return f"{data_title(run, owned=True)} · {method_title(run.config)} · {clock}"


def payload(runs: Runs, run: Run, owned: bool = False) -> dict:
    """Everything that a page shows of a run to its owner, or to others; always complete, so that pages may join
    late."""
    points, reals = run.points, _reals(run, owned)
    quality = _last_quality(points)
    size, channels = natural_shape(run.config.data)
    size = run.config.size or size
    return {
        "id": run.id,
        "state": run.state,
        "owned": owned,
        "place": runs.place(run),
        "wait": run.wait,
        "message": run.message,
        "data": data_title(run, owned),
        "real_path": reals or _thumbnails(run.config.data),
        "notes": _notes(run, size),
        "method": method_title(run.config),
        "start": start_title(run.config),
        "size": size,
        "preview": preview_side(size),
        "channels": run.config.channels or channels,
        "seed": run.config.seed,
        "budget": {"steps": run.config.steps, "seconds": run.config.seconds},
        "has_real": bool(reals),
        "has_weights": not run.active and (run.folder / WEIGHTS_FILE).is_file(),
        "metric": TITLES[quality["metric"]] if quality else "",
        "floor": quality and quality["floor"],
        "points": _columns(points),
    }


def _notes(run: Run, size: int) -> list[str]:
    of_training = run.points[-1].get("notes", []) if run.moments else []
    return [*filter(None, [run.trained_by]), *of_training, *run.notes, *_preview_note(size)]


def _preview_note(size: int) -> list[str]:
    """What a page says where it shows smaller pictures than the networks see."""
    small = preview_side(size)
    words = f"Trained at {size}×{size} pixels, shown here at {small}×{small}: Explore shows them whole."
    return [words] if small < size else []


def summary(run: Run) -> dict:
    """One row of the table of runs: settings, progress and quality."""
    numbers = run.points[-1] if run.moments else {}
    quality = _last_quality(run.points)
    return {
        "id": run.id,
        "data": data_title(run),
        "method": method_title(run.config),
        "seed": run.config.seed,
        "state": run.state,
        "step": numbers.get("step", 0),
        "seconds": numbers.get("seconds", 0.0),
        "metric": TITLES[quality["metric"]] if quality else "",
        "distance": quality and json_number(quality["distance"]),
        "ratio": quality and json_number(quality["distance"] / quality["floor"]),
        "message": run.message,
    }


def _last_quality(points: list[dict]) -> dict | None:
    measured = [point["quality"] for point in points if point["quality"]]
    return measured[-1] if measured else None


def method_title(config: TrainConfig) -> str:
    """The title of a config's method, its changes, and what it starts from."""
    changes = [f"{name}={str(value).lower()}" for name, value in config.changes.items()]
    return ", ".join(filter(None, [METHODS[config.method].title, *changes, start_title(config)]))


def start_title(config: TrainConfig) -> str:
    """What is said wherever a run is shown that starts from a model: "starts from faces"; else ""."""
    name = config.start_from
    if name.startswith(UPLOAD_PREFIX):
        name = "uploaded weights"  # the id is secret
    elif name.startswith(RUN_PREFIX):
        name = f"run {name.removeprefix(RUN_PREFIX)}"
    return f"starts from {short_name(name)}" if name else ""


def _columns(points: list[dict]) -> dict[str, list]:
    columns = {name: [json_number(point[name]) for point in points] for name in COLUMNS}
    qualities = [point["quality"] for point in points]
    columns["distance"] = [quality and json_number(quality["distance"]) for quality in qualities]
    return columns


async def watch(
    runs: Runs,
    run: Run,
    stay: bool = False,
    owned: bool = False,
    left: Callable[[], bool] = lambda: False,
) -> AsyncIterator[dict]:
    """Yield payloads of a run until it ends; with `stay`, until the iterator is closed or it was `left` as well.

    The run counts one watcher meanwhile.
    """
    async with aclosing(yield_on_change([run], stay, left)) as seen:
        async for _ in seen:
            yield payload(runs, run, owned)


async def yield_on_change(
    watched: Sequence[Run], stay: bool = False, left: Callable[[], bool] = lambda: False
) -> AsyncIterator[None]:
    """Yield at once and whenever a run's version changes, until all have ended; with `stay`, until `left` says that
    nobody looks at them any more as well.

    All runs count one watcher meanwhile, as long as its caller reads (demo/backend/runs/readers.py).
    """
    watcher = Watcher()
    for run in watched:
        run.count_watcher(1, watcher)
    try:
        while True:
            watcher.pulled()
            versions = [run.version for run in watched]
            active = any(run.active for run in watched)
            yield
            if not active and not stay:
                return
            while versions == [run.version for run in watched]:
                watcher.pulled()
                if not watcher.present() or (not active and left()):
                    return
                await asyncio.sleep(UPDATE_SECONDS)
            await asyncio.sleep(UPDATE_SECONDS)
    finally:
        for run in watched:
            run.count_watcher(-1, watcher)
