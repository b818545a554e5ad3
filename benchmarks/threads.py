"""Milliseconds for one training step of `quick`, 32×32 grey, on random pictures.

    python -m benchmarks.threads --threads 1
    python -m benchmarks.threads --threads 2
    GOMP_SPINCOUNT=300000 python -m benchmarks.threads --threads 2

Once on a quiet machine, and once beside another busy program. The last is GNU OpenMP's default, in
place of the one that `gan` sets.
"""

import argparse
import os
import time

import torch

from gan.config import TrainConfig
from gan.trainer import Trainer
from gan.training import resolve


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=6)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    pixels = torch.randint(0, 256, (500, 1, 32, 32), dtype=torch.uint8)
    trainer = Trainer(resolve(TrainConfig(data="glyphs")), pixels, torch.device("cpu"))
    trainer.step(0.0)
    started, steps = time.perf_counter(), trainer.steps
    while time.perf_counter() - started < options.seconds:
        trainer.step(0.0)
    milliseconds = 1000 * (time.perf_counter() - started) / (trainer.steps - steps)
    spin = os.environ["GOMP_SPINCOUNT"]
    print(f"{options.threads} threads, GOMP_SPINCOUNT {spin}: {milliseconds:.1f} ms a step")


if __name__ == "__main__":
    main()
