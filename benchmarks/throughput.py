"""Training throughput, images per second, compared with a widely used DCGAN script.

    python -m benchmarks.throughput

The peer is the step of pytorch/examples' dcgan/main.py, reimplemented from its description: 64×64
colour, nz 100, ngf = ndf = 64, batch 64, float32, Adam without options; D on real, D on fake, then G
through D. Ours is `gan.training.trainer.Trainer` with the same networks, batch, losses and updates, in
float32 and, if the CPU supports it in hardware, in bfloat16 (emulated, a single step takes a minute).
All take turns in one process, and a large matrix product in each precision is timed in every round:
"% of sgemm" is the FLOP rate of our step (counted by torch's FlopCounterMode) divided by that of the
float32 matrix product.
"""

import argparse
import statistics
import time
from collections.abc import Callable

import torch
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.peers import PyTorchExamples
from gan.settings.config import TrainConfig
from gan.training.resolve import fastest_precision, resolve
from gan.training.trainer import Trainer

BATCH = 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    kinds = list(dict.fromkeys(("float32", fastest_precision(torch.device("cpu")))))
    large = {f"ours, {kind}": ours(method="dcgan", precision=kind, **LARGE) for kind in kinds}
    peers = {
        "peer": (peer(), BATCH, 0),
        **large,
        "quick, 32×32 grey": ours(method="quick", size=32, channels=1),
        "quick, 64×64 colour": ours(method="quick", size=64, channels=3),
    }
    seconds = {name: [] for name in (*peers, *kinds)}
    for turn in range(options.rounds + 1):
        for name, (step, _, _) in peers.items():
            seconds[name].append(timed(step, 1.5 if turn else 0.5))
        for kind in kinds:
            seconds[kind].append(timed(product(kind), 0.5))
    typical = {name: statistics.median(values[1:]) for name, values in seconds.items()}
    rates = {kind: 2 * SIDE**3 / typical[kind] for kind in kinds}
    report(options, peers, seconds, typical, rates)


LARGE = {"size": 64, "channels": 3, "width": 64, "z_dim": 100, "batch": BATCH}
SIDE = 2048


def ours(**settings) -> tuple[Callable[[], None], int, int]:
    """(function that makes one step, images per step, floating-point operations per step)."""
    config = resolve(TrainConfig(data="faces", **settings))
    shape = (512, config.channels, config.size, config.size)
    pixels = torch.randint(0, 256, shape, dtype=torch.uint8)
    trainer = Trainer(config, pixels, torch.device("cpu"))
    # Not the first step, which may include a lazy penalty that the counter does not support.
    trainer.step(0.0)
    with FlopCounterMode(display=False) as counter:
        trainer.step(0.0)
    return lambda: trainer.step(0.0), config.batch, counter.get_total_flops()


def peer() -> Callable[[], None]:
    examples, real = PyTorchExamples(), torch.randn(BATCH, 3, 64, 64)
    return lambda: examples.step(real)


def product(kind: str) -> Callable[[], None]:
    matrix = torch.randn(SIDE, SIDE, dtype=getattr(torch, kind))
    return lambda: matrix @ matrix


def timed(work: Callable[[], None], least: float) -> float:
    """Mean seconds per call, measured for at least `least` seconds."""
    count, started = 0, time.perf_counter()
    while time.perf_counter() - started < least or not count:
        work()
        count += 1
    return (time.perf_counter() - started) / count


def report(options, peers: dict, seconds: dict, typical: dict, rates: dict) -> None:
    products = ", ".join(f"{rate / 1e9:.0f} GFLOP/s in {kind}" for kind, rate in rates.items())
    print(f"{options.threads} threads; matrix product {products}")
    for name, (_, images, flops) in peers.items():
        rate = images / typical[name]
        spread = [images / value for value in seconds[name][1:]]
        against = rate * typical["peer"] / BATCH
        print(
            f"{name:20} {rate:7.0f} images/s ({min(spread):.0f} to {max(spread):.0f}), "
            f"{against:5.2f} × peer",
            f"{flops / typical[name] / rates['float32']:6.0%} of sgemm" if flops else "",
        )


if __name__ == "__main__":
    main()
