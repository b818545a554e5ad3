"""Jobs that make files of models, walks and runs, or put a model on the Hub."""

import io
from collections.abc import Iterator, Sequence

import numpy as np
from PIL import Image

from demo.workers.messages import GeneratorSource
from gan.export import hub, package
from gan.images import video
from gan.metrics.quality import Quality
from gan.models.storage import find_generator, load_generator


def export(
    source: GeneratorSource, form: str, name: str, quality: Quality | None = None
) -> Iterator[dict]:
    """Export a model as one file: its folder as a zip, ONNX, or its model card.

    Yields {"files": {name: bytes}}; so do `walk` and `history`.
    """
    generator = load_generator(source.location, source.roots)  # refuses damaged files
    folder = find_generator(source.location, source.roots)
    if form == "onnx":
        yield {"files": {f"{name}.onnx": package.onnx(generator)}}
    elif form == "card":
        yield {"files": {"README.md": package.card_of(folder, name, quality).encode()}}
    else:
        files = package.model_files(folder, name, quality)
        yield {"files": {f"{name}.zip": package.zipped(files, name)}}


def push(
    source: GeneratorSource, repo: str, token: str, private: bool, quality: Quality | None = None
) -> Iterator[dict]:
    """Put a model on the Hub. The token is kept in this process only.

    Yields {"said": progress}, at last also {"address": URL}.
    """
    load_generator(source.location, source.roots)  # refuses damaged files
    folder = find_generator(source.location, source.roots)
    yield {"said": "Sending the files…"}
    address = hub.push(package.model_files(folder, repo, quality), repo, token, private)
    yield {"said": "Done.", "address": address}


def walk(frames: np.ndarray, form: str, scale: int) -> Iterator[dict]:
    """Encode the frames of a walk, uint8 (N, H, W, C), as GIF or MP4."""
    yield {"files": {f"walk.{form}": video.film(frames, form, scale)}}


def history(sheets: Sequence[bytes], form: str, name: str) -> Iterator[dict]:
    """Encode the sample sheets of a run, WebP images of one size, as GIF or MP4."""
    frames = np.stack([np.asarray(Image.open(io.BytesIO(sheet)).convert("RGB")) for sheet in sheets])
    yield {"files": {f"{name}.{form}": video.history_film(frames, form)}}
