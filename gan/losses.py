"""Adversarial losses: pure functions of D's logits, each the mean over a batch.

With D = sigmoid(logit): log D = -softplus(-logit) and log(1 - D) = -softplus(logit), which stay
exact where the logarithm of a sigmoid would underflow.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch.nn.functional as F
from torch import Tensor


def d_logistic_loss(d_real: Tensor, d_fake: Tensor) -> Tensor:
    """-E log D(x) - E log(1 - D(G(z))): D maximises eq. 1 of Goodfellow et al. 2014."""
    return F.softplus(-d_real).mean() + F.softplus(d_fake).mean()


def g_minimax_loss(d_fake: Tensor) -> Tensor:
    """E log(1 - D(G(z))): G minimises eq. 1 of Goodfellow et al. 2014; vanishes where D is sure."""
    return -F.softplus(d_fake).mean()


def g_nonsaturating_loss(d_fake: Tensor) -> Tensor:
    """-E log D(G(z)): G maximises log D(G(z)) instead (Goodfellow et al. 2014, section 3)."""
    return F.softplus(-d_fake).mean()


class Loss(NamedTuple):
    """What each player minimises: d(d_real, d_fake) and g(d_fake), logits (N,) -> scalar."""

    d: Callable[[Tensor, Tensor], Tensor]
    g: Callable[[Tensor], Tensor]


LOSSES = {
    "minimax": Loss(d_logistic_loss, g_minimax_loss),
    "nonsaturating": Loss(d_logistic_loss, g_nonsaturating_loss),
}
