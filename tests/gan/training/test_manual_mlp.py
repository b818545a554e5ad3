"""Gradients written out by hand, against autograd."""

import itertools

import pytest
import torch
from torch import nn

from gan.training.manual_mlp import Dense
from gan.training.penalties import zero_slope

ROWS = 9
SLOPES = [0.2, 0.0]  # below 0: of leaky ReLU, and of ReLU

JUDGES = [(3, 1), (3, 5, 1), (2, 7, 6, 5, 1)]


def make(sizes) -> list[nn.Linear]:
    torch.manual_seed(0)
    return [nn.Linear(*pair).double() for pair in itertools.pairwise(sizes)]


def plain(layers, below) -> nn.Sequential:
    """The same layers, for autograd."""
    activation = nn.LeakyReLU(below) if below else nn.ReLU()
    between = [each for layer in layers for each in (layer, activation)]
    return nn.Sequential(*between[:-1])


def gradients(layers) -> list[torch.Tensor]:
    return [parameter.grad.clone() for layer in layers for parameter in (layer.weight, layer.bias)]


def assert_close(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        assert torch.allclose(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("below", SLOPES)
@pytest.mark.parametrize("sizes", [*JUDGES, (2, 8, 8, 2)], ids=str)
def test_output_and_gradients_are_autograds(sizes, below):
    layers = make(sizes)
    x = torch.randn(ROWS, layers[0].in_features, dtype=torch.double, requires_grad=True)
    output = plain(layers, below)(x)
    slope = torch.randn_like(output)
    output.backward(slope)
    theirs = gradients(layers)
    with torch.no_grad():
        dense = Dense(layers, below)
        ours, seen = dense.forward(x.detach())
        # What was there before does not count.
        dense.backward(9 * slope, seen)
        dense.backward(slope, seen)
        assert_close([ours, dense.slope_in(slope, seen)], [output, x.grad])
    assert_close(gradients(layers), theirs)


@pytest.mark.parametrize("below", SLOPES)
@pytest.mark.parametrize("sizes", JUDGES, ids=str)
def test_the_gradient_of_the_slope_penalty_is_autograds(sizes, below):
    layers = make(sizes)
    x = torch.randn(ROWS, layers[0].in_features, dtype=torch.double)
    net = plain(layers, below)
    (0.7 * zero_slope(lambda points: net(points).squeeze(1), x)).backward()
    theirs = [layer.weight.grad.clone() for layer in layers]
    with torch.no_grad():
        for layer in layers:
            layer.weight.grad, layer.bias.grad = (
                torch.zeros_like(each) for each in (layer.weight, layer.bias)
            )
        dense = Dense(layers, below)
        _, seen = dense.forward(x)
        dense.add_zero_slope(seen, 0.7)
        once = [layer.weight.grad.clone() for layer in layers]
        dense.add_zero_slope(seen, 0.7)
    assert_close(once, theirs)
    assert_close([layer.weight.grad for layer in layers], [2 * each for each in once])
    assert all(not layer.bias.grad.any() for layer in layers)
    assert all(each.any() for each in once)


def test_it_shares_the_weights():
    layers = make((2, 4, 1))
    dense = Dense(layers, 0.2)
    with torch.no_grad():
        layers[0].weight.mul_(2.0)
    assert torch.equal(dense.weights[0], layers[0].weight)
