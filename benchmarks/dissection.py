"""Do the units that draw a part draw it? The average causal effect of switching them off, against random units.

    python -m benchmarks.dissection --model faces    # some minutes

Bau et al. 2019, section 3.2 (arXiv:1811.10597), with 500 z: the share of a part's pixels that are another once the
20 best units of its best layer are off; the same with 20 units of that layer drawn at random; and how many of all
pixels become another part's.
"""

import argparse

import torch
from torch import Tensor

from gan.inside.dissection import BATCH, best_layer, units_of
from gan.inside.edits import Factor, changed
from gan.inside.look import Look
from gan.inside.parts import parts_of
from gan.latent.named_directions import trained_on
from gan.models.storage import find_generator, load_generator

COUNT, UNITS = 500, 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="faces")
    options = parser.parse_args()
    folder = find_generator(options.model)
    look = Look(load_generator(options.model), folder)
    parts = parts_of(look.inside, trained_on(folder))
    rng = torch.Generator().manual_seed(1)
    z = torch.randn(COUNT, look.inside.generator.z_dim, generator=rng)

    def masks(layer: int = 0, units: tuple[int, ...] = ()) -> Tensor:
        """The part of each pixel with these units off: int64 (COUNT, S, S)."""
        off = [Factor(layer, unit, 0.0) for unit in units]
        return torch.cat([parts.masks(changed(look.inside, some, off)) for some in z.split(BATCH)])

    before = masks()
    print(
        "| part | share of pixels | layer | best IoU | 20 best off | 20 random off | all that change: best | random |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for part in look.parts:
        layer, index = look.inside.layers[best_layer(look.scores, part)], parts.names.index(part)
        best = units_of(look.scores, part, layer.index, UNITS)
        chance = torch.randperm(layer.units, generator=rng)[:UNITS].tolist()
        here, effects, moved = before == index, [], []
        for units in ([one.unit for one in best], chance):
            after = masks(layer.index, tuple(units))
            effects.append(1.0 - (after == index).sum().item() / here.sum().item())
            moved.append((after != before).float().mean().item())
        numbers = [f"{value:.0%}" for value in effects] + [f"{value:.1%}" for value in moved]
        about = [part, f"{here.float().mean():.1%}", f"{layer.side}×{layer.side}", f"{best[0].iou:.2f}"]
        print(f"| {' | '.join([*about, *numbers])} |", flush=True)


if __name__ == "__main__":
    main()
