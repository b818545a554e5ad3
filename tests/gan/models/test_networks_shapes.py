"""The networks: shapes, range, sizes worked out by hand, and folders that are refused."""

import json
import pickle

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import nn

from gan.common.files import read_json
from gan.latent.vectors import seed_latents
from gan.models.discriminator import Discriminator
from gan.models.flops import multiply_adds, parameter_count
from gan.models.generator import Generator, stage_channels
from gan.models.init import initialise
from gan.models.storage import load_generator, read_generator

FAMILIES = ("dcgan", "tutorial")


def started(net: nn.Module, seed: int = 0) -> nn.Module:
    initialise(net, torch.Generator().manual_seed(seed))
    return net


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", [32, 64, 128])
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("width", [4, 7])
def test_shapes_and_range_for_every_form(family, size, channels, width):
    torch.manual_seed(0)
    g, d = Generator(family, size, channels, width, 5), Discriminator(family, size, channels, width)
    images = g(torch.randn(3, 5) * 50)
    assert images.shape == (3, channels, size, size)
    assert images.dtype == torch.float32
    assert images.abs().max() <= 1
    logits = d(images)
    assert logits.shape == (3,)
    assert logits.isfinite().all()


def test_channels_double_as_the_side_halves():
    assert stage_channels(32, 7) == [28, 14, 7]
    assert stage_channels(64, 5) == [40, 20, 10, 5]
    assert stage_channels(128, 4) == [64, 32, 16, 8, 4]


def test_parameters_and_multiply_adds_by_hand():
    g, d = Generator("dcgan", 32, 1, 4, 8), Discriminator("dcgan", 32, 1, 4)
    # Dense 8 -> 16 channels × 4 × 4; then 16 -> 8 -> 4 -> 1 by 4 × 4 kernels; 2 numbers a norm channel.
    dense = 8 * 256 + 256
    ups = (16 * 8 * 16 + 8) + (8 * 4 * 16 + 4) + (4 * 1 * 16 + 1)
    assert parameter_count(g) == dense + ups + 2 * (16 + 8 + 4) == 4997
    # A transposed convolution works once for each pixel that it reads.
    assert multiply_adds(g) == 8 * 256 + 16 * (4**2 * 16 * 8 + 8**2 * 8 * 4 + 16**2 * 4) == 83_968
    downs = (1 * 4 * 16 + 4) + (4 * 8 * 16 + 8) + (8 * 16 * 16 + 16)
    assert parameter_count(d) == downs + 2 * (8 + 16) + (256 + 1) == 2957


def test_multiply_adds_of_the_tutorial_by_hand_and_without_a_trace():
    g = Generator("tutorial", 32, 3, 4, 8)
    state = {name: value.clone() for name, value in g.state_dict().items()}
    # Resize first: each 3 × 3 convolution works once for each pixel that it writes.
    assert multiply_adds(g) == 8 * 256 + 9 * (8**2 * 16 * 8 + 16**2 * 8 * 4 + 32**2 * 4 * 3)
    assert g.training
    assert all(torch.equal(value, state[name]) for name, value in g.state_dict().items())


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", [32, 64])
def test_no_norm_on_the_input_of_d_nor_before_the_tanh_of_g(family, size):
    d = list(Discriminator(family, size, 3, 4).layers)
    assert [type(layer) for layer in d[:2]] == [nn.Conv2d, nn.LeakyReLU]
    inner = [layer for layer in d if isinstance(layer, nn.Conv2d)]
    assert sum(isinstance(layer, nn.BatchNorm2d) for layer in d) == len(inner) - 1
    assert all(layer.stride == (2, 2) for layer in inner)
    slopes = {layer.negative_slope for layer in d if isinstance(layer, nn.LeakyReLU)}
    assert slopes == {0.2}
    g = list(Generator(family, size, 3, 4, 8).layers)
    assert isinstance(g[-1], nn.Tanh)
    assert isinstance(g[-2], nn.Conv2d | nn.ConvTranspose2d)
    assert not any(isinstance(layer, nn.BatchNorm2d) for layer in Discriminator(norm="none").modules())


def test_the_family_decides_how_pictures_grow():
    kinds = {family: {type(layer) for layer in Generator(family).modules()} for family in FAMILIES}
    assert nn.ConvTranspose2d in kinds["dcgan"]
    assert nn.Upsample not in kinds["dcgan"]
    assert nn.Upsample in kinds["tutorial"]
    assert nn.ConvTranspose2d not in kinds["tutorial"]


def test_no_seed_has_a_latent_of_the_reference_batch():
    reference = Generator(width=8, norm="virtual").reference
    assert torch.cdist(reference, seed_latents(range(50), reference.shape[1])).min() > 1


