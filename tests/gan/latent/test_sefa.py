"""SeFa's directions are the singular vectors of the first layer with its normalisation."""

import pytest
import torch
from torch import nn

from gan.latent.sefa import sefa
from gan.models.generator import Generator
from gan.models.init import initialise


@pytest.fixture
def lived_in():
    """A generator whose first batch normalisation is far from the identity."""
    rng = torch.Generator().manual_seed(2)
    g = Generator("dcgan", 32, 1, 4, 12).eval()
    initialise(g, rng)
    norm = next(layer for layer in g.layers if isinstance(layer, nn.BatchNorm2d))
    with torch.no_grad():
        norm.weight.copy_(torch.rand(16, generator=rng) * 4 - 1)
        norm.running_var.copy_(torch.rand(16, generator=rng) * 9 + 0.01)
        norm.running_mean.copy_(torch.randn(16, generator=rng))
    return g, norm


def test_sefa_is_the_svd_of_the_first_layer_with_its_norm_folded_in(lived_in):
    g, norm = lived_in
    # The linear map is read off the layers themselves: what each unit of z adds to their output.
    first = nn.Sequential(g.dense, g.layers[0], norm).double()
    with torch.no_grad():
        columns = first(torch.eye(12).double()) - first(torch.zeros(1, 12).double())
    _, strengths, rows = torch.linalg.svd(columns.flatten(1).T, full_matrices=False)
    g.float()
    directions = sefa(g, 12)
    assert directions.dtype == torch.float32
    assert strengths[:-1].div(strengths[1:]).min() > 1.001  # distinct, so the directions are unique
    assert torch.allclose((directions.double() * rows).sum(1).abs(), torch.ones(12).double(), atol=1e-5)
    assert torch.allclose(directions @ directions.T, torch.eye(12), atol=1e-5)
    peaks = directions.gather(1, directions.abs().argmax(1, keepdim=True))
    assert (peaks > 0).all()
    assert torch.equal(sefa(g, 3), directions[:3])


@pytest.mark.parametrize("count", [0, 13, None, True, float("nan")])
def test_a_bad_number_of_directions_is_refused(lived_in, count):
    with pytest.raises(ValueError, match="number of directions"):
        sefa(lived_in[0], count)


@pytest.mark.parametrize(
    ("family", "norm", "classes"),
    [
        ("resnet", "batch", 0),
        ("progressive", "none", 0),
        ("dcgan", "virtual", 0),
    ],
)
def test_every_generator_has_directions(family, norm, classes):
    generator = Generator(family, 32, 1, 4, 8, norm, classes).eval()
    rows = sefa(generator, 4)
    assert rows.shape == (4, 8)
    assert torch.allclose(rows @ rows.T, torch.eye(4), atol=1e-5)
    # Without normalisation behind it, the dense layer alone decides: its strongest singular vector.
    top = torch.linalg.svd(generator.dense.weight.detach()).Vh[0]
    assert abs(float(top @ rows[0])) == pytest.approx(1, abs=1e-4)


def test_a_class_conditional_norm_is_folded_in():
    generator = Generator("dcgan", 32, 1, 8, 4, classes=2).eval()
    norm = generator.layers[1]
    with torch.no_grad():
        norm.scale.weight.fill_(1.0)
        norm.norm.running_var.fill_(1.0)
        norm.norm.running_var[0] = 1e4
        channel = torch.arange(len(generator.dense.weight)) // 16
        generator.dense.weight.zero_()
        # Channel 0 has the larger weight, and the norm divides it by 100.
        generator.dense.weight[channel == 0, 0] = 10.0
        generator.dense.weight[channel != 0, 1] = 1.0
    assert torch.allclose(sefa(generator, 1), torch.eye(4)[1:2])
    with torch.no_grad():
        # Scales of either class count.
        norm.scale.weight[1, 0] = 1e4
    assert torch.allclose(sefa(generator, 1), torch.eye(4)[:1])
