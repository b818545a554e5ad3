"""Units: what is seen is what a hook sees, and what is switched off is not drawn."""

import pytest
import torch

from gan.inside.edits import Factor, Stroke, changed, switched_off
from gan.inside.layers import Inside
from gan.inside.readout import Readout, fitted
from gan.latent.vectors import seed_latents
from gan.models.generator import Generator

FAMILIES = ("dcgan", "tutorial", "resnet", "progressive", "wavelet", "haar", "palette")
# Those in which all that is drawn goes through every layer: elsewhere each layer adds its own.
CHAINS = ("dcgan", "tutorial", "resnet", "progressive")


def made(family: str, **shape) -> Generator:
    shape = {"size": 32, "channels": 3, "width": 8, "z_dim": 16} | shape
    # PyTorch's own initial weights: with those of DCGAN hardly anything is drawn before training.
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return Generator(family, **shape).eval()


def z_of(count: int) -> torch.Tensor:
    return seed_latents(range(count), 16)


@pytest.fixture(params=FAMILIES)
def generator(request):
    return made(request.param)


def test_looking_changes_no_picture(generator, float64):
    generator.double()
    z = z_of(3).double()
    expected = generator(z)
    inside = Inside(generator)
    pictures, units = inside.run(z)
    assert torch.equal(pictures, expected)
    assert [tuple(each.shape) for each in units] == [
        (3, layer.units, layer.side, layer.side) for layer in inside.layers
    ]


def test_layers_grow_towards_the_picture(generator):
    sides = [layer.side for layer in Inside(generator).layers]
    assert sides == sorted(set(sides)) and sides[0] <= 8 and sides[-1] >= 16


def test_units_are_those_of_a_hook():
    generator = made("dcgan")
    inside, z, seen = Inside(generator), z_of(2), []
    relus = [layer for layer in generator.layers if isinstance(layer, torch.nn.ReLU)]
    for relu in relus:
        relu.register_forward_hook(lambda _module, _inputs, output: seen.append(output.clone()))
    with torch.no_grad():
        generator(z)
    assert len(seen) == len(inside.layers) == 3
    for hooked, units in zip(seen, inside.units(z), strict=True):
        assert torch.allclose(hooked, units, atol=1e-5)


@pytest.mark.parametrize("family", CHAINS)
@pytest.mark.parametrize("which", [0, -1])
def test_without_any_unit_of_a_layer_every_z_draws_the_same(family, which):
    inside = Inside(made(family))
    pictures = changed(inside, z_of(3), switched_off(inside.layers[which]))
    assert (pictures - pictures[:1]).abs().max() <= 1e-5
    plain = changed(inside, z_of(3), [])
    assert (plain - plain[:1]).abs().max() > 0.01


def test_the_last_layer_off_leaves_what_its_bias_draws():
    generator = made("dcgan")
    inside = Inside(generator)
    bias = [layer for layer in generator.layers if isinstance(layer, torch.nn.ConvTranspose2d)][-1].bias
    with torch.no_grad():
        bias.copy_(torch.tensor([0.5, -1.0, 0.0]))
    inside = Inside(generator)
    (picture,) = changed(inside, z_of(1), switched_off(inside.layers[-1]))
    expected = torch.tensor([0.5, -1.0, 0.0]).tanh()
    assert torch.allclose(picture, expected[:, None, None].expand_as(picture), atol=1e-6)


def test_a_factor_of_one_changes_nothing_and_one_of_zero_is_a_stroke_of_zeros(generator, float64):
    inside, z = Inside(generator.double()), z_of(2).double()
    plain = changed(inside, z, [])
    assert torch.equal(changed(inside, z, [Factor(1, 0, 1.0)]), plain)
    everywhere = torch.ones(8, 8, dtype=torch.float64)
    off = changed(inside, z, [Factor(0, 2, 0.0)])
    painted = changed(inside, z, [Stroke(0, (2,), (0.0,), everywhere)])
    assert torch.allclose(off, painted, atol=1e-12)
    nowhere = Stroke(0, (2,), (5.0,), torch.zeros(4, 4, dtype=torch.float64))
    assert torch.equal(changed(inside, z, [nowhere]), plain)


def test_a_stroke_changes_only_what_is_near_it():
    inside, z = Inside(made("dcgan")), z_of(1)
    mask = torch.zeros(32, 32)
    mask[:8, :8] = 1.0
    stroke = Stroke(2, tuple(range(8)), (4.0,) * 8, mask)
    difference = (changed(inside, z, [stroke]) - changed(inside, z, [])).abs().amax((0, 1))
    assert difference[:8, :8].max() > 0.05
    assert difference[12:, 12:].max() == 0


def test_the_reference_of_virtual_batch_norm_is_not_a_picture():
    inside, z = Inside(made("dcgan", norm="virtual")), z_of(2)
    assert [len(units) for units in inside.units(z)] == [2, 2, 2]
    assert changed(inside, z, [Factor(0, 0, 0.0)]).shape == (2, 3, 32, 32)


def test_classes_are_chosen_by_label():
    inside, z = Inside(made("dcgan", classes=3)), z_of(1)
    pictures = [inside.run(z, torch.tensor([label]))[0] for label in range(3)]
    assert not torch.equal(pictures[0], pictures[1])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Factor(9, 0, 1.0), "layer must be"), (Factor(0, 999, 1.0), "unit must be"),
        (Factor(0, 0, float("nan")), "factor must be"), (Factor(0, 0, 3.5), "factor must be"),
        (Stroke(0, (), (), torch.zeros(4, 4)), "one value for each"),
        (Stroke(0, (1,), (1.0, 2.0), torch.zeros(4, 4)), "one value for each"),
        (Stroke(0, (1,), (1.0,), torch.zeros(4, 5)), "square"),
        (Stroke(0, (1,), (1.0,), torch.full((4, 4), 2.0)), "0 to 1"),
        (Stroke(0, (1,), (1.0,), torch.full((4, 4), float("nan"))), "0 to 1"),
    ],
)  # fmt: skip
def test_wrong_changes_are_refused_in_a_sentence(change, words):
    inside = Inside(made("dcgan"))
    with pytest.raises(ValueError, match=words):
        changed(inside, z_of(1), [change])
    with pytest.raises(ValueError, match="At most 5,000 changes"):
        changed(inside, z_of(1), [Factor(0, 0, 1.0)] * 5001)


def test_a_readout_finds_the_line_from_units_to_colours():
    rng = torch.Generator().manual_seed(0)
    units = torch.randn(40, 5, 4, 4, generator=rng)
    weight, bias = 0.1 * torch.randn(5, 3, generator=rng), torch.tensor([0.1, -0.2, 0.3])
    colours = torch.einsum("nchw,cd->ndhw", units, weight) + bias[:, None, None]
    found, offset = fitted(units, torch.nn.functional.interpolate(colours, scale_factor=8))
    assert torch.allclose(found, weight, atol=1e-3) and torch.allclose(offset, bias, atol=1e-3)


def test_there_is_a_guess_of_the_picture_from_each_layer(generator):
    inside = Inside(generator)
    guesses = Readout(inside, samples=16).pictures(z_of(4))
    assert [tuple(guess.shape) for guess in guesses] == [
        (4, 3, layer.side, layer.side) for layer in inside.layers
    ]
    assert all(guess.abs().max() <= 1 for guess in guesses)
