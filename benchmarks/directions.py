"""What do the directions of the shipped generators change, and what do they leave alone?

    python -m benchmarks.directions --model digits
    python -m benchmarks.directions --model faces

Each direction is walked from -2 to 2 unit steps (z has a standard deviation of 1 along any unit
direction) from the z of 200 seeds (of 100 for faces). Digits: for each attribute that is measured on
pixels, Spearman's correlation with the way along the direction (the mean over z), the change from end
to end relative to that of random directions (the mean of their absolute changes), and the share of ends
that our LeNet still reads as the class of the start. Faces: the change of each trait that the Namer
reads, in standard deviations of the trait; entanglement is the mean absolute change of the other
factors' traits relative to the trait's own. One JSON object a line; seconds are of the processor.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

from benchmarks.pixel_attributes import measure
from gan.latent.direction_files import read_directions
from gan.latent.directions import DirectionSet, pca_set, sefa_set
from gan.latent.named_directions import by_edits
from gan.latent.steering import draw
from gan.latent.vectors import seed_latents
from gan.models.face_attributes import TRAITS, load_namer, read_traits
from gan.models.lenet import load_lenet
from gan.models.registry import WEIGHTS
from gan.models.storage import load_generator

SEEDS = 200
AMOUNTS = torch.linspace(-2, 2, 9)
RANDOM = 24


def told(**row: object) -> None:
    rounded = {k: round(v, 3) if isinstance(v, float) else v for k, v in row.items()}
    print(json.dumps(rounded), flush=True)


def timed(name: str, make: Callable[[], DirectionSet]) -> DirectionSet:
    start = time.process_time()
    made = make()
    told(set=name, seconds=time.process_time() - start)
    return made


def units(sets: list[DirectionSet]) -> Iterator[tuple[str, str, Tensor]]:
    """Set, name and unit vector of every direction."""
    for each in sets:
        for one in each.directions:
            yield each.key, one.name, F.normalize(torch.tensor(one.vector), dim=0)


def spearman(values: Tensor) -> Tensor:
    """The rank correlation of values (amounts, N) with the amounts, for each of N."""
    ranks = values.argsort(0).argsort(0).double()
    ranks -= ranks.mean(0)
    way = torch.arange(len(values), dtype=torch.float64)
    way -= way.mean()
    return (way @ ranks) / (way.norm() * ranks.norm(dim=0))


def digits(generator, sets: list[DirectionSet], seeds: range) -> None:
    lenet = load_lenet()
    z = seed_latents(seeds, generator.z_dim)
    classes = lenet(draw(generator, z)).argmax(1)
    rng = torch.Generator().manual_seed(1)
    usual = dict.fromkeys(measure(draw(generator, z[:1])), 0.0)
    kept = 0.0
    for row in F.normalize(torch.randn(RANDOM, generator.z_dim, generator=rng), dim=1):
        less, more = draw(generator, z - 2 * row), draw(generator, z + 2 * row)
        kept += same(lenet, [less, more], classes) / RANDOM
        for name, value in measure(more).items():
            usual[name] += (value - measure(less)[name]).mean().abs().item() / RANDOM
    told(set="random", kept=kept, **usual)
    for key, name, row in units(sets):
        images = [draw(generator, z + amount * row) for amount in AMOUNTS]
        changed = {k: torch.stack([measure(x)[k] for x in images]) for k in usual}
        effects = {k: ((v[-1] - v[0]).mean() / usual[k]).item() for k, v in changed.items()}
        most = max(effects, key=lambda k: abs(effects[k]))
        told(
            set=key, direction=name, kept=same(lenet, [images[0], images[-1]], classes), most=most,
            spearman=spearman(changed[most]).mean().item(),
            **{k: round(v, 1) for k, v in effects.items()},
        )  # fmt: skip


def same(lenet, ends: list[Tensor], classes: Tensor) -> float:
    """The share of pictures at the ends that still have the class of their start."""
    return sum((lenet(end).argmax(1) == classes).float().mean().item() for end in ends) / len(ends)


def towards(generator, each: DirectionSet, seeds: range) -> None:
    """How often the end of a class's slider shows that class."""
    lenet, z = load_lenet(), seed_latents(seeds, generator.z_dim)
    for k, one in enumerate(each.directions):
        end = lenet(draw(generator, z + 3 * torch.tensor(one.vector))).argmax(1)
        told(set="classes", direction=one.name, reached=(end == k).float().mean().item())


def faces(generator, sets: list[DirectionSet], seeds: range) -> None:
    namer = load_namer()
    z = seed_latents(seeds[: SEEDS // 2], generator.z_dim)
    places = {trait.name: k for k, trait in enumerate(TRAITS)}
    spread = read_traits(namer, draw(generator, seed_latents(range(5000, 6000), generator.z_dim))).std(
        0
    )
    rng = torch.Generator().manual_seed(1)
    rows = F.normalize(torch.randn(8, generator.z_dim, generator=rng), dim=1)
    changes = [walked(generator, namer, z, row, spread) for row in rows]
    told(set="random", mean_abs=torch.stack(changes).abs().mean().item())
    for key, name, row in units(sets):
        change = walked(generator, namer, z, row, spread)
        own = places.get(name, int(change.mean(0).abs().argmax()))
        others = torch.tensor([trait.factor != TRAITS[own].factor for trait in TRAITS])
        means = change.mean(0)
        table = {t.factor: round(means[k].item(), 2) for k, t in enumerate(TRAITS) if k != own}
        told(
            set=key, direction=name, trait=TRAITS[own].name, own=means[own].item(),
            rises=(change[:, own] > 0).float().mean().item(),
            entangled=(change[:, others].abs().mean() / means[own].abs()).item(), others=table,
        )  # fmt: skip


def walked(generator, namer, z: Tensor, row: Tensor, spread: Tensor) -> Tensor:
    """The change of every trait from -2 to 2: (N, traits)."""
    more, less = (read_traits(namer, draw(generator, z + way * row)) for way in (2, -2))
    return (more - less) / spread


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=("digits", "faces"), default="digits")
    parser.add_argument("--first", type=int, default=0, help="the first of the 200 seeds")
    parser.add_argument("--sets", default="sefa,pca,named", help="which of sefa, pca, named")
    options = parser.parse_args()
    torch.set_num_threads(1)
    generator = load_generator(options.model)
    stored = read_directions(WEIGHTS / options.model, generator.z_dim)
    made = {
        "sefa": timed("sefa", lambda: sefa_set(generator)),
        "pca": timed("pca", lambda: pca_set(generator)),
        "named": stored[0],
    }
    timed("by_edits, 64 places", lambda: by_edits(generator))
    seeds = range(options.first, options.first + SEEDS)
    sets = [made[key] for key in options.sets.split(",")]
    if options.model == "faces":
        faces(generator, sets, seeds)
    else:
        digits(generator, sets, seeds)
        towards(generator, stored[1], seeds)


if __name__ == "__main__":
    main()
