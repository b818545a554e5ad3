"""Image files in a local folder or zip. Free of PyTorch."""

from collections.abc import Iterator
from pathlib import Path

from gan.data.archives import FileSlice

IMAGE_SUFFIXES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"}
SPLITS = {"train": ("train", "training"), "test": ("test", "testing")}


def has_image_files(place: str) -> bool:
    """Whether a path is a zip, or a folder with image files or zips and without parquet files."""
    path = Path(place)
    if path.is_file():
        return True
    suffixes = {found.suffix.lower() for found in path.rglob("*")} if path.is_dir() else set()
    return bool(suffixes & {*IMAGE_SUFFIXES, ".zip"}) and ".parquet" not in suffixes


def image_files(place: str, split: str) -> Iterator[FileSlice]:
    """The image files and zips of a folder, in the order of their paths; or the zip at `place` itself.

    If the folder has a subfolder named after `split` (train or test), only the files in there.
    """
    top = Path(place)
    if top.is_file():
        yield FileSlice(top, top.name)
        return
    subfolders = {path.name.lower(): path for path in top.iterdir() if path.is_dir()}
    top = next((subfolders[name] for name in SPLITS[split] if name in subfolders), top)
    for path in sorted(top.rglob("*")):
        if path.suffix.lower() in {*IMAGE_SUFFIXES, ".zip"} and path.is_file():
            yield FileSlice(path, path.relative_to(top).as_posix())
