"""Fréchet distance after given training times: GANscope and two widely used DCGAN scripts.

    python -m benchmarks.time_to_quality --data mnist --seeds 0 1 2 3 4 --out curve.json

MNIST at 32×32 (one peer is built for 64×64: its real pictures are upsampled, its fakes averaged back).
All train from scratch, one after another, in one process. At each mark the clock is paused and 10,000
fakes are measured: the Fréchet distance in LeNet features to the 10,000 test pictures, as a multiple of
its floor (10,000 train pictures to the same test pictures), the share of each class, and the share of
fakes that the LeNet classifies with at least 90 % confidence. Every seed is printed. Run it on an idle
machine.
"""

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from benchmarks.peers import BATCH, PEERS
from gan.data.image_tensors import to_float
from gan.data.load import load_images
from gan.metrics.judge import Judge, classify, draw_fakes
from gan.settings.command_line import with_choices
from gan.training.dataset import load_data
from gan.training.device import choose_device
from gan.training.loop import TrainingLoop
from gan.training.resolve import resolve


class PeerGenerator(nn.Module):
    """Adapts a peer's generator to the Judge: latents (N, 100) -> images (N, C, 32, 32)."""

    z_dim = 100

    def __init__(self, peer):
        super().__init__()
        self.g, self.latents = peer.g, (100, 1, 1) if peer.size == 64 else (100,)

    def forward(self, z: Tensor) -> Tensor:
        return F.interpolate(self.g(z.view(-1, *self.latents)), 32, mode="area")


def train_ours(options, seed: int, real: Tensor) -> Iterator[tuple[float, int, nn.Module]]:
    """Yield (seconds, steps, generator) at every snapshot of our training loop, whose time includes previews."""
    settings = {"data": options.data, "method": options.method, "seed": seed}
    config = resolve(with_choices(options.set, **settings, seconds=max(options.marks) + 1))
    run = TrainingLoop(config, load_data(config), None, choose_device())
    for snapshot in run.snapshots():
        yield snapshot.seconds, snapshot.step, run.trainer.g_ema


def train_peer(name: str, seed: int, real: Tensor) -> Iterator[tuple[float, int, nn.Module]]:
    """Yield (seconds, steps, generator) about three times a second; the pictures are in memory, as in our loop."""
    torch.manual_seed(seed)
    peer = PEERS[name](channels=1)
    spent, steps = 0.0, 0
    while True:
        started = time.perf_counter()
        while time.perf_counter() - started < 0.35:
            batch = to_float(real[torch.randint(len(real), (BATCH,))])
            if peer.size == 64:
                batch = F.interpolate(batch, 64, mode="bilinear", antialias=True)
            peer.step(batch)
            steps += 1
        spent += time.perf_counter() - started
        yield spent, steps, PeerGenerator(peer)


def curve(moments: Iterator, marks: list[float], judge: Judge) -> list[dict]:
    """One row per mark, measured at the first moment after it."""
    rows, left = [], sorted(marks)
    for seconds, steps, generator in moments:
        if seconds < left[0]:
            continue
        left = [mark for mark in left if mark > seconds]
        rows.append({"seconds": round(seconds, 1), "steps": steps, **measure(generator, judge)})
        if not left:
            break
    return rows


def measure(generator: nn.Module, judge: Judge) -> dict:
    mode = generator.training
    # Peers draw in training mode, with batch statistics, as their scripts do.
    generator.train(isinstance(generator, PeerGenerator))
    quality = judge(generator)
    classes = classify(draw_fakes(generator, judge.count, seed=1))
    generator.train(mode)
    return {
        "distance": round(quality.distance, 3),
        "ratio": round(quality.distance / quality.floor, 2),
        "least": round(min(classes.shares), 3),
        "most": round(max(classes.shares), 3),
        "confident": round(classes.confident, 3),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="mnist")
    parser.add_argument("--method", default="quick")
    parser.add_argument("--marks", type=float, nargs="+", default=[10, 30, 60, 120])
    parser.add_argument("--seeds", type=int, nargs="*", default=[0, 1, 2, 3, 4])
    parser.add_argument("--peer-seeds", type=int, nargs="*", default=[0])
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--out", type=Path, help="a JSON file with all rows")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    real = load_images(options.data, 32, 1).pixels
    judge = Judge("frechet", load_images(options.data, 32, 1, split="test").pixels, real[:10_000])
    runners: dict[str, tuple[list[int], Callable]] = {
        options.method: (options.seeds, lambda seed: train_ours(options, seed, real)),
    }
    for name in PEERS:
        runners[name] = (options.peer_seeds, lambda seed, name=name: train_peer(name, seed, real))
    rows = []
    for name, (seeds, begin) in runners.items():
        for seed in seeds:
            for row in curve(begin(seed), options.marks, judge):
                rows.append({"what": name, "set": options.set, "seed": seed, **row})
                print(json.dumps(rows[-1]), flush=True)
    summarise(rows, options.marks)
    if options.out:
        options.out.write_text(json.dumps(rows, indent=1))


def summarise(rows: list[dict], marks: list[float]) -> None:
    for name in dict.fromkeys(row["what"] for row in rows):
        for mark in marks:
            ratios = [
                row["ratio"] for row in rows if row["what"] == name and 0 <= row["seconds"] - mark < 5
            ]
            if ratios:
                middle = statistics.median(ratios)
                print(f"{name:18} {mark:5.0f} s: median {middle:6.1f} × floor", sorted(ratios))


if __name__ == "__main__":
    main()
