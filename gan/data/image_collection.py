"""Decode training images from untrusted files and zips, within limits. Free of PyTorch."""

import hashlib
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from gan.common import checks
from gan.data.archives import Entry, FileSlice, display_name, entries
from gan.data.folder_layout import class_names, in_split
from gan.data.labels import NO_CLASS, class_indices, stratified_order
from gan.images.decode import FIT_MODES, WHITE, is_nearly_black, open_image, to_square

MAX_IMAGES = 20_000
MAX_RESULT_BYTES = 10**9  # bytes of decoded pixels that are kept
MAX_BYTES = 2 * 10**9  # read in all, after unpacking zips
MAX_PIXELS = 2 * 10**10  # decoded in all, which takes some minutes
MAX_FILES = 10**5
MAX_LISTED = 200  # skipped files that are listed by name

HELD_OUT = "held out: in the folder of another split than train"


@dataclass(frozen=True)
class ImageCollection:
    """`pixels` uint8 (N, size, size, channels), N at least 2, all different; `names` N display names.

    `duplicates` counts further files with an image equal to one of them. `skipped` has (name, reason) of
    the first 200 files that could not be used, `reasons` how often each reason occurred, commonest first.
    Names are for display and are no paths. With at least two classes, `classes` are their names and `labels`
    the index of each image's class. `notes` are messages about the images or labels as a whole.
    """

    pixels: np.ndarray
    names: tuple[str, ...]
    duplicates: int
    skipped: tuple[tuple[str, str], ...]
    reasons: dict[str, int]
    classes: tuple[str, ...] = ()
    labels: tuple[int, ...] | None = None
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True)
class Limits:
    """The most images to keep, bytes to read and pixels to decode.

    More images than `images` are a random sample of all, stratified by class. What exceeds a limit is skipped
    with that reason, and so is what belongs to another split, unless `sample` says that no more is wanted.
    """

    images: int
    bytes: int
    pixels: int
    sample: bool = False
    unique: bool = True  # of equal images, the first is kept


@dataclass(frozen=True)
class Listing:
    """What is known of all entries before one is read: which are `wanted`, and their labels.

    `labels` may be of any type (see gan.data.labels.class_indices); `names` are those of integer labels.
    """

    wanted: Sequence[bool]
    labels: Sequence[object]
    names: Sequence[str] = ()

    @classmethod
    def of_files(cls, paths: Sequence[str], split: str = "train") -> "Listing":
        """By the folders that the files are in."""
        return cls(in_split(paths, split), class_names(paths))


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
    listing = Listing.of_files([entry.path for entry in entries(files)])
    yield from collect_entries(lambda: entries(files), listing, limits, size, channels, fit, background)


def collect_entries(
    read_entries: Callable[[], Iterable[Entry]], listing: Listing, limits: Limits, *shape
) -> Iterator[int | ImageCollection]:
    """As `collect_images`, from the entries that `read_entries` gives at each call, always in the same order.

    `shape`: the other arguments of `collect_images`, which are not checked.
    """
    collector = _Collector(limits, listing)
    with warnings.catch_warnings():
        # Pillow warns of large images and invalid metadata: both are handled here.
        warnings.simplefilter("ignore")
        # What could not be used or was a duplicate is replaced from the rest of the order.
        while chosen := collector.next_indices():
            for index, entry in enumerate(read_entries()):
                if index in chosen:
                    collector.read(index, entry, *shape)
                    yield len(collector.kept)
        if left_out := collector.left_out():
            for index, entry in enumerate(read_entries()):
                if index in left_out:
                    collector.leave_out(entry, left_out[index])
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


