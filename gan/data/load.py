"""Load a dataset of images from any source: `load_images(source, size, channels, limit)`.

A source is a synthetic dataset (`faces`, `shapes`, `glyphs`), a short name (`mnist`, `cifar10`), a local
folder (image files, or parquet files as on the Hub), a zip of images, a table (parquet, or CSV with paths of
image files), the id of an image dataset on the Hugging Face Hub, or an upload ("own:ID").
Decoded images are cached on disk as one uint8 tensor, so that a second run starts at once.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from gan.common import checks
from gan.common.files import read_tensors, write_tensors
from gan.data import archives
from gan.data.cache import cache_folder, mark_used
from gan.data.hub_rows import Rows
from gan.data.image_collection import (
    MAX_LISTED,
    ImageCollection,
    Limits,
    Listing,
    collect_entries,
)
from gan.data.image_tensors import Images
from gan.data.labels import class_indices
from gan.data.local_files import has_image_files, image_files
from gan.data.path_table import PathTable
from gan.data.sources import UPLOAD_PREFIX, find_place, split_config, upload_file
from gan.drawn.registry import DRAWN, draw, factors
from gan.images.decode import FIT_MODES, decode_square, parse_colour

DRAWN_COUNT = 6000
MAX_IMAGES = 200_000
MAX_RESULT_BYTES = 4 * 10**9  # bytes of decoded pixels
# Local files are trusted to this extent: only uploads are limited in bytes read and pixels decoded.
UNLIMITED = 10**18
# To be increased whenever decoding changes, so that old cache files are not used.
CACHE_VERSION = 5
# Fields of Images that are kept beside its tensors.
TEXTS = ("skipped", "duplicates", "left_out", "classes", "notes")


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
    """The images of `source`: uint8 (N, channels, size, size), with class labels where it has any.

    `size` is 16 to 256, `channels` 1 (grey) or 3 (RGB). `limit` keeps a random sample, always the same and
    stratified by class (synthetic data: how many are drawn, by default 6,000). `split` is "train" or "test",
    which is the validation set where there is no test set; with synthetic data `seed` selects another dataset,
    and its test set shares no image with its train set. `fit` ("crop" or "pad") and
    `background` ("#rrggbb") are as in gan.images.decode.to_square. Files that cannot be decoded are listed in
    `skipped`, and of files with equal images one is kept. ValueError for an unknown source or option, fewer
    than two usable images, or a Hub that cannot be reached.
    """
    source = checks.text("data", source, max_length=500)
    size = checks.integer("size", size, 16, 256)
    channels = checks.choice("channels", channels, (1, 3))
    checks.choice("split", split, ("train", "test"))
    shape = (size, channels, checks.choice("fit", fit, FIT_MODES), parse_colour(background))
    if limit is not None:
        limit = checks.integer("limit", limit, 2, MAX_IMAGES)
    if source in DRAWN:
        key = f"{source} {size} {channels} {limit or DRAWN_COUNT} {split} {seed}"
        return _cached(key, lambda: _synthetic(source, size, channels, limit, split, seed))
    if source.startswith(UPLOAD_PREFIX):
        return _uploaded(source, shape, limit)
    place = find_place(source)
    key = f"{_fingerprint(place)} {shape} {limit} {split}"
    images = _cached(key, lambda: _decoded(source, place, shape, limit, split))
    return replace(images, source=source)


def _uploaded(source: str, shape: tuple, limit: int | None) -> Images:
    size, channels, how, background = shape
    path = upload_file(source, size, channels, how, "#" + bytes(background).hex())
    images = replace(read_images(path), source=source)
    return images if limit is None else images.sample(limit)


def _synthetic(
    source: str, size: int, channels: int, limit: int | None, split: str, seed: int
) -> Images:
    count = limit or DRAWN_COUNT
    # Even seeds are train sets and odd ones test sets, so that they share no image.
    seed = 2 * seed + (split == "test")
    pixels = draw(source, count, size, channels, seed)
    labels = torch.from_numpy(factors(source, count, seed)[DRAWN[source].label])
    classes = DRAWN[source].factors[DRAWN[source].label]
    return Images(
        source, torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous(), labels, classes=classes
    )


def _decoded(source: str, place: str, shape: tuple, limit: int | None, split: str) -> Images:
    """The images of a local place or Hub id, as `find_place` returns it."""
    most = min(limit or MAX_IMAGES, MAX_RESULT_BYTES // (shape[0] ** 2 * shape[1]))
    path = Path(place)
    if _is_table_of_paths(path):
        table = PathTable(path)
        read, labels, names, notes = table.entries, table.labels, (), table.notes
    elif has_image_files(place):
        files = list(image_files(place))
        paths = [entry.path for entry in archives.entries(files)]
        listing = Listing.of_files(paths, split)
        limits = Limits(most, UNLIMITED, UNLIMITED, sample=True)
        return _collected(source, lambda: archives.entries(files), listing, limits, shape)
    else:
        rows = Rows(place, split, shuffled=limit is not None)
        if not rows.local:
            return _from_hub(source, rows, shape, most)
        read, labels, names = rows.entries, rows.labels(), rows.names
        notes = (rows.note,) if rows.note else ()
    listing = Listing([True] * len(labels), labels, names)
    limits = Limits(most, UNLIMITED, UNLIMITED, sample=True, unique=False)
    images = _collected(source, read, listing, limits, shape)
    return replace(images, notes=(*notes, *images.notes))


def _from_hub(source: str, rows: Rows, shape: tuple, most: int) -> Images:
    """Rows are decoded as they come: how many there are, and their labels, is not known before."""
    pixels, labels, skipped = [], [], []
    for entry in rows.entries():
        try:
            pixels.append(decode_square(entry.read(), *shape))
            labels.append(entry.label)
        except ValueError as error:
            skipped.append(f"{archives.display_name(entry.name)}: {error}")
        if len(pixels) == most:
            break
    if len(pixels) < 2:
        why = f" ({skipped[0]})" if skipped else ""
        raise ValueError(f"{source} holds {len(pixels)} usable pictures{why}: at least 2 are needed.")
    indices, classes, note = class_indices(labels, rows.names)
    images = Images(
        source,
        torch.from_numpy(np.stack(pixels)).permute(0, 3, 1, 2).contiguous(),
        skipped=tuple(skipped[:MAX_LISTED]),
        left_out=len(skipped),
        notes=tuple(filter(None, (rows.note, note))),
    )
    if len(classes) < 2:
        return images
    known = [place for place, index in enumerate(indices) if index is not None]
    labelled = replace(images, labels=torch.tensor([-1 if each is None else each for each in indices]))
    return replace(
        labelled.subset(torch.tensor(known)),
        classes=tuple(map(archives.display_name, classes)),
        left_out=images.left_out + len(indices) - len(known),
    )


def _collected(source: str, read: Callable, listing: Listing, limits: Limits, shape: tuple) -> Images:
    try:
        *_, collection = collect_entries(read, listing, limits, *shape)
    except ValueError as error:
        raise ValueError(f"{source}: {error}") from None
    return to_images(source, collection)


def to_images(source: str, collection: ImageCollection) -> Images:
    return Images(
        source,
        torch.from_numpy(collection.pixels).permute(0, 3, 1, 2).contiguous(),
        None if collection.labels is None else torch.tensor(collection.labels),
        tuple(f"{name}: {reason}" for name, reason in collection.skipped),
        collection.duplicates,
        sum(collection.reasons.values()),
        collection.classes,
        collection.notes,
    )


def _fingerprint(place: str) -> str:
    """A text that changes with the content of a path: names, sizes and times of its files, and of a table also
    of those that it names."""
    path, config = split_config(place)
    if not Path(path).exists():
        return place
    paths = [file.path for file in image_files(path)]
    if _is_table_of_paths(Path(path)):
        paths += PathTable(Path(path)).files()
    return f"{Path(path).resolve()} {config} {[_state(each) for each in paths]}"


def _is_table_of_paths(path: Path) -> bool:
    return path.suffix.lower() in (".csv", ".tsv") and path.is_file()


def _state(path: Path) -> tuple:
    """Name, size and time of a file; of one that is not there, or is no more, the name alone."""
    try:
        state = path.stat()
    except OSError:
        return (str(path),)
    return (str(path), state.st_size, state.st_mtime_ns)


def _cached(key: str, make: Callable[[], Images]) -> Images:
    """The result of `make()`, from the cache on disk if it was computed before for the same key."""
    digest = hashlib.sha256(f"{CACHE_VERSION} {key}".encode()).hexdigest()[:24]
    path = cache_folder() / f"{digest}.safetensors"
    mark_used(path)
    try:
        return read_images(path)
    except ValueError:
        images = make()
    # The cache is optional: the disk may be full or read-only.
    with contextlib.suppress(ValueError):
        write_images(path, images)
    return images


def write_images(path: Path, images: Images) -> None:
    """Write decoded images to a safetensors file; ValueError if it cannot be written."""
    tensors = {"pixels": images.pixels}
    if images.labels is not None:
        tensors["labels"] = images.labels
    rest = {name: getattr(images, name) for name in TEXTS}
    write_tensors(path, tensors, {"images": json.dumps(rest)})


def read_images(path: Path) -> Images:
    """The images that `write_images` wrote; ValueError if the file is missing or damaged."""
    tensors, metadata = read_tensors(path)
    try:
        rest = json.loads(metadata["images"])
        rest = {
            name: tuple(value) if isinstance(value, list) else value for name, value in rest.items()
        }
        return Images("", tensors["pixels"], tensors.get("labels"), **rest)
    except KeyError:
        raise ValueError(f"{path.name} holds no pictures.") from None
