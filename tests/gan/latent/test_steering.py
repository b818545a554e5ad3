"""Steering on linear generators, for which the right directions are known."""

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from gan.latent import steering
from gan.latent.steering import Moments, jacobian, moments, pixels, solve

SIDE = 4


class Linear(nn.Module):
    """Pictures (N, 1, 4, 4) that are a linear map of z, whose rows are at right angles."""

    def __init__(self, z_dim: int = 6):
        super().__init__()
        rng = torch.Generator().manual_seed(0)
        basis, _ = torch.linalg.qr(torch.randn(SIDE * SIDE, z_dim, generator=rng))
        self.rows = basis.T * torch.linspace(0.5, 2.0, z_dim)[:, None]
        self.z_dim, self.channels = z_dim, 1

    def forward(self, z):
        return (z @ self.rows).view(-1, 1, SIDE, SIDE)


@pytest.fixture
def linear():
    return Linear()


def places(count: int, z_dim: int) -> torch.Tensor:
    return torch.randn(count, z_dim, generator=torch.Generator().manual_seed(1))


def test_the_jacobian_of_a_linear_generator_is_its_matrix(linear):
    assert torch.allclose(jacobian(linear, places(1, 6)[0], pixels), linear.rows, atol=1e-4)


def test_errors_of_the_differences_alternate_in_sign():
    class Bent(nn.Module):
        def forward(self, z):
            return z.square()[:, None, None, :]

    z = places(4000, 2)
    seen = torch.stack([jacobian(Bent(), row, pixels, 0.2) for row in z])
    expected = torch.stack([torch.diag(2 * row) for row in z])
    # One number is always stepped forwards, the next backwards: their errors have opposite signs.
    error = (seen - expected).mean(0).diagonal()
    assert error.tolist() == pytest.approx([0.2, -0.2], abs=0.01)


@pytest.mark.parametrize("planted", range(6))
def test_a_planted_direction_is_found(linear, planted):
    edit = linear.rows[planted : planted + 1]
    seen = moments(linear, places(5, 6), lambda image: edit)
    rows, _ = solve(seen)
    assert rows[0, planted].item() == pytest.approx(1, abs=1e-3)
    assert rows[0].norm().item() == pytest.approx(1, abs=1e-5)


def test_the_opposite_edit_gives_the_opposite_direction(linear):
    seen = moments(linear, places(3, 6), lambda image: torch.stack([linear.rows[2], -linear.rows[2]]))
    rows, moved = solve(seen)
    assert torch.allclose(rows[0], -rows[1], atol=1e-6)
    assert moved[0].item() == pytest.approx(moved[1].item())


def test_what_the_edit_does_not_change_is_penalised():
    # Both numbers of z change the wanted feature; the second changes another twice as much.
    changes = torch.tensor([[1.0, 0.0], [1.0, 2.0]], dtype=torch.float64)
    seen = Moments(changes @ changes.T, torch.tensor([[1.0, 1.0]], dtype=torch.float64))
    rows, _ = solve(seen)
    assert rows[0, 0].item() > 0.99
    assert abs(rows[0, 1].item()) < 0.1


def test_damping_is_as_large_as_the_budget_allows():
    gram = torch.diag(torch.tensor([4.0, 1.0, 0.01], dtype=torch.float64))
    targets = torch.tensor([[0.5, 1.0, 0.1]], dtype=torch.float64)
    rows, moved = solve(Moments(gram, targets))
    mean = gram.diagonal().mean()

    def damped(damping):
        row = F.normalize(targets / (gram.diagonal() / mean + damping), dim=1)
        return row, (row.square() * gram.diagonal() / mean).sum().item()

    assert moved[0].item() <= steering.BUDGET
    change = (rows[0].double().square() * gram.diagonal()).sum().item() / mean.item()
    assert moved[0].item() == pytest.approx(change, rel=1e-4)
    least, most = (damped(each) for each in steering.DAMPINGS)
    assert least[1] <= moved[0].item() <= most[1] + 1e-9


def test_an_edit_that_g_cannot_reproduce_gives_no_direction(linear):
    aside = torch.linalg.svd(linear.rows).Vh[-1:]  # at right angles to all that G can do
    rows, _ = solve(
        moments(linear, places(2, 6), lambda image: torch.cat([aside * 0, linear.rows[:1]]))
    )
    assert rows[0].abs().max() == 0
    assert rows[1, 0].item() == pytest.approx(1, abs=1e-3)


def test_moments_are_the_same_again(linear):
    z = places(3, 6)
    first, second = (moments(linear, z, lambda image: image.flatten(1)) for _ in range(2))
    assert torch.equal(first.gram, second.gram)
    assert torch.equal(first.targets, second.targets)
