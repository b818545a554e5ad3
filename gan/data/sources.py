"""Resolve the name of a data source to a local path, an upload or a Hub id. Free of PyTorch."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from gan.common.files import check_inside, find_file, find_folder
from gan.drawn.registry import DRAWN

HUB = {"mnist": "ylecun/mnist", "cifar10": "uoft-cs/cifar10"}
UPLOAD_PREFIX = "own:"  # of the source name of an upload: "own:ID"


def hub_like(source: str) -> bool:
    """Whether `source` has the form of a Hub id, owner/name, and does not look like a path."""
    return source.count("/") == 1 and not source.startswith((".", "/", "~"))


def natural_shape(source: str) -> tuple[int, int]:
    """The default (size, channels) of a source: as known for synthetic data and MNIST, else 32×32 colour."""
    if source in DRAWN:
        return DRAWN[source].size, DRAWN[source].channels
    return (32, 1) if Path(source).name.lower() == "mnist" else (32, 3)


def find_points(source: str) -> Path:
    """The CSV file of a source of 2-D points, searched for as by `find_place`; ValueError if there is none."""
    for name in _candidates(source):
        if file := find_file(name):
            return file
    raise ValueError(f"There is no file of points called {source!r}.")


def upload_folder(source: str) -> Path:
    """The folder of an upload, "own:ID"; ValueError if it no longer exists.

    Uploads are in the folder named by the environment variable GANSCOPE_OWN, which the page sets for its
    processes.
    """
    name = source.removeprefix(UPLOAD_PREFIX)
    root = os.environ.get("GANSCOPE_OWN")
    if root and re.fullmatch("[0-9a-f]{32}", name) and (folder := find_folder(Path(root) / name)):
        return folder
    raise ValueError(
        "These uploaded files are no longer here: an upload is kept while its page is open, and for an "
        "hour without use. Upload them again."
    )


def upload_file(source: str, size: int, channels: int, fit: str, background: str) -> Path:
    """The file of decoded images of an upload ("own:ID") for these options; it may not exist yet."""
    return upload_folder(source) / f"{size}-{channels}-{fit}-{background[1:].lower()}.safetensors"


def _candidates(source: str) -> list[str | Path]:
    root = os.environ.get("GANSCOPE_DATA")
    return [Path(root) / source, source] if root else [source]


def find_place(source: str, allowed: Sequence[Path] | None = None) -> str:
    """The path of a local folder or zip called `source` if there is one, else its Hub id.

    The folder named by the environment variable GANSCOPE_DATA is searched first, for classrooms without a
    network. `allowed` limits which folders may be read (on a public page); None allows any. ValueError if
    there is no such source, or it may not be read.
    """
    for name in _candidates(source):
        zipped = str(name).lower().endswith(".zip")
        if found := find_folder(name) or (zipped and find_file(name)):
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
