"""The measures of a report card: what each means, and how good its number is beside real pictures'.

All limits are relative to the real pictures' own numbers, and no wider than chance: with few pictures
the same difference counts for less.
"""

import math
from dataclasses import dataclass

GOOD, FAIR, POOR = "good", "fair", "poor"
SURE = 3.5  # standard errors that a difference must have to count


@dataclass(frozen=True)
class Meaning:
    """What a measure is, for who reads it. `scale`: "share", "ratio" (1 is best) or "distance"."""

    title: str
    scale: str
    meaning: str
    details: str


MEANINGS = {
    "frechet": Meaning(
        "Fréchet distance",
        "distance",
        "How far the samples as a whole are from real pictures: less is better.",
        "Heusel et al. 2017, in the features of our own classifier of digits: not comparable with "
        "published FIDs. Real pictures too have a distance to each other, for both sets are finite.",
    ),
    "sliced_wasserstein": Meaning(
        "Sliced Wasserstein distance",
        "distance",
        "How far the samples as a whole are from real pictures: less is better.",
        "Rabin et al. 2011: the mean over 256 directions of the distance between the sorted pixels. It "
        "needs no network, and sees layout and colour better than detail.",
    ),
    "sharpness": Meaning(
        "Sharpness",
        "ratio",
        "Fine detail as a multiple of real pictures': below 1 blurred, above 1 grainy.",
        "The mean absolute Laplacian over the standard deviation of a picture; medians are compared.",
    ),
    "copies": Meaning(
        "Copies",
        "share",
        "Samples that lie much nearer to one training picture than to any other.",
        "A sample's distance to the nearest training picture, over the mean distance to the next "
        "19 (after Yoon et al. 2023). Counted are those below the limit that 1 % of unseen real "
        "pictures lie below; so about 1 % is what chance gives.",
    ),
    "repeats": Meaning(
        "Repeats",
        "share",
        "Samples that look just like another sample.",
        "The distance to the most similar other sample, over the typical distance of two. Counted are "
        "those below the limit that 1 % of real pictures lie below; so about 1 % is what chance gives.",
    ),
    "precision": Meaning(
        "Precision",
        "share",
        "Samples that could be real: they lie among the real pictures.",
        "Kynkäänniemi et al. 2019: within reach of some real picture's third-nearest neighbour.",
    ),
    "density": Meaning(
        "Density",
        "ratio",
        "How thick around a sample real pictures lie: far above real means only typical pictures.",
        "Naeem et al. 2020, k = 5. Unlike in precision, no odd real picture vouches for many samples.",
    ),
    "recall": Meaning(
        "Recall",
        "share",
        "Real pictures that the model could have drawn: they lie among the samples.",
        "Kynkäänniemi et al. 2019: precision with the roles exchanged.",
    ),
    "coverage": Meaning(
        "Coverage",
        "share",
        "Real pictures with a sample close by.",
        "Naeem et al. 2020, k = 5. Odd samples cannot make it larger, as they can recall.",
    ),
    "classes": Meaning(
        "Classes shown",
        "count",
        "Classes that come at least a quarter as often as among real pictures.",
        "By a classifier, whose mistakes are known and taken back (Lipton et al. 2018). Classes of "
        "which fewer than five real pictures would be expected here are not judged.",
    ),
    "rarest class": Meaning(
        "Rarest class",
        "ratio",
        "How often the most neglected class comes, as a multiple of its share among real pictures.",
        "By the same classifier.",
    ),
}


@dataclass(frozen=True)
class Measure:
    """One number of `count` samples, and what held-out real pictures get in its place.

    `chance`: by how much it may be off, where that does not follow from `count`.
    """

    name: str
    value: float
    real: float
    count: int
    chance: float = 0.0

    @property
    def level(self) -> str:
        """ "good", "fair" or "poor", beside what real pictures get."""
        if not math.isfinite(self.value):
            return POOR
        return _graded(*_TESTS[self.name](self))

    def told(self) -> dict:
        """As plain data, with its words."""
        words = MEANINGS[self.name]
        numbers = {"name": self.name, "value": self.value, "real": self.real, "level": self.level}
        return numbers | vars(words)


def _graded(loss: float, fair: float, poor: float) -> str:
    return GOOD if loss <= fair else FAIR if loss <= poor else POOR


def _chance(measure: Measure) -> float:
    """What two shares of so many pictures differ by chance, at most."""
    share = min(max((measure.value + measure.real) / 2, 1 / measure.count), 1 - 1 / measure.count)
    return SURE * math.sqrt(2 * share * (1 - share) / measure.count)


# Each gives the loss against real pictures, and from where on it is fair and poor.
def _shortfall(m: Measure) -> tuple[float, float, float]:
    fair = max(0.06 * m.real, _chance(m))
    return m.real - m.value, fair, max(0.25 * m.real, fair)


def _excess(m: Measure) -> tuple[float, float, float]:
    # The limit that is counted below is itself known only from a hundredth of the real pictures.
    fair = max(0.03, 1.5 * _chance(m))
    return m.value - m.real, fair, max(0.1, fair)


def _far(m: Measure) -> tuple[float, float, float]:
    return m.value / max(m.real, 1e-9), 1.6, 5.0


def _projected(m: Measure) -> tuple[float, float, float]:
    """Few directions say how far two sets are apart: by chance up to twice as far as two others."""
    return m.value / max(m.real, 1e-9), 2.0, 5.0


def _off_one(m: Measure) -> tuple[float, float, float]:
    """Logarithms, so that twice and half are as bad; what real sets differ by counts for nothing."""
    chance = SURE * abs(math.log(max(m.real, 1e-3)))
    return abs(math.log(max(m.value, 1e-3))), math.log(1.15) + chance, math.log(1.5) + chance


def _crowd(m: Measure) -> tuple[float, float, float]:
    chance = SURE / math.sqrt(m.count)
    loss = abs(math.log(max(m.value, 1e-3) / max(m.real, 1e-3)))
    return loss, math.log(1.25) + chance, math.log(2.0) + chance


def _fewer(m: Measure) -> tuple[float, float, float]:
    return m.real - m.value, 0.0, 0.0


def _neglect(m: Measure) -> tuple[float, float, float]:
    return 1 / max(m.value, 1e-6) if m.value + m.chance < 1 else 1.0, 2.0, 4.0


_TESTS = {
    "frechet": _far,
    "sliced_wasserstein": _projected,
    "sharpness": _off_one,
    "copies": _excess,
    "repeats": _excess,
    "precision": _shortfall,
    "density": _crowd,
    "recall": _shortfall,
    "coverage": _shortfall,
    "classes": _fewer,
    "rarest class": _neglect,
}
