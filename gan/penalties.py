"""Gradient penalties on the discriminator: pure functions of a network and images."""

import torch
from torch import Tensor, nn


def r1(discriminator: nn.Module, real: Tensor) -> Tensor:
    """E ‖∇ₓ D(x)‖² over real images (N, C, H, W): a scalar with a graph, to be weighed by γ / 2.

    Mescheder, Geiger & Nowozin 2018, "Which Training Methods for GANs do actually Converge?", eq. 9.
    """
    real = real.detach().requires_grad_(True)
    logits = discriminator(real)
    (gradient,) = torch.autograd.grad(logits.sum(), real, create_graph=True)
    return gradient.square().flatten(1).sum(1).mean()
