"""Directions beside a generator's weights: `directions.json`, written by `python -m gan directions`.

The file names the weights that it was made for, by their SHA-256: directions mean nothing in others.
Only names, short hints and numbers are read from it; how a set is called and explained is ours.
"""

import json
import re
from pathlib import Path

from gan.common import checks
from gan.common.files import digest, read_json, write_bytes
from gan.latent.directions import SETS, Direction, DirectionSet
from gan.models.registry import DIRECTIONS_FILE as NAME

MOST_SETS, MOST_DIRECTIONS = 4, 32
LONGEST_NAME, LONGEST_HINT = 24, 80
LARGEST = 10.0  # of a vector's numbers; z itself is within 5 or so
PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]*")


def write_directions(path: str | Path, sets: tuple[DirectionSet, ...], weights: Path) -> None:
    """Write sets for the generator whose weights are in the file `weights`; one direction a line."""
    rows = []
    for each in sets:
        lines = ",\n".join(f"    {json.dumps(direction.to_dict())}" for direction in each.directions)
        rows.append(f'  {{"key": {json.dumps(each.key)}, "directions": [\n{lines}\n  ]}}')
    body = ",\n".join(rows)
    write_bytes(path, f'{{"weights": "{digest(weights)}", "sets": [\n{body}\n]}}\n'.encode())


def read_directions(folder: str | Path, z_dim: int) -> tuple[DirectionSet, ...]:
    """The sets in a generator's folder, none if it has no such file.

    ValueError for a file that is damaged, for other weights, or that holds anything but plain short
    names, each once, and finite vectors of z_dim numbers.
    """
    path = Path(folder) / NAME
    if not path.is_file():
        return ()
    content = read_json(path)
    if content.get("weights") != digest(path.parent / "model.safetensors"):
        raise ValueError(
            f"{NAME} in {path.parent} was made for other weights: run python -m gan directions again."
        )
    given = _list(content.get("sets"), "sets", MOST_SETS)
    sets = tuple(_read_set(each, z_dim) for each in given)
    _once([each.key for each in sets])
    return sets


def _read_set(given: object, z_dim: int) -> DirectionSet:
    if not isinstance(given, dict):
        raise ValueError(f"{NAME}: each set must be an object with a key and directions.")
    key = checks.choice("set of directions", given.get("key"), SETS)
    rows = _list(given.get("directions"), "directions", MOST_DIRECTIONS)
    directions = tuple(_read_direction(row, z_dim) for row in rows)
    _once([each.name for each in directions])
    return DirectionSet(key, *SETS[key], directions)


def _read_direction(given: object, z_dim: int) -> Direction:
    if not isinstance(given, dict):
        raise ValueError(f"{NAME}: each direction must be an object with a name and a vector.")
    name = checks.text("name of a direction", given.get("name"), LONGEST_NAME)
    if not PLAIN.fullmatch(name):
        raise ValueError(f"{NAME}: the name {name!r} must be of letters, digits, spaces and hyphens.")
    hint = given.get("hint", "")
    if not isinstance(hint, str) or len(hint) > LONGEST_HINT or not (hint.isprintable()):
        raise ValueError(f"{NAME}: the hint of {name} must be at most {LONGEST_HINT} characters.")
    vector = given.get("vector")
    if not isinstance(vector, list) or len(vector) != z_dim:
        raise ValueError(f"{NAME}: the vector of {name} must have {z_dim} numbers.")
    numbers = tuple(checks.number(f"vector of {name}", x, -LARGEST, LARGEST) for x in vector)
    if not any(numbers):
        raise ValueError(f"{NAME}: the vector of {name} is 0 everywhere.")
    return Direction(name, hint, numbers)


def _list(value: object, what: str, most: int) -> list:
    if not isinstance(value, list) or not 1 <= len(value) <= most:
        raise ValueError(f"{NAME} must hold a list of 1 to {most} {what}.")
    return value


def _once(names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise ValueError(f"{NAME} names something twice.")
