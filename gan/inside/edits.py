"""Changes of units: switched off or made stronger everywhere, or set where a brush went."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.common import checks
from gan.inside.layers import Inside, Layer

MAX_FACTOR = 3.0
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
    share.
    """

    layer: int
    units: tuple[int, ...]
    values: tuple[float, ...]
    mask: Tensor


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
    check_changes(inside.layers, changes)
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

    with torch.no_grad():
        return inside.run(z, labels, change_units)[0]


def _paint(units: Tensor, stroke: Stroke) -> None:
    mask = F.adaptive_avg_pool2d(stroke.mask[None, None].to(units), units.shape[-1])[0]
    chosen = list(stroke.units)
    values = units.new_tensor(stroke.values)[:, None, None]
    units[:, chosen] = torch.lerp(units[:, chosen], values.expand(-1, *mask.shape[1:]), mask)


def switched_off(layer: Layer, units: Sequence[int] | None = None) -> list[Factor]:
    """Changes that switch these units of a layer off, or all of them."""
    return [Factor(layer.index, unit, 0.0) for unit in (range(layer.units) if units is None else units)]
