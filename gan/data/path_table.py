"""A table of image files: CSV with a column of paths and, if there is one, a column of labels. Free of PyTorch."""

import csv
from collections.abc import Iterator
from pathlib import Path

from gan.data.archives import Entry, FileSlice, display_name, entries, unreadable
from gan.data.labels import LABEL_COLUMNS, NO_COLUMN

PATHS = ("file_name", "filename", "file", "path", "filepath", "image_path", "image", "img")
MAX_HEADER = 10_000  # characters


def names_images(path: Path) -> bool:
    """Whether a CSV or TSV file begins with column names of which one is of image files."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return _column(_header(file.readline(MAX_HEADER)), PATHS) is not None
    except (OSError, UnicodeDecodeError):
        return False


class PathTable:
    """The rows of a CSV or TSV file as entries; paths are relative to the file's folder.

    ValueError without a column of paths, or if the file cannot be read.
    """

    def __init__(self, path: Path):
        try:
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"Could not read {path.name}: {error}.") from error
        lines = text.splitlines()
        header = _header(lines[0]) if lines else []
        column, label = _column(header, PATHS), _column(header, LABEL_COLUMNS)
        if column is None:
            raise ValueError(
                f"{path.name} has no column of image files, called for example {PATHS[0]}: it has "
                f"{', '.join(header) or 'no columns'}."
            )
        rows = [row for row in csv.reader(lines[1:], delimiter=_delimiter(lines[0])) if row]
        self.folder = path.parent
        self.paths = [row[column].strip() if len(row) > column else "" for row in rows]
        self.labels = [_label(row, label) for row in rows]
        others = ", ".join(name for place, name in enumerate(header) if place != column)
        self.note = NO_COLUMN.format(others=others) if others and label is None else ""

    def entries(self) -> Iterator[Entry]:
        """One entry a row; the file of one that is missing cannot be read."""
        for path in self.paths:
            file = FileSlice(self.folder / path, path or "a row without a path")
            yield next(entries([file]), None) or unreadable(display_name(path), "a hidden file", path)


def _delimiter(header: str) -> str:
    return next((mark for mark in "\t;" if mark in header), ",")


def _header(line: str) -> list[str]:
    return [name.strip() for name in next(csv.reader([line], delimiter=_delimiter(line)), [])]


def _column(header: list[str], names: tuple[str, ...]) -> int | None:
    lower = [name.lower() for name in header]
    return next((lower.index(name) for name in names if name in lower), None)


def _label(row: list[str], column: int | None) -> object:
    """The text of a label, as a number if it is one."""
    text = row[column].strip() if column is not None and len(row) > column else ""
    try:
        return float(text)
    except ValueError:
        return text or None
