"""How far two clouds of points are apart: divergences of their histograms. Free of PyTorch.

Both clouds are counted on one grid of 40 × 40 cells, or of fewer where there are few points; whatever
lies outside of it counts as one cell more, so that nothing is lost. Even two samples of the same
distribution are not at 0: their distance is the floor that any other has to be read against.
"""

import numpy as np

CELLS = 40  # a side
MARGIN = 0.15  # of the data's extent, left free around it


class Ruler:
    """Measures samples (N, 2) against real points (M, 2); ValueError where those are not all finite.

    `cells` a side: with few points to a cell, two samples of the same would seem far apart.
    """

    def __init__(self, real: np.ndarray, cells: int = CELLS):
        real = np.asarray(real, dtype=float)
        if not len(real) or not np.isfinite(real).all():
            raise ValueError("There must be real points to measure by, and all of them finite.")
        low, high = real.min(0), real.max(0)
        # The same in both directions, so that cells are squares; and never 0.
        side = max(float((high - low).max()) * (1 + 2 * MARGIN), 1e-9)
        self.cells = cells
        self.corner, self.side = (low + high) / 2 - side / 2, side
        self.counts = self.count(real)

    def count(self, points: np.ndarray) -> np.ndarray:
        """How many points (N, 2) lie in each cell: int (cells² + 1,), the last for those outside."""
        with np.errstate(invalid="ignore", over="ignore"):
            points = np.asarray(points, dtype=float).reshape(-1, 2)
            cells = np.floor((points - self.corner) / self.side * self.cells)
        inside = ((cells >= 0) & (cells < self.cells)).all(1)
        flat = np.full(len(cells), self.cells**2)
        flat[inside] = cells[inside].astype(int) @ (self.cells, 1)
        return np.bincount(flat, minlength=self.cells**2 + 1)

    def jensen_shannon(self, samples: np.ndarray) -> float:
        """See the function of that name; of the real points and `samples`."""
        return jensen_shannon(self.counts, self.count(samples))

    def kl(self, samples: np.ndarray) -> float:
        """KL(real ‖ samples): see the function of that name."""
        return kl(self.counts, self.count(samples))


def jensen_shannon(p: np.ndarray, q: np.ndarray) -> float:
    """½ KL(p ‖ m) + ½ KL(q ‖ m), m = ½ (p + q), in nats: from 0 to ln 2. Lin 1991, eq. 4.1.

    `p`, `q`: counts or weights of the same cells, which need not sum to 1. ValueError if one is empty.
    """
    p, q = _shares(p), _shares(q)
    middle = (p + q) / 2
    return 0.5 * (_relative_entropy(p, middle) + _relative_entropy(q, middle))


def kl(p: np.ndarray, q: np.ndarray) -> float:
    """KL(p ‖ q) in nats of two counts, each cell that either hits counted half a point more.

    Without the half (Krichevsky & Trofimov 1981) one real point where no sample lies would make it
    infinite. ValueError if one is empty.
    """
    p, q = _some(p), _some(q)
    hit = (p > 0) | (q > 0)
    return _relative_entropy(_shares(p[hit] + 0.5), _shares(q[hit] + 0.5))


def _shares(counts: np.ndarray) -> np.ndarray:
    counts = _some(counts)
    return counts / counts.sum()


def _some(counts: np.ndarray) -> np.ndarray:
    counts = np.asarray(counts, dtype=float)
    if not counts.sum() > 0:
        raise ValueError("There are no points to measure.")
    return counts


def _relative_entropy(p: np.ndarray, q: np.ndarray) -> float:
    """Σ p log(p / q), where 0 log 0 is 0."""
    some = p > 0
    return float((p[some] * np.log(p[some] / q[some])).sum())
