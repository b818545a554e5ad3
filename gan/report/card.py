"""A report card as it grows: what is known of a model, and of the pictures that it is judged by."""

from dataclasses import dataclass, field

from torch import Tensor

from gan.report.grading import Measure


@dataclass(frozen=True)
class Finding:
    """`kind` names it for programs; `level` is "fair" (a weakness) or "poor" (a fault)."""

    kind: str
    level: str
    title: str
    evidence: str
    advice: str

    def __str__(self) -> str:
        return f"{self.title}: {self.evidence} {self.advice}"


@dataclass(frozen=True)
class Verdict:
    """A sentence on the whole, what is good, and what is not, the gravest first."""

    headline: str
    good: str
    findings: tuple[Finding, ...]


@dataclass
class Classes:
    """Shares of each class; `accuracy` of the classifier on pictures that it never saw."""

    names: tuple[str, ...]
    fake: list[float]
    real: list[float]
    rare: list[str]  # classes that come much less often than chance allows, the rarest first
    accuracy: float
    by: str


@dataclass
class Card:
    """What is known so far. Pictures are uint8 (N, H, W, C)."""

    data: str
    samples: int = 0
    seed: int = 0
    looked_at: int = 0  # training pictures in which copies were looked for
    of: int = 0  # that there are, as far as is known
    unseen: bool = True  # whether the real pictures measured with were kept from training
    measures: dict[str, Measure] = field(default_factory=dict)
    classes: Classes | None = None
    distinct: float | None = None  # about how many different pictures the samples show
    pictures: dict[str, Tensor] = field(default_factory=dict)
    verdict: Verdict | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Progress:
    """What is being done, how far all is (0 to 1), and the card so far."""

    doing: str
    part: float
    card: Card
