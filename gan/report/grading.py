"""The measures of a report card: what each means, and how its value is graded against real pictures'.

All thresholds are relative to the values of held-out real pictures and allow for sampling error: with
few pictures the same difference counts for less. But what is half as good, or worse, is never graded "good",
however few the independent pictures are: not significant does not mean like real.
"""

import math
from dataclasses import dataclass

GOOD, FAIR, POOR = "good", "fair", "poor"
SIGNIFICANT = 3.5  # standard errors
HALF = 0.5  # of real pictures' value: beyond it sampling error excuses nothing from being called good


@dataclass(frozen=True)
class Meaning:
    """A measure, explained to users. `scale`: "share", "ratio" (1 is best), "distance" or "count"."""

    title: str
    scale: str
    meaning: str
    details: str


MEANINGS = {
    "frechet": Meaning(
        "Fréchet distance", "distance",
        "How far the samples as a whole are from real pictures: lower is better.",
        "Heusel et al. 2017, in the features of a small classifier of such pictures, so not comparable with "
        "published FIDs. Two sets of real pictures have a distance too, because they are finite.",
    ),
    "sliced_wasserstein": Meaning(
        "Sliced Wasserstein distance", "distance",
        "How far the samples as a whole are from real pictures: lower is better.",
        "Rabin et al. 2011: the mean over 256 directions of the distance between the sorted pixels. It "
        "needs no network, and is more sensitive to layout and colour than to detail.",
    ),
    "sharpness": Meaning(
        "Sharpness", "ratio",
        "Fine detail relative to real pictures: below 1 blurred, above 1 grainy.",
        "The mean absolute Laplacian over the standard deviation of a picture; medians are compared.",
    ),
    "copies": Meaning(
        "Copies", "share",
        "Memorisation: samples much nearer to one training picture than to any other.",
        "A sample's distance to the nearest training picture, over the mean distance to the next "
        "19 (after Yoon et al. 2023). Counted are those below the threshold that 1 % of unseen real "
        "pictures fall below, so that about 1 % is expected by chance.",
    ),
    "repeats": Meaning(
        "Repeats", "share",
        "Mode collapse: samples that look just like another sample.",
        "The distance to the most similar other sample, over the typical distance of two. Counted are "
        "those below the threshold that 1 % of real pictures fall below: about 1 % is expected by chance.",
    ),
    "precision": Meaning(
        "Precision", "share",
        "Samples that could be real: they lie among the real pictures.",
        "Kynkäänniemi et al. 2019: within a real picture's distance to its third-nearest neighbour.",
    ),
    "density": Meaning(
        "Density", "ratio",
        "How many real pictures lie around a sample: far above real means only typical pictures.",
        "Naeem et al. 2020, k = 5. Unlike precision, it is robust against outliers among the real pictures.",
    ),
    "recall": Meaning(
        "Recall", "share",
        "Real pictures that the model could have drawn: they lie among the samples.",
        "Kynkäänniemi et al. 2019: precision with real pictures and samples exchanged.",
    ),
    "coverage": Meaning(
        "Coverage", "share",
        "Real pictures with a sample close by.",
        "Naeem et al. 2020, k = 5. Unlike recall, it is robust against outliers among the samples.",
    ),
    "classes": Meaning(
        "Classes shown", "count",
        "Classes that come at least a quarter as often as among real pictures.",
        "By a classifier, with shares corrected for its confusion matrix (Lipton et al. 2018). Classes "
        "of which fewer than five real pictures would be expected here are not graded.",
    ),
    "rarest class": Meaning(
        "Rarest class", "ratio",
        "Share of the rarest class, as a multiple of its share among real pictures.",
        "By the same classifier.",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Measure:
    """The `value` of one measure over `count` samples, and the value of held-out `real` pictures.

    `chance`: its sampling error, where that does not follow from `count`.
    """

    name: str
    value: float
    real: float
    count: int
    chance: float = 0.0

    @property
    def level(self) -> str:
        """ "good", "fair" or "poor", compared with real pictures; NaN is "poor"."""
        if not math.isfinite(self.value):
            return POOR
        loss, fair, poor = _GRADERS[self.name](self)
        return GOOD if loss <= fair else FAIR if loss <= poor else POOR


def _chance(measure: Measure) -> float:
    """The largest difference of two shares of so many pictures that is not significant."""
    share = min(max((measure.value + measure.real) / 2, 1 / measure.count), 1 - 1 / measure.count)
    return SIGNIFICANT * math.sqrt(2 * share * (1 - share) / measure.count)


# Each returns how far the value is from real pictures', and the thresholds of fair and of poor.
def _shortfall(m: Measure) -> tuple[float, float, float]:
    chance = _chance(m)
    fair = max(0.06 * m.real, min(chance, HALF * m.real))
    return m.real - m.value, fair, max(0.25 * m.real, chance)


def _excess(m: Measure) -> tuple[float, float, float]:
    # The threshold is itself estimated from the lowest 1 % of the real pictures.
    chance = 1.5 * _chance(m)
    return m.value - m.real, max(0.03, min(chance, HALF)), max(0.1, chance)


def _distance_ratio(m: Measure) -> tuple[float, float, float]:
    # Sliced distances are estimates from few directions: those of two real sets may differ twofold.
    return m.value / max(m.real, 1e-9), 1.6 if m.name == "frechet" else 2.0, 5.0


def _log_ratio(m: Measure) -> tuple[float, float, float]:
    """In logarithms, so that twice and half count alike; the difference of real sets is tolerated."""
    between_real = abs(math.log(max(m.real, 1e-3)))
    chance = SIGNIFICANT * between_real
    fair = math.log(1.15) + min(chance, max(-math.log(HALF), between_real))
    return abs(math.log(max(m.value, 1e-3))), fair, math.log(1.5) + chance


def _log_ratio_to_real(m: Measure) -> tuple[float, float, float]:
    chance = SIGNIFICANT / math.sqrt(m.count)
    loss = abs(math.log(max(m.value, 1e-3) / max(m.real, 1e-3)))
    # Samples where real pictures are densest are typical ones: too few kinds, but none that is wrong.
    poor = math.log(2.0) + chance if m.value < m.real else math.inf
    return loss, math.log(1.25) + min(chance, -math.log(HALF)), poor


def _missing(m: Measure) -> tuple[float, float, float]:
    return m.real - m.value, 0.0, 0.0


def _inverse_ratio(m: Measure) -> tuple[float, float, float]:
    return 1 / max(m.value, 1e-6) if m.value + m.chance < 1 else 1.0, 2.0, 4.0


_GRADERS = {
    "frechet": _distance_ratio, "sliced_wasserstein": _distance_ratio,
    "sharpness": _log_ratio, "density": _log_ratio_to_real,
    "copies": _excess, "repeats": _excess,
    "precision": _shortfall, "recall": _shortfall, "coverage": _shortfall,
    "classes": _missing, "rarest class": _inverse_ratio,
}  # fmt: skip
