"""Changes of units: switched off or made stronger everywhere, or set where a brush went."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.common import checks
from gan.inside.layers import Change, Inside, Layer
from gan.inside.limits import MAX_FACTOR

# Of painting as_here: units that show where a part is; how much of the most they do there; of their usual, to be there.
GUIDES, HERE, PRESENT, GAIN = 8, 0.65, 0.6, 1.2
MAX_CHANGES = 5000  # units, and strokes


@dataclass(frozen=True)
class Factor:
    """A unit times `factor`, 0 (off) to 3."""

    layer: int
    unit: int
    factor: float


@dataclass(frozen=True)
class Stroke:
    """Units of a layer forced to `values`, one each, as far as `mask` says, (H, W) from 0 to 1.

    The mask may have any side; it is averaged to that of the layer. Bau et al. 2019, equation 3, with masks of any
    share. With `as_here` the units are those of a part, best first, and the values theirs where it is on average: a
    picture that has the part gets its own instead, so that blue hair grows blue; GAIN times either.
    """

    layer: int
    units: tuple[int, ...]
    values: tuple[float, ...]
    mask: Tensor
    as_here: bool = False


def check_changes(layers: Sequence[Layer], changes: Sequence[Factor | Stroke]) -> None:
    """ValueError for a layer or unit that there is not, a factor or mask out of range, and too many of them."""
    if len(changes) > MAX_CHANGES:
        raise ValueError(f"At most {MAX_CHANGES:,} changes of units, not {len(changes):,}.")
    for change in changes:
        index = checks.integer("layer", change.layer, 0, len(layers) - 1)
        units = (change.unit,) if isinstance(change, Factor) else change.units
        for unit in units:
            checks.integer("unit", unit, 0, layers[index].units - 1)
        if isinstance(change, Factor):
            checks.number("factor", change.factor, 0.0, MAX_FACTOR)
        else:
            _check_stroke(change)


def _check_stroke(stroke: Stroke) -> None:
    mask = stroke.mask
    square = mask.ndim == 2 and mask.numel() and mask.shape[0] == mask.shape[1]
    # Nothing is between 0 and 1 where a number is none.
    if not square or not ((mask >= 0) & (mask <= 1)).all():
        raise ValueError("The mask of a stroke must be a square of numbers from 0 to 1.")
    if not stroke.units or len(stroke.units) != len(stroke.values):
        raise ValueError("A stroke needs one value for each of its units, and at least one unit.")
    for value in stroke.values:
        checks.number("value", value, -1e4, 1e4)


def changed(
    inside: Inside, z: Tensor, changes: Sequence[Factor | Stroke], labels: Tensor | None = None
) -> Tensor:
    """Pictures (N, channels, size, size) of z with the changes made, in their order; ValueError for bad ones."""
    with torch.no_grad():
        return inside.run(z, labels, changer(inside.layers, changes))[0]


def changer(layers: Sequence[Layer], changes: Sequence[Factor | Stroke]) -> Change:
    """What makes the changes, in their order, while a generator draws (`Inside.run`); ValueError for bad ones."""
    check_changes(layers, changes)
    by_layer: dict[int, list[Factor | Stroke]] = {}
    for change in changes:
        by_layer.setdefault(change.layer, []).append(change)

    def change_units(index: int, units: Tensor) -> Tensor:
        some = by_layer.get(index, ())
        if not some:
            return units
        units = units.clone()
        for change in some:
            if isinstance(change, Factor):
                units[:, change.unit] *= change.factor
            else:
                _paint(units, change)
        return units

    return change_units


def _paint(units: Tensor, stroke: Stroke) -> None:
    mask = F.adaptive_avg_pool2d(stroke.mask[None, None].to(units), units.shape[-1])[0]
    chosen = list(stroke.units)
    before, values = units[:, chosen], units.new_tensor(stroke.values).expand(len(units), -1)
    if stroke.as_here:
        values = GAIN * _as_here(before, values)
    after = values[:, :, None, None].expand_as(before)
    units[:, chosen] = torch.lerp(before, after, mask)


def _as_here(units: Tensor, usual: Tensor) -> Tensor:
    """What units (N, K, side, side) of a part do where each picture has it; `usual` (N, K) where it has none.

    It is where the best of them are nearly as strong as anywhere, if they are anywhere strong.
    """
    # Of signed units, those that are negative where the part is say nothing of where it is.
    guides = usual[:, :GUIDES, None, None]
    weight = (guides > 0.0).to(units)
    share = (units[:, :GUIDES] / guides.clamp(min=1e-6)).clamp(0, 2) * weight
    share = share.sum(1) / weight.sum(1).clamp(min=1)
    peak = share.amax((1, 2), keepdim=True)
    here = (share > HERE * peak)[:, None]
    own = (units * here).sum((2, 3)) / here.sum((2, 3)).clamp(min=1)
    return torch.where(peak[:, :, 0] > PRESENT, own, usual)


def switched_off(layer: Layer, units: Sequence[int] | None = None) -> list[Factor]:
    """Changes that switch these units of a layer off, or all of them."""
    return [Factor(layer.index, unit, 0.0) for unit in (range(layer.units) if units is None else units)]
