"""The losses against numbers worked out by hand and against logarithms in float64."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gan.losses import LOSSES, d_logistic_loss, g_minimax_loss, g_nonsaturating_loss

logits = st.lists(st.floats(-30, 30, width=32), min_size=1, max_size=9)


def log_d(values: list[float]) -> torch.Tensor:
    """log D in float64, D = 1 / (1 + exp(-logit)), as the papers write it."""
    return -torch.log1p(torch.exp(-torch.tensor(values, dtype=torch.float64)))


def log_not_d(values: list[float]) -> torch.Tensor:
    return log_d([-value for value in values])


@given(logits, logits)
def test_losses_are_the_formulas_of_the_paper(real, fake):
    d_real, d_fake = torch.tensor(real), torch.tensor(fake)
    d = -log_d(real).mean() - log_not_d(fake).mean()
    assert d_logistic_loss(d_real, d_fake).item() == pytest.approx(d.item(), rel=1e-5, abs=1e-9)
    minimax, nonsaturating = log_not_d(fake).mean().item(), -log_d(fake).mean().item()
    assert g_minimax_loss(d_fake).item() == pytest.approx(minimax, rel=1e-5, abs=1e-9)
    assert g_nonsaturating_loss(d_fake).item() == pytest.approx(nonsaturating, rel=1e-5, abs=1e-9)


def test_values_by_hand():
    # sigmoid(log 3) = 3/4 and sigmoid(-log 3) = 1/4.
    high, low = torch.tensor([math.log(3)]), torch.tensor([-math.log(3)])
    right, wrong = 2 * math.log(4 / 3), 2 * math.log(4)
    assert d_logistic_loss(high, low).item() == pytest.approx(right, rel=1e-6)
    assert d_logistic_loss(low, high).item() == pytest.approx(wrong, rel=1e-6)
    assert d_logistic_loss(torch.zeros(4), torch.zeros(4)).item() == pytest.approx(2 * math.log(2))
    assert g_minimax_loss(high).item() == pytest.approx(math.log(1 / 4), rel=1e-6)
    assert g_nonsaturating_loss(high).item() == pytest.approx(math.log(4 / 3), rel=1e-6)
    assert g_nonsaturating_loss(low).item() == pytest.approx(math.log(4), rel=1e-6)


def test_each_loss_is_a_mean_over_the_batch():
    real, fake = torch.tensor([0.3, -1.0, 2.0]), torch.tensor([1.5, -0.2, 0.4])
    for loss in (lambda x: d_logistic_loss(x, fake), g_minimax_loss, g_nonsaturating_loss):
        assert loss(real.repeat(5)).item() == pytest.approx(loss(real).item(), rel=1e-6)
        assert loss(real).ndim == 0


def test_losses_are_exact_where_the_sigmoid_is_saturated():
    sure, fooled = torch.tensor([-100.0]), torch.tensor([100.0])
    tail = math.exp(-100)  # log(1 + e^-100) in float64; the sigmoid of 100 is 1 in float32
    assert d_logistic_loss(fooled, sure).item() == pytest.approx(2 * tail, rel=1e-4)
    assert d_logistic_loss(sure, fooled).item() == pytest.approx(200)
    assert g_minimax_loss(fooled).item() == pytest.approx(-100)
    assert g_minimax_loss(sure).item() == pytest.approx(-tail, rel=1e-4)
    assert g_nonsaturating_loss(sure).item() == pytest.approx(100)
    assert g_nonsaturating_loss(fooled).item() == pytest.approx(tail, rel=1e-4)


def slope(loss, logit: float) -> float:
    value = torch.tensor([logit], requires_grad=True)
    loss(value).backward()
    return value.grad.item()


@given(st.floats(-20, 20, width=32))
def test_gradients_are_those_of_the_formulas(logit):
    chance = 1 / (1 + math.exp(-logit))
    assert slope(g_minimax_loss, logit) == pytest.approx(-chance, rel=1e-4)
    assert slope(g_nonsaturating_loss, logit) == pytest.approx(chance - 1, rel=1e-3, abs=1e-7)
    on_fake = slope(lambda x: d_logistic_loss(torch.zeros(1), x), logit)
    on_real = slope(lambda x: d_logistic_loss(x, torch.zeros(1)), logit)
    assert on_fake == pytest.approx(chance, rel=1e-4)
    assert on_real == pytest.approx(chance - 1, rel=1e-3, abs=1e-7)


def test_where_d_is_sure_of_a_fake_only_the_minimax_gradient_vanishes():
    assert abs(slope(g_minimax_loss, -20.0)) < 1e-8
    assert slope(g_nonsaturating_loss, -20.0) == pytest.approx(-1)
    # Where D is fooled it is the other way around.
    assert slope(g_minimax_loss, 20.0) == pytest.approx(-1)
    assert abs(slope(g_nonsaturating_loss, 20.0)) < 1e-8


def test_both_games_share_d_and_differ_in_g():
    fake = torch.tensor([-2.0, 0.5])
    for name, g in (("minimax", g_minimax_loss), ("nonsaturating", g_nonsaturating_loss)):
        assert LOSSES[name].g(fake) == g(fake)
        assert LOSSES[name].d(fake, fake) == d_logistic_loss(fake, fake)
