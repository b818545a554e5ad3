"""Every method of the catalogue on the same data, with the same compute: what it reaches.

    python -m benchmarks.methods ring --seconds 15 --seeds 0 1 2 3 4 --out ring.json
    python -m benchmarks.methods grid --seconds 30
    python -m benchmarks.methods mnist --seconds 30 --pictures docs/methods
    python -m benchmarks.methods mnist --read mnist.json more.json

Each run gets the same seconds of one core (processor time, so that a busy machine changes little), its
method's own settings for such data, and a seed. Points: 2,500 samples of the averaged G; modes with a
sample within 3 σ, the share of samples within 3 σ (the data reach 98.9 %), reverse KL over modes, σ
within modes over the data's, and the Jensen-Shannon divergence from 50,000 real points in nats, beside
what 2,500 real points get. Pictures: Fréchet distance by our LeNet of 5,000 fakes to 5,000 test
pictures as a multiple of its floor, and classes with at least 2 % of the fakes. `overhead` is the time
of a step over that of `nonsaturating` (on points both take the fastest step there is for them). With
--pictures each method's first run leaves what it drew, the same latents for all, as NAME.png. With
--read the table is that of earlier rows; where a run was made again, the later file counts.
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

PLAIN = "nonsaturating"
SAMPLES = 2500
REAL_POINTS = 50_000
FAKES = 5000
COVERED = 0.02
ROWS, ACROSS = 2, 16


def run(data: str, method: str, seed: int, seconds: float, folder: Path | None) -> dict:
    """One row: the method on the data from this seed, after so many seconds of one core."""
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
        write_bytes(folder / f"{method}.png", png(grid(drawn(trainer, ROWS * ACROSS), columns=ACROSS)))
    measure = measure_points if data in CLOUDS else measure_pictures
    return row | measure(trainer, data)


@torch.no_grad()
def drawn(trainer: Trainer, count: int) -> np.ndarray:
    """Samples of the averaged G, from the same seeds for every method, as a Snapshot holds them."""
    z = seed_latents(range(count), trainer.config.z_dim)
    return to_numpy(trainer.g_ema(z))


def measure_points(trainer: Trainer, data: str) -> dict:
    samples = drawn(trainer, SAMPLES)
    modes = count_modes(samples, CLOUDS[data])
    spread = [value for value in modes.spread if np.isfinite(value)]
    return {
        "modes": modes.covered,
        "quality": round(100 * modes.quality, 1),
        "reverse_kl": round(modes.reverse_kl, 4),
        "spread": round(statistics.median(spread), 2) if spread else None,
        "js": round(ruler(data).jensen_shannon(samples), 4),
    }


@cache
def ruler(data: str) -> HistogramDivergence:
    return HistogramDivergence(draw_points(data, REAL_POINTS))


def measure_pictures(trainer: Trainer, data: str) -> dict:
    test = load_images(data, 32, 1, FAKES, split="test").pixels
    judge = Judge("frechet", test, trainer.pixels[:FAKES])
    quality = judge(trainer.g_ema)
    classes = classify(draw_fakes(trainer.g_ema, FAKES, seed=1))
    return {
        "ratio": round(quality.distance / quality.floor, 1),
        "classes": sum(share >= COVERED for share in classes.shares),
        "sure": round(100 * classes.confident),
    }


def fits(data: str, method: str) -> bool:
    try:
        method_of(TrainConfig(data, method))
    except ValueError:
        return False
    return True


def table(rows: list[dict]) -> None:
    """Medians over seeds, and all seeds of what matters most."""
    plain = statistics.median(row["ms"] for row in rows if row["method"] == PLAIN)
    points = "modes" in rows[0]
    pictures = ("images_per_second", "ratio", "classes", "sure")
    columns = ("modes", "quality", "reverse_kl", "spread", "js") if points else pictures
    every = "modes" if points else "ratio"
    print("| method | steps | overhead |", " | ".join(columns), f"| {every}, all seeds |")
    print("|---" * (4 + len(columns)) + "|")
    for name in dict.fromkeys(row["method"] for row in rows):
        own = [row for row in rows if row["method"] == name]

        def middle(column, own=own):
            values = [row[column] for row in own if row[column] is not None]
            return f"{statistics.median(values):g}" if values else "–"

        cells = [name, middle("steps"), f"{float(middle('ms')) / plain:.2f}", *map(middle, columns)]
        print("|", " | ".join(cells), "|", ", ".join(f"{row[every]:g}" for row in own), "|")
    if points:
        data = rows[0]["data"]
        real = [draw_points(data, SAMPLES, seed) for seed in range(1, 21)]
        floors = [count_modes(points, CLOUDS[data]) for points in real]
        floor = statistics.median(modes.reverse_kl for modes in floors)
        best = 100 * statistics.median(modes.quality for modes in floors)
        near = statistics.median(ruler(data).jensen_shannon(points) for points in real)
        print(f"\nReal points: quality {best:.1f} %, reverse KL {floor:.4f}, JS {near:.4f}.")


def read(files: list[Path], data: str) -> list[dict]:
    rows = [row for file in files for row in json.loads(file.read_text()) if row["data"] == data]
    return list({(row["method"], row["seed"]): row for row in rows}.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", choices=["ring", "grid", "mnist"])
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--seeds", type=int, nargs="+", default=[0, 1, 2, 3, 4])
    parser.add_argument("--methods", nargs="+", default=list(METHODS))
    parser.add_argument("--jobs", type=int, default=2, help="runs at once, each on one core")
    parser.add_argument("--pictures", type=Path, help="a folder for what each method drew")
    parser.add_argument("--out", type=Path, help="a JSON file with all rows")
    parser.add_argument("--read", type=Path, nargs="+", help="files of --out: the table, and no run")
    options = parser.parse_args()
    if options.read:
        return table(read(options.read, options.data))
    if options.pictures and options.data in CLOUDS:
        parser.error("--pictures is for mnist: points make no picture.")
    names = [name for name in dict.fromkeys([PLAIN, *options.methods]) if fits(options.data, name)]
    # Seed by seed, so that a change of the machine's speed meets all methods alike.
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
