"""Every source of images behind one function: `load_images(source, size, channels, limit)`.

A source is a drawn dataset (`faces`, `shapes`, `glyphs`), a short name (`mnist`, `cifar10`), a local
folder (pictures, or the Hub's parquet form), or any image dataset's id on the Hugging Face Hub.
What was decoded once is kept as one uint8 tensor in the cache folder, so a second run starts at once.
"""

import contextlib
import hashlib
import io
import os
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from gan import checks
from gan.drawings import DRAWN, draw, factors
from gan.files import read_tensors, write_tensors
from gan.sources import find_place
from gan.sources import natural_shape as natural_shape

DRAWN_COUNT = 6000
MOST_IMAGES = 200_000
PICTURES = {".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"}
LABELS = ("label", "labels", "fine_label", "class")
# Raised when the way of decoding changes, so that old cache files are not read.
CACHE_VERSION = 2


@dataclass(frozen=True)
class Images:
    """Pictures in memory: `pixels` uint8 (N, channels, size, size), or points, float32 (N, 2).

    `labels` int64 (N,) or None.
    """

    source: str
    pixels: Tensor
    labels: Tensor | None = None
    skipped: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.pixels)


def to_float(pixels: Tensor) -> Tensor:
    """uint8 in 0..255 -> float32 in [-1, 1], the range of tanh; points, which are floats, stay."""
    return pixels if pixels.is_floating_point() else pixels.float().div_(127.5).sub_(1.0)


def to_uint8(images: Tensor) -> np.ndarray:
    """float NCHW in [-1, 1] -> uint8 NHWC, rounded; NaN becomes 0."""
    pixels = (images.detach() + 1.0).mul(127.5).nan_to_num(0.0).round_().clamp_(0, 255)
    return pixels.to(torch.uint8).permute(0, 2, 3, 1).contiguous().cpu().numpy()


def to_plain(samples: Tensor) -> np.ndarray:
    """A generator's samples as a Snapshot holds them: pictures as uint8 NHWC, points as float32."""
    return to_uint8(samples) if samples.ndim == 4 else samples.detach().cpu().numpy()


def load_images(
    source: str,
    size: int = 32,
    channels: int = 1,
    limit: int | None = None,
    split: str = "train",
    seed: int = 0,
) -> Images:
    """The pictures of `source`, square of side `size` with 1 (grey) or 3 (colour) `channels`.

    `limit` takes the first so many (drawn sources: how many are drawn, 6,000 unless told). `split`
    is "train" or "test"; a drawn test set has other pictures than the train set. A picture that
    cannot be decoded is left out and named in `skipped`. ValueError for an unknown source, a folder
    with fewer than two usable pictures, or a Hub that cannot be reached.
    """
    source = checks.text("data", source, longest=500)
    size = checks.integer("size", size, 16, 256)
    channels = checks.choice("channels", channels, (1, 3))
    checks.choice("split", split, ("train", "test"))
    if limit is not None:
        limit = checks.integer("limit", limit, 2, MOST_IMAGES)
    if source in DRAWN:
        key = f"{source} {size} {channels} {limit or DRAWN_COUNT} {split} {seed}"
        return _cached(key, lambda: _drawn(source, size, channels, limit, split, seed))
    place = find_place(source)
    key = f"{_fingerprint(place)} {size} {channels} {limit} {split}"
    images = _cached(key, lambda: _decode(source, place, size, channels, limit, split))
    return Images(source, images.pixels, images.labels, images.skipped)


def _drawn(source: str, size: int, channels: int, limit: int | None, split: str, seed: int) -> Images:
    count = limit or DRAWN_COUNT
    # A test set must share no picture with the train set of the same seed.
    seed = 2 * seed + (split == "test")
    pixels = draw(source, count, size, channels, seed)
    labels = torch.from_numpy(factors(source, count, seed)[DRAWN[source].label])
    return Images(source, torch.from_numpy(pixels).permute(0, 3, 1, 2).contiguous(), labels)


def _decode(source: str, place: str, size: int, channels: int, limit: int | None, split: str) -> Images:
    pixels, labels, skipped = [], [], []
    for name, content, label in _rows(place, split):
        try:
            pixels.append(fit(content, size, channels))
            labels.append(label)
        except ValueError as error:
            skipped.append(f"{name}: {error}")
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


