"""Every method of the catalogue on the same data with the same compute: the quality it reaches.

    python -m benchmarks.methods ring --seconds 15 --seeds 0 1 2 3 4 --out ring.json
    python -m benchmarks.methods grid --seconds 30
    python -m benchmarks.methods mnist --seconds 30 --pictures docs/methods
    python -m benchmarks.methods mnist --read mnist.json more.json

Each run gets the same seconds of CPU time on one core (so that load changes little), the method's
default settings for the data, and a seed.

Points: 2,500 samples of the averaged G; modes with a sample within 3 σ, the share of samples within
3 σ (of the data: 98.9 %), reverse KL over modes, σ within modes divided by that of the data, and the
Jensen-Shannon divergence from 50,000 real points in nats, with that of 2,500 real points as a reference.

Pictures: Fréchet distance, in features of the LeNet, of 5,000 fakes to 5,000 test pictures as a multiple
of its floor, and classes with at least 2 % of the fakes.

`overhead` is the time of a step divided by that of `nonsaturating` (on points each takes its fastest
implementation). With --pictures, samples of each method's first run, from the same latents for all, are
written as NAME.png. With --read the table is made of earlier rows; of repeated runs the later file counts.
"""

import argparse
import json
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from gan.common.files import write_bytes
from gan.data.image_tensors import to_numpy
from gan.data.load import load_images
from gan.data.point_clouds import CLOUDS, count_modes, draw_points
from gan.images.encode import grid, png
from gan.latent.vectors import seed_latents
from gan.metrics.histograms import HistogramDivergence
from gan.metrics.judge import Judge, classify, draw_fakes
from gan.settings.catalogue import METHODS
from gan.settings.config import TrainConfig, method_of
from gan.training.dataset import load_data
from gan.training.point_trainer import trainer_for
from gan.training.resolve import resolve
from gan.training.trainer import Trainer

BASELINE = "nonsaturating"
SAMPLES = 2500
REAL_POINTS = 50_000
FAKES = 5000
MIN_SHARE = 0.02  # of the fakes, for a class to count as covered
ROWS, COLUMNS = 2, 16


def run(data: str, method: str, seed: int, seconds: float, folder: Path | None) -> dict:
    """One row: train the method from this seed for `seconds` of CPU time, and measure it."""
    torch.set_num_threads(1)
    row = {"data": data, "method": method, "seed": seed}
    config = resolve(TrainConfig(data, method, seconds=max(1.0, seconds), seed=seed))
    images = load_data(config)
    trainer = trainer_for(config, images.pixels, torch.device("cpu"), images.labels)
    spent = 0.0
    while spent < seconds:
        started = time.process_time()
        trainer.step(spent / seconds)
        spent += time.process_time() - started
    row |= {"steps": trainer.steps, "ms": round(1000 * spent / trainer.steps, 2)}
    row["images_per_second"] = round(trainer.images / spent)
    if folder:
        write_bytes(
            folder / f"{method}.png", png(grid(draw_samples(trainer, ROWS * COLUMNS), columns=COLUMNS))
        )
    measure = measure_points if data in CLOUDS else measure_pictures
    return row | measure(trainer, data)


@torch.no_grad()
def draw_samples(trainer: Trainer, count: int) -> np.ndarray:
    """Samples of the averaged G, from the same seeds for every method: arrays as in a Snapshot."""
    z = seed_latents(range(count), trainer.config.z_dim)
    return to_numpy(trainer.g_ema(z))


def measure_points(trainer: Trainer, data: str) -> dict:
    samples = draw_samples(trainer, SAMPLES)
    modes = count_modes(samples, CLOUDS[data])
    spread = [value for value in modes.spread if np.isfinite(value)]
    return {
        "modes": modes.covered,
        "quality": round(100 * modes.quality, 1),
        "reverse_kl": round(modes.reverse_kl, 4),
        "spread": round(statistics.median(spread), 2) if spread else None,
        "js": round(divergence_from(data).jensen_shannon(samples), 4),
    }


