"""Names of data and where they lie.

Free of PyTorch, so that the page's server can tell names apart without the seconds of its import.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from gan.common.files import check_inside, find_file, find_folder
from gan.drawn.registry import DRAWN

HUB = {"mnist": "ylecun/mnist", "cifar10": "uoft-cs/cifar10"}
OWN = "own:"  # what was handed to the page, by its id


def hub_like(source: str) -> bool:
    """Whether `source` has the form of a Hub id, owner/name, and is not a path."""
    return source.count("/") == 1 and not source.startswith((".", "/", "~"))


def natural_shape(source: str) -> tuple[int, int]:
    """(size, channels) that suit a source: its own where known, else 32×32 colour."""
    if source in DRAWN:
        return DRAWN[source].size, DRAWN[source].channels
    return (32, 1) if Path(source).name.lower() == "mnist" else (32, 3)


def _find_zip(name: str | Path) -> Path | None:
    return find_file(name) if str(name).lower().endswith(".zip") else None


def find_points(source: str) -> Path:
    """Where a file of points lies, searched as `find_place` does; ValueError if there is none."""
    for name in _places(source):
        if file := find_file(name):
            return file
    raise ValueError(f"There is no file of points called {source!r}.")


def own_folder(source: str) -> Path:
    """The folder of what was handed to the page as `source`, "own:ID"; ValueError if it is gone.

    They lie in the folder that `GANSCOPE_OWN` names, which the page sets for its own processes.
    """
    name = source.removeprefix(OWN)
    root = os.environ.get("GANSCOPE_OWN")
    if root and re.fullmatch("[0-9a-f]{32}", name) and (folder := find_folder(Path(root) / name)):
        return folder
    raise ValueError(
        "These files are no longer here: what is handed in is kept while its page is open, and an "
        "hour unused. Drop them again."
    )


def own_file(source: str, size: int, channels: int, fit: str, background: str) -> Path:
    """Where the pictures of a set that was handed in ("own:ID") lie, once they are decoded so."""
    return own_folder(source) / f"{size}-{channels}-{fit}-{background[1:].lower()}.safetensors"


def _places(source: str) -> list[str | Path]:
    root = os.environ.get("GANSCOPE_DATA")
    return [Path(root) / source, source] if root else [source]


def find_place(source: str, allowed: Sequence[Path] | None = None) -> str:
    """Where a source lies: a local folder or zip if there is one, else the Hub id.

    `GANSCOPE_DATA` names a folder that is searched first, for classrooms without a network.
    `allowed` limits which folders may be read (a page open to visitors); None allows any. ValueError
    if there is no such source, or it may not be read.
    """
    for name in _places(source):
        if found := find_folder(name) or _find_zip(name):
            check_inside(found, allowed)
            return str(found)
    if source in HUB:
        return HUB[source]
    if hub_like(source):
        return source
    raise ValueError(
        f"There is no data called {source!r}: choose {', '.join((*DRAWN, *HUB))}, an existing "
        "folder or zip of pictures, or a Hub id such as ylecun/mnist."
    )