def test_initial_weights_depend_on_the_seed_alone():
    first = started(Generator(width=8), seed=1).state_dict()
    torch.manual_seed(99)
    torch.randn(7)
    again, other = started(Generator(width=8), seed=1).state_dict(), started(Generator(width=8), seed=2)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["dense.weight"], other.dense.weight)


def test_initial_weights_have_the_spread_of_the_paper():
    g = started(Generator(width=32))
    assert g.dense.weight.std().item() == pytest.approx(0.02, rel=0.03)
    assert g.dense.weight.mean().item() == pytest.approx(0, abs=1e-3)
    norms = [layer for layer in g.modules() if isinstance(layer, nn.BatchNorm2d)]
    scales = torch.cat([layer.weight for layer in norms])
    assert scales.mean().item() == pytest.approx(1, abs=0.01)
    assert scales.std().item() == pytest.approx(0.02, rel=0.3)
    biases = [value for name, value in g.named_parameters() if name.endswith("bias")]
    assert all((bias == 0).all() for bias in biases)


@pytest.mark.parametrize("net", [Generator, Discriminator])
@pytest.mark.parametrize(
    "wrong",
    [
        {"family": "stylegan"}, {"family": None}, {"size": 31}, {"size": 48}, {"size": True},
        {"size": "32"}, {"size": float("nan")}, {"channels": 2}, {"channels": None}, {"width": 3},
        {"width": 129}, {"width": 8.5}, {"width": True},
    ],
    ids=str,
)  # fmt: skip
def test_bad_shapes_are_value_errors_that_name_the_argument(net, wrong):
    name = {"family": "model"}.get(*wrong, *wrong)
    with pytest.raises(ValueError, match=name):
        net(**wrong)


@pytest.mark.parametrize("z_dim", [0, 1025, None, "8", float("inf"), True])
def test_bad_latent_sizes_are_refused(z_dim):
    with pytest.raises(ValueError, match="z_dim"):
        Generator(z_dim=z_dim)
    with pytest.raises(ValueError, match="norm"):
        Discriminator(norm=z_dim)


def test_save_pretrained_is_read_by_every_reader(tmp_path):
    g = started(Generator("tutorial", 64, 3, width=5, z_dim=7)).eval()
    g.layers[1].running_mean.uniform_(-1, 1)
    g.save_pretrained(tmp_path / "mine")
    assert read_json(tmp_path / "mine" / "config.json") == {
        "family": "tutorial", "size": 64, "channels": 3, "width": 5, "z_dim": 7, "norm": "batch",
        "classes": 0,
    }  # fmt: skip
    assert load_file(tmp_path / "mine" / "model.safetensors").keys() == g.state_dict().keys()
    z = torch.randn(2, 7)
    for reader in (Generator.from_pretrained, read_generator, load_generator):
        back = reader(str(tmp_path / "mine"))
        assert not back.training
        assert torch.equal(back(z), g(z))
    assert callable(g.push_to_hub)


def test_defaults_are_saved_too(tmp_path):
    Generator().save_pretrained(tmp_path)
    assert read_json(tmp_path / "config.json")["width"] == 64
    assert read_generator(tmp_path).z_dim == 64


BROKEN = {
    "a pickle": lambda path, w: path.write_bytes(pickle.dumps(w)),
    "cut off": lambda path, w: path.write_bytes(path.read_bytes()[:-100]),
    "empty": lambda path, w: path.write_bytes(b""),
    "missing": lambda path, w: path.unlink(),
    "NaN": lambda path, w: save_file({**w, "dense.bias": w["dense.bias"] * float("nan")}, path),
    "an extra key": lambda path, w: save_file({**w, "extra": torch.zeros(1)}, path),
    "a missing key": lambda path, w: save_file({k: w[k] for k in list(w)[1:]}, path),
    "another shape": lambda path, w: save_file({**w, "dense.bias": torch.zeros(3)}, path),
}


@pytest.mark.parametrize("how", BROKEN)
@pytest.mark.parametrize("reader", [Generator.from_pretrained, read_generator, load_generator])
def test_broken_weights_are_refused_in_one_clear_sentence(saved_generator, how, reader):
    _, folder = saved_generator
    path = folder / "model.safetensors"
    BROKEN[how](path, load_file(path))
    with pytest.raises(ValueError, match=r"model\.safetensors") as caught:
        reader(str(folder))
    assert "\n" not in str(caught.value)


def test_weights_of_another_width_are_refused(saved_generator):
    _, folder = saved_generator
    config = read_json(folder / "config.json")
    (folder / "config.json").write_text(json.dumps({**config, "width": 8}))
    for reader in (Generator.from_pretrained, read_generator):
        with pytest.raises(ValueError, match=r"config\.json describes"):
            reader(str(folder))
