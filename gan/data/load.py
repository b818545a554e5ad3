"""Every source of images behind one function: `load_images(source, size, channels, limit)`.

A source is a drawn dataset (`faces`, `shapes`, `glyphs`), a short name (`mnist`, `cifar10`), a local
folder (pictures, or the Hub's parquet form), a zip of pictures, any image dataset's id on the Hugging
Face Hub, or a set that was handed to the page ("own:ID").
What was decoded once is kept as one uint8 tensor in the cache folder, so a second run starts at once.
"""

import contextlib
import hashlib
import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from gan.common import checks
from gan.common.files import read_tensors, write_tensors
from gan.data import archives
from gan.data.hub_rows import rows
from gan.data.image_collection import Limits, OwnPictures, collected
from gan.data.image_tensors import Images
from gan.data.local_files import holds_files, pieces
from gan.data.sources import OWN, find_place, own_file
from gan.drawn.registry import DRAWN, draw, factors
from gan.images.decode import FITS, colour, fit

DRAWN_COUNT = 6000
MOST_IMAGES = 200_000
MOST_RESULT = 4 * 10**9  # bytes of pixels
# Someone's own machine reads what they tell it to; of pictures handed in there is a limit to both.
UNLIMITED = 10**18
# Raised when the way of decoding changes, so that old cache files are not read.
CACHE_VERSION = 3


def load_images(
    source: str,
    size: int = 32,
    channels: int = 1,
    limit: int | None = None,
    split: str = "train",
    seed: int = 0,
    fit: str = "crop",
    background: str = "#ffffff",
) -> Images:
    """The pictures of `source`, square of side `size` with 1 (grey) or 3 (colour) `channels`.

    `limit` takes the first so many (drawn sources: how many are drawn, 6,000 unless told). `split`
    is "train" or "test"; a drawn test set has other pictures than the train set. Pictures of other
    shapes are cut to their middle ("crop") or fitted in on the `background`, "#rrggbb" ("pad"), which
    also shows where one is transparent. A picture that cannot be decoded is left out and named in
    `skipped`; of equal ones among files one is kept. ValueError for an unknown source, a folder with
    fewer than two usable pictures, or a Hub that cannot be reached.
    """
    source = checks.text("data", source, longest=500)
    size = checks.integer("size", size, 16, 256)
    channels = checks.choice("channels", channels, (1, 3))
    checks.choice("split", split, ("train", "test"))
    shape = (size, channels, checks.choice("fit", fit, FITS), colour(background))
    if limit is not None:
        limit = checks.integer("limit", limit, 2, MOST_IMAGES)
    if source in DRAWN:
        key = f"{source} {size} {channels} {limit or DRAWN_COUNT} {split} {seed}"
        return _cached(key, lambda: _drawn(source, size, channels, limit, split, seed))
    if source.startswith(OWN):
        return _own(source, shape, limit)
    place = find_place(source)
    decode = _of_files if holds_files(place) else _of_rows
    key = f"{_fingerprint(place)} {shape} {limit} {split}"
    images = _cached(key, lambda: decode(source, place, shape, limit, split))
    return replace(images, source=source)


def _own(source: str, shape: tuple, limit: int | None) -> Images:
    size, channels, how, background = shape
    path = own_file(source, size, channels, how, "#" + bytes(background).hex())
    images = read_images(path)
    if limit is None:
        return replace(images, source=source)
    labels = None if images.labels is None else images.labels[:limit]
    return replace(images, source=source, pixels=images.pixels[:limit], labels=labels)


def _drawn(source: str, size: int, channels: int, limit: int | None, split: str, seed: int) -> Images:
    count = limit or DRAWN_COUNT
    # A test set must share no picture with the train set of the same seed.
    seed = 2 * seed + (split == "test")
    pixels = draw(source, count, size, channels, seed)
    labels = torch.from_numpy(factors(source, count, seed)[DRAWN[source].label])
    return Images(source, torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous(), labels)


def _of_files(source: str, place: str, shape: tuple, limit: int | None, split: str) -> Images:
    count = limit or MOST_IMAGES
    limits = Limits(
        min(count, MOST_RESULT // (shape[0] ** 2 * shape[1])), UNLIMITED, UNLIMITED, first=True
    )
    try:
        *_, own = collected(archives.entries(pieces(place, split)), limits, *shape)
    except ValueError as error:
        raise ValueError(f"{source}: {error}") from None
    return of_own(source, own)


def of_own(source: str, own: OwnPictures) -> Images:
    """Someone's own pictures as what a network is trained on."""
    return Images(
        source,
        torch.from_numpy(own.pixels).permute(0, 3, 1, 2).contiguous(),
        None if own.labels is None else torch.tensor(own.labels),
        tuple(f"{name}: {reason}" for name, reason in own.left_out),
        own.duplicates,
    )


def _of_rows(source: str, place: str, shape: tuple, limit: int | None, split: str) -> Images:
    pixels, labels, skipped = [], [], []
    for name, content, label in rows(place, split):
        try:
            pixels.append(fit(content, *shape))
            labels.append(label)
        except ValueError as error:
            skipped.append(f"{archives.label(name)}: {error}")
        if len(pixels) == (limit or MOST_IMAGES):
            break
    if len(pixels) < 2:
        why = f" ({skipped[0]})" if skipped else ""
        raise ValueError(
            f"{source} holds {len(pixels) or 'no'} usable picture{'s' * (not pixels)}{why}: "
            "at least 2 are needed, as PNG, JPEG, WebP, GIF, BMP or TIFF files or as parquet."
        )
    known = all(isinstance(label, int) for label in labels)
    return Images(
        source,
        torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).contiguous(),
        torch.tensor(labels) if known else None,
        tuple(skipped),
    )


def _fingerprint(place: str) -> str:
    """What tells that a place's content changed: names, sizes and times of its files."""
    top = Path(place)
    if not top.exists():
        return place
    files = [top] if top.is_file() else sorted(path for path in top.rglob("*") if path.is_file())
    seen = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return f"{top.resolve()} {seen}"


def _cached(key: str, make: Callable[[], Images]) -> Images:
    """`make()`, or what it gave the last time for the same key."""
    folder = Path(os.environ.get("GANSCOPE_CACHE") or Path.home() / ".cache" / "ganscope")
    digest = hashlib.sha256(f"{CACHE_VERSION} {key}".encode()).hexdigest()[:24]
    path = folder / f"{digest}.safetensors"
    try:
        return read_images(path)
    except ValueError:
        images = make()
    # A full or read-only disk costs time at the next start, nothing else.
    with contextlib.suppress(ValueError):
        write_images(path, images)
    return images


def write_images(path: Path, images: Images) -> None:
    """Keep decoded pictures in a file; ValueError if it cannot be written."""
    tensors = {"pixels": images.pixels}
    if images.labels is not None:
        tensors["labels"] = images.labels
    notes = {"skipped": "\n".join(images.skipped), "duplicates": str(images.duplicates)}
    write_tensors(path, tensors, notes)


def read_images(path: Path) -> Images:
    """What `write_images` kept; ValueError if there is no such file, or not a whole one."""
    tensors, notes = read_tensors(path)
    try:
        skipped = tuple(filter(None, notes["skipped"].split("\n")))
        duplicates = int(notes["duplicates"])
        return Images("", tensors["pixels"], tensors.get("labels"), skipped, duplicates)
    except KeyError:
        raise ValueError(f"{path.name} holds no pictures.") from None
