"""Directions that do to a generator's pictures what a given change would do, and little else.

Jahanian, Chai & Isola 2020, "On the steerability of generative adversarial networks", eq. 2, look for
the walk in z whose pictures are nearest to edited ones, by gradient descent. For small steps that
is least squares, and has a closed form: with J the Jacobian at z of what is read off G(z), and e the
change that is wished for there, the direction that comes nearest in the mean over z is

    min_d  E ‖J d − e‖² + λ ‖d‖²     =>     d = (E JᵀJ + λ I)⁻¹ E Jᵀe.

Read off pixels, and with e the slope of an edit (gan/latent/pixel_edits.py), it needs neither labels nor training.
Because all that is read counts, what e leaves alone is held still: a digit stays the digit that it is.
λ trades strength for that. A direction gets the largest of a range with which it still moves what is
read no more than BUDGET times as much as the mean direction does.
"""

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

SAMPLES = 64
REACH = 0.05  # of the differences that stand for J
BUDGET = 0.6
DAMPINGS = (0.0005, 0.05)  # λ, in units of the mean of E JᵀJ's eigenvalues
LADDER = 48  # values of λ that are tried
BATCH = 256

Read = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Look:
    """What is seen at many z, in the mean: E JᵀJ (z_dim, z_dim) and, a row each, E Jᵀe (K, z_dim)."""

    gram: Tensor
    wishes: Tensor


@torch.no_grad()
def draw(generator: nn.Module, z: Tensor) -> Tensor:
    """Pictures of z (N, z_dim), a few at a time."""
    return torch.cat([generator(part) for part in z.split(BATCH)])


@torch.no_grad()
def jacobian(generator: nn.Module, z: Tensor, read: Read, reach: float = REACH) -> Tensor:
    """How read(G(z)) (N, features) changes with each number of one z (z_dim,): (z_dim, features).

    By differences of `reach`, which need nothing but pictures; their signs alternate, so that in the
    mean over many z they lean to neither side.
    """
    signs = torch.ones(len(z), 1, dtype=z.dtype, device=z.device)
    signs[1::2] = -1.0
    steps = torch.diag(signs[:, 0]) * reach
    values = read(draw(generator, torch.cat([z[None], z + steps])))
    return (values[1:] - values[:1]) * signs / reach


def pixels(images: Tensor) -> Tensor:
    """What is read off pictures when all of their pixels count: (N, C·H·W)."""
    return images.flatten(1)


@torch.no_grad()
def look(
    generator: nn.Module,
    z: Tensor,
    wishes: Callable[[Tensor], Tensor],
    read: Read = pixels,
    reach: float = REACH,
) -> Look:
    """Look at G at each z (N, z_dim). `wishes` maps one picture (1, C, H, W) to e: (K, features)."""
    gram, wished = torch.zeros(z.shape[1], z.shape[1], dtype=torch.float64), 0.0
    for row in z:
        changes = jacobian(generator, row, read, reach).double()
        gram += changes @ changes.T
        wished = wished + wishes(draw(generator, row[None])).double() @ changes.T
    return Look(gram / len(z), wished / len(z))


def solve(seen: Look) -> tuple[Tensor, Tensor]:
    """Unit directions, float32 (K, z_dim), and how much each moves what is read, (K,).

    The latter is the mean square change of a unit step, in units of the mean direction's. A wish that
    G cannot follow at all has a direction of 0.
    """
    mean = seen.gram.diagonal().mean().clamp(min=1e-12)
    values, vectors = torch.linalg.eigh(seen.gram / mean)
    wishes = seen.wishes @ vectors
    low, high = DAMPINGS
    chosen, moved = torch.zeros_like(wishes), torch.zeros(len(wishes), dtype=torch.float64)
    for step in range(LADDER):  # from little damping to much: the last that is within the budget stays
        damping = low * (high / low) ** (step / (LADDER - 1))
        rows = F.normalize(wishes / (values.clamp(min=0) + damping), dim=1)
        change = (rows.square() * values).sum(1)
        fits = (change <= BUDGET) | (step == 0)
        chosen[fits], moved[fits] = rows[fits], change[fits]
    return (chosen @ vectors.T).float(), moved
