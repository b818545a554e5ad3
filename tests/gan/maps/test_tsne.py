"""t-SNE: its gradient is that of its loss, its neighbours are those of the features."""

import math

import pytest
import torch

from gan.maps.tsne import _entropy, _gradient, neighbour_shares, principal_plane, tsne


def features(count, width=5, seed=0):
    rng = torch.Generator().manual_seed(seed)
    return torch.randn(count, width, generator=rng, dtype=torch.float64)


def divergence(y, shares):
    """KL(P ‖ Q), equation 2 with the kernel of equation 4."""
    kernel = 1 / (1 + torch.cdist(y, y).square())
    kernel = kernel * (1 - torch.eye(len(y), dtype=y.dtype))
    q = (kernel / kernel.sum()).clamp(min=1e-30)
    p = shares * (1 - torch.eye(len(y), dtype=y.dtype))
    return (p * (p.clamp(min=1e-30) / q).log()).sum()


def test_the_gradient_is_that_of_the_divergence():
    shares = neighbour_shares(features(20), 4.0)
    shares.fill_diagonal_(0.0)
    shares /= shares.sum()
    y = features(20, 2, seed=1).requires_grad_()
    divergence(y, shares).backward()
    torch.testing.assert_close(_gradient(y.detach(), shares, 1.0), y.grad, rtol=1e-6, atol=1e-9)


def test_shares_add_up_to_one_and_are_mutual():
    shares = neighbour_shares(features(50), 10.0)
    assert float(shares.sum()) == pytest.approx(1.0, abs=1e-6)
    torch.testing.assert_close(shares, shares.T)


def test_neighbours_that_are_all_equally_far_have_equal_shares():
    corners = torch.eye(6, dtype=torch.float64)
    shares = neighbour_shares(corners, 2.0)
    off = shares[~torch.eye(6, dtype=torch.bool)]
    torch.testing.assert_close(off, torch.full_like(off, 1 / 30))


def test_the_entropy_of_equal_shares_is_the_logarithm_of_their_number():
    assert float(_entropy(torch.full((1, 8), 1 / 8))) == pytest.approx(math.log(8))


def test_the_plane_is_that_of_the_largest_spread_with_its_signs_settled():
    y = features(200, 2) * torch.tensor([5.0, 2.0])
    turned = y @ torch.linalg.qr(features(4, 2, seed=3))[0].T
    plane = principal_plane(turned)
    assert plane.var(0)[0] > plane.var(0)[1]
    torch.testing.assert_close(torch.cdist(plane, plane), torch.cdist(y, y), rtol=1e-5, atol=1e-5)
    largest = plane.abs().argmax(0)
    assert (plane[largest, [0, 1]] > 0).all()
    torch.testing.assert_close(principal_plane(-turned).abs(), plane.abs())


def test_groups_stay_groups():
    groups = torch.arange(5).repeat_interleave(40)
    middles = 20 * features(5, 10, seed=4)
    points = (middles[groups] + features(200, 10, seed=5)).float()
    *_, y = tsne(points)
    nearest = torch.cdist(y, y).fill_diagonal_(float("inf")).argmin(1)
    assert (groups[nearest] == groups).all()


def test_equal_points_and_few_of_them_are_laid_out_too():
    for points in (torch.zeros(10, 3), torch.ones(4, 1), torch.zeros(6, 0), torch.eye(5)):
        *_, y = tsne(points, steps=50)
        assert y.shape == (len(points), 2) and y.isfinite().all()
