"""Hand-written gradients of an MLP, against autograd."""

import itertools

import pytest
import torch
from torch import nn

from gan.training.manual_mlp import ManualMLP
from gan.training.penalties import zero_centred_penalty

ROWS = 9
NEGATIVE_SLOPES = [0.2, 0.0]  # of leaky ReLU and of ReLU

D_SIZES = [(3, 1), (3, 5, 1), (2, 7, 6, 5, 1)]


def make(sizes) -> list[nn.Linear]:
    torch.manual_seed(0)
    return [nn.Linear(*pair).double() for pair in itertools.pairwise(sizes)]


def autograd_net(layers, negative_slope) -> nn.Sequential:
    """The same layers as a module."""
    activation = nn.LeakyReLU(negative_slope) if negative_slope else nn.ReLU()
    stacked = [each for layer in layers for each in (layer, activation)]
    return nn.Sequential(*stacked[:-1])


def gradients(layers) -> list[torch.Tensor]:
    return [parameter.grad.clone() for layer in layers for parameter in (layer.weight, layer.bias)]


def assert_close(ours, theirs):
    for one, other in zip(ours, theirs, strict=True):
        assert torch.allclose(one, other, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("negative_slope", NEGATIVE_SLOPES)
@pytest.mark.parametrize("sizes", [*D_SIZES, (2, 8, 8, 2)], ids=str)
def test_output_and_gradients_are_autograds(sizes, negative_slope):
    layers = make(sizes)
    x = torch.randn(ROWS, layers[0].in_features, dtype=torch.double, requires_grad=True)
    output = autograd_net(layers, negative_slope)(x)
    grad = torch.randn_like(output)
    output.backward(grad)
    theirs = gradients(layers)
    with torch.no_grad():
        mlp = ManualMLP(layers, negative_slope)
        ours, inputs = mlp.forward(x.detach())
        # Earlier gradients are overwritten.
        mlp.backward(9 * grad, inputs)
        mlp.backward(grad, inputs)
        assert_close([ours, mlp.input_grad(grad, inputs)], [output, x.grad])
    assert_close(gradients(layers), theirs)


@pytest.mark.parametrize("negative_slope", NEGATIVE_SLOPES)
@pytest.mark.parametrize("sizes", D_SIZES, ids=str)
def test_the_gradient_of_the_penalty_is_autograds(sizes, negative_slope):
    layers = make(sizes)
    x = torch.randn(ROWS, layers[0].in_features, dtype=torch.double)
    net = autograd_net(layers, negative_slope)
    (0.7 * zero_centred_penalty(lambda points: net(points).squeeze(1), x)).backward()
    theirs = [layer.weight.grad.clone() for layer in layers]
    with torch.no_grad():
        for layer in layers:
            layer.weight.grad, layer.bias.grad = (
                torch.zeros_like(each) for each in (layer.weight, layer.bias)
            )
        mlp = ManualMLP(layers, negative_slope)
        _, inputs = mlp.forward(x)
        mlp.add_zero_centred_penalty(inputs, 0.7)
        once = [layer.weight.grad.clone() for layer in layers]
        mlp.add_zero_centred_penalty(inputs, 0.7)
    assert_close(once, theirs)
    assert_close([layer.weight.grad for layer in layers], [2 * each for each in once])
    assert all(not layer.bias.grad.any() for layer in layers)
    assert all(each.any() for each in once)


def test_it_shares_the_weights():
    layers = make((2, 4, 1))
    mlp = ManualMLP(layers, 0.2)
    with torch.no_grad():
        layers[0].weight.mul_(2.0)
    assert torch.equal(mlp.weights[0], layers[0].weight)
