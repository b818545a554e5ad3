"""Directions in z that reproduce an edit of the pictures, and change little else.

Jahanian, Chai & Isola 2020, "On the steerability of generative adversarial networks", eq. 2, look for
the walk in z whose pictures are nearest to edited ones, by gradient descent. For small steps that
is least squares and has a closed form: with J the Jacobian at z of features of G(z), and e the wanted
change of these, the best direction in the mean over z is

    min_d  E ‖J d − e‖² + λ ‖d‖²     =>     d = (E JᵀJ + λ I)⁻¹ E Jᵀe.

With pixels for features and the derivative of an edit for e (gan/latent/pixel_edits.py), it needs neither
labels nor training. All features count, so what e does not change is penalised: a digit keeps its class.
λ trades that against strength: each direction gets the largest λ of a range with which it changes the
features no more than BUDGET times as much as the mean direction does.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SAMPLES = 64
STEP = 0.05  # of the finite differences for J
BUDGET = 0.6
DAMPINGS = (0.0005, 0.05)  # range of λ, in units of the mean eigenvalue of E JᵀJ
DAMPING_STEPS = 48  # values of λ that are tried
BATCH = 256

Features = Callable[[Tensor], Tensor]  # images (N, C, H, W) -> (N, F)


@dataclass(frozen=True)
class Moments:
    """Means over z: `gram` E JᵀJ (z_dim, z_dim), and `targets` E Jᵀe, a row for each edit (K, z_dim)."""

    gram: Tensor
    targets: Tensor


@torch.no_grad()
def draw(generator: nn.Module, z: Tensor) -> Tensor:
    """Pictures of z (N, z_dim), in batches."""
    return torch.cat([generator(part) for part in z.split(BATCH)])


@torch.no_grad()
def jacobian(generator: nn.Module, z: Tensor, features: Features, step: float = STEP) -> Tensor:
    """∂ features(G(z)) / ∂ z at one z (z_dim,), transposed: (z_dim, F).

    By one-sided differences of `step`, which need no gradients; their signs alternate, so that their
    errors of second order cancel in the mean over many z.
    """
    signs = torch.ones(len(z), 1, dtype=z.dtype, device=z.device)
    signs[1::2] = -1.0
    steps = torch.diag(signs[:, 0]) * step
    values = features(draw(generator, torch.cat([z[None], z + steps])))
    return (values[1:] - values[:1]) * signs / step


def pixels(images: Tensor) -> Tensor:
    return images.flatten(1)


@torch.no_grad()
def moments(
    generator: nn.Module,
    z: Tensor,
    wanted: Callable[[Tensor], Tensor],
    features: Features = pixels,
    step: float = STEP,
) -> Moments:
    """Moments over z (N, z_dim). `wanted` maps one picture (1, C, H, W) to e of each edit: (K, F)."""
    gram, targets = torch.zeros(z.shape[1], z.shape[1], dtype=torch.float64), 0.0
    for row in z:
        j = jacobian(generator, row, features, step).double()
        gram += j @ j.T
        targets = targets + wanted(draw(generator, row[None])).double() @ j.T
    return Moments(gram / len(z), targets / len(z))


def solve(means: Moments) -> tuple[Tensor, Tensor]:
    """Unit directions float32 (K, z_dim), and how much each changes the features (K,).

    The latter is the mean square change by a unit step, relative to that of the mean direction. The
    direction of an edit that G cannot reproduce at all is 0.
    """
    mean = means.gram.diagonal().mean().clamp(min=1e-12)
    values, vectors = torch.linalg.eigh(means.gram / mean)
    targets = means.targets @ vectors
    low, high = DAMPINGS
    chosen, changes = torch.zeros_like(targets), torch.zeros(len(targets), dtype=torch.float64)
    for step in range(DAMPING_STEPS):  # upwards: the largest damping within the budget is kept
        damping = low * (high / low) ** (step / (DAMPING_STEPS - 1))
        rows = F.normalize(targets / (values.clamp(min=0) + damping), dim=1)
        change = (rows.square() * values).sum(1)
        fits = (change <= BUDGET) | (step == 0)
        chosen[fits], changes[fits] = rows[fits], change[fits]
    return (chosen @ vectors.T).float(), changes
