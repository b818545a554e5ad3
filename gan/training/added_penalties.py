"""What a trainer's method adds to the losses: its penalties, each weighted, and computed in float32."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from torch import Tensor

from gan.training import penalties
from gan.training.batch import Batch, both

if TYPE_CHECKING:
    from gan.training.trainer import Trainer

PENALTY_POINTS = {"interpolates": penalties.interpolates, "around_real": penalties.around_real}


def d_penalties(trainer: Trainer, real: Batch, fake: Batch) -> Tensor | float:
    """What is added to D's loss besides the confidence penalty."""
    m, total = trainer.method, 0.0
    if trainer.steps % trainer.penalty_every == 0:
        # Lazy regularisation: as much stronger as it is rarer (Karras et al. 2020, StyleGAN2, app. B).
        total = trainer.penalty_every * gradient_penalties(trainer, real, fake)
    if m.vat:
        judged = both(real, fake)
        # Around what D sees: with an augmentation drawn anew for each pass, D's answer would differ by that.
        seen = trainer.augmented(judged.images)
        d = partial(trainer.d, groups=2, labels=judged.labels)
        total = total + m.vat * penalties.local_smoothness(d, seen, m.vat_radius, trainer.rng)
    return total + historical_penalty(trainer, "d")


def gradient_penalties(trainer: Trainer, real: Batch, fake: Batch) -> Tensor | float:
    """Those on D's slopes."""
    m, total = trainer.method, 0.0
    if m.r1:
        slopes = penalties.zero_centred_penalty(d_of(trainer, real), real.images)
        total = total + 0.5 * m.r1 * slopes
    if m.r2:
        slopes = penalties.zero_centred_penalty(d_of(trainer, fake), fake.images)
        total = total + 0.5 * m.r2 * slopes
    if m.slope:
        points = PENALTY_POINTS[m.slope_at](real.images, fake.images, trainer.rng)
        total = total + m.slope * penalties.one_centred_penalty(d_of(trainer, real), points)
    return total


def d_of(trainer: Trainer, batch: Batch) -> penalties.Discriminator:
    """x -> d(T(x)) in float32, with the labels of `batch`: slopes are those through D's augmentation T.

    At bare images they would be slopes where D is never trained. T is drawn anew at each call, as in
    DiffAugment's StyleGAN2, whose R1 is a pass of its own too; R3GAN, with a penalty at every step,
    takes the loss's own T. The expectation is the same.
    """
    return lambda images: trainer.d(trainer.augmented(images), labels=batch.labels)


def historical_penalty(trainer: Trainer, name: str) -> Tensor | float:
    """Historical averaging for "g" or "d": the squared distance to the mean of all past weights, weighted."""
    if not trainer.past:
        return 0.0
    return trainer.method.historical * penalties.distance_to(trainer.past[name], getattr(trainer, name))
