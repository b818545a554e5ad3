"""Files of someone's own and the members of their zips, one after another. Free of PyTorch.

A zip is read in memory and never extracted: a member's name is only ever a label, so it cannot lead
out of a folder. How much is unpacked is known before it is, and no member is longer than it says.
"""

import contextlib
import io
import stat
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gan.common.files import find_file
from gan.images.decode import ZIP_STARTS

MOST_BYTES = 10**8  # of a file or a member
MOST_MEMBERS = 10**5  # of a zip
MOST_DIRECTORY = 16 * 10**6  # bytes of a zip's list of members
MOST_RATIO = 200  # of unpacked to packed bytes, for members that are not small
SMALL = 10**7
CHUNK = 10**6
LONGEST = 60  # characters of a label
# zipfile unpacks the others without a limit for each step: a few bytes of bzip2 fill the memory.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
# What systems put beside someone's files unasked.
CLUTTER = (".DS_Store", "Thumbs.db", "desktop.ini")

UNREADABLE = "cannot be opened"
TOO_LONG = f"larger than {MOST_BYTES // 10**6} MB"
TOO_MANY = f"a zip of more than {MOST_MEMBERS:,} files"


@dataclass(frozen=True)
class Piece:
    """A file of someone's as it lies here: bytes of the file at `path`, all of them unless told.

    `name` is what its maker calls it, folders and all.
    """

    path: Path
    name: str
    start: int = 0
    size: int | None = None


@dataclass(frozen=True)
class Entry:
    """A file or member: its label, how many bytes `read` gives at most, and `read` itself.

    `read()` raises a ValueError with the reason, a few words, if there is nothing to be had. `folder`
    is the name of the folder that it lies in, "" if there is none.
    """

    name: str
    size: int
    read: Callable[[], bytes]
    folder: str = ""


def entries(files: Iterable[str | Path | Piece]) -> Iterator[Entry]:
    """All that is in `files`: each file, and in place of a zip the files in it, folders or not.

    Whether a file is a zip is told by its first bytes. What cannot be read is an entry as well. The
    clutter of systems (.DS_Store, __MACOSX) is passed over.
    """
    for file in files:
        piece = file if isinstance(file, Piece) else Piece(Path(file), Path(file).name)
        if not _clutter(piece.name):
            yield from _entries_of(piece)


def read_file(name: str | Path) -> bytes:
    """The content of one file; ValueError with the reason, a few words, if there is none."""
    path = find_file(name)
    if path is None:
        raise ValueError("there is no such file")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(TOO_LONG)
    return _read(path, 0, size)


def _entries_of(piece: Piece) -> Iterator[Entry]:
    name = label(piece.name)
    try:
        found = piece.path.stat()
        size = found.st_size if piece.size is None else piece.size
        first = _read(piece.path, piece.start, min(size, 4)) if stat.S_ISREG(found.st_mode) else b""
    except (OSError, ValueError):  # ValueError: no path can have such a name
        yield _refused(name, UNREADABLE)
        return
    if stat.S_ISDIR(found.st_mode):
        yield _refused(name, "a folder: choose the files in it, or pack it as a zip")
    elif not stat.S_ISREG(found.st_mode):
        yield _refused(name, "not a file")
    elif first in ZIP_STARTS:
        yield from _members(piece.path, piece.start, size, name)
    elif size > MOST_BYTES:
        yield _refused(name, TOO_LONG)
    else:
        yield Entry(name, size, partial(_read, piece.path, piece.start, size), _folder(piece.name))


def label(name: str) -> str:
    """`name` to be shown, not to be opened: one short line without signs that markup is made of."""
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".", "..")]
    clean = "".join(
        sign if sign.isprintable() and sign not in "<>&\"'`[]|" else "_" for sign in "/".join(parts)
    ).strip()
    if len(clean) > LONGEST:
        half = (LONGEST - 1) // 2
        clean = f"{clean[:half]}…{clean[-half:]}"
    return clean or "without a name"


def _folder(name: str) -> str:
    """The name of the folder that a file called `name`, folders and all, lies in."""
    *folders, _ = name.replace("\\", "/").split("/")
    return label(folders[-1]) if folders and folders[-1] else ""


def _clutter(name: str) -> bool:
    *folders, last = name.split("/")
    return "__MACOSX" in folders or last.startswith("._") or last in CLUTTER


def _read(path: Path, start: int, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(size)
    except OSError:
        raise ValueError(UNREADABLE) from None


def _refused(name: str, reason: str) -> Entry:
    def read() -> bytes:
        raise ValueError(reason)

    return Entry(name, 0, read)


class _TooLong(Exception):
    pass


class _ZipFile(io.RawIOBase):
    """A zip as a file of its own: `size` bytes of the file at `path`, from `start` on.

    zipfile reads a zip's list of members at once, as long as the zip says it is: no read takes more
    memory than such a list may.
    """

    def __init__(self, path: Path, start: int, size: int):
        super().__init__()
        self.file, self.start, self.size, self.at = path.open("rb"), start, size, 0

    def read(self, count: int = -1) -> bytes:
        left = max(0, self.size - self.at)
        count = left if count is None or count < 0 else min(count, left)
        if count > MOST_DIRECTORY:
            raise _TooLong
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


def _members(path: Path, start: int, size: int, zip_name: str) -> Iterator[Entry]:
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(_ZipFile(path, start, size))
            archive = stack.enter_context(zipfile.ZipFile(file))
        except _TooLong:
            yield _refused(zip_name, TOO_MANY)
            return
        except Exception:  # zipfile raises many kinds on damaged files
            yield _refused(zip_name, "a zip that is damaged or cut off")
            return
        members = [member for member in archive.infolist() if not _passed_over(member)]
        if len(members) > MOST_MEMBERS:
            yield _refused(zip_name, TOO_MANY)
            return
        if not members:
            yield _refused(zip_name, "a zip without files")
        for member in members:
            name = f"{zip_name}: {label(member.filename)}"
            if reason := _why_not(member):
                yield _refused(name, reason)
            else:
                read = partial(_read_member, archive, member)
                yield Entry(name, member.file_size, read, _folder(member.filename))


def _passed_over(member: zipfile.ZipInfo) -> bool:
    return member.is_dir() or _clutter(member.filename)


def _why_not(member: zipfile.ZipInfo) -> str | None:
    """Why a member is not unpacked, as far as the zip's list tells; None if it may be."""
    if stat.S_ISLNK(member.external_attr >> 16):
        return "a link, not a file"
    if member.flag_bits & 1:
        return "encrypted: pack it without a password"
    if member.compress_type not in METHODS:
        return "packed in a way that is not read: pack it with deflate, as zips usually are"
    if member.file_size > MOST_BYTES:
        return TOO_LONG
    if member.file_size > max(SMALL, MOST_RATIO * member.compress_size):
        return f"packed to less than 1/{MOST_RATIO} of its size, as no picture is"
    return None


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(member) as file:
            # Never more than `member.file_size`: there zipfile stops, whatever is packed.
            return b"".join(iter(partial(file.read, CHUNK), b""))
    except Exception:  # zipfile and zlib raise many kinds on damaged members
        raise ValueError("damaged in its zip") from None
