"""Networks of wavelets: the Haar transform by hand, growth that changes nothing at first, and parts kept apart in D."""

import pytest
import torch
import torch.nn.functional as F
from helpers.growing import check_fading, growing_layer, grown

from gan.models.discriminator import Discriminator
from gan.models.generator import Generator, stage_channels
from gan.models.init import initialise
from gan.models.progressive import level_at
from gan.models.wavelet import Haar, WaveletUp

FAMILIES = ("wavelet", "haar", "palette")


@pytest.fixture(params=FAMILIES)
def pair(request):
    rng = torch.Generator().manual_seed(0)
    g, d = Generator(request.param, 64, 3, 4, 8), Discriminator(request.param, 64, 3, 4, "none")
    initialise(g, rng)
    initialise(d, rng)
    return g.double().eval(), d.double().eval()


def random(*shape: int, seed: int = 1) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).double()


def test_haar_bands_by_hand():
    picture = torch.tensor([[[[1.0, 2.0], [3.0, 6.0]]]])
    bands = Haar(1)(picture).flatten().tolist()
    # Half of the sum, of left - right, of top - bottom, and of the diagonal.
    assert bands == [6.0, -2.0, -3.0, 1.0]


@pytest.mark.parametrize("channels", [1, 3])
def test_haar_is_orthonormal_and_undone_by_its_inverse(channels):
    picture = random(2, channels, 8, 8).float()
    bands = Haar(channels)(picture)
    assert bands.shape == (2, 4 * channels, 4, 4)
    assert torch.allclose(Haar(channels, inverse=True)(bands), picture, atol=1e-6)
    assert bands.square().sum().item() == pytest.approx(picture.square().sum().item(), rel=1e-5)
    # Each colour has its own four bands: a change of one leaves those of the others.
    other = picture.clone()
    other[:, 0] = 0
    assert torch.equal(Haar(channels)(other)[:, 4:], bands[:, 4:])


@pytest.mark.parametrize(
    ("progress", "level"),
    [(0, 0), (0.099, 0), (0.1, 0), (0.25, 1), (0.399, 1), (0.475, 1.5), (0.55, 2), (0.85, 3), (1, 3)],
)
def test_the_first_side_has_a_third_of_the_time_of_the_others(progress, level):
    assert level_at(progress, 4, WaveletUp.parts) == pytest.approx(level, abs=1e-2)
    assert level_at(progress, 1, WaveletUp.parts) == 0


@pytest.mark.parametrize(
    ("progress", "size", "level"),
    [
        (0.499, 32, 0), (0.625, 32, 0.5), (0.75, 32, 1), (1, 32, 1),
        (0.399, 64, 0), (0.5, 64, 0.5), (0.6, 64, 1), (0.799, 64, 1), (0.85, 64, 1.5), (0.9, 64, 2), (1, 64, 2),
        (0.332, 128, 0), (5 / 6, 128, 2), (1, 128, 3),
    ],
)  # fmt: skip
def test_sides_above_32_have_half_the_time_in_the_haar_family(progress, size, level):
    g = Generator("haar", size, 3, 4, 8)
    up = growing_layer(grown(g, 0.0))
    up.grow(progress)
    assert up.level.item() == pytest.approx(level, abs=1e-2)
    up.grow(0.0)  # a run that is continued has a smaller part of its budget behind it
    assert up.level.item() == pytest.approx(level, abs=1e-2)


def test_channels_are_bounded():
    assert stage_channels(128, 20, "wavelet") == [160, 160, 80, 40, 20]
    assert stage_channels(32, 20, "wavelet") == [80, 40, 20]
    assert stage_channels(64, 32, "haar") == [64, 64, 64, 32]
    assert stage_channels(64, 8, "haar") == [64, 32, 16, 8]
    assert stage_channels(32, 96, "haar") == [96, 96, 96]


