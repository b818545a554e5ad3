"""Image files in a local folder or zip. Free of PyTorch."""

import os
from collections.abc import Iterator
from pathlib import Path

from gan.data.archives import FileSlice
from gan.data.folder_layout import IMAGE_SUFFIXES, is_hidden

TABLES = {".parquet", ".arrow", ".jsonl", ".tar"}  # of a dataset in rows


def has_image_files(place: str) -> bool:
    """Whether a path is a file of images, such as a zip, or a folder that is not a dataset in rows.

    A folder is one in rows if it has a parquet file, or a table of another kind and no image file.
    """
    path = Path(place)
    if not path.is_dir():
        return path.is_file() and path.suffix.lower() not in TABLES
    suffixes = {file.path.suffix.lower() for file in image_files(place)}
    return ".parquet" not in suffixes and not (
        suffixes & TABLES and not suffixes & {*IMAGE_SUFFIXES, ".zip"}
    )


def image_files(place: str) -> Iterator[FileSlice]:
    """All files of a folder, in the order of their paths, without hidden ones; or the file `place` itself.

    What cannot be read is among them, so that it is named: links to nothing, pipes, folders that may not be opened.
    Symbolic links are followed; a link to a folder that is above it, or was read by another path, is not.
    """
    top = Path(place)
    if top.is_file():
        yield FileSlice(top, top.name)
        return
    found, visited = [], set()

    def note_closed(error: OSError) -> None:
        found.append(Path(error.filename).relative_to(top))

    for folder, subfolders, names in os.walk(top, onerror=note_closed, followlinks=True):
        if (real := os.path.realpath(folder)) in visited:
            subfolders.clear()
            continue
        visited.add(real)
        inside = Path(folder).relative_to(top)
        subfolders[:] = sorted(name for name in subfolders if not is_hidden(name))
        found += [inside / name for name in names if not is_hidden(name)]
    for path in sorted(found):
        yield FileSlice(top / path, path.as_posix())
