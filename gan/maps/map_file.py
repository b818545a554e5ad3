"""A map as files: `map.webp`, a sheet of all its pictures, and `map.json`, where each of them lies.

They lie beside a generator's weights, whose SHA-256 the JSON file holds: seeds draw something else with others.
"""

import json
from pathlib import Path

from gan.common.files import digest, read_json, write_bytes
from gan.images.encode import grid_columns, webp
from gan.maps.latent_map import LatentMap
from gan.models.registry import WEIGHTS_FILE

NAME, SHEET = "map.json", "map.webp"
PLACES = 10_000  # a place is a whole number from 0 to this
QUALITY = 75


def as_dict(made: LatentMap) -> dict:
    """A map for JSON but for its pictures: `x` and `y` (0 to PLACES, N each), `fakes`, how many of them are drawn (the
    first, of seeds 0, 1, …), `classes` and `names` of these, and `side` and `columns` of the sheet."""
    x, y = (made.places * PLACES).round().astype(int).T.tolist()
    count, side = made.pictures.shape[:2]
    return {
        "x": x,
        "y": y,
        "fakes": made.fakes,
        "classes": [] if made.classes is None else made.classes.tolist(),
        "names": list(made.names),
        "side": side,
        "columns": grid_columns(count),
    }


def sheet_of(made: LatentMap) -> bytes:
    """The pictures of a map as one WebP picture, row by row."""
    return webp(made.pictures, QUALITY)


def write_map(folder: str | Path, made: LatentMap, weights: Path) -> None:
    """Write both files into `folder`, for the generator whose weights are the file `weights`."""
    folder = Path(folder)
    write_bytes(folder / SHEET, sheet_of(made))
    content = {"weights": digest(weights), **as_dict(made)}
    write_bytes(folder / NAME, (json.dumps(content) + "\n").encode())


def read_map(folder: str | Path) -> tuple[dict, bytes] | None:
    """The map in a generator's folder as `as_dict` and `sheet_of` have it; None where there is none, or one of other
    weights."""
    folder = Path(folder)
    if not ((folder / NAME).is_file() and (folder / SHEET).is_file()):
        return None
    try:
        content = read_json(folder / NAME)
    except ValueError:  # damaged: treated as absent
        return None
    if content.pop("weights", "") != digest(folder / WEIGHTS_FILE):
        return None
    return content, (folder / SHEET).read_bytes()
