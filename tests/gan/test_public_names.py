"""What README, snippets and model cards import, today's and those that people hold already."""

import subprocess
import sys

import pytest

import gan

OLD = (
    "from gan.checkpoints import load_generator",
    "from gan.config import TrainConfig",
    "from gan.data import to_uint8",
    "from gan.exact import unpack",
    "from gan.files import write_bytes",
    "from gan.films import film",
    "from gan.latent import seed_latents, truncate, walk",
    "from gan.pictures import png",
    "from gan.training import train",
)


@pytest.mark.parametrize("name", gan.__all__)
def test_every_public_name_is_there_and_documented(name):
    assert getattr(gan, name).__doc__


@pytest.mark.parametrize("line", OLD)
def test_imports_of_earlier_snippets_work(line):
    found = {}
    exec(line, found)
    names = line.partition(" import ")[2]
    for name in names.split(", "):
        assert found[name] is getattr(gan, {"unpack": "unpack_latent"}.get(name, name))


@pytest.mark.parametrize("module", ["gan", "gan.latent", "gan.data", "gan.training"])
def test_unknown_names_are_attribute_errors(module):
    with pytest.raises(AttributeError, match=f"module '{module}' has no attribute 'nothing'"):
        _ = sys.modules[module].nothing


def test_importing_gan_imports_no_pytorch():
    code = "import sys, gan, gan.latent, gan.data, gan.training; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
