"""Pictures as files in a folder on this machine, or in a zip. Free of PyTorch."""

from collections.abc import Iterator
from pathlib import Path

from gan.data.archives import Piece

PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"}
SPLITS = {"train": ("train", "training"), "test": ("test", "testing")}


def holds_files(place: str) -> bool:
    """Whether a place is a zip, or a folder with picture files or zips and none of parquet."""
    path = Path(place)
    if path.is_file():
        return True
    kinds = {found.suffix.lower() for found in path.rglob("*")} if path.is_dir() else set()
    return bool(kinds & {*PICTURES, ".zip"}) and ".parquet" not in kinds


def pieces(place: str, split: str) -> Iterator[Piece]:
    """The picture files and zips of a place, in the order of their names, folders and all.

    If a folder of it is called as the `split` is, train or test, only those in there.
    """
    top = Path(place)
    if top.is_file():
        yield Piece(top, top.name)
        return
    parts = {path.name.lower(): path for path in top.iterdir() if path.is_dir()}
    top = next((parts[name] for name in SPLITS[split] if name in parts), top)
    for path in sorted(top.rglob("*")):
        if path.suffix.lower() in {*PICTURES, ".zip"} and path.is_file():
            yield Piece(path, path.relative_to(top).as_posix())