class _Collector:
    """The images read so far."""

    def __init__(self, limits: Limits, listing: Listing):
        self.limits = limits
        self.pixels = bytearray()
        self.kept: list[int] = []  # indices of the entries whose images are in `pixels`
        self.names: list[str] = []
        self.hashes: set[bytes] = set()
        self.duplicates = 0
        self.skipped: list[tuple[str, str]] = []
        self.reasons: Counter[str] = Counter()
        self.dark = 0
        gigabytes = f"beyond the {limits.bytes / 10**9:g} GB that are read in all"
        self.bytes_left = _Budget(limits.bytes, gigabytes)
        gigapixels = f"beyond the {limits.pixels / 10**9:g} gigapixels that are read in all"
        self.pixels_left = _Budget(limits.pixels, gigapixels)
        self.count = len(listing.wanted)
        wanted = [index for index, chosen in enumerate(listing.wanted) if chosen]
        labels = [listing.labels[index] for index in wanted]
        indices, self.classes, self.note = class_indices(labels, listing.names)
        self.class_of = dict(zip(wanted, indices, strict=True))
        order = [wanted[place] for place in stratified_order(indices)]
        # If some have a class, the few without one are left out.
        self.order = [index for index in order if not self.classes or self.class_of[index] is not None]
        self.position = 0

    def next_indices(self) -> set[int]:
        """The entries to be read next: as many as images are still wanted."""
        start = self.position
        self.position += self.limits.images - len(self.kept)
        return set(self.order[start : self.position])

    def read(self, index: int, entry: Entry, *shape) -> None:
        """Keep the image of `entry`, or record why it is skipped."""
        try:
            self._keep(index, entry, self._decode(entry, *shape))
        except ValueError as error:
            self._skip(entry, str(error))

    def left_out(self) -> dict[int, str]:
        """The entries that were not read and are to be named, with the reason."""
        no_class = [index for index, label in self.class_of.items() if self.classes and label is None]
        found = dict.fromkeys(no_class, NO_CLASS)
        if not self.limits.sample:
            beyond = f"beyond the {self.limits.images:,} pictures that are read in all"
            found |= dict.fromkeys(self.order[self.position :], beyond)
            found |= {index: HELD_OUT for index in range(self.count) if index not in self.class_of}
        return found

    def leave_out(self, entry: Entry, reason: str) -> None:
        """Name an entry that was not read; of one without a class, perhaps because it is no picture."""
        try:
            if reason == NO_CLASS:
                self.bytes_left.take(entry.size)
                open_image(entry.read()).close()
        except ValueError as error:
            reason = str(error)
        self._skip(entry, reason)

    def _skip(self, entry: Entry, reason: str) -> None:
        self.reasons[reason] += 1
        if len(self.skipped) < MAX_LISTED:
            self.skipped.append((entry.name, reason))

    def _decode(self, entry: Entry, *shape) -> np.ndarray:
        self.bytes_left.take(entry.size)
        with open_image(entry.read()) as image:
            self.pixels_left.take(image.width * image.height)
            square = to_square(image, *shape)
            self.dark += is_nearly_black(image)
            return square

    def _keep(self, index: int, entry: Entry, square: np.ndarray) -> None:
        if self.limits.unique:
            digest = hashlib.sha256(square).digest()
            if digest in self.hashes:
                self.duplicates += 1
                return
            self.hashes.add(digest)
        self.kept.append(index)
        self.names.append(entry.name)
        self.pixels += square.tobytes()

    def result(self, shape: tuple[int, ...]) -> ImageCollection:
        if len(self.kept) < 2:
            raise ValueError(self._too_few())
        order = np.argsort(self.kept)
        pixels = np.frombuffer(self.pixels, np.uint8).reshape(shape)
        if (np.diff(self.kept) < 0).any():
            pixels = pixels[order]
        classes, labels = self._labels([self.class_of[self.kept[place]] for place in order])
        return ImageCollection(
            pixels=pixels,
            names=tuple(self.names[place] for place in order),
            duplicates=self.duplicates,
            skipped=tuple(self.skipped),
            reasons=dict(self.reasons.most_common()),
            classes=classes,
            labels=labels,
            notes=tuple(filter(None, (self.note, self._dark_note()))),
        )

    def _labels(self, indices: list[int | None]) -> tuple[tuple[str, ...], tuple[int, ...] | None]:
        """(names of the classes of which images were kept, their index for each image)."""
        used = sorted(set(indices)) if self.classes else []
        if len(used) < 2:
            return (), None
        new = {index: place for place, index in enumerate(used)}
        return tuple(display_name(self.classes[index]) for index in used), tuple(
            new[index] for index in indices
        )

    def _dark_note(self) -> str:
        return (
            f"Nearly black, for their 16-bit values are below 4,096: {self.dark:,}. Scale them to 65,535."
            if self.dark
            else ""
        )

    def _too_few(self) -> str:
        found = "Only 1 usable picture was found" if self.kept else "No usable picture was found"
        why = [f"{count:,} × {reason}" for reason, count in self.reasons.most_common(3)]
        if self.duplicates:
            why.insert(0, f"{self.duplicates:,} × the same picture again")
        skipped = f" Left out: {'; '.join(why)}." if why else ""
        return f"{found}: at least 2 different ones are needed.{skipped}"
