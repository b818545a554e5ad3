"""The datasets that the page offers by name, and which data visitors may read."""

from collections.abc import Sequence
from pathlib import Path

from gan.data.point_clouds import is_points
from gan.data.sources import HUB, find_place
from gan.drawn.registry import DRAWN

SOURCES = {
    **{name: drawing.title for name, drawing in DRAWN.items()},
    "mnist": "MNIST digits",
    "cifar10": "CIFAR-10",
}


def has_thumbnails(data: str) -> bool:
    """Whether pictures can be shown without a download: rendered data, and data on this machine."""
    return data in DRAWN or (data in HUB and Path(find_place(data)).is_dir())


def check_source(data: str, roots: Sequence[Path]) -> None:
    """ValueError for data that do not exist, are not images, or lie outside of `roots`."""
    if is_points(data):
        raise ValueError("These are points, not images: train on them in the Points tab.")
    if data not in DRAWN:
        find_place(data, roots)