@cache
def divergence_from(data: str) -> HistogramDivergence:
    return HistogramDivergence(draw_points(data, REAL_POINTS))


def measure_pictures(trainer: Trainer, data: str) -> dict:
    test = load_images(data, 32, 1, FAKES, split="test").pixels
    judge = Judge("frechet", test, trainer.pixels[:FAKES])
    quality = judge(trainer.g_ema)
    classes = classify(draw_fakes(trainer.g_ema, FAKES, seed=1))
    return {
        "ratio": round(quality.distance / quality.floor, 1),
        "classes": sum(share >= MIN_SHARE for share in classes.shares),
        "sure": round(100 * classes.confident),
    }


def supports(data: str, method: str) -> bool:
    try:
        method_of(TrainConfig(data, method))
    except ValueError:
        return False
    return True


def table(rows: list[dict]) -> None:
    """Print medians over seeds, and the main metric of all seeds."""
    baseline = statistics.median(row["ms"] for row in rows if row["method"] == BASELINE)
    points = "modes" in rows[0]
    pictures = ("images_per_second", "ratio", "classes", "sure")
    columns = ("modes", "quality", "reverse_kl", "spread", "js") if points else pictures
    every = "modes" if points else "ratio"
    print("| method | steps | overhead |", " | ".join(columns), f"| {every}, all seeds |")
    print("|---" * (4 + len(columns)) + "|")
    for name in dict.fromkeys(row["method"] for row in rows):
        of_method = [row for row in rows if row["method"] == name]

        def median(column, of_method=of_method):
            values = [row[column] for row in of_method if row[column] is not None]
            return f"{statistics.median(values):g}" if values else "–"

        cells = [name, median("steps"), f"{float(median('ms')) / baseline:.2f}", *map(median, columns)]
        print("|", " | ".join(cells), "|", ", ".join(f"{row[every]:g}" for row in of_method), "|")
    if points:
        data = rows[0]["data"]
        real = [draw_points(data, SAMPLES, seed) for seed in range(1, 21)]
        floors = [count_modes(points, CLOUDS[data]) for points in real]
        floor = statistics.median(modes.reverse_kl for modes in floors)
        best = 100 * statistics.median(modes.quality for modes in floors)
        near = statistics.median(divergence_from(data).jensen_shannon(points) for points in real)
        print(f"\nReal points: quality {best:.1f} %, reverse KL {floor:.4f}, JS {near:.4f}.")


def read_rows(files: list[Path], data: str) -> list[dict]:
    rows = [row for file in files for row in json.loads(file.read_text()) if row["data"] == data]
    return list({(row["method"], row["seed"]): row for row in rows}.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", choices=["ring", "grid", "mnist"])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--methods", nargs="+", default=list(METHODS))
    parser.add_argument("--jobs", type=int, default=2, help="runs at once, each on one core")
    parser.add_argument("--pictures", type=Path, help="a folder for samples of each method")
    parser.add_argument("--out", type=Path, help="a JSON file with all rows")
    parser.add_argument("--read", type=Path, nargs="+", help="files of --out: print the table only")
    options = parser.parse_args()
    if options.read:
        return table(read_rows(options.read, options.data))
    if options.pictures and options.data in CLOUDS:
        parser.error("--pictures is for mnist: points make no picture.")
    names = [
        name for name in dict.fromkeys([BASELINE, *options.methods]) if supports(options.data, name)
    ]
    # Seed by seed, so that changes of the machine's speed affect all methods alike.
    jobs = []
    for seed in options.seeds:
        folder = options.pictures if seed == options.seeds[0] else None
        jobs += [(options.data, name, seed, options.seconds, folder) for name in names]
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        rows = []
        for row in pool.map(run, *zip(*jobs, strict=True)):
            rows.append(row)
            print(json.dumps(row), flush=True)
    table(rows)
    if options.out:
        options.out.write_text(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
