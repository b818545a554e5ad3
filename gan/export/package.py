"""A generator to take away: a folder ready for the Hub, a zip of it, or ONNX.

PyTorch is imported by `onnx` alone.
"""

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
from gan.models.registry import DIRECTIONS_FILE
from gan.settings.config import TrainConfig
from gan.training import run_record

if TYPE_CHECKING:
    from gan.models.generator import Generator

NEEDED = ("config.json", "model.safetensors")
# Written by someone for these weights: kept as they are.
KEPT = ("README.md", "samples.png", DIRECTIONS_FILE)
# Tensors that training does not change by a gradient.
BUFFERS = ("running_mean", "running_var", "num_batches_tracked", "reference", "level")
MOST_KEPT_BYTES = 10**7
OPSET = 17


def model_files(folder: str | Path, name: str = "", quality: Quality | None = None) -> dict[str, bytes]:
    """A finished generator's files by name, its model card among them.

    Directions and a README.md that are there are kept; without a README.md one is written. `name` is
    what will load the model, `quality` what was measured; without it, that of run.json. ValueError for
    what is missing.
    """
    folder = Path(folder)
    files = {each: _read(folder / each) for each in NEEDED}
    config = training_of(folder)
    if config:
        files["train.json"] = as_json(config.to_dict())
    for each in KEPT:
        path = folder / each
        if path.is_file() and path.stat().st_size <= MOST_KEPT_BYTES:
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
    count = parameters_of(folder / "model.safetensors")
    return model_card.card(shape, count, training_of(folder), quality, name or folder.resolve().name)


def training_of(folder: str | Path) -> TrainConfig | None:
    """How the generator in a folder was trained, fit to be shown; None if nothing tells."""
    path = Path(folder) / "train.json"
    return model_card.public(TrainConfig.from_dict(read_json(path))) if path.is_file() else None


def parameters_of(path: str | Path) -> int:
    """How many numbers of a generator's safetensors file training may change."""
    shapes = tensor_shapes(path)
    return sum(
        math.prod(shape) for key, shape in shapes.items() if key.rsplit(".", 1)[-1] not in BUFFERS
    )


def as_json(value: object) -> bytes:
    """The bytes of a JSON file."""
    return (json.dumps(value, indent=2) + "\n").encode()


def zipped(files: dict[str, bytes], top: str) -> bytes:
    """A zip that unpacks into the folder `top`; weights are not packed, for they hardly shrink."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(f"{top}/{name}", content)
    return buffer.getvalue()


def write_folder(out: str | Path, files: dict[str, bytes]) -> None:
    """Write the files into the folder `out`, each replaced in one step."""
    for name, content in files.items():
        write_bytes(Path(out) / name, content)


def onnx(generator: Generator) -> bytes:
    """The generator as an ONNX file: "z", float32 (N, z_dim) -> "pictures", float32 in [-1, 1].

    N is free. A class-conditional one takes its class from z, as `Generator` does without labels.
    ValueError if the package onnx is missing.
    """
    import torch

    try:
        import onnx  # noqa: F401, used by what is called below
    except ImportError as error:
        raise ValueError(
            "ONNX needs the package onnx, which is not installed: pip install onnx."
        ) from error
    # A copy: exporting may leave traces.
    still = copy.deepcopy(generator).cpu().float().eval()
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        # The exporter by tracing is the older one. The newer needs two packages more and ten times
        # as long, and refuses networks that ask how far they have grown. Both give equal pictures.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            still,
            (torch.randn(2, still.z_dim),),
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
