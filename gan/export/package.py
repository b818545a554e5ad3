"""Export of a generator: a folder ready for the Hub, a zip of it, or ONNX. Only `onnx` imports PyTorch."""

from __future__ import annotations

import copy
import io
import json
import math
import warnings
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from gan.common.files import read_json, tensor_shapes, write_bytes
from gan.export import model_card
from gan.metrics.quality import Quality
from gan.models.registry import DIRECTIONS_FILE, WEIGHTS_FILE
from gan.settings.config import TrainConfig
from gan.training import run_record

if TYPE_CHECKING:
    from gan.models.generator import Generator

NEEDED = ("config.json", WEIGHTS_FILE)
# Files that belong to these weights: kept as they are.
KEPT = ("README.md", "samples.png", DIRECTIONS_FILE)
# Last names of tensors that are not parameters.
BUFFERS = ("running_mean", "running_var", "num_batches_tracked", "reference", "level")
MAX_KEPT_BYTES = 10**7
OPSET = 17


def model_files(folder: str | Path, name: str = "", quality: Quality | None = None) -> dict[str, bytes]:
    """The files of a generator's folder by name, with a model card.

    An existing README.md is kept, else one is written for a model that loads as `name`, with `quality`
    or, without it, that of run.json. ValueError for a missing or damaged file.
    """
    folder = Path(folder)
    files = {each: _read(folder / each) for each in NEEDED}
    config = training_of(folder)
    if config:
        files["train.json"] = as_json(config.to_dict())
    for each in KEPT:
        path = folder / each
        if path.is_file() and path.stat().st_size <= MAX_KEPT_BYTES:
            files[each] = _read(path)
    if "README.md" not in files:
        files["README.md"] = card_of(folder, name, quality).encode()
    return files


def card_of(folder: str | Path, name: str = "", quality: Quality | None = None) -> str:
    """The model card of the generator in a folder, from config.json, train.json and run.json."""
    folder = Path(folder)
    if quality is None and (folder / run_record.NAME).is_file():
        quality = run_record.quality_in(read_json(folder / run_record.NAME))
    shape = read_json(folder / "config.json")
    count = parameters_of(folder / WEIGHTS_FILE)
    return model_card.card(shape, count, training_of(folder), quality, name or folder.resolve().name)


def training_of(folder: str | Path) -> TrainConfig | None:
    """The config that a generator was trained with, without local paths; None if the folder has none."""
    path = Path(folder) / "train.json"
    if not path.is_file():
        return None
    return model_card.without_local_path(TrainConfig.from_file(read_json(path)))


def parameters_of(path: str | Path) -> int:
    shapes = tensor_shapes(path).items()
    return sum(math.prod(shape) for key, shape in shapes if key.rsplit(".", 1)[-1] not in BUFFERS)


def as_json(value: object) -> bytes:
    return (json.dumps(value, indent=2) + "\n").encode()


def zipped(files: dict[str, bytes], top: str) -> bytes:
    """A zip with the folder `top`, uncompressed: weights hardly shrink."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{top}/{name}", content)
    return buffer.getvalue()


def write_folder(out: str | Path, files: dict[str, bytes]) -> None:
    """Write files into the folder `out`, each atomically."""
    for name, content in files.items():
        write_bytes(Path(out) / name, content)


def onnx(generator: Generator) -> bytes:
    """The generator as an ONNX file: "z", float32 (N, z_dim) -> "pictures", float32 in [-1, 1].

    N is dynamic. A class-conditional generator takes its class from z, as `Generator` does without labels.
    ValueError if the package onnx is missing.
    """
    import torch

    try:
        import onnx  # noqa: F401, which torch.onnx needs
    except ImportError as error:
        raise ValueError(
            "ONNX needs the package onnx, which is not installed: pip install onnx."
        ) from error
    # A copy, because exporting may change the module.
    frozen = copy.deepcopy(generator).cpu().float().eval()
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The older exporter, by tracing: the newer one needs two more packages and ten times as long,
        # and rejects the progressive network's data-dependent control flow. Results are equal.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            frozen,
            (torch.randn(2, frozen.z_dim),),
            buffer,
            dynamo=False,
            opset_version=OPSET,
            input_names=["z"],
            output_names=["pictures"],
            dynamic_axes={"z": {0: "N"}, "pictures": {0: "N"}},
        )
    return buffer.getvalue()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ValueError(f"There is no readable {path.name} in {path.parent.name}.") from error
