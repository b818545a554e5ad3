"""Diagnosis of training: names a failure mode, with the evidence and a cure, from health signs.

The thresholds were set by experiment on the ring and on drawn pictures (docs/benchmarks.md); a sign
must hold for some steps before it counts. Free of PyTorch.
"""

import contextlib
import dataclasses
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from gan.settings.config import TrainConfig, split


@dataclass(frozen=True)
class Finding:
    """One failure: since which step, the evidence in words, and advice.

    `kind` names it for programs. `cure` maps settings (fields of TrainConfig or keys of its `changes`)
    to values; None means the method's default.
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
class FailureMode:
    """A failure mode and its criterion.

    It is diagnosed when `present(signs)` holds for all health signs of the last `hold` steps and the
    run is `after` steps old.
    """

    kind: str
    title: str
    present: Callable[[object], bool]
    evidence: str  # a format string with fields of HealthSigns
    advice: str
    cure: dict
    after: int
    hold: int


# In order of precedence: a failure that explains others comes first.
FAILURE_MODES = (
    FailureMode(
        "divergence", "Divergence: the numbers explode",
        lambda s: not math.isfinite(s.logit_gap) or abs(s.logit_gap) > 1000,
        "D's mean logits of real and fake differ by {logit_gap:,.0f}.",
        "Limit D's gradient: use a gradient penalty instead of a wide weight clip or of nothing.",
        {
            "loss": None, "weight_clip": 0.0, "d_norm": "none", "slope": 0.0, "r1": 1.0, "g_lr": None,
            "d_lr": None, "optimiser": "adam", "beta1": 0.0,
        },
        after=20, hold=20,
    ),
    FailureMode(
        "vanishing", "Vanishing gradient: G learns next to nothing from D",
        lambda s: s.loss_slope < 0.05,
        "D is sure of every fake, so that only {loss_slope:.1%} of its gradient reaches G.",
        "Use the non-saturating loss, whose gradient does not vanish where D is sure, and slow D down.",
        {"loss": "nonsaturating", "n_critic": 1, "g_lr": None, "d_lr": None},
        after=100, hold=100,
    ),
    FailureMode(
        "flat", "Weak discriminator: D is nearly constant",
        lambda s: s.logit_range < 0.2 and s.variety < 0.25,
        "From one real picture to the next D's logit can change by {logit_range:.2f} only.",
        "Relax what holds D down: its gradient penalty, its noise, its learning rate or its norm.",
        {"r1": None, "r2": None, "slope": None, "vat": None, "confidence": None, "instance_noise": None,
         "d_lr": None, "penalty_every": None, "d_norm": None},
        after=100, hold=75,
    ),
    FailureMode(
        "overfitting", "Overfitting: D memorises its training pictures",
        lambda s: s.d_train - s.d_held > 0.2 and s.sign_train > 0.6,
        "D takes the pictures that it is trained on for real with probability {d_train:.0%}, held-out "
        "ones with {d_held:.0%}.",
        "Augment D's input, or train on more pictures.",
        {"augment": "color,translation,cutout", "limit": None},
        after=250, hold=100,
    ),
    FailureMode(
        "oscillation", "Oscillation: the fakes circle and do not settle",
        lambda s: s.movement > 1.5 and s.logit_gap > 2,
        "In 100 steps the fakes moved by {movement:.1f} times their mean distance from each other, while "
        "D tells them from real pictures.",
        "Use no momentum, smaller learning rates and a gradient penalty.",
        {"beta1": 0.0, "g_steps": 1, "g_lr": None, "d_lr": None, "r1": 0.2},
        after=400, hold=200,
    ),
    FailureMode(
        "collapse", "Mode collapse: the fakes are alike",
        lambda s: s.variety < 0.1,
        "The fakes have {variety:.0%} of the variety of real pictures.",
        "Let D keep up with G, add a gradient penalty, and let D see how much a batch varies.",
        {"g_steps": 1, "g_lr": None, "d_lr": None, "beta1": 0.0, "r1": 0.2,
         "minibatch_stddev": True, "unroll": 0, "weight_clip": 0.0},
        after=400, hold=200,
    ),
)  # fmt: skip


def diagnose(history: Sequence[object]) -> list[Finding]:
    """Diagnose from health signs (gan.training.health.HealthSigns, oldest first): one finding or none.

    Of several failure modes the first in FAILURE_MODES is named: the others often follow from it.
    """
    for mode in FAILURE_MODES:
        since = _since(history, mode.present)
        now = history[-1] if history else None
        if since is None or now.step < mode.after or now.step - since < mode.hold:
            continue
        evidence = mode.evidence.format(**vars(now))
        return [Finding(mode.kind, since, mode.title, evidence, mode.advice, dict(mode.cure))]
    return []


def _since(history: Sequence[object], present: Callable[[object], bool]) -> int | None:
    """The step since when it has been present without a break; None if it is not present now."""
    since = None
    for signs in reversed(history):
        if not present(signs):
            break
        since = signs.step
    return since


def cured(config: TrainConfig, finding: Finding) -> TrainConfig:
    """`config` with the cure of a finding, without the parts that contradict other settings."""
    try:
        return _with(config, finding.cure)
    except ValueError:
        for name, value in finding.cure.items():
            with contextlib.suppress(ValueError):
                config = _with(config, {name: value})
        return config


def _with(config: TrainConfig, settings: dict) -> TrainConfig:
    fields, changes = split(settings)
    changes = {name: v for name, v in (config.changes | changes).items() if v is not None}
    return dataclasses.replace(config, **fields, changes=changes)


def diverged(step: int) -> Finding:
    """The finding for a run that ended because its weights or losses became infinite or NaN."""
    return Finding(
        "diverged",
        step,
        "Divergence: the run has ended",
        f"Its weights or losses became infinite by step {step}. The last finite weights were kept.",
        "Try smaller learning rates.",
        {"g_lr": None, "d_lr": None, "r1": 0.2},
    )


def unsaved(step: int, reason: str) -> Finding:
    return Finding("unsaved", step, "A save failed", reason, "")
