"""The split and class of each image by the folders it is in: one rule for folders, zips and uploads.

Free of PyTorch.
"""

import unicodedata
from collections.abc import Sequence
from pathlib import PurePosixPath

IMAGE_SUFFIXES = {
    ".png", ".jpg", ".jpeg", ".jfif", ".jpe", ".webp", ".gif", ".bmp", ".dib", ".tif", ".tiff",
    ".ppm", ".pgm", ".pbm", ".pnm", ".avif", ".heic",
}  # fmt: skip
# Names of folders -> the split that they hold.
SPLITS = {
    "train": "train", "training": "train", "test": "test", "testing": "test",
    "val": "validation", "valid": "validation", "validation": "validation", "dev": "validation",
}  # fmt: skip
# What is read where a split is requested, the first that exists.
PREFERRED = {"train": ("train",), "test": ("test", "validation")}
# Folders and files that operating systems and tools add; besides, all whose names begin with a dot.
SYSTEM_NAMES = {
    "__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini", "@eaDir", "#recycle", "$RECYCLE.BIN",
    "System Volume Information", "lost+found",
}  # fmt: skip

Folders = tuple[str, ...]


def is_hidden(path: str) -> bool:
    """Whether a file, by its path inside a dataset, is hidden or belongs to an operating system or a tool."""
    return any(part.startswith(".") or part in SYSTEM_NAMES for part in folders_and_name(path))


def folders_and_name(path: str) -> Folders:
    """The parts of a path with either separator, without empty ones, "." and "..", in composed Unicode (NFC):
    macOS writes é as two characters, other systems as one, and both are one folder."""
    parts = unicodedata.normalize("NFC", path).replace("\\", "/").split("/")
    return tuple(part for part in parts if part not in ("", ".", ".."))


def in_split(paths: Sequence[str], split: str) -> list[bool]:
    """For each path, whether it belongs to `split` ("train" or "test").

    Folders are splits where all folders beside them have names of splits, and no image is beside them, at
    the topmost level that has more than one folder (or one that is called like a split). "test" means the
    validation set where there is no test set. If the requested split does not exist, all belong to it.
    """
    level = split_level(paths)
    if level is None:
        return [True] * len(paths)
    found = [
        SPLITS.get(parts[level].lower()) if len(parts) > level + 1 else None
        for parts in map(folders_and_name, paths)
    ]
    wanted = next((name for name in PREFERRED[split] if name in found), None)
    return [wanted is None or name == wanted for name in found]


def split_level(paths: Sequence[str]) -> int | None:
    """The depth of the folders that are splits; None if there are none."""
    whole = [parts for parts in map(folders_and_name, paths) if parts]
    images = [parts for parts in whole if _is_image(parts[-1])] or whole
    for level in range(min(map(len, images), default=1) - 1):
        names = {parts[level] for parts in images}
        if all(name.lower() in SPLITS for name in names):
            return level
        if len(names) > 1:
            return None
    return None


def class_names(paths: Sequence[str]) -> list[str | None]:
    """The class of each file: its folder at the topmost level at which folders differ, below the splits.

    None for files beside the folders of classes, and for all if there are not at least two such folders.
    """
    level = split_level(paths)
    start = 0 if level is None else level + 1
    folders = [folders_and_name(path)[start:-1] for path in paths]
    images = [parts for parts, path in zip(folders, paths, strict=True) if _is_image(path)] or folders
    for level in range(max(map(len, images), default=0)):
        names = {parts[level] for parts in images if len(parts) > level}
        if len(names) > 1:
            return [parts[level] if len(parts) > level else None for parts in folders]
    return [None] * len(paths)


def _is_image(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in IMAGE_SUFFIXES
