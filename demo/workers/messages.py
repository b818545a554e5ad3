"""What the server and its child processes exchange."""

import math
from pathlib import Path
from typing import NamedTuple

# The recorded session that the Points tab shows first; record_points_demo.py writes it.
RECORDED_SESSION = Path(__file__).parents[1] / "web" / "points" / "demo_ring.bin.gz"


class GeneratorSource(NamedTuple):
    """Where a generator is stored, as the renderer gets it."""

    name: str  # what the user called it
    location: str  # what gan.models.storage.load_generator takes
    key: str  # cache key; changes when the weights change
    roots: list[Path] | None = None  # folders that may be read; None: any


def json_number(value: object) -> object:
    """A float rounded to five digits, and None where it is not finite (JSON has no NaN); else `value`."""
    if isinstance(value, float):
        return float(f"{value:.5g}") if math.isfinite(value) else None
    return value
