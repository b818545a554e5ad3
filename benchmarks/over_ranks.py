"""Images a second of one training step, by one process or by the processes that torchrun starts.

OMP_NUM_THREADS=2 python -m benchmarks.over_ranks
OMP_NUM_THREADS=1 torchrun --nproc-per-node 2 -m benchmarks.over_ranks

Both make the same steps, on batches of the same size.
"""

import argparse
import statistics
import time

import torch

from gan.common import ranks
from gan.settings.config import TrainConfig
from gan.training.resolve import resolve
from gan.training.trainer import Trainer

CASES = {
    "quick, 32×32 grey": {"method": "quick", "size": 32, "channels": 1},
    "r1, 32×32 grey": {"method": "r1", "size": 32, "channels": 1},
    "quick, 64×64 colour": {"method": "quick", "size": 64, "channels": 3},
    "dcgan, 64×64 colour, width 64": {"method": "dcgan", "size": 64, "channels": 3, "width": 64},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--steps", type=int, default=10, help="of each case in a round")
    options = parser.parse_args()
    with ranks.joined():
        if ranks.rank() == 0:
            print(f"{ranks.size()} processes of {torch.get_num_threads()} threads")
        trainers = {name: trainer(**settings) for name, settings in CASES.items()}
        speeds = {name: [] for name in CASES}
        for _ in range(options.rounds + 1):
            for name, each in trainers.items():
                speeds[name].append(speed(each, options.steps))
        if ranks.rank() == 0:
            for name, (_, *values) in speeds.items():
                middle = statistics.median(values)
                print(f"{name:30} {middle:6.0f} images/s ({min(values):.0f} to {max(values):.0f})")


def trainer(**settings) -> Trainer:
    config = resolve(TrainConfig(data="faces", precision="float32", **settings))
    shape = (512, config.channels, config.size, config.size)
    pixels = torch.randint(0, 256, shape, dtype=torch.uint8)
    return Trainer(config, pixels, torch.device("cpu"))


def speed(trainer: Trainer, steps: int) -> float:
    started = time.perf_counter()
    for _ in range(steps):
        trainer.step(0.0)
    return steps * trainer.config.batch / (time.perf_counter() - started)


if __name__ == "__main__":
    main()
