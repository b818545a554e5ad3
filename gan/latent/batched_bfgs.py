"""Downhill in many dimensions at once: BFGS for rows of z, each with a Hessian of its own.

Nocedal & Wright 2006, "Numerical Optimization", algorithm 6.1, with backtracking in place of the Wolfe
conditions: where a step shows no positive curvature, the Hessian stays as it is (their section 6.1).
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import torch
from torch import Tensor

LONGEST = 0.25  # a step, in units of √z_dim, the length of nearly all z
DECREASE = 1e-4  # of what the slope promises, at least: Armijo's condition, their eq. 3.4
STRAIGHT = 1e-3  # cosine between step and change of slope below which no curvature was seen
SHORTER = 0.5  # after a refused step
STALLED, LOOK_BACK = 1e-2, 10  # a row rests once the last ten steps lowered its loss by under 1 %


@dataclass
class Evaluation:
    """What is seen at rows of z: loss and mse (R,), images (R, C, H, W), gradient (R, z_dim)."""

    loss: Tensor
    mse: Tensor
    images: Tensor
    gradient: Tensor

    def rows(self, which: Tensor) -> "Evaluation":
        return Evaluation(*(getattr(self, field.name)[which] for field in fields(self)))

    def put(self, rows: Tensor, other: "Evaluation") -> None:
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(other, field.name)


Look = Callable[[Tensor, Tensor], Evaluation]  # of z (R, z_dim) and owner (R,)


class Descent:
    """Rows of z (R, z_dim) that go downhill on `look`; `inverse` (R, z_dim, z_dim) is changed.

    `owner` (R,) says which target a row is after. A row's loss never rises.
    """

    def __init__(self, look: Look, z: Tensor, owner: Tensor, sight: Evaluation, inverse: Tensor):
        self.look, self.z, self.owner, self.sight, self.inverse = look, z, owner, sight, inverse
        self.length = torch.ones_like(sight.loss)  # of the next step, as a share of Newton's
        self.before = sight.loss.clone()
        self.resting = torch.zeros_like(owner, dtype=torch.bool)
        self.steps = 0

    def step(self) -> None:
        """One step of each row that does not rest."""
        rows = (~self.resting).nonzero()[:, 0]
        if len(rows):
            self._step(rows)
        self.steps += 1
        if self.steps % LOOK_BACK == 0:
            self.resting |= self.sight.loss > (1 - STALLED) * self.before
            self.before = self.sight.loss.clone()

    def _step(self, rows: Tensor) -> None:
        here, inverse = self.sight.rows(rows), self.inverse[rows]
        move = -self.length[rows, None] * _times(inverse, here.gradient)
        longest = LONGEST * move.shape[1] ** 0.5
        move = move * (longest / move.norm(dim=1, keepdim=True).clamp(min=1e-12)).clamp(max=1)
        there = self.look(self.z[rows] + move, self.owner[rows])
        promised = (here.gradient * move).sum(1)
        good = there.loss <= here.loss + DECREASE * promised
        # A refused step has seen curvature as well.
        self.inverse[rows] = bfgs(inverse, move, there.gradient - here.gradient)
        self.length[rows] = torch.where(good, 1.0, self.length[rows] * SHORTER)
        taken = rows[good]
        self.z[taken] = self.z[taken] + move[good]
        self.sight.put(taken, there.rows(good))

    def keep(self, rows: Tensor) -> None:
        """Go on with `rows` alone, in that order."""
        names = ("z", "owner", "inverse", "length", "before", "resting")
        for name in names:
            setattr(self, name, getattr(self, name)[rows])
        self.sight = self.sight.rows(rows)


def bfgs(inverse: Tensor, move: Tensor, change: Tensor) -> Tensor:
    """The inverse Hessians (R, D, D) after moves (R, D) that changed the slope by `change` (R, D).

    Nocedal & Wright's eq. 6.17, multiplied out. Afterwards inverse × change = move, and symmetric and
    positive definite it stays; where move and change have no positive curvature it is not touched.
    """
    curvature = (move * change).sum(1)
    seen = curvature > STRAIGHT * move.norm(dim=1) * change.norm(dim=1)
    rho = (1 / curvature.where(seen, torch.ones_like(curvature)))[:, None, None]
    turned = _times(inverse, change)
    across = turned[:, :, None] * move[:, None]
    along = move[:, :, None] * move[:, None]
    expected = (change * turned).sum(1)[:, None, None]
    updated = inverse + rho * ((1 + rho * expected) * along - across - across.mT)
    return torch.where(seen[:, None, None], updated, inverse)


def _times(matrices: Tensor, vectors: Tensor) -> Tensor:
    return (matrices @ vectors[..., None])[..., 0]
