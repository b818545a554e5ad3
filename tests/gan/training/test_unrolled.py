"""Looking ahead: the updates are Adam's own, and their derivative is right."""

import pytest
import torch
from torch import nn
from torch.func import functional_call

from gan.training.unrolled import look_ahead


def rng(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def net() -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(2, 4), nn.Tanh(), nn.Linear(4, 1)).double()


def points(seed: int) -> torch.Tensor:
    return torch.randn(6, 2, generator=rng(seed)).double()


REAL = points(1)


def loss_of(d, parameters, fake):
    """-E log D(x) - E log(1 - D(G(z))) of D with these parameters."""
    real_logits = functional_call(d, parameters, (REAL,))
    fake_logits = functional_call(d, parameters, (fake,))
    return nn.functional.softplus(-real_logits).mean() + nn.functional.softplus(fake_logits).mean()


def after(d, adam, fake, steps):
    return look_ahead(d, adam, lambda parameters: loss_of(d, parameters, fake), steps)


@pytest.mark.parametrize("steps", [1, 4])
@pytest.mark.parametrize("warm", [0, 3])
def test_it_is_where_adam_would_be(steps, warm):
    d, fake = net(), points(2)
    adam = torch.optim.Adam(d.parameters(), lr=0.01, betas=(0.5, 0.9))

    def real_step():
        adam.zero_grad()
        loss_of(d, dict(d.named_parameters()), fake).backward()
        adam.step()

    for _ in range(warm):
        real_step()
    before = {name: value.detach().clone() for name, value in d.named_parameters()}
    ahead = after(d, adam, fake, steps)
    assert all(torch.equal(before[name], value) for name, value in d.named_parameters())
    for _ in range(steps):
        real_step()
    for name, value in d.named_parameters():
        assert torch.allclose(ahead[name], value, atol=1e-7), name
        assert not torch.equal(before[name], value)


@pytest.mark.parametrize("steps", [1, 3])
def test_its_derivative_is_that_of_a_finite_difference(steps):
    d = net()
    adam = torch.optim.Adam(d.parameters(), lr=0.05, betas=(0.5, 0.9))

    def g_loss(fake):
        """What G minimises against the D that will have learnt from these very fakes."""
        parameters = after(d, adam, fake, steps)
        return nn.functional.softplus(-functional_call(d, parameters, (fake,))).mean()

    # From the second update on every second moment is well above ε.
    loss_of(d, dict(d.named_parameters()), points(2)).backward()
    adam.step()
    fake = points(3).requires_grad_()
    (slope,) = torch.autograd.grad(g_loss(fake), fake)
    direction = torch.randn(fake.shape, generator=rng(5)).double()
    tiny = 1e-5
    with torch.enable_grad():
        rise = g_loss(fake.detach() + tiny * direction) - g_loss(fake.detach() - tiny * direction)
    assert (slope * direction).sum().item() == pytest.approx(rise.item() / (2 * tiny), rel=1e-5)
    # And it is not the plain gradient, which takes D as it is.
    plain = torch.autograd.grad(nn.functional.softplus(-d(fake)).mean(), fake)[0]
    assert not torch.allclose(slope, plain, rtol=1e-2)


def test_no_step_ahead_is_the_plain_method():
    d, fake = net(), points(2).requires_grad_()
    adam = torch.optim.Adam(d.parameters())
    parameters = after(d, adam, fake, 0)
    assert all(torch.equal(parameters[name], value) for name, value in d.named_parameters())
