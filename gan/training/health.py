"""Health signs of a training run, for gan/training/diagnosis.py.

Measured on G and D themselves, not on the EMA, with fixed latents and real pictures, which are compared at 8×8.
"""

from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.data.image_tensors import to_float
from gan.latent.vectors import seed_latents
from gan.training.batch import Batch
from gan.training.dataset import MIN_HELD_OUT
from gan.training.trainer import Trainer

MAX_SAMPLES = 128  # fakes, and real pictures beside them
COARSE_SIDE = 8
MOVEMENT_STEPS = 100
GRADIENT_SAMPLES = 32


@dataclass(frozen=True)
class HealthSigns:
    """Measurements after `step` steps. Probabilities are means of sigmoid(logit).

    `variety`: the effective number of training pictures that are the nearest to some fake, less one,
    over the same of held-out real pictures: near 1 in a healthy run, 0 where all fakes are alike; NaN
    with fewer than eight pictures.
    `movement`: how far the fakes of fixed latents have moved over the last 100 steps, as a multiple of
    the mean distance between two of them; NaN in the first 100 steps.
    `loss_slope`: mean |∂L_G / ∂ logit| times the number of fakes, the factor on D's gradient on its way
    to G. 0: D is saturated, no gradient reaches G; 1: all of it, as where the loss is linear.
    `logit_gap`: mean logit of real minus that of fake; `logit_std`: standard deviation of all of them;
    `logit_range`: norm of D's gradient at real pictures times the mean distance between two of them,
    an estimate of how much the logit changes from one to the next.
    `d_train`, `d_held`: probability of real for training and for held-out pictures. `sign_train`:
    E sign(logit) of training pictures, ADA's r_t (Karras et al. 2020, arXiv:2006.06676, eq. 1).
    """

    step: int
    variety: float
    movement: float
    loss_slope: float
    logit_gap: float
    logit_std: float
    logit_range: float
    d_train: float
    d_held: float
    sign_train: float


class HealthProbe:
    """Measures a trainer's health signs. `held` are real pictures that it never trains on."""

    def __init__(self, trainer: Trainer, held: Batch):
        self.trainer = trainer
        count = min(MAX_SAMPLES, len(held.images), len(trainer.pixels))
        self.held = _first(held, count)
        # A fixed random choice: folders may be sorted by class.
        order = torch.randperm(len(trainer.pixels), generator=torch.Generator().manual_seed(0))
        chosen = order[:count].to(trainer.device)
        labels = None if trainer.labels is None else trainer.labels[chosen]
        self.train = Batch(to_float(trainer.pixels[chosen]), labels)
        self.z = seed_latents(range(count), trainer.config.z_dim).to(trainer.device)
        self.labels = trainer.g.classes_of(self.z) if trainer.classes else None
        self.coarse_train = _coarse(self.train.images)
        of_real = max(_perplexity(_coarse(self.held.images), self.coarse_train), 1.001)
        self.real_perplexity = of_real if count >= MIN_HELD_OUT else float("nan")
        self.mean_distance = float(torch.pdist(self.train.images.flatten(1)).mean())
        self.past_fakes: deque[tuple[int, Tensor]] = deque()  # (step, coarse fakes)

    @torch.no_grad()
    def measure(self) -> HealthSigns:
        """The health signs now; the trainer is left as it was."""
        trainer = self.trainer
        with preserved_buffers(trainer):
            fake = Batch(trainer.g(self.z, self.labels).float(), self.labels)
            d_train, d_fake, d_held = (
                trainer.d(batch.images, labels=batch.labels).float()
                for batch in (self.train, fake, self.held)
            )
            logit_range = self._logit_range()
        coarse = _coarse(fake.images)
        both = torch.cat([d_train, d_fake])
        return HealthSigns(
            step=trainer.steps,
            # A perplexity of 1, all alike, is a variety of 0.
            variety=(_perplexity(coarse, self.coarse_train) - 1) / (self.real_perplexity - 1),
            movement=self._movement(coarse),
            loss_slope=_loss_slope(trainer, d_train, d_fake),
            logit_gap=float(d_train.mean() - d_fake.mean()),
            logit_std=float(both.std()),
            logit_range=logit_range,
            d_train=float(d_train.sigmoid().mean()),
            d_held=float(d_held.sigmoid().mean()),
            sign_train=float(d_train.sign().mean()),
        )

    def _movement(self, coarse: Tensor) -> float:
        now = self.trainer.steps
        past = self.past_fakes
        past.append((now, coarse))
        while len(past) > 1 and past[1][0] <= now - MOVEMENT_STEPS:
            past.popleft()
        step, before = past[0]
        if step > now - MOVEMENT_STEPS:
            return float("nan")
        moved = (coarse - before).norm(dim=1).mean() / torch.pdist(coarse).mean().clamp_min(1e-12)
        return float(moved) * MOVEMENT_STEPS / (now - step)

    @torch.enable_grad()
    def _logit_range(self) -> float:
        batch = _first(self.train, GRADIENT_SAMPLES)
        d = partial(self.trainer.d, labels=batch.labels)
        images = batch.images.detach().requires_grad_(True)
        (gradient,) = torch.autograd.grad(d(images).sum(), images)
        return float(gradient.flatten(1).norm(dim=1).mean()) * self.mean_distance


def _first(batch: Batch, count: int) -> Batch:
    return Batch(batch.images[:count], None if batch.labels is None else batch.labels[:count])


def _coarse(images: Tensor) -> Tensor:
    """Pictures (N, C, H, W) at 8×8, flattened; points as they are."""
    images = F.adaptive_avg_pool2d(images, COARSE_SIDE) if images.ndim == 4 else images
    return images.flatten(1).nan_to_num(0.0)


def _perplexity(samples: Tensor, others: Tensor) -> float:
    """The effective number of `others` that are the nearest to some sample: e to the entropy of shares.

    Like counting the modes that fakes cover, with every real picture for a mode; not from a paper.
    """
    nearest = torch.cdist(samples, others).argmin(1)
    shares = nearest.bincount(minlength=len(others)).float() / len(samples)
    return float(torch.special.entr(shares).sum().exp())


@torch.enable_grad()
def _loss_slope(trainer: Trainer, d_real: Tensor, d_fake: Tensor) -> float:
    logits = d_fake.detach().requires_grad_(True)
    loss = trainer.loss.g(d_real, logits) if trainer.loss.pairs else trainer.loss.g(logits)
    (gradient,) = torch.autograd.grad(loss, logits)
    return float(gradient.abs().mean() * len(logits))


@contextmanager
def preserved_buffers(trainer: Trainer):
    """Restore batch normalisation's statistics and power iteration's vectors on exit."""
    buffers = [buffer for net in (trainer.g, trainer.d) for buffer in net.buffers()]
    before = [buffer.clone() for buffer in buffers]
    try:
        yield
    finally:
        for buffer, value in zip(buffers, before, strict=True):
            buffer.copy_(value)
