"""What previews, metrics and diagnosis cost a run: its steps a second with and without them.

    python -m benchmarks.overhead --data faces mnist

By turns, so many seconds each: bare `Trainer.step`, and the whole loop as the page's worker runs it
(gan.training.loop.Run with its snapshots, each encoded as the worker does). Wall clock, one process; data
is loaded and the floor of the metric measured before.
"""

import argparse
import statistics
import time

import torch

from gan.images.encode import webp
from gan.settings.config import TrainConfig
from gan.training.dataset import load_data
from gan.training.device import choose_device
from gan.training.loop import TrainingLoop
from gan.training.point_trainer import trainer_for
from gan.training.resolve import resolve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", nargs="+", default=["faces", "glyphs"])
    parser.add_argument("--method", default="quick")
    parser.add_argument("--seconds", type=float, default=15)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for data in options.data:
        config = resolve(TrainConfig(data=data, method=options.method, seconds=100_000))
        images = load_data(config)
        bare, whole = [], []
        for _ in range(options.rounds):
            bare.append(steps_alone(config, images, options.seconds))
            whole.append(steps_shown(config, images, options.seconds))
        cost = 1 - statistics.median(whole) / statistics.median(bare)
        print(f"{data}: bare {rates(bare)}, with snapshots {rates(whole)} steps/s; cost {cost:.1%}")


def rates(values: list[float]) -> str:
    return f"{statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})"


def steps_alone(config: TrainConfig, images, seconds: float) -> float:
    trainer = trainer_for(config, images.pixels, choose_device(), images.labels)
    trainer.step(0.0)
    started, before = time.perf_counter(), trainer.steps
    while time.perf_counter() - started < seconds:
        trainer.step(0.0)
    return (trainer.steps - before) / (time.perf_counter() - started)


def steps_shown(config: TrainConfig, images, seconds: float) -> float:
    run = TrainingLoop(config, images, None, choose_device())
    snapshots = run.snapshots()
    # The first two: noise, then the floor of the metric and the first steps.
    next(snapshots), next(snapshots)
    started, before = time.perf_counter(), run.trainer.steps
    for snapshot in snapshots:
        webp(snapshot.samples)
        if time.perf_counter() - started >= seconds:
            break
    return (run.trainer.steps - before) / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
