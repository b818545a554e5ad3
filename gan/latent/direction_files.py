"""Directions beside a generator's weights: `directions.json`, written by `python -m gan directions`.

The file holds the SHA-256 of the weights that it was made for: directions mean nothing for others.
Only names, short hints and numbers are read from it; titles of sets come from gan.latent.directions.
"""

import json
import re
from dataclasses import asdict, replace
from pathlib import Path

from gan.common import checks
from gan.common.files import digest, read_json, write_bytes
from gan.latent.directions import SETS, Direction, DirectionSet
from gan.models.registry import DIRECTIONS_FILE as NAME
from gan.models.registry import WEIGHTS_FILE

MAX_SETS, MAX_DIRECTIONS = 4, 32
MAX_NAME_LENGTH, MAX_HINT_LENGTH = 24, 80
MAX_ABS = 10.0  # of a vector's numbers; those of z are within 5 or so
NAME_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 -]*")


def write_directions(path: str | Path, sets: tuple[DirectionSet, ...], weights: Path) -> None:
    """Write sets for the generator whose weights are in the file `weights`; one direction a line."""
    rows = []
    for each in sets:
        lines = ",\n".join(f"    {json.dumps(_content(direction))}" for direction in each.directions)
        rows.append(f'  {{"key": {json.dumps(each.key)}, "directions": [\n{lines}\n  ]}}')
    body = ",\n".join(rows)
    write_bytes(path, f'{{"weights": "{digest(weights)}", "sets": [\n{body}\n]}}\n'.encode())


def with_former(
    sets: tuple[DirectionSet, ...], before: tuple[DirectionSet, ...]
) -> tuple[DirectionSet, ...]:
    """`sets`, with what only `before` has of each set as former directions: links to these go on working."""
    old = {each.key: each.directions for each in before}
    kept = []
    for each in sets:
        names = {one.name for one in each.directions}
        gone = [replace(one, former=True) for one in old.get(each.key, ()) if one.name not in names]
        room = MAX_DIRECTIONS - len(each.directions)
        kept.append(replace(each, directions=(*each.directions, *gone[:room])))
    return tuple(kept)


def read_directions(folder: str | Path, z_dim: int) -> tuple[DirectionSet, ...]:
    """The sets of directions in a generator's folder; none if it has no such file.

    ValueError for a file that is damaged or was made for other weights, for names that are too long,
    repeated or not of letters, digits, spaces and hyphens, and for vectors that are not z_dim finite
    numbers.
    """
    path = Path(folder) / NAME
    if not path.is_file():
        return ()
    content = read_json(path)
    if content.get("weights") != digest(path.parent / WEIGHTS_FILE):
        raise ValueError(
            f"{NAME} in {path.parent} was made for other weights: run python -m gan directions again."
        )
    sets = tuple(_read_set(each, z_dim) for each in _list(content.get("sets"), "sets", MAX_SETS))
    _check_unique([each.key for each in sets])
    return sets


def _read_set(content: object, z_dim: int) -> DirectionSet:
    if not isinstance(content, dict):
        raise ValueError(f"{NAME}: each set must be an object with a key and directions.")
    key = checks.choice("set of directions", content.get("key"), SETS)
    rows = _list(content.get("directions"), "directions", MAX_DIRECTIONS)
    directions = tuple(_read_direction(row, z_dim) for row in rows)
    _check_unique([each.name for each in directions])
    return DirectionSet(key, *SETS[key], directions)


def _read_direction(content: object, z_dim: int) -> Direction:
    if not isinstance(content, dict):
        raise ValueError(f"{NAME}: each direction must be an object with a name and a vector.")
    name = checks.text("name of a direction", content.get("name"), MAX_NAME_LENGTH)
    if not NAME_PATTERN.fullmatch(name):
        raise ValueError(f"{NAME}: the name {name!r} must be of letters, digits, spaces and hyphens.")
    hint = content.get("hint", "")
    if not isinstance(hint, str) or len(hint) > MAX_HINT_LENGTH or not (hint.isprintable()):
        raise ValueError(f"{NAME}: the hint of {name} must be at most {MAX_HINT_LENGTH} characters.")
    vector = content.get("vector")
    if not isinstance(vector, list) or len(vector) != z_dim:
        raise ValueError(f"{NAME}: the vector of {name} must have {z_dim} numbers.")
    numbers = tuple(checks.number(f"vector of {name}", x, -MAX_ABS, MAX_ABS) for x in vector)
    if not any(numbers):
        raise ValueError(f"{NAME}: the vector of {name} is 0 everywhere.")
    return Direction(
        name, hint, numbers, checks.flag(f"former of {name}", content.get("former", False))
    )


def _content(direction: Direction) -> dict:
    content = asdict(direction)
    return content if direction.former else {k: v for k, v in content.items() if k != "former"}


def _list(value: object, what: str, longest: int) -> list:
    if not isinstance(value, list) or not 1 <= len(value) <= longest:
        raise ValueError(f"{NAME} must hold a list of 1 to {longest} {what}.")
    return value


def _check_unique(names: list[str]) -> None:
    if len(set(names)) != len(names):
        raise ValueError(f"{NAME} names something twice.")
