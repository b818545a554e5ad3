"""Names what is going wrong in a run, with the evidence and a cure, from its vital signs.

The thresholds are ours, set on runs of the ring and of drawn pictures; a sign must hold for some steps
before it counts. Free of PyTorch.
"""

import contextlib
import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gan.settings.config import TrainConfig


@dataclass(frozen=True)
class Finding:
    """One thing that goes wrong: since which step, the evidence in words, and what would mend it.

    `cure` maps settings (of TrainConfig or of its `changes`) to values; None means the method's own.
    """

    kind: str
    step: int
    title: str
    evidence: str
    advice: str
    cure: dict = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.title} (since step {self.step:,}): {self.evidence} {self.advice}".strip()


@dataclass(frozen=True)
class Illness:
    """A way to fail, and how it is known.

    `shows(vitals)`: whether one look shows it. It is named when all looks of the last `hold` steps do
    and the run is `after` steps old.
    """

    kind: str
    title: str
    shows: Callable[[object], bool]
    evidence: str  # a format string of the vitals' names
    advice: str
    cure: dict
    after: int
    hold: int


# In order: what explains the others comes first.
ILLNESSES = (
    Illness(
        "divergence",
        "The numbers explode",
        lambda v: not math.isfinite(v.gap) or abs(v.gap) > 1000,
        "D's logits of real and fake lie {gap:,.0f} apart.",
        "Limit D's slope: a penalty on it instead of nothing or of a wide clip.",
        {
            "loss": None, "weight_clip": 0.0, "d_norm": "none", "slope": 0.0, "r1": 1.0, "g_lr": None,
            "d_lr": None, "optimiser": "adam", "beta1": 0.0,
        },
        after=20,
        hold=20,
    ),
    Illness(
        "vanishing",
        "G hears nothing from D",
        lambda v: v.hearing < 0.05,
        "D is sure of every fake, and only {hearing:.1%} of its slope reaches G.",
        "Use the non-saturating loss, whose gradient lives where D is sure, and slow D down.",
        {"loss": "nonsaturating", "n_critic": 1, "g_lr": None, "d_lr": None},
        after=100,
        hold=100,
    ),
    Illness(
        "flat",
        "D has gone flat",
        lambda v: v.reach < 0.2 and v.variety < 0.25,
        "From one real picture to the next D's logit can change by {reach:.2f}: it has no opinion.",
        "Take back what holds D down: its slope penalty, its noise, its learning rate or its norm.",
        {"r1": None, "r2": None, "slope": None, "vat": None, "confidence": None, "instance_noise": None,
         "d_lr": None, "penalty_every": None, "d_norm": None},
        after=100,
        hold=75,
    ),
    Illness(
        "overfitting",
        "D learns the pictures by heart",
        lambda v: v.d_train - v.d_held > 0.2 and v.sign_train > 0.6,
        "D believes in {d_train:.0%} of the pictures that it learns from, and in {d_held:.0%} of those "
        "that it never saw.",
        "Show it augmented pictures, or more of them.",
        {"augment": "color,translation,cutout", "limit": None},
        after=250,
        hold=100,
    ),
    Illness(
        "oscillation",
        "Circling: the fakes jump about and do not settle",
        lambda v: v.movement > 1.5 and v.gap > 2,
        "In 100 steps the fakes moved by {movement:.1f} times what parts one from another, while D "
        "tells them from real pictures.",
        "Take the momentum away, make the steps smaller, and penalise D's slope.",
        {"beta1": 0.0, "g_steps": 1, "g_lr": None, "d_lr": None, "r1": 0.2},
        after=400,
        hold=200,
    ),
    Illness(
        "collapse",
        "Mode collapse: the fakes are alike",
        lambda v: v.variety < 0.1,
        "The fakes are as varied as {variety:.0%} of the real pictures.",
        "Let D keep up with G, keep its slope in bounds, and show it how much a batch varies.",
        {"g_steps": 1, "g_lr": None, "d_lr": None, "beta1": 0.0, "r1": 0.2,
         "minibatch_stddev": True, "unroll": 0, "weight_clip": 0.0},
        after=400,
        hold=200,
    ),
)  # fmt: skip


def diagnose(history: Sequence[object]) -> list[Finding]:
    """What the vital signs (gan.training.health.Vitals, oldest first) show now; at most one illness.

    The first of ILLNESSES that shows is named, for the others often follow from it.
    """
    for illness in ILLNESSES:
        since = _since(history, illness.shows)
        now = history[-1] if history else None
        if since is None or now.step < illness.after or now.step - since < illness.hold:
            continue
        evidence = illness.evidence.format(**vars(now))
        return [
            Finding(illness.kind, since, illness.title, evidence, illness.advice, dict(illness.cure))
        ]
    return []


def _since(history: Sequence[object], shows: Callable[[object], bool]) -> int | None:
    """The step of the first of the last looks that all show it; None if the newest does not."""
    since = None
    for vitals in reversed(history):
        if not shows(vitals):
            break
        since = vitals.step
    return since


def cured(config: TrainConfig, finding: Finding) -> TrainConfig:
    """`config` with the cure of a finding; what would contradict the rest of it is left out."""
    try:
        return _with(config, finding.cure)
    except ValueError:
        for name, value in finding.cure.items():
            with contextlib.suppress(ValueError):
                config = _with(config, {name: value})
        return config


def _with(config: TrainConfig, settings: dict) -> TrainConfig:
    fields = {field.name for field in dataclasses.fields(config)}
    own = {name: value for name, value in settings.items() if name in fields}
    changes = config.changes | {name: v for name, v in settings.items() if name not in fields}
    kept = {name: value for name, value in changes.items() if value is not None}
    return dataclasses.replace(config, **own, changes=kept)


def diverged(step: int) -> Finding:
    """For a run whose numbers became infinite, which ends it."""
    return Finding(
        "diverged",
        step,
        "The run diverged",
        f"Its numbers became infinite by step {step}. The last good weights were kept.",
        "Try smaller learning rates.",
        {"g_lr": None, "d_lr": None, "r1": 0.2},
    )


def unsaved(step: int, reason: str) -> Finding:
    """For a checkpoint that could not be written."""
    return Finding("unsaved", step, "A save failed", reason, "")
