"""Packs: how files travel from a browser, and how they lie here until they are decoded.

A pack is one file after another: two bytes with the length of its name, eight with its own (both
unsigned, little endian), the name in UTF-8, the content. So a folder of thousands is a few requests,
and a few files here; names are only ever read as text.
"""

import struct
from collections.abc import Iterator
from pathlib import Path

from gan.data.archives import FileSlice
from gan.data.image_collection import MAX_FILES

PACK = ".pack"  # of one that has come as a whole
HEADER = struct.Struct("<HQ")
DAMAGED = "The upload was cut off or damaged: drop the files again."


def packed(files: dict[str, bytes]) -> bytes:
    """A pack of files by their names."""
    named = ((name.encode(), content) for name, content in files.items())
    return b"".join(HEADER.pack(len(n), len(content)) + n + content for n, content in named)


def pieces(folder: Path) -> list[FileSlice]:
    """The files in all packs of a folder; ValueError if a pack is damaged, or they are too many."""
    found = []
    for pack in sorted(folder.glob(f"*{PACK}")):
        for piece in _in_pack(pack):
            found.append(piece)
            if len(found) > MAX_FILES:
                raise ValueError(
                    f"These are more than {MAX_FILES:,} files, the most that are looked at: "
                    "choose fewer."
                )
    if not found:
        raise ValueError("Nothing was handed in: drop pictures, a zip or a folder.")
    return found


def _in_pack(pack: Path) -> Iterator[FileSlice]:
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
