"""A table of image files: CSV with a column of paths and, if there is one, a column of labels. Free of PyTorch."""

import csv
from collections.abc import Iterator
from pathlib import Path

from gan.common.files import find_file
from gan.data.archives import Entry, FileSlice, display_name, entries, unreadable
from gan.data.labels import LABEL_COLUMNS, NO_COLUMN, from_texts
from gan.data.text_files import NOT_UTF_8, encoding_of

PATHS = ("file_name", "filename", "file", "path", "filepath", "image_path", "image", "img")
MAX_HEADER = 20_000  # bytes
DELIMITERS = "\t;,"  # commas last: they may be within the fields of the others


def names_images(path: Path) -> bool:
    """Whether a CSV or TSV file begins with column names of which one is of image files."""
    try:
        with path.open("rb") as file:
            start = file.read(MAX_HEADER)
        # Only the first line counts, and the last letter may be cut off.
        text = start.decode("utf-16" if encoding_of(start[:2]) == "utf-16" else "utf-8-sig", "replace")
    except (OSError, UnicodeDecodeError):
        return False
    header, _ = _header((text.splitlines() or [""])[0])
    return _column(header, PATHS) is not None


class PathTable:
    """The rows of a CSV or TSV file as entries; paths are relative to the file's folder.

    Labels are numbers only where all are. ValueError without a column of paths, or if the file cannot be read.
    """

    def __init__(self, path: Path):
        try:
            content = path.read_bytes()
            encoding = encoding_of(content)
        except UnicodeDecodeError as error:
            raise ValueError(f"{path.name} is no text: save it as CSV in UTF-8.") from error
        except OSError as error:
            raise ValueError(f"Could not read {path.name}: {error.strerror or error}.") from error
        lines = content.decode(encoding).splitlines()
        header, delimiter = _header(lines[0] if lines else "")
        column, label = _column(header, PATHS), _column(header, LABEL_COLUMNS)
        if column is None:
            raise ValueError(
                f"{path.name} has no column of image files, called for example {PATHS[0]}: it has "
                f"{', '.join(header) or 'no columns'}."
            )
        rows = [row for row in csv.reader(lines[1:], delimiter=delimiter) if row]
        self.folder = path.parent
        self.paths = [_text(row, column) for row in rows]
        self.labels = from_texts([_text(row, label) for row in rows])
        others = ", ".join(name for place, name in enumerate(header) if place != column)
        notes = [NO_COLUMN.format(others=others)] if others and label is None else []
        self.notes = (*notes, *([NOT_UTF_8] if encoding == "cp1252" else []))

    def entries(self) -> Iterator[Entry]:
        """One entry a row; the file of one that is missing cannot be read."""
        for path in self.paths:
            file = FileSlice(self._file(path), path or "a row without a path")
            yield next(entries([file]), None) or unreadable(display_name(path), "a hidden file", path)

    def files(self) -> list[Path]:
        """The files that the rows name and that are there."""
        return [file for file in map(self._file, self.paths) if find_file(file)]

    def _file(self, path: str) -> Path:
        """The file of a row: a table may come from Windows, where paths have backslashes."""
        file = self.folder / path
        return file if find_file(file) else self.folder / path.replace("\\", "/")


def _header(line: str) -> tuple[list[str], str]:
    """(names of the columns, the delimiter): the one that gives a column of paths, if any does."""
    found = []
    for mark in DELIMITERS:
        names = [name.strip() for name in next(csv.reader([line], delimiter=mark), [])]
        if _column(names, PATHS) is not None:
            return names, mark
        found.append((names, mark))
    return max(found, key=lambda each: len(each[0]))


def _column(header: list[str], names: tuple[str, ...]) -> int | None:
    lower = [name.lower() for name in header]
    return next((lower.index(name) for name in names if name in lower), None)


def _text(row: list[str], column: int | None) -> str:
    return row[column].strip() if column is not None and len(row) > column else ""
