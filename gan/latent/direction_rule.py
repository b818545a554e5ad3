"""The rule that a named direction of drawn faces must keep: at the ends of its slider it does what its name says.

A linear direction that is fitted to an attribute may move another one more (Shen et al. 2020, "Interpreting the
Latent Space of GANs", section 3.2, measure this as we do, by a classifier on what is drawn). The thresholds are
ours: pictures of directions that keep them look as they are called, those of others do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.latent.limits import REACH
from gan.latent.steering import draw
from gan.models.face_attributes import CHOICES, FaceAttributeClassifier, Trait, predict

MIN_RISES = 0.9
MAX_ENTANGLED = 0.4
MIN_SHOWN = 0.8
NEAR = 1.5  # of what the rule asks, so much less is near it

Reading = dict[str, Tensor]


@dataclass(frozen=True)
class Effect:
    """What a slider changes from one end to the other, over many z. Changes of traits are in standard deviations."""

    rises: float  # share of faces whose own trait grows
    entangled: (
        float  # mean absolute change of other factors' traits, relative to the mean change of the own
    )
    # Share of faces that show, at each end, a value that the trait names. Of a continuous trait its mean change, as a
    # share of the range that drawn faces have.
    shown: float

    @property
    def as_named(self) -> bool:
        """Whether the direction keeps the rule."""
        clean = self.rises >= MIN_RISES and self.entangled <= MAX_ENTANGLED
        return clean and self.shown >= MIN_SHOWN

    @property
    def nearly(self) -> bool:
        """Whether a longer or a shorter direction may keep the rule."""
        clean = self.rises >= MIN_RISES and self.entangled <= NEAR * MAX_ENTANGLED
        return clean and self.shown >= MIN_SHOWN / NEAR


@torch.no_grad()
def effects(
    generator: nn.Module,
    classifier: FaceAttributeClassifier,
    traits: Sequence[Trait],
    vectors: dict[str, Tensor],
    z: Tensor,
) -> dict[str, Effect]:
    """The effect of each vector (z_dim,), by the name of its trait, at the z (N, z_dim)."""

    def read(latents: Tensor) -> Reading:
        return predict(classifier, draw(generator, latents))

    spreads = _values(read(z), traits).std(0).clamp(min=1e-6)
    found = {}
    for k, trait in enumerate(traits):
        if (vector := vectors.get(trait.name)) is not None:
            ends = read(z - REACH * vector), read(z + REACH * vector)
            changes = (_values(ends[1], traits) - _values(ends[0], traits)) / spreads
            others = torch.tensor([each.factor != trait.factor for each in traits])
            found[trait.name] = _effect(trait, changes[:, k], changes[:, others], ends)
    return found


def _effect(trait: Trait, own: Tensor, others: Tensor, ends: tuple[Reading, Reading]) -> Effect:
    if trait.factor in CHOICES:
        sides = zip(ends, (trait.less, trait.more), strict=True)
        shown = min(_share(end[trait.factor], trait.factor, values) for end, values in sides)
    else:
        shown = (trait.read(ends[1]) - trait.read(ends[0])).mean().item()
    return Effect(
        rises=(own > 0).float().mean().item(),
        entangled=(others.abs().mean() / own.mean().abs().clamp(min=1e-6)).item(),
        shown=shown,
    )


def _values(reading: Reading, traits: Sequence[Trait]) -> Tensor:
    return torch.stack([trait.read(reading) for trait in traits], dim=1)


def _share(logits: Tensor, factor: str, values: Sequence[str]) -> float:
    """The share of faces whose value of `factor` is one of `values`."""
    named = F.one_hot(logits.argmax(1), logits.shape[1])[:, [CHOICES[factor].index(v) for v in values]]
    return named.sum(1).float().mean().item()
