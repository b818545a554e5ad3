"""Resolve the name of a data source to a local path, an upload or a Hub id. Free of PyTorch."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from gan.common.files import check_inside, find_file, find_folder
from gan.drawn.registry import DRAWN

HUB = {"mnist": "ylecun/mnist", "cifar10": "uoft-cs/cifar10"}
UPLOAD_PREFIX = "own:"  # of the source name of an upload: "own:ID"
MAX_HUB_ID = 250  # bytes with a configuration; a longer name is none, nor may a file have it
CONFIG_SEPARATOR = "#"  # before the name of a configuration: "owner/name#configuration"
FILES = (".zip", ".parquet", ".csv", ".tsv")  # suffixes of single files that hold many images


def hub_like(source: str) -> bool:
    """Whether `source` has the form of a Hub id, owner/name, and does not look like a path."""
    return (
        source.count("/") == 1 and not source.startswith((".", "/", "~")) and not source.endswith("/")
    )


def natural_shape(source: str) -> tuple[int, int]:
    """The default (size, channels) of a source: as known for synthetic data and MNIST, else 32×32 colour."""
    if source in DRAWN:
        return DRAWN[source].size, DRAWN[source].channels
    return (32, 1) if Path(source).name.lower() == "mnist" else (32, 3)


def find_points(source: str) -> Path:
    """The CSV file of a source of 2-D points, searched for as by `find_place`; ValueError if there is none."""
    for name in candidates(source):
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


def split_config(place: str) -> tuple[str, str]:
    """(path or Hub id, name of the configuration or "") of what `find_place` returns."""
    if find_folder(place) or find_file(place):
        return place, ""
    path, separator, config = place.rpartition(CONFIG_SEPARATOR)
    return (path, config) if separator else (place, "")


def candidates(source: str) -> list[str | Path]:
    """Where a local source called `source` may be: in the folder of GANSCOPE_DATA, then as a path."""
    root = os.environ.get("GANSCOPE_DATA")
    return [Path(root) / source, source] if root else [source]


def find_place(source: str, allowed: Sequence[Path] | None = None) -> str:
    """The path of a local folder, zip or table called `source` if there is one, else its Hub id.

    Either ends in "#name" if `source` names a configuration of a dataset.

    The folder named by the environment variable GANSCOPE_DATA is searched first, for classrooms without a
    network. `allowed` limits which folders may be read (on a public page); None allows any. ValueError if
    there is no such source, or it may not be read.
    """
    plain, separator, config = source.rpartition(CONFIG_SEPARATOR)
    for name, ending in ((source, ""), (plain, separator + config)):
        for candidate in candidates(name) if name else ():
            if found := find_folder(candidate) or find_file(candidate):
                check_inside(found, allowed)
                if found.is_file() and found.suffix.lower() not in FILES:
                    raise ValueError(
                        f"{source} is a single file, which cannot be learnt from: give a folder or a zip of at "
                        f"least 2 pictures, or a table ({', '.join(FILES[1:])})."
                    )
                return str(found) + ending
    if source in HUB:
        return HUB[source]
    if hub_like(source) and len(source.encode()) <= MAX_HUB_ID:
        return source
    raise ValueError(
        f"There is no data called {source!r}: choose {', '.join((*DRAWN, *HUB))}, an existing "
        "folder, zip or table of pictures, or a Hub id such as ylecun/mnist."
    )
