"""Gradient penalties against networks whose gradient is known."""

import pytest
import torch
from torch import nn

from gan.penalties import r1


class Linear(nn.Module):
    """D(x) = w · x, whose gradient is w everywhere."""

    def __init__(self, w):
        super().__init__()
        self.w = nn.Parameter(w)

    def forward(self, images):
        return images.flatten(1) @ self.w


class Square(nn.Module):
    """D(x) = a ‖x‖², whose gradient is 2 a x."""

    def __init__(self, a):
        super().__init__()
        self.a = nn.Parameter(torch.tensor(a, dtype=torch.float64))

    def forward(self, images):
        return self.a * images.flatten(1).square().sum(1)


def images(count=5):
    return torch.randn(count, 1, 2, 3, generator=torch.Generator().manual_seed(0)).double()


def test_r1_of_a_linear_discriminator_is_its_squared_slope():
    w = torch.tensor([1.0, -2.0, 0.5, 0.0, 3.0, -1.0], dtype=torch.float64)
    assert r1(Linear(w), images()).item() == pytest.approx(1 + 4 + 0.25 + 9 + 1, rel=1e-12)


def test_r1_and_its_own_gradient_match_those_worked_out_by_hand():
    x, a = images(), 0.7
    net = Square(a)
    penalty = r1(net, x)
    squares = x.flatten(1).square().sum(1).mean().item()
    assert penalty.item() == pytest.approx(4 * a**2 * squares, rel=1e-12)
    penalty.backward()
    assert net.a.grad.item() == pytest.approx(8 * a * squares, rel=1e-12)


def test_r1_of_a_flat_discriminator_is_zero():
    assert r1(Square(0.0), images()).item() == 0.0
