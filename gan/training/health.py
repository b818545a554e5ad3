"""The vital signs of a run: cheap numbers from which gan/training/diagnosis.py tells what goes wrong.

Measured on the raw G and D of a trainer, with fixed latents and fixed real pictures, without leaving a
trace in the run. Pictures are compared at 8×8, points as they are.
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
from gan.training.dataset import FEWEST_HELD
from gan.training.trainer import Batch, Trainer

FAKES = 128
COARSE = 8
BACK = 100  # steps
FEW = 32


@dataclass(frozen=True)
class HealthSigns:
    """What a look at a run saw. Probabilities are D's, means over the pictures in question.

    `variety`: how many different real pictures the fakes resemble beyond the first, as a share of how
    many held-out real pictures do: near 1 in a healthy run, 0 where all fakes are alike; NaN with fewer
    than eight pictures to compare.
    `movement`: how far the fakes of fixed latents have moved over the last 100 steps, as a multiple of
    the mean distance between two of them; NaN until there was a look so long ago.
    `hearing`: mean |∂L_G / ∂ logit| times the number of fakes: which part of D's slope reaches G. 0 is
    deaf; 1 is all of it where the loss is linear.
    `gap`: mean logit of real minus that of fake; `spread`: standard deviation of all these logits;
    `reach`: D's slope at real pictures times the mean distance between two of them: how far its logit
    can change from one to the next.
    `d_train`, `d_held`: of real pictures that D learns from, and that it never saw. `sign_train`:
    E sign(logit) of the former, ADA's r_t (Karras et al. 2020, arXiv:2006.06676, eq. 1).
    """

    step: int
    variety: float
    movement: float
    hearing: float
    gap: float
    spread: float
    reach: float
    d_train: float
    d_held: float
    sign_train: float


class HealthProbe:
    """Looks at a trainer again and again. `held` are real pictures that it never trains on."""

    def __init__(self, trainer: Trainer, held: Batch):
        self.trainer = trainer
        count = min(FAKES, len(held.images), len(trainer.pixels))
        self.held = _first(held, count)
        # A fixed choice from all over the data, so that sorted folders are seen whole.
        order = torch.randperm(len(trainer.pixels), generator=torch.Generator().manual_seed(0))
        chosen = order[:count].to(trainer.device)
        labels = None if trainer.labels is None else trainer.labels[chosen]
        self.train = Batch(to_float(trainer.pixels[chosen]), labels)
        self.z = seed_latents(range(count), trainer.config.z_dim).to(trainer.device)
        self.labels = trainer.g.classes_of(self.z) if trainer.classes else None
        self.others = _coarse(self.train.images)
        whole = max(_perplexity(_coarse(self.held.images), self.others), 1.001)
        self.whole = whole if count >= FEWEST_HELD else float("nan")
        self.apart = float(torch.pdist(self.train.images.flatten(1)).mean())
        self.seen: deque[tuple[int, Tensor]] = deque()

    @torch.no_grad()
    def look(self) -> HealthSigns:
        """The vital signs now."""
        trainer = self.trainer
        with traceless(trainer):
            fake = Batch(trainer.g(self.z, self.labels).float(), self.labels)
            d_train, d_fake, d_held = (
                trainer.d(batch.images, labels=batch.labels).float()
                for batch in (self.train, fake, self.held)
            )
            reach = self._reach()
        coarse = _coarse(fake.images)
        both = torch.cat([d_train, d_fake])
        return HealthSigns(
            step=trainer.steps,
            # One kind of picture is no variety at all.
            variety=(_perplexity(coarse, self.others) - 1) / (self.whole - 1),
            movement=self._movement(coarse),
            hearing=_hearing(trainer, d_train, d_fake),
            gap=float(d_train.mean() - d_fake.mean()),
            spread=float(both.std()),
            reach=reach,
            d_train=float(d_train.sigmoid().mean()),
            d_held=float(d_held.sigmoid().mean()),
            sign_train=float(d_train.sign().mean()),
        )

    def _movement(self, coarse: Tensor) -> float:
        now = self.trainer.steps
        self.seen.append((now, coarse))
        while len(self.seen) > 1 and self.seen[1][0] <= now - BACK:
            self.seen.popleft()
        step, before = self.seen[0]
        if step > now - BACK:
            return float("nan")
        moved = (coarse - before).norm(dim=1).mean() / torch.pdist(coarse).mean().clamp_min(1e-12)
        return float(moved) * BACK / (now - step)

    @torch.enable_grad()
    def _reach(self) -> float:
        few = _first(self.train, FEW)
        judge = partial(self.trainer.d, labels=few.labels)
        images = few.images.detach().requires_grad_(True)
        (slope,) = torch.autograd.grad(judge(images).sum(), images)
        return float(slope.flatten(1).norm(dim=1).mean()) * self.apart


def _first(batch: Batch, count: int) -> Batch:
    return Batch(batch.images[:count], None if batch.labels is None else batch.labels[:count])


def _coarse(images: Tensor) -> Tensor:
    """Pictures (N, C, H, W) at 8×8, flattened; points as they are."""
    images = F.adaptive_avg_pool2d(images, COARSE) if images.ndim == 4 else images
    return images.flatten(1).nan_to_num(0.0)


def _perplexity(samples: Tensor, others: Tensor) -> float:
    """The effective number of `others` that are the nearest to some sample: e to the entropy.

    Ours; akin to counting the modes that fakes fall to, with every real picture for a mode.
    """
    nearest = torch.cdist(samples, others).argmin(1)
    shares = nearest.bincount(minlength=len(others)).float() / len(samples)
    return float(torch.special.entr(shares).sum().exp())


@torch.enable_grad()
def _hearing(trainer: Trainer, d_real: Tensor, d_fake: Tensor) -> float:
    logits = d_fake.detach().requires_grad_(True)
    loss = trainer.loss.g(d_real, logits) if trainer.loss.pairs else trainer.loss.g(logits)
    (slope,) = torch.autograd.grad(loss, logits)
    return float(slope.abs().mean() * len(logits))


@contextmanager
def traceless(trainer: Trainer):
    """Batch normalisation's statistics and power iteration's vectors are afterwards as before."""
    buffers = [buffer for net in (trainer.g, trainer.d) for buffer in net.buffers()]
    before = [buffer.clone() for buffer in buffers]
    try:
        yield
    finally:
        for buffer, value in zip(buffers, before, strict=True):
            buffer.copy_(value)
