"""Shared fixtures: a cache of its own, no network, and small data that the tests make themselves."""

import os

# Read when huggingface_hub is imported: no test may depend on the network.
os.environ["HF_HUB_OFFLINE"] = "1"
# Before anything is collected: numbers are compared on the CPU, also where there is a GPU.
os.environ["GANSCOPE_DEVICE"] = "cpu"

import pyarrow
import pyarrow.parquet
import pytest
import torch
from helpers.making_pictures import coloured, encoded
from hypothesis import settings

# The real server and the browser, for the tests of the page.
pytest_plugins = ["helpers.serving", "helpers.ray_cluster"]

# The same examples each time, and none too slow: the machine may be busy with other work.
settings.register_profile("ganscope", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("ganscope")


def pytest_addoption(parser):
    parser.addoption(
        "--requests", type=int, default=300, help="hostile requests of each kind (tests/fuzz)"
    )
    parser.addoption("--fuzz-seed", type=int, default=0, help="which hostile requests")


@pytest.fixture(scope="session", autouse=True)
def own_world(tmp_path_factory):
    """A cache folder for this session alone, no data folder, and one thread.

    Networks as small as those here gain nothing from a second thread, and on a busy machine two
    threads that wait for each other are up to a hundred times slower than one.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GANSCOPE_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.delenv("GANSCOPE_DATA", raising=False)
        torch.set_num_threads(1)
        yield


@pytest.fixture
def float64():
    """Networks and random numbers are float64 unless a test says otherwise.

    For what is computed in two ways and compared: in float32 they may part by the processor's last
    digit, at a kink of a loss or an activation, or by growing from step to step.
    """
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


@pytest.fixture
def picture_folder(tmp_path):
    """make(files, name): a folder of files, given as Pillow images (saved as PNG) or bytes."""

    def make(files: dict | int, name: str = "pictures"):
        if isinstance(files, int):
            files = {f"{index:03}.png": coloured(index) for index in range(files)}
        for path, content in files.items():
            path = tmp_path / name / path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else encoded(content))
        return tmp_path / name

    return make


@pytest.fixture
def parquet_folder(tmp_path):
    """make(splits, name): a folder in the Hub's parquet form; splits maps to (image, label) rows."""

    def make(splits: dict[str, list], name: str = "hubform"):
        for split, rows in splits.items():
            images = [
                {"bytes": encoded(image), "path": f"{i}.png"} for i, (image, _) in enumerate(rows)
            ]
            table = pyarrow.table({"image": images, "label": [label for _, label in rows]})
            feature = {"image": {"_type": "Image"}, "label": {"dtype": "int64", "_type": "Value"}}
            notes = str({"info": {"features": feature}}).replace("'", '"')
            path = tmp_path / name / "data" / f"{split}-00000-of-00001.parquet"
            path.parent.mkdir(parents=True, exist_ok=True)
            pyarrow.parquet.write_table(table.replace_schema_metadata({"huggingface": notes}), path)
        return tmp_path / name

    return make


@pytest.fixture
def tiny():
    """tiny(**changed): a config that trains in a second; six steps unless told."""
    from gan.settings.config import TrainConfig

    def make(**changed) -> TrainConfig:
        small = {
            "data": "shapes", "steps": 6, "size": 32, "channels": 1, "width": 4, "batch": 8,
            "z_dim": 8, "limit": 64, "precision": "float32",
        }  # fmt: skip
        small.update(changed)
        if "seconds" in changed:
            small["steps"] = None
        return TrainConfig(**small)

    return make


@pytest.fixture
def saved_generator(tmp_path, tiny):
    """(generator, folder): a small generator of given seed, saved as a finished one."""
    from gan.models.build import build_networks
    from gan.models.storage import save_generator
    from gan.training.resolve import resolve

    config = resolve(tiny(seed=3))
    generator = build_networks(config)[0].eval().requires_grad_(False)
    save_generator(tmp_path / "generator", generator, config)
    return generator, tmp_path / "generator"


@pytest.fixture
def shipped(tmp_path, tiny, monkeypatch):
    """A weights/ folder that ships one small generator called `digits`."""
    from gan.models import registry, storage
    from gan.models.build import build_networks
    from gan.training.resolve import resolve

    config = resolve(tiny(seed=5))
    storage.save_generator(tmp_path / "weights" / "digits", build_networks(config)[0], config)
    monkeypatch.setattr(registry, "WEIGHTS_FOLDER", tmp_path / "weights")
    return tmp_path / "weights"


@pytest.fixture
def pets(shipped, tiny):
    """A class-conditional generator beside `digits`, called `pets`: its classes are cat, dog and 7."""
    from gan.models.generator import Generator
    from gan.models.init import initialise
    from gan.models.storage import load_generator, save_generator

    made = Generator("dcgan", 32, 1, 4, 8, classes=3, class_names=("cat", "dog", "7"))
    initialise(made, torch.Generator().manual_seed(6))
    save_generator(shipped / "pets", made, tiny(seed=6))
    return load_generator("pets")
