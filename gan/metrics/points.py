"""Quality of generated 2-D points, and the floor that real points reach."""

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gan.data.point_clouds import CLOUDS, count_modes, draw_points
from gan.metrics.histograms import CELLS, HistogramDivergence, jensen_shannon, kl

SAMPLE_COUNT = 10_000  # generated points, and real ones for the floor
REAL = 50_000
MIN_MODE_SHARE = 0.2  # of its fair share of samples, for a mode to count as covered
PER_CELL = 4  # real points on average: with fewer, most cells are empty by chance
MIN_CELLS = 6  # per side
BATCHES = 20  # of fakes at most, over which a divergence from few points is averaged


@dataclass(frozen=True)
class PointQuality:
    """`js` and `kl`: divergences of fakes from real points, in nats (gan.metrics.histograms).

    For data with modes (gan.data.point_clouds.Modes), `quality` is the share of high-quality fakes, and
    `covered` the number of modes with at least a fifth of their fair share of such fakes (our definition: of
    10,000 fakes a few hit any mode by chance). Both are None for other data.
    """

    js: float
    kl: float
    covered: int | None = None
    quality: float | None = None


class PointJudge:
    """Measures fakes (N, 2) against the cloud called `data` or, if there is none, against `points` (M, 2).

    `floor` is the quality of real points in place of fakes, measured with samples of the same sizes, on which
    these divergences depend: of `SAMPLE_COUNT` other points of a cloud, or of one half of `points` against the
    other. Fakes are measured against each half too, as many at a time as it has points. So those of a perfect
    G come as often below the floor as above. ValueError with less than two points.
    """

    def __init__(self, data: str, points: np.ndarray):
        self.cloud = CLOUDS.get(data)
        if self.cloud:
            self.divergence = HistogramDivergence(draw_points(data, REAL))
            self.references, self.size = [self.divergence.counts], SAMPLE_COUNT
            self.floor = self(draw_points(data, SAMPLE_COUNT, seed=1))
        else:
            self.divergence = HistogramDivergence(points, cells_per_side(len(points)))
            half = len(points) // 2
            mixed = np.random.default_rng(0).permutation(points)
            one, other = mixed[:half], mixed[half : 2 * half]
            self.references = [self.divergence.count(part) for part in (one, other)]
            self.size = max(1, min(SAMPLE_COUNT, half))
            samples = [self.divergence.count(part[: self.size]) for part in (other, one)]
            self.floor = _mean_divergences(zip(self.references, samples, strict=True))

    def __call__(self, fakes: np.ndarray) -> PointQuality:
        """The quality of fakes (N, 2), N at least 1; up to `SAMPLE_COUNT` of them count."""
        starts = range(0, max(1, len(fakes) - self.size + 1), self.size)[:BATCHES]
        samples = [self.divergence.count(fakes[start : start + self.size]) for start in starts]
        quality = _mean_divergences(itertools.product(self.references, samples))
        if self.cloud is None or self.cloud.centres is None:
            return quality
        modes = count_modes(fakes, self.cloud)
        fair = MIN_MODE_SHARE / len(modes.shares)
        covered = sum(share * modes.quality >= fair for share in modes.shares)
        return PointQuality(quality.js, quality.kl, covered, modes.quality)


def _mean_divergences(pairs: Iterable[tuple[np.ndarray, np.ndarray]]) -> PointQuality:
    """Means over pairs of counts, of real points and of fakes."""
    found = [(jensen_shannon(real, fake), kl(real, fake)) for real, fake in pairs]
    js, divergence = np.mean(found, axis=0)
    return PointQuality(float(js), float(divergence))


def cells_per_side(count: int) -> int:
    """Cells per side of the histogram of `count` points of user data."""
    return max(MIN_CELLS, min(CELLS, round((count / PER_CELL) ** 0.5)))
