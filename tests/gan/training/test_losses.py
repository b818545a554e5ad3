"""The losses against numbers worked out by hand and against logarithms in float64."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gan.settings.hyperparameters import LOSSES as NAMES
from gan.training.losses import (
    LOSSES,
    d_hinge_loss,
    d_least_squares_loss,
    d_logistic_loss,
    d_relativistic_loss,
    d_wasserstein_loss,
    g_least_squares_loss,
    g_linear_loss,
    g_minimax_loss,
    g_nonsaturating_loss,
    g_relativistic_loss,
)

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


def test_the_names_are_those_that_may_be_chosen():
    assert tuple(LOSSES) == NAMES


REAL, FAKE = torch.tensor([2.0, 0.5, -1.0]), torch.tensor([-2.0, 0.25, 1.5])


def test_smoothed_labels_are_cross_entropies_to_them():
    def cross_entropy(logit: float, label: float) -> float:
        chance = 1 / (1 + math.exp(-logit))
        return -label * math.log(chance) - (1 - label) * math.log(1 - chance)

    by_hand = sum(cross_entropy(x, 0.9) for x in REAL.tolist()) / 3
    by_hand += sum(cross_entropy(x, 0.1) for x in FAKE.tolist()) / 3
    assert d_logistic_loss(REAL, FAKE, 0.9, 0.1).item() == pytest.approx(by_hand, rel=1e-5)
    one_sided = d_logistic_loss(REAL, FAKE, real_label=0.9) - d_logistic_loss(REAL, FAKE)
    assert one_sided.item() == pytest.approx(0.1 * REAL.mean().item(), rel=1e-4)


def test_a_smoothed_d_is_content_at_its_label_and_no_further():
    at_label = math.log(0.9 / 0.1)
    assert slope(lambda x: d_logistic_loss(x, FAKE, 0.9), at_label) == pytest.approx(0, abs=1e-6)
    assert slope(lambda x: d_logistic_loss(x, FAKE, 0.9), at_label + 2) > 0
    assert slope(lambda x: d_logistic_loss(x, FAKE), at_label + 2) < 0


def test_least_squares_by_hand():
    # ½ ((1² + 0.5² + 2²) + (2² + 0.25² + 1.5²)) / 3
    assert d_least_squares_loss(REAL, FAKE).item() == pytest.approx(0.5 * (5.25 + 6.3125) / 3)
    assert g_least_squares_loss(FAKE).item() == pytest.approx(0.5 * (9 + 0.5625 + 0.25) / 3)
    # Fakes that D takes for more than real are drawn back: both signs of the error.
    assert slope(g_least_squares_loss, 3.0) == pytest.approx(2.0)
    assert slope(g_least_squares_loss, -1.0) == pytest.approx(-2.0)


def test_hinge_by_hand():
    # max(0, 1 - d): 0, 0.5, 2; max(0, 1 + d): 0, 1.25, 2.5
    assert d_hinge_loss(REAL, FAKE).item() == pytest.approx((2.5 + 3.75) / 3)
    # Beyond the margin D has nothing to learn; G always has.
    assert slope(lambda x: d_hinge_loss(x, FAKE), 1.5) == 0
    assert slope(lambda x: d_hinge_loss(x, FAKE), 0.5) == pytest.approx(-1)
    assert slope(lambda x: d_hinge_loss(REAL, x), -1.5) == 0
    assert slope(lambda x: d_hinge_loss(REAL, x), -0.5) == pytest.approx(1)
    assert slope(g_linear_loss, -30.0) == slope(g_linear_loss, 30.0) == pytest.approx(-1)


def test_wasserstein_by_hand():
    assert d_wasserstein_loss(REAL, FAKE).item() == pytest.approx((-0.25 - 1.5) / 3)
    assert g_linear_loss(FAKE).item() == pytest.approx(0.25 / 3)
    # A constant added to the critic changes nothing for it.
    shifted = d_wasserstein_loss(REAL + 7, FAKE + 7)
    assert shifted.item() == pytest.approx(d_wasserstein_loss(REAL, FAKE).item(), abs=1e-6)


def test_relativistic_pairs_by_hand():
    gaps = [4.0, 0.25, -2.5]  # d(x) - d(G(z)), pair by pair
    d = sum(math.log1p(math.exp(-gap)) for gap in gaps) / 3
    g = sum(math.log1p(math.exp(gap)) for gap in gaps) / 3
    assert d_relativistic_loss(REAL, FAKE).item() == pytest.approx(d, rel=1e-6)
    assert g_relativistic_loss(REAL, FAKE).item() == pytest.approx(g, rel=1e-6)
    # Only gaps count, and each player is the other with the roles exchanged.
    assert d_relativistic_loss(REAL + 3, FAKE + 3).item() == pytest.approx(d, rel=1e-6)
    assert g_relativistic_loss(REAL, FAKE) == d_relativistic_loss(FAKE, REAL)


@pytest.mark.parametrize("name", NAMES)
def test_every_game_teaches_d_to_part_and_g_to_approach(name):
    loss = LOSSES[name]
    real, fake = torch.zeros(4, requires_grad=True), torch.zeros(4, requires_grad=True)
    d_real, d_fake = torch.autograd.grad(loss.d(real, fake), [real, fake])
    assert (d_real < 0).all()
    assert (d_fake >= 0).all()  # least squares has its fakes where it wants them already
    g = loss.g(real, fake) if loss.pairs else loss.g(fake)
    assert (torch.autograd.grad(g, fake)[0] < 0).all()
