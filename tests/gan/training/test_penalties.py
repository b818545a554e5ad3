"""Penalties and constraints against networks whose slopes, spectra and answers are known."""

import itertools
import math

import pytest
import torch
from torch import nn

from gan.training.penalties import (
    adversarial_direction,
    around_real,
    clip_weights,
    distance_to,
    divergence,
    entropy,
    interpolates,
    local_smoothness,
    one_centred_penalty,
    orthogonality,
    zero_centred_penalty,
)

W = torch.tensor([1.0, -2.0, 0.5, 0.0, 3.0, -1.0], dtype=torch.float64)  # ‖w‖² = 15.25


class Linear(nn.Module):
    """d(x) = w · x, whose slope is w everywhere."""

    def __init__(self, w):
        super().__init__()
        self.w = nn.Parameter(w.clone())

    def forward(self, images):
        return images.flatten(1) @ self.w


class Square(nn.Module):
    """d(x) = a ‖x‖², whose slope is 2 a x."""

    def __init__(self, a):
        super().__init__()
        self.a = nn.Parameter(torch.tensor(a, dtype=torch.float64))

    def forward(self, images):
        return self.a * images.flatten(1).square().sum(1)


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def images(count: int = 5, seed: int = 0) -> torch.Tensor:
    return torch.randn(count, 1, 2, 3, generator=rng(seed)).double()


def test_the_zero_penalty_of_a_linear_discriminator_is_its_squared_slope():
    assert zero_centred_penalty(Linear(W), images()).item() == pytest.approx(15.25, rel=1e-12)


def test_the_zero_penalty_and_its_own_gradient_match_those_worked_out_by_hand():
    x, a = images(), 0.7
    net = Square(a)
    penalty = zero_centred_penalty(net, x)
    squares = x.flatten(1).square().sum(1).mean().item()
    assert penalty.item() == pytest.approx(4 * a**2 * squares, rel=1e-12)
    penalty.backward()
    assert net.a.grad.item() == pytest.approx(8 * a * squares, rel=1e-12)


def test_the_zero_penalty_of_a_flat_discriminator_is_zero():
    assert zero_centred_penalty(Square(0.0), images()).item() == 0.0


@pytest.mark.parametrize(("length", "expected"), [(1.0, 0.0), (3.0, 4.0), (0.25, 0.5625)])
def test_the_unit_penalty_is_zero_at_slope_one_only_and_grows_on_both_sides(length, expected):
    critic = Linear(W * length / W.norm())
    assert one_centred_penalty(critic, images()).item() == pytest.approx(expected, abs=1e-9)


def test_the_unit_penalty_has_a_gradient_even_where_the_critic_is_flat():
    critic = Linear(0 * W)
    penalty = one_centred_penalty(critic, images())
    penalty.backward()
    assert penalty.item() == pytest.approx(1.0, abs=1e-5)
    assert critic.w.grad.isfinite().all()


def test_the_unit_penalty_of_a_curved_critic_by_hand():
    x, a = images(), 0.4
    net = Square(a)
    lengths = 2 * a * x.flatten(1).norm(dim=1)
    penalty = one_centred_penalty(net, x)
    assert penalty.item() == pytest.approx((lengths - 1).square().mean().item(), rel=1e-9)
    penalty.backward()
    # d/da E (2 a ‖x‖ - 1)² = E 2 (2 a ‖x‖ - 1) 2 ‖x‖
    by_hand = (4 * (lengths - 1) * x.flatten(1).norm(dim=1)).mean()
    assert net.a.grad.item() == pytest.approx(by_hand.item(), rel=1e-9)


def test_interpolates_lie_on_the_lines_between_the_pairs():
    real, fake = images(200, 1), images(200, 2)
    points = interpolates(real, fake, rng())
    share = ((points - fake) / (real - fake)).flatten(1)
    assert torch.allclose(share, share[:, :1].expand_as(share))
    assert 0 <= share.min() < 0.05
    assert 0.95 < share.max() <= 1
    assert share[:, 0].mean() == pytest.approx(0.5, abs=0.06)


def test_points_around_real_lie_between_a_picture_and_its_perturbation():
    real = images(4000)
    drawn = rng()
    noise = torch.rand(real.numel(), generator=drawn).double().view(real.shape)
    perturbed = real + 0.5 * real.numpy().std() * noise
    share = torch.rand(len(real), generator=drawn).double()  # α, one a picture
    points = around_real(real, None, rng())
    assert torch.allclose(points, real + share[:, None, None, None] * (perturbed - real))
    moved = ((points - real) / real.numpy().std()).flatten(1)
    assert moved.min() >= 0 and moved.max() <= 0.5
    assert moved.mean().item() == pytest.approx(0.125, abs=0.005)  # E ½ α u = ½ · ½ · ½


