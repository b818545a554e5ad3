"""A dissection beside a generator's weights: `dissection.json`, written by `python -m gan dissect`.

Of each layer and part the units that agree best. The file holds the SHA-256 of the weights that it was made for: units
of others draw something else.
"""

import json
from collections.abc import Sequence
from pathlib import Path

from gan.common import checks
from gan.common.files import digest, read_json, write_bytes
from gan.inside.dissection import TOP, UnitScore, units_of
from gan.inside.layers import Layer
from gan.models.registry import WEIGHTS_FILE

NAME = "dissection.json"
MAX_PARTS, MAX_NAME = 32, 24


def write_dissection(
    path: str | Path, parts: Sequence[str], scores: Sequence[UnitScore], weights: Path
) -> None:
    """Write the TOP best units of each part and layer, for the generator whose weights are in `weights`."""
    layers = sorted({score.layer for score in scores})
    best = [one for part in parts for layer in layers for one in units_of(scores, part, layer, TOP)]
    rows = [
        json.dumps([one.layer, one.unit, one.part, round(one.iou, 4), round(one.value, 4)])
        for one in best
    ]
    head = f'{{"weights": "{digest(weights)}", "parts": {json.dumps(list(parts))}, "units": [\n'
    write_bytes(path, (head + ",\n".join(rows) + "\n]}\n").encode())


def read_dissection(
    folder: str | Path, layers: Sequence[Layer]
) -> tuple[tuple[str, ...], list[UnitScore]] | None:
    """The parts and the scores in a generator's folder; None where there is no such file.

    ValueError for a file that is damaged, or was made for other weights.
    """
    path = Path(folder) / NAME
    if not path.is_file():
        return None
    content = read_json(path)
    if content.get("weights") != digest(path.parent / WEIGHTS_FILE):
        raise ValueError(f"{NAME} was made for other weights: run python -m gan dissect again.")
    parts, rows = content.get("parts"), content.get("units")
    most = MAX_PARTS * TOP * max(1, len(layers))
    if not isinstance(parts, list) or not isinstance(rows, list):
        raise ValueError(f"{NAME} needs a list of parts and one of units.")
    if not 1 <= len(parts) <= MAX_PARTS or len(rows) > most:
        raise ValueError(f"{NAME} may have 1 to {MAX_PARTS} parts and {most:,} units.")
    names = tuple(checks.text("part", part, max_length=MAX_NAME) for part in parts)
    return names, [_score(row, names, layers) for row in rows]


def _score(row: object, parts: Sequence[str], layers: Sequence[Layer]) -> UnitScore:
    if not isinstance(row, list) or len(row) != 5:
        raise ValueError(f"{NAME}: a unit is a list of layer, unit, part, agreement and value.")
    layer = checks.integer("layer", row[0], 0, len(layers) - 1)
    unit = checks.integer("unit", row[1], 0, layers[layer].units - 1)
    part = checks.choice("part", row[2], parts)
    return UnitScore(
        layer, unit, part, checks.number("iou", row[3], 0, 1), checks.number("value", row[4], -1e4, 1e4)
    )