def _rows(place: str, split: str) -> Iterator[tuple[str, bytes, object]]:
    """(name, file content, label) of every picture of a folder or Hub dataset, in its order."""
    from datasets import Image as ImageFeature
    from datasets import load_dataset
    from huggingface_hub import HfApi

    local = Path(place).is_dir()
    offline_help = (
        f"{place} could not be reached on the Hugging Face Hub (no network, or no such dataset). "
        f"Use a drawn source instead: {', '.join(DRAWN)}."
    )
    try:
        if not local:
            # Asked once: without a network, `load_dataset` itself would try for half a minute.
            HfApi().dataset_info(place, timeout=10)
        kinds = {path.suffix.lower() for path in Path(place).rglob("*")} if local else set()
        if kinds & PICTURES and ".parquet" not in kinds:
            # Said outright: captions beside the pictures would pass for a dataset of text.
            splits = load_dataset("imagefolder", data_dir=place, streaming=True)
        else:
            splits = load_dataset(place, streaming=True)
        rows = splits[split] if split in splits else splits[next(iter(splits))]
        features = rows.features or rows._resolve_features().features
    except Exception as error:  # datasets raises many kinds, its own and the network's
        empty = f"{place} holds no pictures that can be read: at least 2 are needed."
        raise ValueError(empty if local else offline_help) from error
    column = next((name for name, kind in features.items() if isinstance(kind, ImageFeature)), None)
    if column is None:
        raise ValueError(f"{place} has no column of images: it has {', '.join(features)}.")
    label = next((name for name in LABELS if name in features), None)
    rows = rows.cast_column(column, ImageFeature(decode=False))
    try:
        for index, row in enumerate(rows):
            name = Path(row[column].get("path") or f"row {index}").name
            content = row[column].get("bytes")
            if content is None:
                content = Path(row[column]["path"]).read_bytes()
            yield name, content, row.get(label)
    except (OSError, RuntimeError) as error:
        raise ValueError(
            f"{place} broke off while reading: {error}" if local else offline_help
        ) from error


def fit(content: bytes, size: int, channels: int) -> np.ndarray:
    """An encoded picture -> uint8 (size, size, channels): centre crop, then an area-true resize.

    A square picture that is up to an eighth smaller than `size` (MNIST's 28 in 32) is framed in its
    corner's colour, not stretched: its pixels stay crisp. ValueError if it cannot be decoded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as picture:
                if picture.mode.startswith("I;16"):
                    # Pillow's own conversion cuts off at 255 instead of scaling.
                    picture = Image.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
                picture = picture.convert("L" if channels == 1 else "RGB")
    except Exception as error:  # Pillow's decoders raise many kinds on damaged files
        raise ValueError("not a picture that can be decoded") from error
    width, height = picture.size
    side = min(width, height)
    if side < 8:
        raise ValueError(f"{width}×{height} pixels is too small")
    if width == height and size * 7 / 8 <= side < size:
        framed = Image.new(picture.mode, (size, size), picture.getpixel((0, 0)))
        framed.paste(picture, ((size - side) // 2, (size - side) // 2))
        picture = framed
    elif (width, height) != (size, size):
        left, top = (width - side) // 2, (height - side) // 2
        box = (left, top, left + side, top + side)
        picture = picture.resize((size, size), Image.Resampling.LANCZOS, box=box)
    return np.asarray(picture, dtype=np.uint8).reshape(size, size, channels)


def _fingerprint(place: str) -> str:
    """What tells that a folder's content changed: names, sizes and times of its files."""
    folder = Path(place)
    if not folder.is_dir():
        return place
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    seen = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return f"{folder.resolve()} {seen}"


def _cached(key: str, make) -> Images:
    """`make()`, or what it gave the last time for the same key."""
    folder = Path(os.environ.get("GANSCOPE_CACHE") or Path.home() / ".cache" / "ganscope")
    digest = hashlib.sha256(f"{CACHE_VERSION} {key}".encode()).hexdigest()[:24]
    path = folder / f"{digest}.safetensors"
    try:
        tensors, notes = read_tensors(path)
        skipped = tuple(filter(None, notes["skipped"].split("\n")))
        return Images("", tensors["pixels"], tensors.get("labels"), skipped)
    except (ValueError, KeyError):
        images = make()
    tensors = {"pixels": images.pixels}
    if images.labels is not None:
        tensors["labels"] = images.labels
    # A full or read-only disk costs time at the next start, nothing else.
    with contextlib.suppress(ValueError):
        write_tensors(path, tensors, {"skipped": "\n".join(images.skipped)})
    return images
