"""Record what tabs show before anything is live: `python -m demo.record --data-folder FOLDER`.

It does what a visitor's first press would do, with the page's own settings and code: a minute of training on each
dataset of Train's menu, the comparison that Compare's form is set to, the report card of Report's model, the search for
a drawn seven in Find. demo/backend/recordings.py says how it is kept. Record anew, on a quiet machine, after a change
of default settings, networks or shipped weights: tests/demo/test_recordings.py says when.
"""

import argparse
import asyncio
import contextlib
import io
import os
import re
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from demo import record_critic
from demo.backend import recordings
from demo.backend.datasets import SOURCES, has_thumbnails
from demo.backend.generators import DEFAULT_MODEL, FIND_MODEL
from demo.backend.jobs.report import DEFAULT_SAMPLES
from demo.backend.runs import comparison
from demo.backend.runs.payload import watch
from demo.backend.runs.queue import SAVE_EVERY, Runs
from demo.backend.runs.run import Run
from demo.workers.messages import json_number
from gan.common.files import digest
from gan.images import encode
from gan.images.mnist_style import INPUT_SIDE
from gan.models.registry import WEIGHTS_FILE, WEIGHTS_FOLDER, training_config_of
from gan.settings.config import TrainConfig

# (quality of WebP, moments) from the best on: the first that fits is taken.
QUALITIES = ((85, 60), (80, 48), (75, 40), (70, 32), (65, 28), (60, 24), (50, 20), (40, 16), (30, 12))
# Trained once more by themselves, for the test that today's code does the same. After few steps another machine's
# pictures are near; after twenty, runs that differ by the last digits are as far apart as those of two seeds.
FIRST_STEPS = 6
# What a page gets of a live run only.
LIVE = ("id", "owned", "place", "wait", "real_path", "has_real", "has_weights")
# As someone draws it, in hundredths of Find's sheet: x, y.
SEVEN = ((28, 22), (48, 21), (70, 21), (60, 42), (52, 62), (46, 84))
PEN = 26  # of the seven on a sheet of `INPUT_SIDE` pixels
SEARCH = {"steps": 80, "starts": 2, "seed": 0}  # as Find's form is set
LOOKS = 11  # states of the search that are kept


def main(arguments: Sequence[str] | None = None) -> None:
    """Make the recordings that are named, or all; datasets that are not here are passed over, and said."""
    makers = all_makers()
    parser = argparse.ArgumentParser(prog="python -m demo.record", description=__doc__.splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(makers))
    parser.add_argument("--data-folder", help="has mnist and cifar10; as GANSCOPE_DATA")
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - makers.keys():
        parser.error(f"There is no recording {', '.join(sorted(unknown))}: {', '.join(makers)}.")
    if chosen.data_folder:
        os.environ["GANSCOPE_DATA"] = chosen.data_folder
    for name in chosen.names or makers:
        try:
            path = recordings.write(name, makers[name]())
        except ValueError as error:
            print(f"{name}: not recorded. {error}", flush=True)
        else:
            print(f"{name}: {path.stat().st_size:,} bytes", flush=True)


def all_makers() -> dict[str, Callable[[], bytes]]:
    """By the name of each recording, what makes its file."""
    runs = {
        recordings.run_name(data): lambda data=data: record_run(run_config(data)) for data in SOURCES
    }
    return {
        **runs,
        recordings.COMPARISON: lambda: record_comparison(comparison_configs()),
        recordings.CARD: lambda: record_card(DEFAULT_MODEL),
        recordings.SEARCH: lambda: record_search(FIND_MODEL),
        recordings.CRITIC: lambda: record_critic.record(facts),
    }


def run_config(data: str) -> TrainConfig:
    """The settings of Train's form when it is opened and these data are chosen."""
    return TrainConfig(data=data, save_every=SAVE_EVERY)


def comparison_configs() -> list[TrainConfig]:
    """The settings of Compare's form when it is opened, a side each."""
    shared = comparison.FIRST | {"save_every": SAVE_EVERY}
    return comparison.read_sides(shared, comparison.sides_of(comparison.FIRST_QUESTION))


def record_run(config: TrainConfig) -> bytes:
    """Train as the page does, to the end of the budget; the recording's file."""
    if not has_thumbnails(config.data):
        raise ValueError(f"{config.data} is not here: name the folder that has it with --data-folder.")
    with training() as runs:
        run = runs.start(config)
        page = asyncio.run(_last(watch(runs, run)))
    shown = _without_live(page) | {"state": "recorded"}
    return _fitted(shown, [shown], [run])


def record_comparison(configs: Sequence[TrainConfig]) -> bytes:
    """Train one side after another as the page does; the recording's file."""
    with training() as runs:
        page = asyncio.run(_last(comparison.compare(runs, configs, "")))
        made = [runs.find(side["id"]) for side in page["sides"]]
    sides = [_without_live(side) for side in page["sides"]]
    return _fitted(page | {"sides": sides}, sides, made)


def record_card(model: str) -> bytes:
    """Evaluate a shipped model as Report does; the recording's file."""
    from demo.workers.tasks.report import evaluate

    training, start = training_config_of(model), time.perf_counter()
    *_, latest = evaluate(model, model, None, training.data, DEFAULT_SAMPLES, 0, training)
    kept = {"card": latest["card"], "pictures": latest["pictures"]}
    return recordings.pack(_of_model(model, kept, time.perf_counter() - start), {})


