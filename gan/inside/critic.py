"""What a discriminator looks at: how much each pixel adds to its logit, and what hiding a square takes away."""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from gan.common import checks

Critic = Callable[
    [Tensor], Tensor
]  # pictures (N, C, S, S) in [-1, 1] -> logits (N,), each of its picture alone

TOLERANCE = 0.01  # of completeness, relative to the difference that is explained
SMALL = 0.1  # a difference that need not be explained better than this one
FIRST_STEPS, MAX_STEPS = 16, 1024
BATCH = 64
FOR, AGAINST, WHITE = (232.0, 119.0, 34.0), (64.0, 132.0, 240.0), (255.0, 255.0, 255.0)


@dataclass(frozen=True)
class Saliency:
    """`pixels` (S, S): what each adds to the logit; they sum to `logit` - `baseline`, but for `missing` of it.

    Of a difference below SMALL `missing` is relative to that."""

    pixels: Tensor
    logit: float
    baseline: float
    missing: float
    steps: int


def integrated_gradients(
    critic: Critic, picture: Tensor, baseline: Tensor, tolerance: float = TOLERANCE
) -> Saliency:
    """What the pixels of a picture (C, S, S) add to the logit, on the way from a baseline of the same shape.

    Sundararajan, Taly & Yan 2017, "Axiomatic Attribution for Deep Networks" (arXiv:1703.01365), eq. 1, by the midpoint
    rule: steps are doubled until the sum is complete within `tolerance`, or there are MAX_STEPS. ValueError for other
    shapes and numbers that are not finite.
    """
    if picture.ndim != 3 or picture.shape != baseline.shape:
        raise ValueError(f"The baseline must be as large as the picture, {tuple(picture.shape)}.")
    if not (torch.isfinite(picture).all() and torch.isfinite(baseline).all()):
        raise ValueError("The picture has numbers that are not finite.")
    checks.number("tolerance", tolerance, 0.0, 1.0)
    with torch.no_grad():
        here, there = critic(torch.stack([picture, baseline])).tolist()
    if not (math.isfinite(here) and math.isfinite(there)):
        raise ValueError(
            "This discriminator says nothing: its weights are so large that logits are not numbers."
        )
    steps = FIRST_STEPS
    while True:
        pixels = (picture - baseline) * _mean_gradient(critic, picture, baseline, steps)
        wanted = here - there
        missing = abs(pixels.sum().item() - wanted) / max(abs(wanted), SMALL)
        if missing <= tolerance or steps >= MAX_STEPS:
            return Saliency(pixels.sum(0), here, there, missing, steps)
        steps *= 2


def _mean_gradient(critic: Critic, picture: Tensor, baseline: Tensor, steps: int) -> Tensor:
    shares = (torch.arange(steps, dtype=picture.dtype) + 0.5) / steps
    total = torch.zeros_like(picture)
    for some in shares.split(BATCH):
        points = torch.lerp(baseline[None], picture[None], some[:, None, None, None])
        points.requires_grad_(True)
        (gradient,) = torch.autograd.grad(critic(points).sum(), points)
        total += gradient.sum(0)
    return total / steps


def painted(values: Tensor) -> np.ndarray:
    """Signed numbers (S, S) as colours, uint8 (S, S, 3): orange above 0, blue below, white at 0, full at the most."""
    strength = (values / values.abs().max().clamp(min=1e-12)).unsqueeze(-1)
    colour = torch.where(strength > 0, torch.tensor(FOR), torch.tensor(AGAINST))
    return torch.lerp(torch.tensor(WHITE), colour, strength.abs()).round().to(torch.uint8).numpy()


@torch.no_grad()
def occlusion(critic: Critic, picture: Tensor, baseline: Tensor, squares: int = 8) -> Tensor:
    """How much the logit of a picture (C, S, S) falls when one of `squares` × `squares` is the baseline's: (S, S).

    Zeiler & Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 4.2. S must be a multiple.
    """
    side = picture.shape[-1]
    if side % checks.integer("squares", squares, 1, side):
        raise ValueError(f"A picture {side} pixels wide has no {squares} equal squares in a row.")
    step = side // squares
    hidden = picture.repeat(squares**2, 1, 1, 1)
    for index in range(squares**2):
        y, x = step * (index // squares), step * (index % squares)
        hidden[index, :, y : y + step, x : x + step] = baseline[:, y : y + step, x : x + step]
    logits = torch.cat([critic(some) for some in hidden.split(BATCH)])
    falls = critic(picture[None]) - logits
    return F.interpolate(falls.view(1, 1, squares, squares), side)[0, 0]
