"""Pictures to train on from someone's own files: `read_pictures`. Free of PyTorch.

Everything is bounded (bytes read, pixels decoded, pictures kept), and what is left out is told, file
by file, with the reason.
"""

import hashlib
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gan.common import checks
from gan.data.archives import Entry, Piece, entries
from gan.images.decode import FITS, WHITE, open_picture, to_square

MOST_PICTURES = 20_000
MOST_RESULT = 10**9  # bytes of the pixels that are kept
MOST_BYTES = 2 * 10**9  # read in all, zips unpacked
MOST_PIXELS = 2 * 10**10  # decoded in all: some minutes
MOST_FILES = 10**5
SHOWN = 200  # files that are named with the reason why they are left out


@dataclass(frozen=True)
class OwnPictures:
    """`pixels` uint8 (N, size, size, channels), N at least 2, all different; `names` N labels.

    `duplicates` says how many more were equal to one of them. `left_out` has (label, reason) of the
    first 200 files that are not among them, `reasons` how often each reason occurs, commonest first.
    Labels are to be shown; none is a path. Where every picture lies in a folder, and not all in the
    same, `classes` are the folders' names in order, and `labels` the place of each picture's.
    """

    pixels: np.ndarray
    names: tuple[str, ...]
    duplicates: int
    left_out: tuple[tuple[str, str], ...]
    reasons: dict[str, int]
    classes: tuple[str, ...] = ()
    labels: tuple[int, ...] | None = None

    def __len__(self) -> int:
        return len(self.names)


def read_pictures(
    files: list[str | Path] | tuple[str | Path, ...],
    size: int,
    channels: int,
    fit: str = "crop",
    background: list[int] | tuple[int, ...] = WHITE,
) -> OwnPictures:
    """The pictures in `files`: paths of PNG, JPEG, WebP, GIF, BMP or TIFF files, and of zips of them.

    Each becomes a square of side `size` (16 to 256) with 1 (grey) or 3 (colour) `channels`: "crop"
    takes its middle, "pad" fits all of it on the `background` (red, green, blue, each 0 to 255).
    ValueError unless 2 different pictures can be used; it names the commonest reasons.
    """
    *_, own = reading(files, size, channels, fit, background)
    return own


def reading(
    files: list[str | Path | Piece] | tuple[str | Path | Piece, ...],
    size: int,
    channels: int,
    fit: str = "crop",
    background: list[int] | tuple[int, ...] = WHITE,
) -> Iterator[int | OwnPictures]:
    """`read_pictures` step by step: how many pictures are kept, after each file; then the result."""
    if not (isinstance(files, list | tuple) and 0 < len(files) <= MOST_FILES):
        raise ValueError(f"Give a list of 1 to {MOST_FILES:,} files: pictures, or zips of pictures.")
    if not all(isinstance(file, str | Path | Piece) for file in files):
        raise ValueError("Each file must be given as its path.")
    size = checks.integer("size", size, 16, 256)
    channels = checks.choice("channels", channels, (1, 3))
    fit = checks.choice("fit", fit, FITS)
    background = _colour(background)
    most = min(MOST_PICTURES, MOST_RESULT // (size * size * channels))
    yield from collected(
        entries(files), Limits(most, MOST_BYTES, MOST_PIXELS), size, channels, fit, background
    )


@dataclass(frozen=True)
class Limits:
    """How many pictures are kept, and how many bytes are read and pixels decoded for them.

    What is beyond is left out with that reason; or, if it is the `first` pictures that are asked
    for, not looked at.
    """

    pictures: int
    bytes: int
    pixels: int
    first: bool = False


def collected(found: Iterable[Entry], limits: Limits, *shape) -> Iterator[int | OwnPictures]:
    """`reading` of entries, with other limits, for arguments that have been checked."""
    collection = _Collection(limits)
    with warnings.catch_warnings():
        # Pillow warns of large pictures and odd notes in them: both are dealt with here.
        warnings.simplefilter("ignore")
        for entry in found:
            collection.read(entry, *shape)
            yield len(collection.names)
            if limits.first and len(collection.names) == limits.pictures:
                break
    size, channels, *_ = shape
    yield collection.result((-1, size, size, channels))


def _colour(background: list[int] | tuple[int, ...]) -> tuple[int, int, int]:
    if not (isinstance(background, list | tuple) and len(background) == 3):
        raise ValueError("background must be three numbers: red, green and blue, each 0 to 255.")
    red, green, blue = (checks.integer("background", part, 0, 255) for part in background)
    return red, green, blue


@dataclass
class _Budget:
    """How much of something is left for all files together."""

    left: int
    reason: str

    def take(self, amount: int) -> None:
        if amount > self.left:
            raise ValueError(self.reason)
        self.left -= amount


@dataclass
class _Collection:
    """What has been read so far."""

    limits: Limits
    pixels: bytearray = field(default_factory=bytearray)
    names: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    seen: set[bytes] = field(default_factory=set)
    duplicates: int = 0
    left_out: list[tuple[str, str]] = field(default_factory=list)
    reasons: Counter = field(default_factory=Counter)

    def __post_init__(self):
        limits = self.limits
        gigabytes = f"beyond the {limits.bytes / 10**9:g} GB that are read in all"
        self.bytes_left = _Budget(limits.bytes, gigabytes)
        gigapixels = f"beyond the {limits.pixels / 10**9:g} gigapixels that are read in all"
        self.pixels_left = _Budget(limits.pixels, gigapixels)

    def read(self, entry: Entry, *shape) -> None:
        """Keep the picture of `entry`, or note why not."""
        try:
            self._keep(entry, self._square(entry, *shape))
        except ValueError as error:
            self.reasons[str(error)] += 1
            if len(self.left_out) < SHOWN:
                self.left_out.append((entry.name, str(error)))

    def _square(self, entry: Entry, *shape) -> np.ndarray:
        if len(self.names) == self.limits.pictures:
            raise ValueError(f"beyond the {self.limits.pictures:,} pictures that are read in all")
        self.bytes_left.take(entry.size)
        with open_picture(entry.read()) as picture:
            self.pixels_left.take(picture.width * picture.height)
            return to_square(picture, *shape)

    def _keep(self, entry: Entry, square: np.ndarray) -> None:
        digest = hashlib.sha256(square).digest()
        if digest in self.seen:
            self.duplicates += 1
            return
        self.seen.add(digest)
        self.names.append(entry.name)
        self.folders.append(entry.folder)
        self.pixels += square.tobytes()

    def result(self, shape: tuple[int, ...]) -> OwnPictures:
        if len(self.names) < 2:
            raise ValueError(self._too_few())
        pixels = np.frombuffer(self.pixels, np.uint8).reshape(shape)
        reasons = dict(self.reasons.most_common())
        names, left_out = tuple(self.names), tuple(self.left_out)
        return OwnPictures(pixels, names, self.duplicates, left_out, reasons, *self._classes())

    def _classes(self) -> tuple[tuple[str, ...], tuple[int, ...] | None]:
        classes = tuple(sorted(set(self.folders)))
        if "" in classes or len(classes) < 2:
            return (), None
        place = {name: index for index, name in enumerate(classes)}
        return classes, tuple(place[folder] for folder in self.folders)

    def _too_few(self) -> str:
        found = "Only 1 usable picture was found" if self.names else "No usable picture was found"
        why = [f"{count:,} × {reason}" for reason, count in self.reasons.most_common(3)]
        if self.duplicates:
            why.insert(0, f"{self.duplicates:,} × the same picture again")
        left = f" Left out: {'; '.join(why)}." if why else ""
        return f"{found}: at least 2 different ones are needed.{left}"
