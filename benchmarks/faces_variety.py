"""Is every factor of the drawn faces alive in a generator's pictures, or has one collapsed?

    python -m benchmarks.faces_variety --model faces

The program draws the faces itself, so it knows what each shows. A small network learns to name the
factors (its accuracy on unseen faces is printed: a factor that it cannot name says nothing), then
names those of the generator's pictures. For each factor: the total variation distance between the
shares of its values among fakes and among drawn faces (0: the same, 1: disjoint), the same between
two drawn sets (the floor), and the rarest value's share relative to what it should be.
"""

import argparse
import json
from itertools import pairwise

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.checkpoints import load_generator
from gan.data import to_float
from gan.drawings import DRAWN, draw, factors
from gan.metrics import draw_fakes

TRAINED_ON, TESTED_ON = 12_000, 4_000


class Namer(nn.Module):
    """Faces (N, 3, 64, 64) in [-1, 1] -> logits of each discrete factor."""

    def __init__(self, sizes: dict[str, int]):
        super().__init__()
        channels, layers = [3, 24, 48, 96, 96], []
        for inside, outside in pairwise(channels):
            layers += [nn.Conv2d(inside, outside, 4, 2, 1), nn.BatchNorm2d(outside), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.Flatten(), nn.Dropout(0.2))
        self.heads = nn.ModuleDict({name: nn.Linear(96 * 16, size) for name, size in sizes.items()})

    def forward(self, images: Tensor) -> dict[str, Tensor]:
        shared = self.body(images)
        return {name: head(shared) for name, head in self.heads.items()}


def drawn(count: int, seed: int) -> tuple[Tensor, dict[str, Tensor]]:
    """Faces and the values of their discrete factors."""
    size = DRAWN["faces"].size
    pixels = torch.from_numpy(draw("faces", count, size, 3, seed)).permute(0, 3, 1, 2).contiguous()
    values = factors("faces", count, seed)
    return pixels, {name: torch.from_numpy(values[name]) for name in DRAWN["faces"].factors}


def fit(namer: Namer, pixels: Tensor, values: dict[str, Tensor], epochs: int) -> None:
    rng = torch.Generator().manual_seed(0)
    optimiser = torch.optim.Adam(namer.parameters(), lr=1e-3)
    batches = len(pixels) // 64
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 3e-3, total_steps=epochs * batches)
    for _ in range(epochs):
        for batch in torch.randperm(len(pixels), generator=rng)[: batches * 64].split(64):
            logits = namer(to_float(pixels[batch]))
            loss = sum(F.cross_entropy(logits[name], values[name][batch]) for name in logits)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    namer.eval()


@torch.no_grad()
def named(namer: Namer, images: Tensor) -> dict[str, Tensor]:
    batches = [namer(batch) for batch in images.split(250)]
    return {name: torch.cat([batch[name] for batch in batches]).argmax(1) for name in batches[0]}


def shares(values: Tensor, size: int) -> np.ndarray:
    return (values.bincount(minlength=size) / len(values)).numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", default="faces")
    parser.add_argument("--epochs", type=int, default=6)
    options = parser.parse_args()
    torch.manual_seed(0)
    names = DRAWN["faces"].factors
    namer = Namer({name: len(values) for name, values in names.items()})
    fit(namer, *drawn(TRAINED_ON, seed=100), options.epochs)
    test, truth = drawn(TESTED_ON, seed=101)
    of_drawn = named(namer, to_float(test))
    of_others = named(namer, to_float(drawn(TESTED_ON, seed=102)[0]))
    of_fakes = named(namer, draw_fakes(load_generator(options.model), TESTED_ON))
    for name, values in names.items():
        expected, floor, found = (
            shares(each[name], len(values)) for each in (of_drawn, of_others, of_fakes)
        )
        relative = found / expected
        row = {
            "factor": name,
            "accuracy": round((of_drawn[name] == truth[name]).float().mean().item(), 3),
            "distance": round(float(np.abs(found - expected).sum() / 2), 3),
            "floor": round(float(np.abs(floor - expected).sum() / 2), 3),
            "rarest": values[int(relative.argmin())],
            "rarest_share": round(float(relative.min()), 2),
        }
        print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
