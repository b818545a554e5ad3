"""Changes of units as text: in links of the page, on command lines and in endpoints.

Parts, after each other by commas. Of several that name one unit, or the only one of a layer, the last counts; what is
painted comes after all others, in the order of the text:

    2.17x0.5            unit 17 of layer 2 times 0.5: 0 switches it off, 3 is the most
    2.17only            all other units of layer 2 off
    more.hair.MASK      the units that draw hair on, as far as the mask says; less.hair.MASK: off. A space in the
                        name of a part is written _

MASK is GRID × GRID bits, row by row from the top left, as URL-safe base64 without padding (171 letters).
Pulls of points (gan/inside/pull_text.py) and latents of stages (stage_latents.py) may stand beside these.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from gan.common import checks
from gan.inside.dissection import UnitScore, best_layer, units_of
from gan.inside.edits import Factor, Stroke, check_changes
from gan.inside.layers import Layer
from gan.inside.limits import GRID, MAX_EDITS, MAX_FACTOR, MAX_LETTERS

EXAMPLE = "2.17x0, 2.17only or less.hair. and a mask"


def read_edits(
    text: str, layers: Sequence[Layer], dissection: Callable[[], Sequence[UnitScore]]
) -> list[Factor | Stroke]:
    """The changes that a text names, for a generator with these layers; `dissection()` is asked if it paints a part.

    ValueError for a text that is too long or none of this, and for units and parts that there are not.
    """
    text = checks.text("edits", text, max_length=MAX_LETTERS) if text.strip() else ""
    parts = [part for part in text.split(",") if part.strip()]
    if len(parts) > MAX_EDITS:
        raise ValueError(f"At most {MAX_EDITS} edits, not {len(parts)}.")
    only: dict[int, int] = {}
    factors: dict[tuple[int, int], Factor] = {}
    strokes: list[Stroke] = []
    for part in parts:
        change = _change_of(part.strip(), layers, dissection)
        if isinstance(change, Stroke):
            strokes.append(change)
        elif isinstance(change, Factor):
            factors[change.layer, change.unit] = change
        else:
            only[change[0]] = change[1]
    off = [
        Factor(layer, unit, 0.0)
        for layer, one in only.items()
        for unit in range(layers[layer].units)
        if unit != one
    ]
    changes = [*off, *factors.values(), *strokes]
    check_changes(layers, changes)
    return changes


def _change_of(
    part: str, layers: Sequence[Layer], dissection: Callable[[], Sequence[UnitScore]]
) -> Factor | Stroke | tuple[int, int]:
    """The change that a part names; (layer, unit) where the unit is the only one that stays on."""
    if found := re.fullmatch(r"(\d{1,3})\.(\d{1,4})(?:x(\d{1,3}(?:\.\d{1,6})?)|only)", part, re.ASCII):
        layer, unit, factor = found.groups()
        index = checks.integer("layer", int(layer), 0, len(layers) - 1)
        unit = checks.integer("unit", int(unit), 0, layers[index].units - 1)
        if factor is not None:
            return Factor(index, unit, checks.number("factor", float(factor), 0.0, MAX_FACTOR))
        return index, unit
    way, _, rest = part.partition(".")
    name, _, mask = rest.partition(".")
    if way in ("more", "less") and mask:
        return stroke_of(name.replace("_", " "), way == "more", read_mask(mask), dissection())
    raise ValueError(f"{part[:40]!r} is no change of units: such as {EXAMPLE}.")


def stroke_of(part: str, more: bool, mask: Tensor, scores: Sequence[UnitScore]) -> Stroke:
    """The units that draw a part best, on or off where the mask (H, W), 0 to 1, says; ValueError for an unknown part.

    On: about as strong as where the picture has the part, or as on average (`Stroke`).
    """
    names = list(dict.fromkeys(score.part for score in scores))
    if not names:
        raise ValueError(
            "Nobody has looked for the parts of this model yet: press Find parts, or run python -m gan dissect."
        )
    part = checks.choice("part", part, names)
    layer = best_layer(scores, part)
    best = units_of(scores, part, layer)
    values = tuple(one.value if more else 0.0 for one in best)
    return Stroke(layer, tuple(one.unit for one in best), values, mask, as_here=more)


def read_mask(text: str) -> Tensor:
    """A mask (GRID, GRID) of 0 and 1 from its text; ValueError for any other text."""
    try:
        content = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if len(content) != GRID**2 // 8:
        raise ValueError(f"A mask is {GRID} × {GRID} bits, as {GRID**2 // 8} bytes in URL-safe base64.")
    bits = np.unpackbits(np.frombuffer(content, np.uint8)).reshape(GRID, GRID)
    return torch.from_numpy(bits.astype(np.float32))


def write_mask(mask: Tensor) -> str:
    """The text of a mask (GRID, GRID): bits of what is above one half."""
    bits = np.packbits((mask > 0.5).numpy().astype(np.uint8).flatten())
    return base64.urlsafe_b64encode(bits.tobytes()).decode().rstrip("=")
