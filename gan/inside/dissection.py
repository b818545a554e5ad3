"""Which unit draws which part: how far the places where a unit is strong are those of a part.

After Bau et al. 2019, "GAN Dissection" (arXiv:1811.10597), section 3.1: a unit's map is enlarged, cut off at a
threshold, and compared with the part's mask by intersection over union. Their threshold is chosen by information; here
a unit is strong at as many places as the part has, so that a unit that is always on does not win.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.inside.edits import Factor, changed
from gan.inside.layers import Inside, Layer
from gan.inside.parts import Parts
from gan.latent.named_directions import sample_z

SIDE = 32  # where maps and masks are compared
SAMPLES = 200
BATCH = 20
TOP = 40  # units of a part that are painted with


@dataclass(frozen=True)
class UnitScore:
    """How well a unit of a layer and a part agree. `value`: the unit's mean where the part is."""

    layer: int
    unit: int
    part: str
    iou: float
    value: float


def dissect(inside: Inside, parts: Parts, samples: int = SAMPLES, seed: int = 0) -> list[UnitScore]:
    """The score of each unit with each part that occurs, best first, over the pictures of random z."""
    z = sample_z(inside.generator, samples, seed)
    where, strength = [], [[] for _ in inside.layers]
    with torch.no_grad():
        for some in z.split(BATCH):
            pictures, units = inside.run(some)
            where.append(_coarse(parts.masks(pictures), len(parts.names)))
            for kept, each in zip(strength, units, strict=True):
                # Smaller ones as they are: the widest layers are the smallest.
                kept.append((each if each.shape[-1] < SIDE else _resized(each)).half())
    shares = torch.cat(where)  # (N, parts, SIDE, SIDE), bool
    scores = []
    for layer, kept in zip(inside.layers, strength, strict=True):
        scores += _scores_of(layer, torch.cat(kept), shares, parts.names)
    return sorted(scores, key=lambda score: -score.iou)


def _coarse(parts: Tensor, count: int) -> Tensor:
    """Of each of SIDE × SIDE squares and each part, whether most of the square is that part: bool (N, count, …)."""
    one_hot = F.one_hot(parts, count).permute(0, 3, 1, 2).float()
    return _resized(one_hot) > 0.5


def _resized(maps: Tensor) -> Tensor:
    if maps.shape[-1] >= SIDE:
        return F.adaptive_avg_pool2d(maps, SIDE)
    return F.interpolate(maps, SIDE, mode="bilinear")


def _scores_of(layer: Layer, strength: Tensor, shares: Tensor, parts: Sequence[str]) -> list[UnitScore]:
    flat = shares.transpose(0, 1).flatten(1)  # (parts, places)
    scores = []
    for unit in range(layer.units):
        values = _resized(strength[:, unit : unit + 1].float()).flatten()
        order = values.argsort(descending=True)
        for part, mask in zip(parts, flat, strict=True):
            area = int(mask.sum())
            if area:
                both = int(mask[order[:area]].sum())
                mean = values[mask].mean().item()
                scores.append(UnitScore(layer.index, unit, part, both / (2 * area - both), mean))
    return scores


def units_of(scores: Sequence[UnitScore], part: str, layer: int, count: int = TOP) -> list[UnitScore]:
    """The `count` units of a layer that agree best with a part, best first."""
    found = [score for score in scores if score.part == part and score.layer == layer]
    return sorted(found, key=lambda score: -score.iou)[:count]


def best_layer(scores: Sequence[UnitScore], part: str, count: int = TOP) -> int:
    """The layer whose `count` best units agree most with a part."""
    layers = sorted({score.layer for score in scores})
    return max(layers, key=lambda layer: sum(one.iou for one in units_of(scores, part, layer, count)))


def causal_effect(
    inside: Inside, parts: Parts, part: str, layer: int, units: Sequence[int], z: Tensor
) -> float:
    """The share of a part's pixels that are another part's once these units are off, over pictures of z (N, z_dim).

    Bau et al. 2019, section 3.2, with units switched off; negative where the part grows.
    """
    before, after, index = 0, 0, parts.names.index(part)
    off = [Factor(layer, unit, 0.0) for unit in units]
    for some in z.split(BATCH):
        before += int((parts.masks(changed(inside, some, [])) == index).sum())
        after += int((parts.masks(changed(inside, some, off)) == index).sum())
    return 1.0 - after / before if before else 0.0
