"""Growing networks: when they grow, and that growing changes nothing at first."""

import math

import pytest
import torch
import torch.nn.functional as F
from helpers.growing import check_fading, growing_layer, grown

from gan.models.discriminator import Discriminator
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.progressive import level_at


@pytest.mark.parametrize(
    ("progress", "level"),
    [
        (0, 0), (0.2499, 0), (0.25, 0), (0.3125, 0.5), (0.375, 1), (0.4999, 1), (0.5, 1), (0.5625, 1.5),
        (0.75, 2), (0.8125, 2.5), (0.875, 3), (1, 3), (7, 3),
    ],
)  # fmt: skip
def test_four_sides_share_the_budget_and_fade_in(progress, level):
    assert level_at(progress, 4) == pytest.approx(level, abs=1e-3)


@pytest.fixture
def pair():
    rng = torch.Generator().manual_seed(0)
    g, d = Generator("progressive", 32, 3, 4, 8), Discriminator("progressive", 32, 3, 4, "none")
    initialise(g, rng)
    initialise(d, rng)
    return g.eval(), d.eval()


@pytest.mark.parametrize("level", [0.0, 1.0, 2.0, 3.0, 0.3, 1.5, 2.9])
def test_pictures_always_have_the_full_size(pair, level):
    g, d = (grown(net, level) for net in pair)
    images = g(torch.randn(5, 8))
    assert images.shape == (5, 3, 32, 32)
    assert images.abs().max() <= 1
    assert d(images).shape == (5,)
    # In training it has the side of the level, and to D that is the same.
    small = g.train()(torch.randn(5, 8))
    assert small.shape[-1] == growing_layer(g).side == 4 * 2 ** math.ceil(level)
    enlarged = F.interpolate(small, 32)
    assert torch.allclose(d(small), d(enlarged), atol=1e-5)


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_side_that_begins_to_fade_in_changes_nothing_yet(pair, level):
    g, d = pair
    z = torch.randn(4, 8, generator=torch.Generator().manual_seed(1))
    images = torch.rand(4, 3, 32, 32, generator=torch.Generator().manual_seed(2)) * 2 - 1
    check_fading(g, d, z, images, level, first=4, exact=1e-6, seen=1e-2)


def test_half_way_the_picture_is_the_mean_of_both_before_tanh(pair):
    g, _ = pair
    g.double()  # atanh makes the last digits of what is near 1 large
    z = torch.randn(4, 8, generator=torch.Generator().manual_seed(3)).double()
    before, half, after = (grown(g, level)(z).atanh() for level in (1, 1.5, 2))
    assert torch.allclose(half, (before + after) / 2, atol=1e-9)


def test_only_what_has_grown_learns(pair):
    g, _ = pair
    grown(g, 1.0)(torch.randn(4, 8)).sum().backward()
    used = {name for name, p in g.named_parameters() if p.grad is not None}
    up = growing_layer(g)
    assert any("blocks.1." in name for name in used)
    assert not any("blocks.2." in name for name in used)
    assert up.to_picture[2].weight.grad is None


def test_the_level_is_kept_with_the_weights(pair):
    g, _ = pair
    other = Generator("progressive", 32, 3, 4, 8).eval()
    other.load_state_dict(grown(g, 1.25).state_dict())
    z = torch.randn(2, 8)
    assert torch.equal(other(z), g(z))
