"""How often a dragged point arrives, and takes with it what it was part of.

    python -m benchmarks.drag --model faces --count 200

Each drag: a seed, a random point of a random part of its face (by the shipped segmenter), a random way of 4 to 12
pixels (of 128). It has arrived within 2 pixels of its target; the segmenter agrees if the part is there then.
"""

import argparse
import collections
import random
import statistics
import time

import torch
from torch import Tensor

from gan.data.image_tensors import to_uint8
from gan.drawn.faces import PARTS
from gan.images.encode import grid, png
from gan.inside.drag import SIDE, Drag
from gan.inside.layers import Inside
from gan.inside.limits import MAX_STEPS
from gan.inside.pulls import Pull
from gan.latent.vectors import seed_latents
from gan.models.part_segmenter import load_segmenter
from gan.models.storage import load_generator

LEAST = 60 / SIDE**2  # share of the picture that a part must have
LENGTHS = (4.0, 12.0)
WITHIN = 2.0


def random_pair(parts: Tensor, rng: random.Random) -> tuple[int, tuple, tuple]:
    """A part of those in `parts` (S, S), one of its pixels and a target, in pixels of this picture."""
    size = len(parts)
    shown = [part for part in range(len(PARTS)) if (parts == part).float().mean() > LEAST]
    part = rng.choice(shown)
    rows, columns = torch.nonzero(parts == part, as_tuple=True)
    place = rng.randrange(len(rows))
    start = (float(columns[place]) + 0.5, float(rows[place]) + 0.5)
    way = torch.tensor(rng.uniform(0, 6.2832))
    length = rng.uniform(*LENGTHS) * size / SIDE
    end = tuple(
        min(max(at + length * float(step), 1.0), size - 1.0)
        for at, step in zip(start, (way.cos(), way.sin()), strict=True)
    )
    return part, start, end


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", default="faces")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--sheet", help="a PNG of the first 16, before and after")
    options = parser.parse_args()
    torch.set_num_threads(1)
    inside, segmenter, rng = Inside(load_generator(options.model)), load_segmenter(), random.Random(0)
    found, numbers, sheet = collections.Counter(), collections.defaultdict(list), []
    for seed in range(options.count):
        z = seed_latents([seed], inside.generator.z_dim)
        drag = Drag(inside, z)
        with torch.no_grad():
            before = drag.picture()
            parts = segmenter(before).argmax(1)[0]
        part, start, end = random_pair(parts, rng)
        started = time.perf_counter()
        drag.follow([Pull(((start, end),), MAX_STEPS)])
        seconds = time.perf_counter() - started
        with torch.no_grad():
            after = drag.picture()
            now = segmenter(after).argmax(1)[0]
        size = inside.generator.size
        away = torch.dist(torch.tensor(drag.points[0]), torch.tensor(end)) * SIDE / size
        near, agrees = bool(away <= WITHIN), int(now[int(end[1]), int(end[0])]) == part
        found["near"] += near
        found["near and agreed"] += near and agrees
        found["stuck"] += drag.stuck
        numbers["steps"].append(drag.steps)
        numbers["seconds"].append(seconds)
        numbers["mean change of a pixel"].append(float((after - before).abs().mean()))
        if seed < 16:
            sheet += [before[0], after[0]]
    print({name: f"{count / options.count:.0%}" for name, count in found.items()})
    for name, values in numbers.items():
        print(f"{name}: median {statistics.median(values):.3g}, most {max(values):.3g}")
    print(f"{sum(numbers['steps']) / sum(numbers['seconds']):.1f} steps/s")
    if options.sheet:
        with open(options.sheet, "wb") as file:
            file.write(png(grid(to_uint8(torch.stack(sheet)), 8)))


if __name__ == "__main__":
    main()
