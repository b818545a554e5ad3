"""Points as text, one "x, y" a line: read, fitted into a square, written. Free of PyTorch."""

import math
import re
from pathlib import Path

import numpy as np

from gan.points import MOST_POINTS

MOST_BYTES = 10**8
FARTHEST = 1e30  # beyond it differences would overflow
SHOWN = 20  # characters of what cannot be read


def read_points(text: str) -> np.ndarray:
    """The points (N, 2) float64 of a text; ValueError says which line is wrong, and how.

    x and y are parted by a comma, a semicolon, a tab or spaces; with semicolons, tabs or spaces the
    decimal mark may be a comma. Empty lines, lines that begin with # and one line of names at the
    top are passed over.
    """
    points, first = [], True
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        fields = _fields(line)
        if not (first and fields and not any(map(_is_number, fields))):
            points.append(_point(fields, number))
        first = False
        if len(points) > MOST_POINTS:
            raise ValueError(f"There may be at most {MOST_POINTS:,} points.")
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
    if (points == points[0]).all():
        raise ValueError("All points are the same one: give at least 2 different ones.")
    return points


def fit_points(points: np.ndarray) -> np.ndarray:
    """float32 (N, 2): the same picture, moved and scaled so that its longer side is from -1 to 1."""
    low, high = points.min(0), points.max(0)
    return ((points - (low + high) / 2) / ((high - low).max() / 2)).astype(np.float32)


def write_points(points: np.ndarray) -> str:
    """CSV with a line of names, each number as short as float32 allows; `read_points` reads it."""
    lines = (f"{x!s},{y!s}" for x, y in np.asarray(points, dtype=np.float32))
    return "\n".join(["x,y", *lines, ""])


def _fields(line: str) -> list[str]:
    if ";" in line or "\t" in line:
        return [field.strip().replace(",", ".") for field in re.split(r"[;\t]", line)]
    if re.search(r"\d,\d+\s+[-+]?\d", line) or "," not in line:
        return [field.replace(",", ".") for field in line.split()]
    return [field.strip() for field in line.split(",")]


def _is_number(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


def _point(fields: list[str], number: int) -> tuple[float, float]:
    if len(fields) != 2:
        raise ValueError(
            f"Line {number} must hold x and y, and nothing else: it has {len(fields)} parts."
        )
    values = []
    for field in fields:
        if not _is_number(field):
            shown = field if len(field) <= SHOWN else field[:SHOWN] + "…"
            raise ValueError(f"Line {number}: {shown!r} is not a number.")
        value = float(field)
        if not math.isfinite(value) or abs(value) > FARTHEST:
            raise ValueError(f"Line {number}: {field} is too far away to be drawn.")
        values.append(value)
    return values[0], values[1]
