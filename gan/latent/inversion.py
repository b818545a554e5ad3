"""GAN inversion: the z whose picture is nearest to a target.

Zhu, Krähenbühl, Shechtman & Efros 2016, "Generative Visual Manipulation on the Natural Image
Manifold": eq. 4, started at a prediction of z (their section 3.2). Several starts and a loss on pixels
and features as in Abdal, Qin & Wonka 2019, "Image2StyleGAN", eq. 1.

The picture answers to some directions of z a thousand times as strongly as to others, so gradient
descent hardly moves along the weak ones: the search is BFGS (gan/latent/batched_bfgs.py), started with
the Gauss-Newton Hessian.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from gan.common import checks
from gan.latent.batched_bfgs import Descent, Evaluation
from gan.latent.inversion_objective import Features, InversionObjective
from gan.latent.inversion_starts import FIRST_WAVE, Predict, waves
from gan.latent.vectors import check_seed
from gan.models.generator import Generator

MAX_PICTURES, MAX_STEPS, MAX_STARTS = 64, 5000, 32
MAX_NUMBERS = 2**26  # in all inverse Hessians together: 256 MB
SOLVED = (1 / 255) ** 2  # an mse at which a target needs no more steps: one grey level of 255
NEAR = 1e-4  # an mse above which a target is searched again from further starts, in a second wave
MAX_ROWS = 32  # starts of the second wave together, where there are fewer than 16 targets
HALVINGS = (
    1 / 6,
    1 / 3,
    2 / 3,
)  # shares of the steps, after each of which the worse half of the starts goes


@dataclass(frozen=True)
class InversionState:
    """The search after `step` of at most `steps`, with the best z so far of each target.

    z (N, z_dim); images (N, C, H, W) in [-1, 1], which are G(z); mse (N,), of pixels in [0, 1]. In the
    last state `steps` is the step at which the search ended.
    """

    step: int
    steps: int
    z: Tensor
    images: Tensor
    mse: Tensor


def invert(
    generator: Generator,
    targets: Tensor,
    steps: int = 300,
    starts: int = 16,
    seed: int = 0,
    every: int = 10,
    features: Features | None = None,
    encoder: Predict | None = None,
) -> Iterator[InversionState]:
    """Search the z of `targets` (N, C, size, size) in [-1, 1]; yields at the start, every `every` steps, last.

    A target's first search starts where `encoder` predicts (gan/latent/encoder.py); without one at two
    places, what a regression on 2,048 samples predicts and the nearest sample. It ends at an mse of
    1.5e-5, when it converges, or after `steps`. Targets that are then above an mse of 1e-4 get a second
    wave of `steps` from the next nearest samples, `starts` a target at most; together these have 32
    rows, or twice as many as there are targets.

    `features` maps images to (N, F), whose distance counts as well; `features_for` gives those of
    digits. A class-conditional generator takes its class from z; starts are from as many classes as
    there are. The generator is left as it was: weights, modes and gradients. One seed gives one result
    on one machine.

    ValueError, at the call itself, for targets that do not fit the generator or are more than 64 (32
    for a z of 1,024), steps outside 1 to 5,000, starts outside 1 to 32, or a bad seed.
    """
    targets = check_targets(generator, targets)
    steps = checks.integer("steps", steps, 1, MAX_STEPS)
    starts = checks.integer("starts", starts, 1, MAX_STARTS)
    every = checks.integer("every", every, 1, MAX_STEPS)
    most = MAX_NUMBERS // generator.z_dim**2 // FIRST_WAVE
    if len(targets) > most:
        z = f"z of {generator.z_dim} numbers"
        raise ValueError(f"For {z} there can be at most {most} targets at a time, not {len(targets)}.")
    objective = InversionObjective(generator, targets, features)
    points = waves(objective, starts, check_seed(seed), encoder)
    count = 1 + (starts > (1 if encoder else FIRST_WAVE))
    return _search(objective, points, count, steps, every)


def check_targets(generator: Generator, targets: Tensor) -> Tensor:
    """`targets` as detached float32 on the generator's device; ValueError if they do not fit it."""
    shape = (generator.channels, generator.size, generator.size)
    wanted = f"(N, {', '.join(map(str, shape))})"
    if not isinstance(targets, Tensor) or not targets.is_floating_point():
        kind = targets.dtype if isinstance(targets, Tensor) else type(targets).__name__
        raise ValueError(f"targets must be a tensor of floats {wanted} in [-1, 1], not {kind}.")
    if targets.ndim != 4 or tuple(targets.shape[1:]) != shape:
        raise ValueError(
            f"targets must be {wanted}, as the generator draws, not {tuple(targets.shape)}."
        )
    checks.integer("number of targets", len(targets), 1, MAX_PICTURES)
    if not targets.isfinite().all():
        raise ValueError("targets must be finite: some of their pixels are NaN or infinite.")
    if targets.abs().max() > 1 + 1e-4:
        low, high = targets.min().item(), targets.max().item()
        raise ValueError(f"targets must be in [-1, 1], not from {low:g} to {high:g}.")
    return targets.detach().to(next(generator.parameters()).device, torch.float32)


