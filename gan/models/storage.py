"""Save and load generators, on disk and from the Hub: safetensors and JSON only.

A generator is a folder with config.json (arguments of its class), train.json (its training config) and
model.safetensors.
"""

from pathlib import Path

from huggingface_hub import HfApi, snapshot_download

from gan.common import checks
from gan.common.files import check_inside, find_folder, load_into, read_json, write_json, write_tensors
from gan.data.sources import hub_like
from gan.models import registry
from gan.models.generator import Generator
from gan.models.mlp import PointGenerator
from gan.models.registry import shipped
from gan.settings.config import TrainConfig

DOWNLOADED = ("config.json", registry.WEIGHTS_FILE, registry.DIRECTIONS_FILE)
MAX_DOWNLOAD = 200 * 10**6


def save_generator(
    folder: str | Path, generator: Generator | PointGenerator, config: TrainConfig
) -> None:
    """Write a generator and its training config; each file is replaced atomically."""
    folder = Path(folder)
    write_json(folder / "config.json", _shape_of(generator))
    write_json(folder / "train.json", config.to_dict())
    write_tensors(folder / registry.WEIGHTS_FILE, generator.state_dict())


def _shape_of(generator: Generator | PointGenerator) -> dict:
    """The arguments of a generator's class; `class_names` only where it has some, so that older versions read it."""
    shape = {name: getattr(generator, name) for name in generator.SHAPE}
    return {name: value for name, value in shape.items() if name != "class_names" or value}


def read_generator(folder: str | Path) -> Generator | PointGenerator:
    """The generator in a folder, in evaluation mode and frozen; ValueError if a file is missing or invalid."""
    folder = Path(folder)
    shape = read_json(folder / "config.json")
    kind = PointGenerator if shape.get("family") == "mlp" else Generator
    if not shape.keys() <= set(kind.SHAPE):
        raise ValueError(
            f"config.json in {folder} is not that of a GANscope generator: it may hold "
            f"{', '.join(kind.SHAPE)}."
        )
    generator = kind(**shape)
    load_into(generator, folder / registry.WEIGHTS_FILE)
    return generator.eval().requires_grad_(False)


def load_generator(source: str, roots: list[Path] | None = None) -> Generator:
    """A generator of images by shipped name, folder or Hub id, in evaluation mode and frozen.

    `roots` limits which folders may be read (on a public page); None allows any. ValueError for an unknown
    name, a folder that is not allowed, and missing, damaged or mismatched weights.
    """
    return read_image_generator(find_generator(source, roots))


def find_generator(source: str, roots: list[Path] | None = None) -> Path:
    """The folder of a generator, downloaded if it is a Hub id; arguments and errors as `load_generator`."""
    source = checks.text("model", source, max_length=500)
    if source in shipped():
        return registry.WEIGHTS_FOLDER / source
    if folder := find_folder(source):
        check_inside(folder, roots)
        return folder
    if hub_like(source):
        return Path(_download(source))
    raise ValueError(
        f"There is no model called {source!r}: choose {', '.join(shipped())}, a folder with "
        "config.json and model.safetensors, or a Hub id such as name/model."
    )


def read_image_generator(folder: str | Path) -> Generator:
    """As `read_generator`, but ValueError for a generator of points."""
    generator = read_generator(folder)
    if not isinstance(generator, Generator):
        raise ValueError(f"The generator in {folder} makes 2-D points: one of images is needed here.")
    return generator


def _download(repo: str) -> str:
    try:
        listed = HfApi().model_info(repo, files_metadata=True, timeout=10).siblings
        size = sum(file.size or 0 for file in listed if file.rfilename in DOWNLOADED)
        if size <= MAX_DOWNLOAD:
            return snapshot_download(repo, allow_patterns=list(DOWNLOADED))
    except Exception as error:  # many kinds of exceptions of the client and the network
        raise ValueError(
            f"{repo} could not be fetched from the Hugging Face Hub (no network, or no such "
            f"model). These are here: {', '.join(shipped())}."
        ) from error
    raise ValueError(
        f"{repo} is {size / 1e6:.0f} MB large; at most {MAX_DOWNLOAD / 1e6:.0f} are fetched."
    )
