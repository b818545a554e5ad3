"""The generator of flat colours: mixtures by hand, flat areas, and how its shares grow."""

import pytest
import torch
import torch.nn.functional as F
from helpers.growing import growing_layer, grown

from gan.models.discriminator import Discriminator
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.palette import COLOURS, SHARPEN, PaletteUp


@pytest.fixture
def g():
    generator = Generator("palette", 64, 3, 4, 8)
    initialise(generator, torch.Generator().manual_seed(0))
    return generator.double().eval()


def z(count: int) -> torch.Tensor:
    return torch.randn(count, 8, generator=torch.Generator().manual_seed(1)).double()


def with_logits(g: Generator, logits: torch.Tensor) -> torch.Tensor:
    """What `g` draws before tanh where its layers have computed these logits."""
    up = growing_layer(g)
    up.summed = lambda _x, _labels: logits
    return g(z(len(logits))).atanh()


def test_a_pixel_is_the_mixture_of_the_colours_by_hand(g):
    up = growing_layer(g)
    torch.nn.init.zeros_(up.of_latent.weight)
    red_green_blue = up.colours.detach().view(3, COLOURS)
    logits = torch.full((1, COLOURS, 64, 64), -1e9).double()
    logits[:, 3] = 0.0
    logits[:, 5, 0, 0] = torch.log(torch.tensor(3.0))  # three parts of it to one of the other
    drawn = with_logits(g, logits)[0]
    assert torch.allclose(drawn[:, 7, 9], red_green_blue[:, 3])
    assert torch.allclose(drawn[:, 0, 0], 0.25 * red_green_blue[:, 3] + 0.75 * red_green_blue[:, 5])


def test_where_one_colour_is_far_ahead_noise_is_not_seen(g):
    noise = torch.randn(1, COLOURS, 64, 64, generator=torch.Generator().manual_seed(2)).double()
    ahead = torch.zeros(1, COLOURS, 64, 64).double()
    ahead[:, 4] = 20.0
    assert (
        with_logits(g, ahead + noise).std((2, 3)).max() < 1e-6 < with_logits(g, noise).std((2, 3)).min()
    )


def test_colours_come_from_the_latent_and_differ_from_the_start(g):
    up = growing_layer(g)
    assert up.colours.view(3, COLOURS).std(1).min() > 0.3
    flat = torch.zeros(2, COLOURS, 64, 64).double()
    flat[:, 0] = 50.0
    one, other = with_logits(g, flat)
    assert not torch.allclose(one, other, atol=1e-4)


def test_logits_of_a_smaller_side_are_interpolated_and_become_steeper():
    step = torch.tensor([0.0, 1.0]).view(1, 1, 1, 2).expand(1, 1, 2, 2)
    drawn = PaletteUp.enlarged(step)[0, 0, 0]
    assert torch.allclose(drawn, SHARPEN * torch.tensor([0.0, 0.25, 0.75, 1.0]))


@pytest.mark.parametrize("level", [0, 1])
def test_a_side_that_begins_to_fade_in_changes_nothing_yet(g, level):
    small = grown(g, level)(z(4))
    assert small.shape[-1] == 64
    assert torch.allclose(grown(g, level + 1e-6)(z(4)), small, rtol=0, atol=1e-9)
    assert not torch.allclose(grown(g, level + 1)(z(4)), small, rtol=0, atol=1e-7)


def test_half_way_the_logits_are_between(g):
    x = torch.randn(2, 32, 4, 4, generator=torch.Generator().manual_seed(3)).double().relu()
    before = PaletteUp.enlarged(growing_layer(grown(g, 1)).summed(x, None))
    half, after = (growing_layer(grown(g, level)).summed(x, None) for level in (1.5, 2))
    assert torch.allclose(half, (before + after) / 2, atol=1e-9)


def test_128_is_64_interpolated_by_the_same_layers():
    small = Generator("palette", 64, 3, 16, 8).eval()
    large = Generator("palette", 128, 3, 8, 8).eval()  # as wide at each side
    large.load_state_dict(small.state_dict())
    x = torch.randn(2, 64, 4, 4, generator=torch.Generator().manual_seed(3)).relu()
    logits = growing_layer(small).summed(x, None)
    assert torch.equal(growing_layer(large).summed(x, None), logits)
    shares, expected = (
        growing_layer(large).shown(logits).softmax(1),
        PaletteUp.enlarged(logits).softmax(1),
    )
    assert torch.allclose(shares, expected, atol=1e-6)
    assert large(z(2).float()).shape == (2, 3, 128, 128)
    # Both learn at 64: D averages.
    assert large.train()(z(2).float()).shape == (2, 3, 64, 64)
    d = Discriminator("palette", 128, 3, 8, "none").eval()
    pictures = torch.randn(2, 3, 128, 128, generator=torch.Generator().manual_seed(4))
    assert torch.allclose(d(pictures), d(F.avg_pool2d(pictures, 2)), atol=1e-6)
