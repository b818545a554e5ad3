"""Iterate over untrusted files and the members of zip archives. Free of PyTorch.

A zip is read in memory and never extracted to disk, and a member's name is only displayed, so path
traversal is impossible. The unpacked size is checked before unpacking and enforced during it.
"""

import contextlib
import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gan.common.files import find_file
from gan.data.folder_layout import is_hidden
from gan.images.decode import ZIP_SIGNATURES

MAX_BYTES = 10**8  # of a file or a member
MAX_MEMBERS = 10**5  # of a zip
MAX_DIRECTORY_BYTES = 16 * 10**6  # bytes of a zip's central directory
MAX_RATIO = 200  # of unpacked to packed bytes, for members larger than SMALL
SMALL = 10**7
CHUNK = 10**6
MAX_NAME_LENGTH = 60  # characters of a displayed name
# zipfile does not limit the output of one step of the others: a few bytes of bzip2 can fill the memory.
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

UNREADABLE = "cannot be opened"
TOO_LONG = f"larger than {MAX_BYTES // 10**6} MB"
TOO_MANY = f"a zip of more than {MAX_MEMBERS:,} files"


@dataclass(frozen=True)
class FileSlice:
    """An uploaded file, stored as `size` bytes of the file at `path` from `start` on (None: to its end).

    `name` is its original path, relative to the uploaded folder.
    """

    path: Path
    name: str
    start: int = 0
    size: int | None = None


@dataclass(frozen=True)
class Entry:
    """A file, zip member or table row: `name` for display, `size` the most bytes that `read()` returns.

    `read()` raises a ValueError with a short reason if there is no content. `path` is where it is inside the
    dataset, a zip counting as the folder it is in; untrusted, only compared. `label` is a row's label.
    """

    name: str
    size: int
    read: Callable[[], bytes]
    path: str = ""
    label: object = None


def entries(files: Iterable[str | Path | FileSlice]) -> Iterator[Entry]:
    """The entries of `files`: each file or, for a zip, each of its members in any folder.

    A zip is recognised by its first bytes. What cannot be read is an entry too, whose `read` raises. Hidden
    files and those that operating systems and tools add are ignored (gan.data.folder_layout.is_hidden).
    """
    for file in files:
        piece = file if isinstance(file, FileSlice) else FileSlice(Path(file), Path(file).name)
        if not is_hidden(piece.name):
            yield from _entries_of(piece)


def read_file(name: str | Path) -> bytes:
    """The content of one file; ValueError with a short reason if it cannot be read or is over 100 MB."""
    path = find_file(name)
    if path is None:
        raise ValueError("there is no such file")
    size = path.stat().st_size
    if size > MAX_BYTES:
        raise ValueError(TOO_LONG)
    return _read(path, 0, size)


def _entries_of(piece: FileSlice) -> Iterator[Entry]:
    name = display_name(piece.name)
    try:
        status = piece.path.stat()
        size = status.st_size if piece.size is None else piece.size
        first = _read(piece.path, piece.start, min(size, 4)) if stat.S_ISREG(status.st_mode) else b""
    except (OSError, ValueError):  # ValueError: the path contains a null character
        yield unreadable(name, UNREADABLE, piece.name)
        return
    if stat.S_ISDIR(status.st_mode):
        may_be_read = os.access(piece.path, os.R_OK | os.X_OK)
        what = "a folder: choose the files in it, or pack it as a zip"
        yield unreadable(name, what if may_be_read else UNREADABLE, piece.name)
    elif not stat.S_ISREG(status.st_mode):
        yield unreadable(name, "not a file", piece.name)
    elif first in ZIP_SIGNATURES:
        yield from _members(piece, size, name)
    elif size > MAX_BYTES:
        yield unreadable(name, TOO_LONG, piece.name)
    else:
        yield Entry(name, size, partial(_read, piece.path, piece.start, size), piece.name)


