"""Points as text, one "x, y" a line: read, fitted into a square, written. Free of PyTorch."""

import re
from pathlib import Path

import numpy as np

from gan.data.point_clouds import MOST_POINTS

MOST_BYTES = 10**8
FARTHEST = 1e30  # beyond it differences would overflow
NEAREST = 1e-12  # a spread smaller than this share of the coordinates is lost in their rounding
MOST_LINES = 2 * MOST_POINTS
LONGEST = 10_000  # characters of a line
SHOWN = 20  # characters of what cannot be read
# Each text in one way only: else a field of many digits and a letter would be tried in very many.
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
NOT_FINITE = re.compile(r"[-+]?(nan|inf(inity)?)", re.IGNORECASE)


def read_points(text: str) -> np.ndarray:
    """The points (N, 2) float64 of a text; ValueError says which line is wrong, and how.

    The whole text parts x from y by semicolons, tabs, commas or spaces: the first of these that occurs
    in it. With semicolons or tabs the decimal mark may be a comma. Empty lines, lines that begin with
    # and one line of names at the top are passed over.
    """
    split = _plain(text).splitlines()
    if len(split) > MOST_LINES:
        raise ValueError(f"There are {len(split):,} lines: at most {MOST_LINES:,} can be read.")
    lines = [(number, line.strip()) for number, line in enumerate(split, 1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if long := [number for number, line in lines if len(line) > LONGEST]:
        raise ValueError(f"Line {long[0]} is longer than {LONGEST:,} characters.")
    separator = next((mark for mark in ";\t," if any(mark in line for _, line in lines)), None)
    rows = [(number, _fields(line, separator)) for number, line in lines]
    rows = [(number, fields) for number, fields in rows if any(fields)]
    if rows and all(map(_is_name, rows[0][1])):
        del rows[0]
    if len(rows) > MOST_POINTS:
        raise ValueError(f"There are {len(rows):,} points: at most {MOST_POINTS:,} can be read.")
    points = [_point(number, fields) for number, fields in rows]
    return check_points(np.array(points, dtype=float).reshape(-1, 2))


def read_point_file(path: Path) -> np.ndarray:
    """What `read_points` reads in a file in UTF-8; ValueError for anything else."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ValueError(f"{path.name} is larger than {MOST_BYTES // 10**6} MB.")
        return read_points(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not a text in UTF-8.") from None
    except OSError as error:
        raise ValueError(f"Could not read {path.name}: {error.strerror or error}.") from error


def check_points(points: np.ndarray) -> np.ndarray:
    """`points` (N, 2) if they can be learnt; ValueError if there is none, or but one and its copies."""
    if len(points) == 0:
        raise ValueError("There are no points: give at least 2 different ones.")
    if not np.isfinite(points).all():
        raise ValueError("Every point must have finite coordinates.")
    spread = (points.max(0) - points.min(0)).max()
    if spread == 0:
        raise ValueError("All points are the same one: give at least 2 different ones.")
    if spread < max(NEAREST * np.abs(points).max(), 1 / FARTHEST):
        raise ValueError("The points lie too close together to be told apart.")
    return points


def fit_points(points: np.ndarray) -> np.ndarray:
    """float32 (N, 2): the same picture, moved and scaled so that its longer side is from -1 to 1."""
    low, high = points.min(0), points.max(0)
    return ((points - (low + high) / 2) / ((high - low).max() / 2)).astype(np.float32)


def write_points(points: np.ndarray) -> str:
    """CSV with a line of names, each number as short as float32 allows; `read_points` reads it."""
    lines = (f"{x!s},{y!s}" for x, y in np.asarray(points, dtype=np.float32))
    return "\n".join(["x,y", *lines, ""])


def _plain(text: str) -> str:
    """Without a byte order mark and quotation marks; minus signs of typesetters as -."""
    return text.lstrip("\ufeff").replace('"', "").replace("\N{MINUS SIGN}", "-")


def _fields(line: str, separator: str | None) -> list[str]:
    fields = [field.strip() for field in line.split(separator)]
    while fields and not fields[-1]:
        fields.pop()
    return [field.replace(",", ".") for field in fields] if separator in (";", "\t") else fields


def _is_name(field: str) -> bool:
    return field[:1].isalpha() and not NOT_FINITE.fullmatch(field)


def _point(number: int, fields: list[str]) -> tuple[float, float]:
    if len(fields) != 2:
        raise ValueError(
            f"Line {number} must hold x and y, and nothing else: it has {len(fields)} parts."
        )
    x, y = (_number(number, field) for field in fields)
    return x, y


def _number(line: int, field: str) -> float:
    if NOT_FINITE.fullmatch(field):
        raise ValueError(f"Line {line}: {field} is not a finite number.")
    if not NUMBER.fullmatch(field):
        shown = field if len(field) <= SHOWN else field[:SHOWN] + "…"
        raise ValueError(f"Line {line}: {shown!r} is not a number.")
    value = float(field)
    if abs(value) > FARTHEST:
        raise ValueError(f"Line {line}: {field[:SHOWN]} is too far away: at most {FARTHEST:g}.")
    return value
