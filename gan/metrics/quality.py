"""`Quality`: how near fakes are to real pictures, beside what real pictures get."""

from dataclasses import dataclass

# The ways to measure quality (gan.metrics.distances), as people read them.
TITLES = {"frechet": "Fréchet distance (LeNet)", "sliced_wasserstein": "Sliced Wasserstein"}


@dataclass(frozen=True)
class Quality:
    """A distance to the real pictures, 0 at best; `floor` is what real pictures get themselves."""

    metric: str  # a key of TITLES
    distance: float
    floor: float
