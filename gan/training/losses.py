"""Adversarial losses: pure functions of D's logits, each the mean over a batch.

With D = sigmoid(logit): log D = -softplus(-logit) and log(1 - D) = -softplus(logit), which stay
exact where the logarithm of a sigmoid would underflow.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor


def d_logistic_loss(
    d_real: Tensor, d_fake: Tensor, real_label: float = 1.0, fake_label: float = 0.0
) -> Tensor:
    """-E log D(x) - E log(1 - D(G(z))): D maximises eq. 1 of Goodfellow et al. 2014.

    With labels α and β other than 1 and 0, each term is the cross-entropy to its label:
    -α log D(x) - (1 - α) log(1 - D(x)) (Salimans et al. 2016, section 3.4).
    """
    real = F.softplus(-d_real) + (1.0 - real_label) * d_real
    fake = F.softplus(d_fake) - fake_label * d_fake
    return real.mean() + fake.mean()


def g_minimax_loss(d_fake: Tensor) -> Tensor:
    """E log(1 - D(G(z))): G minimises eq. 1 of Goodfellow et al. 2014; its gradient vanishes where D is sure."""
    return -F.softplus(d_fake).mean()


def g_nonsaturating_loss(d_fake: Tensor) -> Tensor:
    """-E log D(G(z)): G maximises log D(G(z)) instead (Goodfellow et al. 2014, section 3)."""
    return F.softplus(-d_fake).mean()


def d_least_squares_loss(d_real: Tensor, d_fake: Tensor) -> Tensor:
    """½ E (d(x) - 1)² + ½ E d(G(z))²: Mao et al. 2017, eq. 9 with a = 0, b = c = 1."""
    return 0.5 * ((d_real - 1.0).square().mean() + d_fake.square().mean())


def g_least_squares_loss(d_fake: Tensor) -> Tensor:
    """½ E (d(G(z)) - 1)²: Mao et al. 2017, eq. 9."""
    return 0.5 * (d_fake - 1.0).square().mean()


def d_hinge_loss(d_real: Tensor, d_fake: Tensor) -> Tensor:
    """E max(0, 1 - d(x)) + E max(0, 1 + d(G(z))): Miyato et al. 2018, eq. 16."""
    return F.relu(1.0 - d_real).mean() + F.relu(1.0 + d_fake).mean()


def d_wasserstein_loss(d_real: Tensor, d_fake: Tensor) -> Tensor:
    """E d(G(z)) - E d(x): the critic of Arjovsky et al. 2017, eq. 2, maximises its negative."""
    return d_fake.mean() - d_real.mean()


def g_linear_loss(d_fake: Tensor) -> Tensor:
    """-E d(G(z)): G against a critic (Arjovsky et al. 2017) and with the hinge loss (Miyato et al. 2018, eq. 17)."""
    return -d_fake.mean()


def d_relativistic_loss(d_real: Tensor, d_fake: Tensor) -> Tensor:
    """E softplus(d(G(z)) - d(x)) over pairs: RpGAN (Huang et al. 2024, eq. 2)."""
    return F.softplus(d_fake - d_real).mean()


def g_relativistic_loss(d_real: Tensor, d_fake: Tensor) -> Tensor:
    """E softplus(d(x) - d(G(z))) over pairs: the same with real and fake exchanged."""
    return F.softplus(d_real - d_fake).mean()


class Loss(NamedTuple):
    """The losses that D and G minimise: logits (N,) -> scalar.

    d(d_real, d_fake); g(d_fake), or with `pairs` g(d_real, d_fake).
    """

    d: Callable[..., Tensor]
    g: Callable[..., Tensor]
    pairs: bool = False


LOSSES = {
    "minimax": Loss(d_logistic_loss, g_minimax_loss),
    "nonsaturating": Loss(d_logistic_loss, g_nonsaturating_loss),
    "lsgan": Loss(d_least_squares_loss, g_least_squares_loss),
    "hinge": Loss(d_hinge_loss, g_linear_loss),
    "wasserstein": Loss(d_wasserstein_loss, g_linear_loss),
    "relativistic": Loss(d_relativistic_loss, g_relativistic_loss, pairs=True),
}
