"""The optimisers of G and of D, and the norms of their gradients."""

from collections.abc import Iterable

import torch
from torch import nn

from gan.common import ranks
from gan.settings.hyperparameters import Method


def optimiser_for(
    method: Method, parameters: Iterable[nn.Parameter], lr: float
) -> torch.optim.Optimizer:
    """The optimiser that the method chooses, with a learning rate of `lr`."""
    if method.optimiser == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=lr, alpha=method.beta2, foreach=True)
    betas = (method.beta1, method.beta2)
    return torch.optim.Adam(parameters, lr=lr, betas=betas, fused=True)


def take_step(optimiser: torch.optim.Optimizer) -> None:
    """An update by the gradients of the last backward, averaged over the ranks."""
    ranks.average_gradients(optimiser)
    optimiser.step()


def gradient_norm(net: nn.Module) -> float:
    """The norm of the last gradients of a network's parameters; NaN before the first."""
    gradients = [parameter.grad for parameter in net.parameters() if parameter.grad is not None]
    return float(torch.nn.utils.get_total_norm(gradients)) if gradients else float("nan")
