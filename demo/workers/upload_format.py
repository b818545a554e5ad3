"""Packs: the format in which files are uploaded and stored until they are decoded.

A pack is a sequence of files, each as: length of its name (uint16), length of its content (uint64),
both little endian; the name in UTF-8; the content. A folder of thousands of files thus takes a few
requests and a few files on disk. Names are never used as paths.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from gan.data.archives import FileSlice
from gan.data.image_collection import MAX_FILES

PACK_SUFFIX = ".pack"  # of a completely received pack
HEADER = struct.Struct("<HQ")
DAMAGED = "The upload was cut off or damaged: drop the files again."


def pack(files: dict[str, bytes]) -> bytes:
    """The pack of files given as name -> content."""
    named = ((name.encode(), content) for name, content in files.items())
    return b"".join(HEADER.pack(len(n), len(content)) + n + content for n, content in named)


def list_files(folder: Path) -> list[FileSlice]:
    """The files in all packs of a folder; ValueError if there are none or too many, or a pack is damaged."""
    found = []
    for pack in sorted(folder.glob(f"*{PACK_SUFFIX}")):
        for piece in _list_pack(pack):
            found.append(piece)
            if len(found) > MAX_FILES:
                raise ValueError(
                    f"These are more than {MAX_FILES:,} files, the limit of one upload: choose fewer."
                )
    if not found:
        raise ValueError("Nothing was uploaded: drop pictures, a zip or a folder.")
    return found


def _list_pack(pack: Path) -> Iterator[FileSlice]:
    end = pack.stat().st_size
    with pack.open("rb") as file:
        while (at := file.tell()) < end:
            header = file.read(HEADER.size)
            if len(header) < HEADER.size:
                raise ValueError(DAMAGED)
            length, size = HEADER.unpack(header)
            start = at + HEADER.size + length
            if start + size > end:
                raise ValueError(DAMAGED)
            name = file.read(length).decode("utf-8", "replace")
            yield FileSlice(pack, name, start, size)
            file.seek(start + size)