def record_search(model: str) -> bytes:
    """Search for a drawn seven as Find does; the recording's file."""
    from demo.workers.tasks.invert import search

    start = time.perf_counter()
    first, *states = search(_drawn_seven(), model, None, "crop", "paper", **SEARCH)
    looks = [
        {name: json_number(value) for name, value in state.items() if name not in first}
        for state in _evenly(states, LOOKS)
    ]
    for look in looks[:-1]:
        del look["curve"]  # the last one has all of it
    lines = [[[x / 100, y / 100] for x, y in SEVEN]]
    kept = {"lines": lines, "target": first, "looks": looks}
    return recordings.pack(_of_model(model, kept, time.perf_counter() - start), {})


def facts(seconds: float) -> dict:
    """When, where and by which version something was recorded."""
    project = (Path(__file__).parents[1] / "pyproject.toml").read_text(encoding="utf-8")
    allowed = getattr(os, "sched_getaffinity", lambda _: range(os.cpu_count() or 1))(0)
    return {
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "version": re.search(r'^version = "(.+)"', project, re.MULTILINE)[1],
        "cores": len(allowed),
        "seconds": round(seconds, 1),
    }


def first_steps(config: TrainConfig) -> dict:
    """The config in full, and what its first steps by themselves lead to: counts, and the frame."""
    from gan.training.loop import train
    from gan.training.resolve import resolve

    *_, last = train(replace(config, steps=FIRST_STEPS, seconds=None))
    return {
        "config": resolve(config).to_dict(),
        "step": last.step,
        "images": last.images,
        "frame": encode.webp(last.samples),
    }


@contextlib.contextmanager
def training() -> Iterator[Runs]:
    """Runs as the page has them, in a folder that goes; the data that it prepares at its start are there."""
    with tempfile.TemporaryDirectory() as folder:
        runs = Runs(Path(folder))
        try:
            runs.warm()
            runs.default_cached.wait()
            yield runs
        finally:
            runs.close()


async def _last(payloads: AsyncIterator[dict]) -> dict:
    last = {}
    async for page in payloads:
        last = page
    return last


def _without_live(page: dict) -> dict:
    return {name: value for name, value in page.items() if name not in LIVE}


def _of_model(model: str, shown: dict, seconds: float) -> dict:
    weights = digest(WEIGHTS_FOLDER / model / WEIGHTS_FILE)
    return {"model": model, "weights": weights, "recorded": facts(seconds), "shown": shown}


def _fitted(shown: dict, pages: Sequence[dict], runs: Sequence[Run]) -> bytes:
    """The recording's file, with as many moments of the runs as fit; `pages` are theirs in what is shown."""
    for run in runs:
        if run.state != "finished":
            raise ValueError(f"Its run {run.state}: {run.message}")
    columns = [page["points"] for page in pages]
    first = [first_steps(run.config) for run in runs]
    about = {"recorded": facts(sum(each["seconds"][-1] for each in columns)), "shown": shown}
    beside = {f"first-{i}": each.pop("frame") for i, each in enumerate(first)}
    about["first_steps"] = first
    for quality, most in QUALITIES:
        frames = {}
        for side, page, points, run in zip(comparison.SIDE_NAMES, pages, columns, runs, strict=False):
            places = kept_places(points, most // len(runs))
            page["points"] = {name: [column[i] for i in places] for name, column in points.items()}
            for moment in (run.moments[i] for i in places):
                frames[f"{side}/{moment.numbers['step']}"] = _smaller(moment.frame, quality)
        content = recordings.pack(about, frames | beside)
        if len(content) <= recordings.MAX_BYTES:
            break
    return content


def kept_places(points: dict[str, list], most: int) -> list[int]:
    """Which of a run's moments to keep: the measured ones, and others, more of the beginning, where most happens."""
    count, seconds = len(points["step"]), np.array(points["seconds"])
    measured = {i for i, value in enumerate(points["distance"]) if value is not None}
    # The last moment has no losses where no step came after the one before: curves would end early.
    with_losses = [i for i, value in enumerate(points["d_loss"]) if value is not None]
    places = {0, count - 1, *with_losses[-1:]} | measured
    wanted = seconds[-1] * np.linspace(0, 1, max(most - len(measured), 2)) ** 2
    for moment in wanted:
        if len(places) < most:
            places.add(int(np.abs(seconds - moment).argmin()))
    return sorted(places)


def _smaller(frame: bytes, quality: int) -> bytes:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(frame)).save(buffer, format="WEBP", quality=quality, method=6)
    return buffer.getvalue()


def _evenly(values: Sequence, most: int) -> list:
    places = np.linspace(0, len(values) - 1, min(most, len(values))).round().astype(int)
    return [values[i] for i in places]


def _drawn_seven() -> bytes:
    """The seven, dark on paper, as a PNG file."""
    sheet = Image.new("L", (INPUT_SIDE, INPUT_SIDE), 255)
    spots = [(x * INPUT_SIDE / 100, y * INPUT_SIDE / 100) for x, y in SEVEN]
    ImageDraw.Draw(sheet).line(spots, fill=0, width=PEN, joint="curve")
    return encode.png(np.asarray(sheet)[..., None])


if __name__ == "__main__":
    main()
