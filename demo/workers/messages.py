"""What crosses the border between the server and its child processes."""

from pathlib import Path
from typing import NamedTuple

# The finished session that Points opens on: written by record_points_demo.py, served as it is.
RECORDED = Path(__file__).parents[1] / "web" / "points" / "demo_ring.bin.gz"


class GeneratorSource(NamedTuple):
    """Where a generator lies, as the renderer gets it."""

    name: str  # what it was called
    source: str  # what gan.models.storage.load_generator takes
    key: str  # changes when a continued run's weights do
    roots: list[Path] | None = None  # folders that may be read; None: any
