"""How near fakes are to real points, in the numbers that people compare; and what real points get."""

from dataclasses import dataclass

import numpy as np

from gan.data.point_clouds import CLOUDS, count_modes, draw_points
from gan.metrics.histograms import CELLS, Ruler, jensen_shannon, kl

MEASURED = 10_000  # fakes; and real points for the floor
REAL = 50_000
FAIR = 0.2
PER_CELL = 4  # real points, if they lay evenly: fewer leave most cells empty by chance
FEWEST_CELLS = 6


@dataclass(frozen=True)
class PointQuality:
    """`js` and `kl`: of real points and fakes (gan.metrics.histograms), in nats.

    Where the data have modes (gan.data.point_clouds.Modes), `covered`: how many have at least a fifth of the fakes
    that would be theirs, within 3 σ (ours: of 10,000 fakes a few hit any mode by chance), and the share
    of fakes in `quality`; None elsewhere.
    """

    js: float
    kl: float
    covered: int | None = None
    quality: float | None = None


class PointJudge:
    """Measures fakes (N, 2) against the cloud called `data` or, if there is none, `points` (M, 2).

    `floor` is what real points get instead of fakes: for a cloud as many others; of someone's own
    points one half against the other, which lies a little too high. ValueError below two points.
    """

    def __init__(self, data: str, points: np.ndarray):
        self.cloud = CLOUDS.get(data)
        if self.cloud:
            self.ruler = Ruler(draw_points(data, REAL))
            self.floor = self(draw_points(data, MEASURED, seed=1))
        else:
            self.ruler = Ruler(points, cells_for(len(points)))
            mixed = np.random.default_rng(0).permutation(points)
            halves = self.ruler.count(mixed[::2]), self.ruler.count(mixed[1::2])
            self.floor = PointQuality(jensen_shannon(*halves), kl(*halves))

    def __call__(self, fakes: np.ndarray) -> PointQuality:
        js, divergence = self.ruler.jensen_shannon(fakes), self.ruler.kl(fakes)
        if self.cloud is None or self.cloud.centres is None:
            return PointQuality(js, divergence)
        modes = count_modes(fakes, self.cloud)
        fair = FAIR / len(modes.shares)
        covered = sum(share * modes.quality >= fair for share in modes.shares)
        return PointQuality(js, divergence, covered, modes.quality)


def cells_for(count: int) -> int:
    """How many cells a side `count` points of someone's own are counted in."""
    return max(FEWEST_CELLS, min(CELLS, round((count / PER_CELL) ** 0.5)))
