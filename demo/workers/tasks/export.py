"""What takes seconds to make of a model or of frames, to be taken away."""

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
    place: GeneratorSource, form: str, name: str, quality: Quality | None = None
) -> Iterator[dict]:
    """A model as one file: its folder as a zip, as ONNX, or its card."""
    generator = load_generator(place.source, place.roots)  # so that nothing damaged is passed on
    folder = find_generator(place.source, place.roots)
    if form == "onnx":
        yield {"files": {f"{name}.onnx": package.onnx(generator)}}
    elif form == "card":
        yield {"files": {"README.md": package.card_of(folder, name, quality).encode()}}
    else:
        files = package.model_files(folder, name, quality)
        yield {"files": {f"{name}.zip": package.zipped(files, name)}}


def push(
    place: GeneratorSource, repo: str, token: str, private: bool, quality: Quality | None = None
) -> Iterator[dict]:
    """A model to the Hub; the token ends with this process."""
    load_generator(place.source, place.roots)
    folder = find_generator(place.source, place.roots)
    yield {"said": "Sending the files…"}
    address = hub.push(package.model_files(folder, repo, quality), repo, token, private)
    yield {"said": "There.", "address": address}


def walk(frames: np.ndarray, form: str, scale: int) -> Iterator[dict]:
    """The frames of a walk, uint8 (N, H, W, C), as a film."""
    yield {"files": {f"walk.{form}": video.film(frames, form, scale)}}


def history(sheets: Sequence[bytes], form: str, name: str) -> Iterator[dict]:
    """The sheets of a run, encoded pictures of one size, as a film."""
    frames = np.stack([np.asarray(Image.open(io.BytesIO(sheet)).convert("RGB")) for sheet in sheets])
    yield {"files": {f"{name}.{form}": video.history_film(frames, form)}}
