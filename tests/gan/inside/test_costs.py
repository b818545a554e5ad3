"""What layers cost: nothing is left out, nothing counted twice."""

import pytest

from gan.inside.costs import costs_of
from gan.inside.layers import Inside
from gan.models.flops import multiply_adds, parameter_count
from gan.models.generator import Generator
from gan.models.progressive import GrowingUp
from tests.gan.inside.test_layers import FAMILIES, made


def unused(generator: Generator) -> int:
    """Parameters that a picture of full size does not need: those that made smaller ones while it grew."""
    growing = [each for each in generator.layers if isinstance(each, GrowingUp)]
    return sum(parameter_count(made) for each in growing for made in each.to_picture[:-1])


@pytest.mark.parametrize("family", FAMILIES)
def test_layers_cost_together_what_the_generator_does(family):
    generator = made(family)
    inside = Inside(generator)
    costs = costs_of(inside)
    assert len(costs) == len(inside.layers) + 1
    assert sum(each.parameters for each in costs) == parameter_count(generator) - unused(generator)
    assert sum(each.multiply_adds for each in costs) == multiply_adds(generator) > 0
    assert sum(each.time for each in costs) == pytest.approx(1)
    assert all(each.time >= 0 for each in costs)


def test_the_costs_of_a_small_network_by_hand():
    # A dense layer from z (16) to 4×4×32, then 4×4 kernels to 8×8×16, 16×16×8 and 32×32×3.
    generator = Generator("dcgan", size=32, channels=3, width=8, z_dim=16)
    costs = costs_of(Inside(generator))
    assert [each.multiply_adds for each in costs] == [
        16 * 512,
        32 * 16 * 16 * 16,
        16 * 8 * 16 * 64,
        8 * 3 * 16 * 256,
    ]
    # Weights, biases of the dense and the last layer, scale and shift of batch normalisation.
    assert [each.parameters for each in costs] == [
        16 * 512 + 512 + 2 * 32,
        32 * 16 * 16 + 16 + 2 * 16,
        16 * 8 * 16 + 8 + 2 * 8,
        8 * 3 * 16 + 3,
    ]
