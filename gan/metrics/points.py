"""Quality of generated 2-D points, and the floor that real points reach."""

from dataclasses import dataclass

import numpy as np

from gan.data.point_clouds import CLOUDS, count_modes, draw_points
from gan.metrics.histograms import CELLS, HistogramDivergence, jensen_shannon, kl

SAMPLE_COUNT = 10_000  # generated points, and real ones for the floor
REAL = 50_000
MIN_MODE_SHARE = 0.2  # of its fair share of samples, for a mode to count as covered
PER_CELL = 4  # real points on average: with fewer, most cells are empty by chance
MIN_CELLS = 6  # per side


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

    `floor` is the quality of real points in place of fakes: of another sample of a cloud, or of one half of
    `points` against the other, which is slightly too high. ValueError with less than two points.
    """

    def __init__(self, data: str, points: np.ndarray):
        self.cloud = CLOUDS.get(data)
        if self.cloud:
            self.divergence = HistogramDivergence(draw_points(data, REAL))
            self.floor = self(draw_points(data, SAMPLE_COUNT, seed=1))
        else:
            self.divergence = HistogramDivergence(points, cells_per_side(len(points)))
            mixed = np.random.default_rng(0).permutation(points)
            halves = self.divergence.count(mixed[::2]), self.divergence.count(mixed[1::2])
            self.floor = PointQuality(jensen_shannon(*halves), kl(*halves))

    def __call__(self, fakes: np.ndarray) -> PointQuality:
        js, divergence = self.divergence.jensen_shannon(fakes), self.divergence.kl(fakes)
        if self.cloud is None or self.cloud.centres is None:
            return PointQuality(js, divergence)
        modes = count_modes(fakes, self.cloud)
        fair = MIN_MODE_SHARE / len(modes.shares)
        covered = sum(share * modes.quality >= fair for share in modes.shares)
        return PointQuality(js, divergence, covered, modes.quality)


def cells_per_side(count: int) -> int:
    """Cells per side of the histogram of `count` points of user data."""
    return max(MIN_CELLS, min(CELLS, round((count / PER_CELL) ** 0.5)))
