"""The data of a report card: measures, class balance, findings and verdict, filled step by step."""

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
    """A sentence on the whole, what is good, and the findings, the most serious first."""

    headline: str
    good: str
    findings: tuple[Finding, ...]


@dataclass
class Classes:
    """Share of each class among samples and real pictures; `accuracy`: the classifier's on unseen pictures."""

    names: tuple[str, ...]
    fake: list[float]
    real: list[float]
    rare: list[str]  # classes significantly rarer than among real pictures, the rarest first
    accuracy: float
    by: str


@dataclass
class Card:
    """The card so far. Pictures are uint8 (N, C, H, W)."""

    data: str
    samples: int = 0
    seed: int = 0
    searched: int = 0  # training pictures that were searched for copies
    trained_on: int = 0  # pictures in the training data, as far as is known
    unseen: bool = True  # whether the real pictures are test pictures, kept from training
    measures: dict[str, Measure] = field(default_factory=dict)
    classes: Classes | None = None
    distinct: float | None = None  # estimated number of different pictures among the samples
    pictures: dict[str, Tensor] = field(default_factory=dict)
    verdict: Verdict | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Progress:
    """What is being done, the part of the whole that is done (0 to 1), and the card so far."""

    doing: str
    part: float
    card: Card
