"""Files of someone's own and the members of their zips, one after another. Free of PyTorch.

A zip is read in memory and never extracted: a member's name is only ever a label, so it cannot lead
out of a folder. How much is unpacked is known before it is, and no member is longer than it says.
"""

import contextlib
import io
import stat
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from gan.decoding import ZIP_STARTS

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

TOO_LONG = f"larger than {MOST_BYTES // 10**6} MB"
TOO_MANY = f"a zip of more than {MOST_MEMBERS:,} files"


@dataclass(frozen=True)
class Entry:
    """A file or member: its label, how many bytes `read` gives at most, and `read` itself.

    `read()` raises a ValueError with the reason, a few words, if there is nothing to be had.
    """

    name: str
    size: int
    read: Callable[[], bytes]


def entries(files: Sequence[str | Path]) -> Iterator[Entry]:
    """All that is in `files`: each file, and in place of a zip the files in it, folders or not.

    Whether a file is a zip is told by its first bytes. What cannot be read is an entry as well. The
    clutter of systems (.DS_Store, __MACOSX) is passed over.
    """
    for path in map(Path, files):
        name = label(path.name)
        try:
            found = path.stat()
            start = _start(path) if stat.S_ISREG(found.st_mode) else b""
        except (OSError, ValueError):  # ValueError: no path can have such a name
            yield _refused(name, "cannot be opened")
            continue
        if stat.S_ISDIR(found.st_mode):
            yield _refused(name, "a folder: choose the files in it, or pack it as a zip")
        elif not stat.S_ISREG(found.st_mode):
            yield _refused(name, "not a file")
        elif start in ZIP_STARTS:
            yield from _members(path, name)
        elif found.st_size > MOST_BYTES:
            yield _refused(name, TOO_LONG)
        else:
            yield Entry(name, found.st_size, partial(_read_file, path, found.st_size))


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


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


def _read_file(path: Path, size: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(size)
    except OSError:
        raise ValueError("cannot be opened") from None


def _refused(name: str, reason: str) -> Entry:
    def read() -> bytes:
        raise ValueError(reason)

    return Entry(name, 0, read)


class _TooLong(Exception):
    pass


class _ZipFile(io.FileIO):
    """The file of a zip, of which no read takes more memory than a list of members may.

    zipfile reads that list at once, as long as the zip says it is.
    """

    def read(self, count: int = -1) -> bytes:
        if count > MOST_DIRECTORY:
            raise _TooLong
        return super().read(count if count >= 0 else MOST_DIRECTORY)


def _members(path: Path, zip_name: str) -> Iterator[Entry]:
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context(_ZipFile(path))
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
                yield Entry(name, member.file_size, partial(_read_member, archive, member))


def _passed_over(member: zipfile.ZipInfo) -> bool:
    *folders, name = member.filename.split("/")
    return member.is_dir() or "__MACOSX" in folders or name.startswith("._") or name in CLUTTER


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