def features_for(generator: Generator) -> Features | None:
    """Features in which this generator's pictures are compared: LeNet's for 32×32 grey, else None."""
    if (generator.channels, generator.size) != (1, 32):
        return None
    from gan.models.lenet import load_lenet

    return load_lenet().to(next(generator.parameters()).device).features


def _search(
    objective: InversionObjective, points: Iterator[Tensor], waves_left: int, steps: int, every: int
) -> Iterator[InversionState]:
    """Descend from each wave of starting points, until every target is near or no wave is left."""
    pending = torch.arange(len(objective.targets), device=objective.targets.device)
    rows = max(MAX_ROWS, FIRST_WAVE * len(pending))  # binds in the second wave only
    best, step = _Best(objective), 0
    for z in points:
        before, most = step, step + steps * waves_left
        for descent in _descend(objective, z[pending][:, : rows // len(pending)], pending, steps):
            best.update(descent)
            step = before + descent.steps
            if step % every == 0 and not _done(descent, steps):
                yield best.state(step, most)
        pending, waves_left = (best.evaluation.mse > NEAR).nonzero()[:, 0], waves_left - 1
        if not len(pending):
            break
    yield best.state(step, step)


def _descend(
    objective: InversionObjective, z: Tensor, targets: Tensor, steps: int
) -> Iterator[Descent]:
    """Descend from z (T, S, z_dim) to `targets` (T,); yields before the first and after each step."""
    count, starts = z.shape[:2]
    z, owner = z.flatten(0, 1), targets.repeat_interleave(starts)
    descent = Descent(objective, z, owner, objective(z, owner), objective.inverse_hessian(z))
    yield descent
    halvings = [math.ceil(share * steps) for share in HALVINGS]
    while not _done(descent, steps):
        for _ in range(halvings.count(descent.steps + 1)):
            descent.keep(_better_half(descent.evaluation.loss.view(count, -1)))
        descent.step()
        mse = descent.evaluation.mse.view(count, -1)
        descent.converged |= (mse.amin(1) <= SOLVED).repeat_interleave(mse.shape[1])
        yield descent


def _done(descent: Descent, steps: int) -> bool:
    return descent.steps == steps or bool(descent.converged.all())


class _Best:
    def __init__(self, objective: InversionObjective):
        targets = objective.targets
        self.z = targets.new_zeros(len(targets), objective.generator.z_dim)
        infinite = targets.new_full((len(targets),), math.inf)
        self.evaluation = Evaluation(infinite, infinite.clone(), targets.clone(), self.z.clone())

    def update(self, descent: Descent) -> None:
        """Take over the rows of a descent that improve on these; each target has equally many rows."""
        count = len(descent.owner.unique())
        loss = descent.evaluation.loss.view(count, -1)
        rows = loss.argmin(1) + loss.shape[1] * torch.arange(count, device=loss.device)
        rows = rows[descent.evaluation.loss[rows] < self.evaluation.loss[descent.owner[rows]]]
        self.z[descent.owner[rows]] = descent.z[rows]
        self.evaluation.put(descent.owner[rows], descent.evaluation.rows(rows))

    def state(self, step: int, steps: int) -> InversionState:
        best = self.evaluation
        return InversionState(step, steps, self.z.clone(), best.images.clone(), best.mse.clone())


def _better_half(loss: Tensor) -> Tensor:
    """Flat indices into `loss` (N, S) of the better half of each row."""
    count, starts = loss.shape
    kept = loss.topk(max(1, starts // 2), dim=1, largest=False).indices
    return (kept + starts * torch.arange(count, device=loss.device)[:, None]).flatten()
