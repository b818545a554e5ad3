"""Views of networks on points, with networks simple enough to compute them by hand."""

import math

import pytest
import torch
from torch import nn

from gan.playground.views import manifold, pulls, surface
from gan.training.losses import LOSSES


class Plane(nn.Module):
    """d(x) = 2 x - y + 1."""

    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor([2.0, -1.0]))

    def forward(self, points):
        return points @ self.w + 1.0


class Stretch(nn.Module):
    """G(z) = 3 z, and for one number (3 z, 3 z)."""

    def __init__(self, z_dim):
        super().__init__()
        self.z_dim, self.by = z_dim, nn.Parameter(torch.tensor(3.0))

    def forward(self, z):
        return self.by * z.expand(-1, 2)


def test_the_surface_is_d_at_the_centres_of_the_cells():
    seen = surface(Plane(), corner=(-1.0, 2.0), side=4.0, cells=8)
    assert seen.shape == (8, 8)
    for row, column in ((0, 0), (0, 7), (5, 2)):
        x, y = -1 + (column + 0.5) / 2, 2 + (row + 0.5) / 2
        assert seen[row, column] == pytest.approx(1 / (1 + math.exp(-(2 * x - y + 1))), rel=1e-5)


def test_the_manifold_of_two_numbers_has_cells_of_equal_probability():
    grid = manifold(Stretch(2), lines=5)
    assert grid.shape == (5, 5, 2)
    normal = torch.distributions.Normal(0.0, 3.0)
    along = normal.cdf(grid[:, 2, 0])
    assert torch.allclose(along, torch.tensor([0.005, 0.2525, 0.5, 0.7475, 0.995]), atol=1e-4)
    assert torch.equal(grid[:, 0, 0], grid[:, 4, 0])
    assert torch.allclose(grid[..., 1], grid[..., 0].T)


def test_the_manifold_of_one_number_is_a_line():
    line = manifold(Stretch(1), lines=7)
    assert line.shape == (7, 2)
    assert torch.equal(line[:, 0], line[:, 1])
    assert torch.all(line[1:] > line[:-1])


def test_no_manifold_of_three_numbers():
    with pytest.raises(ValueError, match="z has 3 numbers"):
        manifold(Stretch(3))


def test_a_pull_is_the_negative_gradient_of_the_loss_of_g():
    d, real = Plane(), torch.randn(4, 2)
    fakes = torch.tensor([[0.0, 0.0], [-1.0, 2.0], [5.0, 0.0]])
    unsure = torch.sigmoid(-d(fakes).detach())
    # -∂ softplus(-d) / ∂x = σ(-d) w.
    expected = unsure[:, None] * torch.tensor([2.0, -1.0])
    assert torch.allclose(pulls(d, LOSSES["nonsaturating"], real, fakes), expected, rtol=1e-5)
    assert d.w.grad is None
    paired = pulls(d, LOSSES["relativistic"], real[:3], fakes)
    ahead = torch.sigmoid(d(real[:3]) - d(fakes)).detach()
    assert torch.allclose(paired, ahead[:, None] * torch.tensor([2.0, -1.0]), rtol=1e-5)
