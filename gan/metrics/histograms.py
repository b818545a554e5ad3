"""Divergences between 2-D point sets, estimated from histograms. Free of PyTorch.

Both sets are binned on one grid of up to 40 × 40 cells, with one more bin for points outside. Two samples
of the same distribution are not at divergence 0: their value is the floor to compare others with.
"""

import numpy as np

CELLS = 40  # per side
MARGIN = 0.15  # around the data, as a share of its extent


class HistogramDivergence:
    """Divergences of samples (N, 2) from real points (M, 2), on a grid of `cells` × `cells`.

    With few points per cell, two samples of one distribution seem far apart. ValueError without real points,
    or if they are not all finite.
    """

    def __init__(self, real: np.ndarray, cells: int = CELLS):
        real = np.asarray(real, dtype=float)
        if not len(real) or not np.isfinite(real).all():
            raise ValueError("There must be real points to measure by, and all of them finite.")
        low, high = real.min(0), real.max(0)
        # Square cells of positive size.
        side = max(float((high - low).max()) * (1 + 2 * MARGIN), 1e-9)
        self.cells = cells
        self.corner, self.side = (low + high) / 2 - side / 2, side
        self.counts = self.count(real)

    def count(self, points: np.ndarray) -> np.ndarray:
        """Number of points (N, 2) in each cell, int (cells² + 1,); the last is for points outside."""
        with np.errstate(invalid="ignore", over="ignore"):
            points = np.asarray(points, dtype=float).reshape(-1, 2)
            cells = np.floor((points - self.corner) / self.side * self.cells)
        inside = ((cells >= 0) & (cells < self.cells)).all(1)
        flat = np.full(len(cells), self.cells**2)
        flat[inside] = cells[inside].astype(int) @ (self.cells, 1)
        return np.bincount(flat, minlength=self.cells**2 + 1)

    def jensen_shannon(self, samples: np.ndarray) -> float:
        return jensen_shannon(self.counts, self.count(samples))

    def kl(self, samples: np.ndarray) -> float:
        """`kl` of the real points from `samples`: KL(real ‖ samples)."""
        return kl(self.counts, self.count(samples))


def jensen_shannon(p: np.ndarray, q: np.ndarray) -> float:
    """½ KL(p ‖ m) + ½ KL(q ‖ m), m = ½ (p + q), in nats: from 0 to ln 2. Lin 1991, eq. 4.1.

    `p`, `q`: counts or weights of the same cells, which need not sum to 1. ValueError if all are 0.
    """
    p, q = _normalised(p), _normalised(q)
    middle = (p + q) / 2
    return 0.5 * (_relative_entropy(p, middle) + _relative_entropy(q, middle))


def kl(p: np.ndarray, q: np.ndarray) -> float:
    """KL(p ‖ q) in nats of counts of the same cells, smoothed by 1/2 in each cell that is not empty in both.

    Without smoothing (Krichevsky & Trofimov 1981), one real point in a cell without samples would make it
    infinite. ValueError if all counts are 0.
    """
    p, q = _nonempty(p), _nonempty(q)
    occupied = (p > 0) | (q > 0)
    return _relative_entropy(_normalised(p[occupied] + 0.5), _normalised(q[occupied] + 0.5))


def _normalised(counts: np.ndarray) -> np.ndarray:
    counts = _nonempty(counts)
    return counts / counts.sum()


def _nonempty(counts: np.ndarray) -> np.ndarray:
    counts = np.asarray(counts, dtype=float)
    if not counts.sum() > 0:
        raise ValueError("There are no points to measure.")
    return counts


def _relative_entropy(p: np.ndarray, q: np.ndarray) -> float:
    """Σ p log(p / q), where 0 log 0 is 0."""
    positive = p > 0
    return float((p[positive] * np.log(p[positive] / q[positive])).sum())