def test_clipping_bounds_every_parameter_and_leaves_the_small_ones():
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2))
    before = [p.detach().clone() for p in net.parameters()]
    clip_weights(net, 0.05)
    for old, new in zip(before, net.parameters(), strict=True):
        assert torch.equal(new, old.clamp(-0.05, 0.05))
    assert max(p.abs().max().item() for p in net.parameters()) == pytest.approx(0.05)


def test_orthogonality_by_hand_and_zero_for_right_angles():
    net = nn.Sequential(nn.Linear(2, 2), nn.Conv2d(1, 2, (1, 2)), nn.ConvTranspose2d(2, 2, 1))
    for layer in net:
        nn.init.zeros_(layer.weight)
    assert orthogonality(net).item() == 0
    net[0].weight.data = torch.tensor([[3.0, 0.0], [0.0, 5.0]])  # right angles, whatever the lengths
    assert orthogonality(net).item() == 0
    net[1].weight.data = torch.tensor([[1.0, 2.0], [3.0, 4.0]]).view(2, 1, 1, 2)
    # The product of the two filters is 11, and stands in the matrix twice.
    assert orthogonality(net).item() == pytest.approx(2 * 11**2)
    net[2].weight.data = torch.tensor([[1.0, 1.0], [2.0, 0.0]]).view(2, 2, 1, 1)
    # Its filters are the columns: (1, 2) · (1, 0) = 1.
    assert orthogonality(net).item() == pytest.approx(2 * 11**2 + 2)


def test_the_distance_to_past_weights_by_hand():
    net = nn.Linear(2, 1)
    net.weight.data, net.bias.data = torch.tensor([[1.0, 2.0]]), torch.tensor([5.0])
    means = [torch.tensor([[0.0, 4.0]]), torch.tensor([2.0])]
    assert distance_to(means, net).item() == pytest.approx(1 + 4 + 9)


def test_the_entropy_of_a_coin_and_of_a_sure_answer():
    assert entropy(torch.zeros(3)).item() == pytest.approx(math.log(2))
    assert entropy(torch.tensor([50.0, -50.0])).item() == pytest.approx(0, abs=1e-6)
    p = 0.75
    by_hand = -p * math.log(p) - (1 - p) * math.log(1 - p)
    assert entropy(torch.tensor([math.log(3)])).item() == pytest.approx(by_hand, rel=1e-6)


def test_the_divergence_is_that_of_two_coins_and_is_exact_where_they_are_sure():
    before, after = torch.tensor([math.log(3)]), torch.tensor([-math.log(3)])
    by_hand = 0.75 * math.log(3) + 0.25 * math.log(1 / 3)
    assert divergence(before, after).item() == pytest.approx(by_hand, rel=1e-6)
    assert divergence(before, before).item() == 0
    # p = 1 and q = e^-90.
    assert divergence(torch.tensor([90.0]), torch.tensor([-90.0])).item() == pytest.approx(90)


def test_the_adversarial_direction_is_the_top_eigenvector_of_the_hessian():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1), nn.Flatten(0)).double()
    x = torch.randn(3, 4, dtype=torch.float64)
    found = adversarial_direction(net, x, rng(), xi=1e-4, powers=3)
    assert torch.allclose(found.norm(dim=1), torch.ones(3, dtype=torch.float64))
    for row, direction in zip(x, found, strict=True):
        before = net(row[None]).detach()
        hessian = torch.autograd.functional.hessian(
            lambda r, row=row, before=before: divergence(before, net((row + r)[None])),
            torch.zeros(4, dtype=torch.float64),
        )
        top = torch.linalg.eigh(hessian).eigenvectors[:, -1]
        assert abs(float(top @ direction)) == pytest.approx(1, abs=1e-3)


def test_the_adversarial_direction_survives_float32_and_a_flat_discriminator():
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1), nn.Flatten(0))
    x = torch.randn(16, 4)
    slope = torch.autograd.grad(net(x.requires_grad_()).sum(), x)[0]
    found = adversarial_direction(net, x, rng())
    assert nn.functional.cosine_similarity(slope, found).abs().min() > 0.9
    flat = adversarial_direction(lambda images: 0 * images.sum(1), x, rng())
    assert torch.allclose(flat.norm(dim=1), torch.ones(16))


def test_local_smoothness_of_a_linear_discriminator_by_hand():
    x, radius = images(), 0.3
    net = Linear(W)
    value = local_smoothness(net, x, radius, rng())
    # The worst push of length r along the slope w changes the logit by ± r ‖w‖: the answer says which.
    before = net(x).detach()
    push = radius * W.norm()
    both = torch.stack(
        [torch.stack([divergence(b, b + push), divergence(b, b - push)]) for b in before]
    ).detach()
    assert both.min(1).values.mean() <= value.item() <= both.max(1).values.mean()
    assert any(
        value.item() == pytest.approx(torch.where(torch.tensor(signs), *both.T).mean().item(), rel=1e-6)
        for signs in itertools.product([True, False], repeat=len(x))
    )
    value.backward()
    assert net.w.grad.abs().sum() > 0