def display_name(name: str) -> str:
    """`name` for display only: one short line without path traversal, control or markup characters."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    clean = "".join(
        char if char.isprintable() and char not in "<>&\"'`[]|" else "_" for char in "/".join(parts)
    ).strip()
    if len(clean) > MAX_NAME_LENGTH:
        half = (MAX_NAME_LENGTH - 1) // 2
        clean = f"{clean[:half]}…{clean[-half:]}"
    return clean or "without a name"


def _read(path: Path, start: int, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(size)
    except OSError:
        raise ValueError(UNREADABLE) from None


def unreadable(name: str, reason: str, path: str) -> Entry:
    """An entry whose `read` raises ValueError with `reason`."""

    def read() -> bytes:
        raise ValueError(reason)

    return Entry(name, 0, read, path)


class _DirectoryTooLarge(Exception):
    pass


class _ZipFile(io.RawIOBase):
    """`size` bytes of the file at `path`, from `start` on, as a seekable file for `zipfile`.

    zipfile reads a central directory in one call, of whatever length the zip claims: a read of more than
    MAX_DIRECTORY_BYTES bytes is refused before memory is allocated.
    """

    def __init__(self, path: Path, start: int, size: int):
        super().__init__()
        self.file, self.start, self.size, self.at = path.open("rb"), start, size, 0

    def read(self, count: int = -1) -> bytes:
        left = max(0, self.size - self.at)
        count = left if count is None or count < 0 else min(count, left)
        if count > MAX_DIRECTORY_BYTES:
            raise _DirectoryTooLarge
        self.file.seek(self.start + self.at)
        content = self.file.read(count)
        self.at += len(content)
        return content

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self.at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        if self.at < 0:
            raise OSError("before the start")
        return self.at

    def tell(self) -> int:
        return self.at

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self.file.close()
        super().close()


def _members(zip_file: FileSlice, size: int, zip_name: str) -> Iterator[Entry]:
    beside = zip_file.name.replace("\\", "/").rpartition("/")[0]
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(_ZipFile(zip_file.path, zip_file.start, size))
            archive = stack.enter_context(zipfile.ZipFile(file))
        except _DirectoryTooLarge:
            yield unreadable(zip_name, TOO_MANY, zip_file.name)
            return
        except Exception:  # zipfile raises many kinds of exceptions on damaged files
            yield unreadable(zip_name, "a zip that is damaged or cut off", zip_file.name)
            return
        members = [
            member
            for member in archive.infolist()
            if not (_is_folder(member) or is_hidden(member.filename))
        ]
        if len(members) > MAX_MEMBERS:
            yield unreadable(zip_name, TOO_MANY, zip_file.name)
            return
        if not members:
            yield unreadable(zip_name, "a zip without files", zip_file.name)
        for member in members:
            name = f"{zip_name}: {display_name(member.filename)}"
            path = f"{beside}/{member.filename}"
            if reason := _refusal(member):
                yield unreadable(name, reason, path)
            else:
                yield Entry(name, member.file_size, partial(_read_member, archive, member), path)


def _is_folder(member: zipfile.ZipInfo) -> bool:
    """Also by a backslash, as old tools for Windows end the names of folders."""
    return member.is_dir() or (member.filename.endswith("\\") and not member.file_size)


def _refusal(member: zipfile.ZipInfo) -> str | None:
    """Why a member is not unpacked, judged by its entry in the central directory; None if it may be."""
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a link, not a file"
    if member.flag_bits & 1:
        return "encrypted: pack it without a password"
    if member.compress_type not in COMPRESSIONS:
        return "compressed by an unsupported method: use deflate, the usual one"
    if member.file_size > MAX_BYTES:
        return TOO_LONG
    if member.file_size > max(SMALL, MAX_RATIO * member.compress_size):
        return f"compressed to less than 1/{MAX_RATIO} of its size, as no picture is"
    return None


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(member) as file:
            # zipfile stops at `member.file_size`, however much is packed.
            return b"".join(iter(partial(file.read, CHUNK), b""))
    except Exception:  # zipfile and zlib raise many kinds of exceptions on damaged members
        raise ValueError("damaged in its zip") from None
