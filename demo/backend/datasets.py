"""The data that the page offers by name, and what a visitor may read."""

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
    """Whether pictures of this data can be shown before it is loaded: drawn, or on this machine."""
    return data in DRAWN or (data in HUB and Path(find_place(data)).is_dir())


def check_source(data: str, roots: Sequence[Path]) -> None:
    """ValueError for data that does not exist, that visitors may not read, or that is no pictures."""
    if is_points(data):
        raise ValueError("Pictures are learnt here: points have a tab of their own, Points.")
    if data not in DRAWN:
        find_place(data, roots)
