"""Decode training images from untrusted files and zips, within limits. Free of PyTorch."""

import hashlib
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from gan.common import checks
from gan.data.archives import Entry, FileSlice, entries
from gan.images.decode import FIT_MODES, WHITE, open_image, to_square

MAX_IMAGES = 20_000
MAX_RESULT_BYTES = 10**9  # bytes of decoded pixels that are kept
MAX_BYTES = 2 * 10**9  # read in all, after unpacking zips
MAX_PIXELS = 2 * 10**10  # decoded in all, which takes some minutes
MAX_FILES = 10**5
MAX_LISTED = 200  # skipped files that are listed by name


@dataclass(frozen=True)
class ImageCollection:
    """`pixels` uint8 (N, size, size, channels), N at least 2, all different; `names` N display names.

    `duplicates` counts further files with an image equal to one of them. `skipped` has (name, reason) of
    the first 200 files that could not be used, `reasons` how often each reason occurred, commonest first.
    Names are for display and are no paths. If every image is in a folder, and there are at least two
    folders, `classes` are their names, sorted, and `labels` the index of each image's class.
    """

    pixels: np.ndarray
    names: tuple[str, ...]
    duplicates: int
    skipped: tuple[tuple[str, str], ...]
    reasons: dict[str, int]
    classes: tuple[str, ...] = ()
    labels: tuple[int, ...] | None = None

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Limits:
    """The most images to keep, bytes to read and pixels to decode.

    What exceeds a limit is skipped with that reason; with `first`, reading stops at the most images.
    """

    images: int
    bytes: int
    pixels: int
    first: bool = False


def collect_images(
    files: list[str | Path | FileSlice] | tuple[str | Path | FileSlice, ...],
    size: int,
    channels: int,
    fit: str = "crop",
    background: list[int] | tuple[int, ...] = WHITE,
) -> Iterator[int | ImageCollection]:
    """Decode `files`: PNG, JPEG, WebP, GIF, BMP or TIFF images, and zips of them.

    Yields the number of images so far after each file, and the collection at the end. Each image becomes a
    square of side `size` (16 to 256) with 1 (grey) or 3 (RGB) `channels`; for `fit` and `background` (red,
    green, blue, each 0 to 255) see gan.images.decode.to_square. ValueError unless there are 2 different
    usable images; it states the commonest reasons.
    """
    if not (isinstance(files, list | tuple) and 0 < len(files) <= MAX_FILES):
        raise ValueError(f"Give a list of 1 to {MAX_FILES:,} files: pictures, or zips of pictures.")
    if not all(isinstance(file, str | Path | FileSlice) for file in files):
        raise ValueError("Each file must be given as its path.")
    size = checks.integer("size", size, 16, 256)
    channels = checks.choice("channels", channels, (1, 3))
    fit = checks.choice("fit", fit, FIT_MODES)
    background = _checked_rgb(background)
    images = min(MAX_IMAGES, MAX_RESULT_BYTES // (size * size * channels))
    limits = Limits(images, MAX_BYTES, MAX_PIXELS)
    yield from collect_entries(entries(files), limits, size, channels, fit, background)


def collect_entries(found: Iterable[Entry], limits: Limits, *shape) -> Iterator[int | ImageCollection]:
    """As `collect_images`, from entries and within `limits`; `shape`: the other arguments, which are not checked."""
    collector = _Collector(limits)
    with warnings.catch_warnings():
        # Pillow warns of large images and invalid metadata: both are handled here.
        warnings.simplefilter("ignore")
        for entry in found:
            collector.read(entry, *shape)
            yield len(collector.names)
            if limits.first and len(collector.names) == limits.images:
                break
    size, channels, *_ = shape
    yield collector.result((-1, size, size, channels))


def _checked_rgb(background: list[int] | tuple[int, ...]) -> tuple[int, int, int]:
    if not (isinstance(background, list | tuple) and len(background) == 3):
        raise ValueError("background must be three numbers: red, green and blue, each 0 to 255.")
    red, green, blue = (checks.integer("background", part, 0, 255) for part in background)
    return red, green, blue


@dataclass
class _Budget:
    """How much of a resource is left for all files together."""

    left: int
    reason: str

    def take(self, amount: int) -> None:
        if amount > self.left:
            raise ValueError(self.reason)
        self.left -= amount


@dataclass
class _Collector:
    limits: Limits
    pixels: bytearray = field(default_factory=bytearray)
    names: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    hashes: set[bytes] = field(default_factory=set)
    duplicates: int = 0
    skipped: list[tuple[str, str]] = field(default_factory=list)
    reasons: Counter = field(default_factory=Counter)

    def __post_init__(self):
        limits = self.limits
        gigabytes = f"beyond the {limits.bytes / 10**9:g} GB that are read in all"
        self.bytes_left = _Budget(limits.bytes, gigabytes)
        gigapixels = f"beyond the {limits.pixels / 10**9:g} gigapixels that are read in all"
        self.pixels_left = _Budget(limits.pixels, gigapixels)

    def read(self, entry: Entry, *shape) -> None:
        """Keep the image of `entry`, or record why it is skipped."""
        try:
            self._keep(entry, self._decode(entry, *shape))
        except ValueError as error:
            self.reasons[str(error)] += 1
            if len(self.skipped) < MAX_LISTED:
                self.skipped.append((entry.name, str(error)))

    def _decode(self, entry: Entry, *shape) -> np.ndarray:
        if len(self.names) == self.limits.images:
            raise ValueError(f"beyond the {self.limits.images:,} pictures that are read in all")
        self.bytes_left.take(entry.size)
        with open_image(entry.read()) as image:
            self.pixels_left.take(image.width * image.height)
            return to_square(image, *shape)

    def _keep(self, entry: Entry, square: np.ndarray) -> None:
        digest = hashlib.sha256(square).digest()
        if digest in self.hashes:
            self.duplicates += 1
            return
        self.hashes.add(digest)
        self.names.append(entry.name)
        self.folders.append(entry.folder)
        self.pixels += square.tobytes()

    def result(self, shape: tuple[int, ...]) -> ImageCollection:
        if len(self.names) < 2:
            raise ValueError(self._too_few())
        pixels = np.frombuffer(self.pixels, np.uint8).reshape(shape)
        reasons = dict(self.reasons.most_common())
        names, skipped = tuple(self.names), tuple(self.skipped)
        return ImageCollection(pixels, names, self.duplicates, skipped, reasons, *self._classes())

    def _classes(self) -> tuple[tuple[str, ...], tuple[int, ...] | None]:
        classes = tuple(sorted(set(self.folders)))
        if "" in classes or len(classes) < 2:
            return (), None
        index_of = {name: index for index, name in enumerate(classes)}
        return classes, tuple(index_of[folder] for folder in self.folders)

    def _too_few(self) -> str:
        found = "Only 1 usable picture was found" if self.names else "No usable picture was found"
        why = [f"{count:,} × {reason}" for reason, count in self.reasons.most_common(3)]
        if self.duplicates:
            why.insert(0, f"{self.duplicates:,} × the same picture again")
        skipped = f" Left out: {'; '.join(why)}." if why else ""
        return f"{found}: at least 2 different ones are needed.{skipped}"
