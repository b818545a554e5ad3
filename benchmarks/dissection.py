"""Do the units that draw a part draw it? The average causal effect of switching them off, against random units.

    python -m benchmarks.dissection --model faces    # some minutes

Bau et al. 2019, section 3.2 (arXiv:1811.10597), with 500 z: the share of a part's pixels that are
another part's once the 20
best units of its best layer are off; the same with 20 units of that layer drawn at random (the mean of 3 draws); and
how many pixels of all change their part at all.
"""

import argparse

import torch

from gan.inside.dissection import BATCH, best_layer, causal_effect, units_of
from gan.inside.edits import Factor, changed
from gan.inside.look import Look
from gan.inside.parts import Parts, parts_of
from gan.latent.named_directions import trained_on
from gan.models.storage import find_generator, load_generator

COUNT, UNITS, DRAWS = 500, 20, 3


def changed_share(look: Look, parts: Parts, layer: int, units: list[int], z: torch.Tensor) -> float:
    """The share of all pixels that are another part once these units are off."""
    off, other = [Factor(layer, unit, 0.0) for unit in units], []
    for some in z.split(BATCH):
        before, after = (parts.masks(changed(look.inside, some, edits)) for edits in ([], off))
        other.append((before != after).float().mean((1, 2)))
    return torch.cat(other).mean().item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="faces")
    options = parser.parse_args()
    folder = find_generator(options.model)
    look = Look(load_generator(options.model), folder)
    parts = parts_of(look.inside, trained_on(folder))
    rng = torch.Generator().manual_seed(1)
    z = torch.randn(COUNT, look.inside.generator.z_dim, generator=rng)
    print(
        "| part | layer | best unit's IoU | 20 best off | 20 random off | pixels that change, best | random |"
    )
    print("|---|---|---|---|---|---|---|")
    for part in look.parts:
        layer = look.inside.layers[best_layer(look.scores, part)]
        best = units_of(look.scores, part, layer.index, UNITS)
        units = [one.unit for one in best]
        draws = [torch.randperm(layer.units, generator=rng)[:UNITS].tolist() for _ in range(DRAWS)]
        effect = causal_effect(look.inside, parts, part, layer.index, units, z)
        by_chance = [causal_effect(look.inside, parts, part, layer.index, each, z) for each in draws]
        moved = changed_share(look, parts, layer.index, units, z)
        moved_by_chance = changed_share(look, parts, layer.index, draws[0], z)
        print(
            f"| {part} | {layer.side}×{layer.side} | {best[0].iou:.2f} | {effect:.0%} | {sum(by_chance) / DRAWS:.0%} | "
            f"{moved:.1%} | {moved_by_chance:.1%} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
