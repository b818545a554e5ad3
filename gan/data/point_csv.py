"""Parse, check, normalise and write 2-D points as text, one "x, y" per line. Free of PyTorch.

Not by Python's `csv`, which has neither decimal commas nor runs of spaces as a separator.
"""

import re
from pathlib import Path

import numpy as np

from gan.data.point_clouds import MAX_POINTS

MAX_BYTES = 10**8
MAX_COORDINATE = 1e30  # largest absolute coordinate: differences of larger ones could overflow float32
MIN_SPREAD = 1e-12  # of the largest coordinate; a smaller extent is lost in rounding
MAX_LINES = 2 * MAX_POINTS
MAX_LINE_LENGTH = 10_000  # characters of a line
MAX_QUOTED = 20  # characters of an invalid field that a message repeats
# Unambiguous, so that a long run of digits followed by a letter does not backtrack.
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?", re.ASCII | re.IGNORECASE)
NOT_FINITE = re.compile(r"[-+]?(nan|inf(inity)?)", re.IGNORECASE)


def read_points(text: str) -> np.ndarray:
    """Parse text to points, float64 (N, 2); ValueError names the line that is wrong, and why.

    The separator of the whole text is the first of semicolon, tab, comma and spaces that occurs in it. With
    semicolons or tabs the decimal mark may be a comma. Empty lines, lines that begin with # and one line of
    column names at the top are ignored.
    """
    # Typographic minus signs are as good as hyphens.
    text = text.lstrip("\ufeff").replace('"', "").replace("\N{MINUS SIGN}", "-")
    all_lines = text.splitlines()
    if len(all_lines) > MAX_LINES:
        raise ValueError(f"There are {len(all_lines):,} lines: at most {MAX_LINES:,} can be read.")
    lines = [(number, line.strip()) for number, line in enumerate(all_lines, 1)]
    lines = [(number, line) for number, line in lines if line and not line.startswith("#")]
    if long := [number for number, line in lines if len(line) > MAX_LINE_LENGTH]:
        raise ValueError(f"Line {long[0]} is longer than {MAX_LINE_LENGTH:,} characters.")
    separator = next((mark for mark in ";\t," if any(mark in line for _, line in lines)), None)
    rows = [(number, _fields(line, separator)) for number, line in lines]
    rows = [(number, fields) for number, fields in rows if any(fields)]
    if rows and all(map(_is_column_name, rows[0][1])):
        del rows[0]
    if len(rows) > MAX_POINTS:
        raise ValueError(f"There are {len(rows):,} points: at most {MAX_POINTS:,} can be read.")
    points = [_point(number, fields) for number, fields in rows]
    return check_points(np.array(points, dtype=float).reshape(-1, 2))


def read_point_file(path: Path) -> np.ndarray:
    """Parse a UTF-8 file as by `read_points`; ValueError if it cannot be read or is over 100 MB."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"{path.name} is larger than {MAX_BYTES // 10**6} MB.")
        return read_points(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is not a text in UTF-8.") from None
    except OSError as error:
        raise ValueError(f"Could not read {path.name}: {error.strerror or error}.") from error


def check_points(points: np.ndarray) -> np.ndarray:
    """`points` (N, 2) unchanged; ValueError unless all are finite and at least two clearly different."""
    if len(points) == 0:
        raise ValueError("There are no points: give at least 2 different ones.")
    if not np.isfinite(points).all():
        raise ValueError("Every point must have finite coordinates.")
    spread = (points.max(0) - points.min(0)).max()
    if spread == 0:
        raise ValueError("All points are the same one: give at least 2 different ones.")
    if spread < max(MIN_SPREAD * np.abs(points).max(), 1 / MAX_COORDINATE):
        raise ValueError("The points are too close together to be distinguished.")
    return points


def fit_points(points: np.ndarray) -> np.ndarray:
    """Centre and scale points uniformly, so that the longer side of their bounding box is [-1, 1]: float32."""
    low, high = points.min(0), points.max(0)
    return ((points - (low + high) / 2) / ((high - low).max() / 2)).astype(np.float32)


def write_points(points: np.ndarray) -> str:
    """CSV with a header line, each number in the shortest form that gives the same float32 again."""
    lines = (f"{x!s},{y!s}" for x, y in np.asarray(points, dtype=np.float32))
    return "\n".join(["x,y", *lines, ""])


def _fields(line: str, separator: str | None) -> list[str]:
    fields = [field.strip() for field in line.split(separator)]
    while fields and not fields[-1]:
        fields.pop()
    return [field.replace(",", ".") for field in fields] if separator in (";", "\t") else fields


def _is_column_name(field: str) -> bool:
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
        shown = field if len(field) <= MAX_QUOTED else field[:MAX_QUOTED] + "…"
        raise ValueError(f"Line {line}: {shown!r} is not a number.")
    value = float(field)
    if abs(value) > MAX_COORDINATE:
        raise ValueError(
            f"Line {line}: {field[:MAX_QUOTED]} is too far away: at most {MAX_COORDINATE:g}."
        )
    return value