@pytest.mark.parametrize("family", FAMILIES)
def test_in_training_pictures_have_the_side_of_the_level(family):
    g = Generator(family, 64, 3, 4, 8)
    for level, side in ((0.0, 16), (0.4, 32), (1.0, 32), (2.0, 64)):
        small = grown(g, level).train()(random(4, 8).float())
        assert small.shape[-1] == growing_layer(g).side == side


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("size", [32, 64, 128])
@pytest.mark.parametrize("classes", [0, 5])
def test_pictures_have_the_full_size_at_every_level(family, size, classes):
    g = Generator(family, size, 3, 4, 8, classes=classes).eval()
    d = Discriminator(family, size, 3, 4, "none", classes=classes)
    for level in (0.0, 0.4, d.layers[0].resolutions - 1.0):
        images = grown(g, level)(torch.randn(4, 8))
        assert images.shape == (4, 3, size, size)
        assert images.abs().max() <= 1
        labels = torch.arange(4) if classes else None
        assert grown(d, level)(images, labels=labels).shape == (4,)


@pytest.mark.parametrize(
    "pair", ["wavelet", "haar"], indirect=True
)  # palette: interpolated, test_palette.py
@pytest.mark.parametrize("level", [0, 1])
def test_a_side_that_begins_to_fade_in_changes_nothing_yet(pair, level):
    g, d = pair
    z, images = random(4, 8), random(4, 3, 64, 64, seed=2).tanh()
    seen = {"wavelet": 1e-3, "haar": 1e-5}[g.family]  # details of plain layers begin that small
    check_fading(g, d, z, images, level, first=16, exact=1e-9, seen=seen)


@pytest.mark.parametrize(
    "pair", ["wavelet", "haar"], indirect=True
)  # palette: of logits, test_palette.py
def test_half_way_half_of_the_new_detail_is_there(pair):
    g, _ = pair
    z = random(4, 8)
    before, half, after = (grown(g, level)(z).atanh() for level in (1, 1.5, 2))
    assert torch.allclose(half, (before + after) / 2, atol=1e-9)


def test_a_small_level_is_judged_by_the_small_picture(pair):
    _, d = pair
    images = random(4, 3, 64, 64).tanh()
    coarse = F.interpolate(F.adaptive_avg_pool2d(images, 16), scale_factor=4.0)  # the first side is 16
    assert torch.allclose(grown(d, 0)(images), grown(d, 0)(coarse), atol=1e-9)
    assert not torch.allclose(grown(d, 2)(images), grown(d, 2)(coarse), atol=1e-6)


def test_only_what_has_grown_learns(pair):
    g, _ = pair
    grown(g, 1.0)(random(4, 8)).sum().backward()
    used = {name for name, p in g.named_parameters() if p.grad is not None}
    assert any("to_picture.1." in name for name in used)
    assert not any(part in name for name in used for part in ("to_picture.2.", "stages.2.", "ups.2."))


def test_the_latent_reaches_every_stage_of_the_wavelet_family():
    g = Generator("wavelet", 64, 3, 4, 8).double().eval()
    initialise(g, torch.Generator().manual_seed(0))
    z = random(1, 8).requires_grad_()
    for head in g.layers[0].to_picture:
        (slope,) = torch.autograd.grad(head.norm.affine(g.dense(z)).square().sum(), z)
        assert slope.abs().max() > 0
    # Without what the latent writes at 4×4 two pictures still differ.
    torch.nn.init.zeros_(g.layers[0].start.weight)
    assert not torch.allclose(*g(random(2, 8)).chunk(2), atol=1e-6)


@pytest.mark.parametrize("family", FAMILIES)
def test_batch_norm_in_d_keeps_real_and_fake_apart(family):
    d = Discriminator(family, 32, 3, 4, "batch").double().train()
    real, fake = random(4, 3, 32, 32).tanh(), random(4, 3, 32, 32, seed=2).tanh() * 0.1
    together = d(torch.cat([real, fake]), groups=2)
    assert torch.allclose(together, torch.cat([d(real), d(fake)]), atol=1e-9)
    assert not torch.allclose(together, d(torch.cat([real, fake])), atol=1e-3)


@pytest.mark.parametrize("pair", ["haar", "palette"], indirect=True)
def test_the_product_of_layer_and_transform_in_training_draws_the_same(pair):
    up = growing_layer(pair[0])
    x = random(4, 32, 4, 4).relu()
    for norm in up.norms:
        norm.eval()  # with statistics of their own in both
    grown(pair[0], 1.5)
    drawn = []
    for training in (False, True):
        up.training = training
        drawn.append(up.summed(x, None))
    assert torch.allclose(*drawn, atol=1e-12)
