"""BFGS on a batch of independent minimisations: each row of z has its own inverse Hessian and step length.

Nocedal & Wright 2006, "Numerical Optimization", algorithm 6.1, with backtracking in place of the Wolfe
conditions: where a step shows no positive curvature, the Hessian stays as it is (their section 6.1).
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import torch
from torch import Tensor

MAX_STEP = 0.25  # length of a step, in units of √z_dim, the typical norm of z
ARMIJO = 1e-4  # least decrease, as a share of what the gradient predicts: their eq. 3.4
MIN_CURVATURE = 1e-3  # cosine between step and change of gradient below which there is no update
BACKTRACK = 0.5  # factor on the step length after a rejected step
# A row has converged once the last WINDOW steps lowered its loss by less than this share.
MIN_PROGRESS, WINDOW = 1e-2, 10


@dataclass
class Evaluation:
    """The objective at rows of z: loss and mse (R,), images (R, C, H, W), gradient of loss (R, z_dim)."""

    loss: Tensor
    mse: Tensor
    images: Tensor
    gradient: Tensor

    def rows(self, index: Tensor) -> "Evaluation":
        return Evaluation(*(getattr(self, field.name)[index] for field in fields(self)))

    def put(self, rows: Tensor, other: "Evaluation") -> None:
        """Overwrite `rows` with those of `other`, in place."""
        for field in fields(self):
            getattr(self, field.name)[rows] = getattr(other, field.name)


Objective = Callable[[Tensor, Tensor], Evaluation]  # of z (R, z_dim) and owner (R,)


class Descent:
    """Rows of z (R, z_dim) that descend on `objective`; `inverse` (R, z_dim, z_dim) is updated in place.

    `owner` (R,) is the index of the target that a row minimises the distance to; `evaluation` must be
    that of `z`. A row's loss never rises.
    """

    def __init__(
        self, objective: Objective, z: Tensor, owner: Tensor, evaluation: Evaluation, inverse: Tensor
    ):
        self.objective, self.z, self.owner = objective, z, owner
        self.evaluation, self.inverse = evaluation, inverse
        self.length = torch.ones_like(evaluation.loss)  # of the next step, as a share of Newton's
        self.window_loss = evaluation.loss.clone()  # at the start of this window of steps
        self.converged = torch.zeros_like(owner, dtype=torch.bool)
        self.steps = 0

    def step(self) -> None:
        rows = (~self.converged).nonzero()[:, 0]
        if len(rows):
            self._step(rows)
        self.steps += 1
        if self.steps % WINDOW == 0:
            self.converged |= self.evaluation.loss > (1 - MIN_PROGRESS) * self.window_loss
            self.window_loss = self.evaluation.loss.clone()

    def _step(self, rows: Tensor) -> None:
        current, inverse = self.evaluation.rows(rows), self.inverse[rows]
        move = -self.length[rows, None] * _times(inverse, current.gradient)
        longest = MAX_STEP * move.shape[1] ** 0.5
        move = move * (longest / move.norm(dim=1, keepdim=True).clamp(min=1e-12)).clamp(max=1)
        candidate = self.objective(self.z[rows] + move, self.owner[rows])
        predicted = (current.gradient * move).sum(1)
        accepted = candidate.loss <= current.loss + ARMIJO * predicted
        # A rejected step has measured curvature as well.
        self.inverse[rows] = bfgs(inverse, move, candidate.gradient - current.gradient)
        self.length[rows] = torch.where(accepted, 1.0, self.length[rows] * BACKTRACK)
        taken = rows[accepted]
        self.z[taken] = self.z[taken] + move[accepted]
        self.evaluation.put(taken, candidate.rows(accepted))

    def keep(self, rows: Tensor) -> None:
        """Drop all rows but these, and put them in this order."""
        for name in ("z", "owner", "inverse", "length", "window_loss", "converged"):
            setattr(self, name, getattr(self, name)[rows])
        self.evaluation = self.evaluation.rows(rows)


def bfgs(inverse: Tensor, move: Tensor, change: Tensor) -> Tensor:
    """Update inverse Hessians (R, D, D) after moves (R, D) that changed the gradient by `change` (R, D).

    Nocedal & Wright's eq. 6.17, multiplied out. The result maps `change` to `move` and stays symmetric
    and positive definite; rows without positive curvature along the move are returned as they were.
    """
    curvature = (move * change).sum(1)
    valid = curvature > MIN_CURVATURE * move.norm(dim=1) * change.norm(dim=1)
    rho = (1 / curvature.where(valid, torch.ones_like(curvature)))[:, None, None]
    mapped = _times(inverse, change)
    cross = mapped[:, :, None] * move[:, None]
    outer = move[:, :, None] * move[:, None]
    quadratic = (change * mapped).sum(1)[:, None, None]
    updated = inverse + rho * ((1 + rho * quadratic) * outer - cross - cross.mT)
    return torch.where(valid[:, None, None], updated, inverse)


def _times(matrices: Tensor, vectors: Tensor) -> Tensor:
    return (matrices @ vectors[..., None])[..., 0]
