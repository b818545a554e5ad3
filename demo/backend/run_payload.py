"""From a run to whoever watches it: the payload that demo/web/train/train.js draws, and its stream."""

import asyncio
import math
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing

from demo.backend.datasets import SOURCES, has_thumbnails
from demo.backend.run import Run
from demo.backend.run_queue import Runs
from gan.data.sources import natural_shape
from gan.metrics.quality import TITLES
from gan.settings.catalogue import METHODS
from gan.settings.config import TrainConfig

# Eight updates a second look live; more would only make the browser work.
UPDATE_SECONDS = 0.125
COLUMNS = ("step", "seconds", "progress", "images_per_second", "d_loss", "g_loss", "d_real", "d_fake")


def idle(data: str) -> dict:
    """What is shown before the first run; of data that are still to be named, nothing."""
    if data not in SOURCES:
        return {"state": "idle", "size": natural_shape(data)[0], "data": "", "real_path": None}
    return {"state": "idle", "size": natural_shape(data)[0], **_data(data)}


def _data(data: str, title: str = "") -> dict:
    path = f"data?source={data}" if has_thumbnails(data) else None
    return {"data": title or SOURCES.get(data, data), "real_path": path}


def payload(runs: Runs, run: Run) -> dict:
    """All that a page shows of a run; complete each time, so that late pages miss nothing."""
    points = run.points
    quality = _newest_quality(points)
    size, channels = natural_shape(run.config.data)
    return {
        "id": run.id,
        "state": run.state,
        "place": runs.place(run),
        "message": run.message,
        **_data(run.config.data, run.title),
        "notes": run.points[-1].get("notes", []) if run.moments else [],
        "method": method_title(run.config),
        "size": run.config.size or size,
        "channels": run.config.channels or channels,
        "seed": run.config.seed,
        "budget": {"steps": run.config.steps, "seconds": run.config.seconds},
        "has_real": bool(run.real),
        "has_weights": not run.active and (run.folder / "model.safetensors").is_file(),
        "metric": TITLES[quality["metric"]] if quality else "",
        "floor": quality and quality["floor"],
        "points": _columns(points),
    }


def summary(run: Run) -> dict:
    """One row of the table of runs: its settings, how far it came, and how well it did."""
    numbers = run.points[-1] if run.moments else {}
    quality = _newest_quality(run.points)
    return {
        "id": run.id,
        "data": _data(run.config.data, run.title)["data"],
        "method": method_title(run.config),
        "seed": run.config.seed,
        "state": run.state,
        "step": numbers.get("step", 0),
        "seconds": numbers.get("seconds", 0.0),
        "metric": TITLES[quality["metric"]] if quality else "",
        "distance": quality and _plain(quality["distance"]),
        "ratio": quality and _plain(quality["distance"] / quality["floor"]),
        "message": run.message,
    }


def _newest_quality(points: list[dict]) -> dict | None:
    measured = [point["quality"] for point in points if point["quality"]]
    return measured[-1] if measured else None


def method_title(config: TrainConfig) -> str:
    """A config's method by its title, and what it changes."""
    changes = [f"{name}={str(value).lower()}" for name, value in config.changes.items()]
    return ", ".join([METHODS[config.method].title, *changes])


def _columns(points: list[dict]) -> dict[str, list]:
    columns = {name: [_plain(point[name]) for point in points] for name in COLUMNS}
    qualities = [point["quality"] for point in points]
    columns["distance"] = [quality and _plain(quality["distance"]) for quality in qualities]
    return columns


def _plain(value: float) -> float | None:
    """JSON knows no NaN; five digits are more than a chart shows."""
    return float(f"{value:.5g}") if math.isfinite(value) else None


async def watch(runs: Runs, run: Run, stay: bool = False) -> AsyncIterator[dict]:
    """The payloads of a run until it ends, or, to `stay`, for as long as someone looks.

    Closing this iterator tells the run that one watcher left.
    """
    async with aclosing(changes([run], stay)) as seen:
        async for _ in seen:
            yield payload(runs, run)


async def changes(watched: Sequence[Run], stay: bool = False) -> AsyncIterator[None]:
    """At once, and again whenever one of these runs has changed, until all have ended.

    All of them count as watched meanwhile.
    """
    for run in watched:
        run.watched(1)
    try:
        while True:
            versions = [run.version for run in watched]
            active = any(run.active for run in watched)
            yield
            if not active and not stay:
                return
            while versions == [run.version for run in watched]:
                await asyncio.sleep(UPDATE_SECONDS)
            await asyncio.sleep(UPDATE_SECONDS)
    finally:
        for run in watched:
            run.watched(-1)
