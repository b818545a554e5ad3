"""Finding a generator among untrusted files, and refusing pickles."""

import zipfile

import pytest
import torch
from helpers.making_pictures import coloured, encoded

from gan.data.archives import FileSlice
from gan.models.import_weights import unpack_generator
from gan.models.storage import load_generator


@pytest.fixture
def packed(saved_generator, tmp_path):
    """A zip of a generator as Download weights gives it, with more beside."""
    _, folder = saved_generator
    (folder / "directions.json").write_text("{}")
    (folder / "discriminator.safetensors").write_bytes(b"D")
    with zipfile.ZipFile(tmp_path / "run.zip", "w") as archive:
        for path in folder.iterdir():
            archive.write(path, f"ganscope-1/{path.name}")
        for other in ("checkpoint", "encoder"):
            archive.writestr(f"ganscope-1/{other}.safetensors", b"not looked at")
        archive.writestr("ganscope-1/README.md", b"hello")
    return tmp_path / "run.zip"


def test_a_zip_or_its_files_make_the_same_generator(packed, saved_generator, tmp_path):
    generator, folder = saved_generator
    inside = tmp_path / "inside"
    inside.write_bytes(b"before" + packed.read_bytes() + b"after")
    piece = FileSlice(inside, "run.zip", 6, packed.stat().st_size)
    for name, files in (("a", [packed]), ("b", sorted(folder.iterdir())), ("c", [piece])):
        unpack_generator(files, tmp_path / name)
        assert {path.name for path in (tmp_path / name).iterdir()} == {
            "config.json",
            "directions.json",
            "discriminator.safetensors",
            "model.safetensors",
        }
        z = torch.ones(1, generator.z_dim)
        assert torch.equal(load_generator(str(tmp_path / name))(z), generator(z))


@pytest.mark.parametrize("name", ["a.pt", "A.PTH", "x.pkl", "m.ckpt", "pytorch_model.bin", "a.pickle"])
def test_a_pickle_is_refused_by_its_name(packed, tmp_path, name):
    (tmp_path / name).write_bytes(b"whatever is in it")
    with pytest.raises(ValueError, match=r"is a pickle.*never loaded.*safetensors instead"):
        unpack_generator([packed, tmp_path / name], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_pickle_is_refused_by_its_content(saved_generator, tmp_path):
    _, folder = saved_generator
    torch.save({"a": torch.zeros(2)}, tmp_path / "model.safetensors")
    with pytest.raises(ValueError, match="is a pickle"):
        unpack_generator([folder / "config.json", tmp_path / "model.safetensors"], tmp_path / "out")


def test_missing_files_are_named(tmp_path):
    (tmp_path / "cat.png").write_bytes(encoded(coloured(0)))
    with pytest.raises(ValueError, match=r"no config.json and no model.safetensors.*Download weights"):
        unpack_generator([tmp_path / "cat.png"], tmp_path / "out")


def test_two_generators_are_refused(packed, saved_generator, tmp_path):
    _, folder = saved_generator
    with pytest.raises(ValueError, match="more than one config"):
        unpack_generator([packed, folder / "config.json"], tmp_path / "out")
