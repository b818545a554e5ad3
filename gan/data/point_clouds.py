"""The classic 2-D toy distributions, and the counting of their modes. Free of PyTorch.

Mixtures of Gaussians, such as the ring and the grid, have known modes, so that mode collapse can be measured.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gan.common import checks
from gan.common.files import find_file
from gan.data.path_table import names_images
from gan.data.sources import candidates

MAX_POINTS = 1_000_000
HIGH_QUALITY = 3.0  # standard deviations from a centre, within which a sample is of high quality
# What cutting a 2-D Gaussian off there makes of its σ, 0.974: r² / 2 σ² is exponentially distributed, so that with
# c = 3² / 2 the mean of r² within 3 σ is 2 σ² (1 - (1 + c) e^-c) / (1 - e^-c), and each coordinate has half of it.
_C = HIGH_QUALITY**2 / 2
CUT_SIGMA = math.sqrt((1 - (1 + _C) * math.exp(-_C)) / (1 - math.exp(-_C)))


@dataclass(frozen=True)
class Cloud:
    """A 2-D distribution. `draw(rng, count)` samples float64 (count, 2).

    `centres` (K, 2) and the standard deviation `sigma` describe its modes, if it is a mixture of Gaussians.
    """

    title: str
    description: str
    key: int  # keeps the random numbers of two clouds apart; never change it
    draw: Callable[[np.random.Generator, int], np.ndarray]
    centres: np.ndarray | None = None
    sigma: float = 0.0


def _gaussians(centres: np.ndarray, sigma: float):
    def draw(rng: np.random.Generator, count: int) -> np.ndarray:
        chosen = centres[rng.integers(len(centres), size=count)]
        return chosen + sigma * rng.standard_normal((count, 2))

    return draw


def _modes(title: str, description: str, key: int, centres: np.ndarray, sigma: float) -> Cloud:
    return Cloud(title, description, key, _gaussians(centres, sigma), centres, sigma)


def _on_circle(count: int) -> np.ndarray:
    # Without the end point: linspace(0, 2π, 8) would give only seven modes.
    angles = 2 * np.pi * np.arange(count) / count
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


def _line(rng: np.random.Generator, count: int) -> np.ndarray:
    along = rng.uniform(-1, 1, count)
    return np.stack([along, 0.6 * along], axis=1) + 0.03 * rng.standard_normal((count, 2))


def _circle(rng: np.random.Generator, count: int) -> np.ndarray:
    angle = rng.uniform(0, 2 * np.pi, count)
    radius = 1 + 0.03 * rng.standard_normal(count)
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def _swiss_roll(rng: np.random.Generator, count: int) -> np.ndarray:
    turn = 1.5 * np.pi * (1 + 2 * rng.uniform(0, 1, count))
    roll = np.stack([turn * np.cos(turn), turn * np.sin(turn)], axis=1) / (4.5 * np.pi)
    return roll + 0.02 * rng.standard_normal((count, 2))


def _moons(rng: np.random.Generator, count: int) -> np.ndarray:
    angle = rng.uniform(0, np.pi, count)
    lower = rng.integers(2, size=count)
    x = np.where(lower, 1 - np.cos(angle), np.cos(angle)) - 0.5
    y = np.where(lower, 0.5 - np.sin(angle), np.sin(angle)) - 0.25
    return np.stack([x, y], axis=1) / 1.5 + 0.03 * rng.standard_normal((count, 2))


def _checkerboard(rng: np.random.Generator, count: int) -> np.ndarray:
    row, column = rng.integers(4, size=count), rng.integers(2, size=count)
    column = 2 * column + row % 2
    corner = np.stack([column, row], axis=1)
    return (corner + rng.uniform(0, 1, (count, 2))) / 2 - 1


def _letters(rng: np.random.Generator, count: int) -> np.ndarray:
    starts, ends = np.concatenate([np.stack([s[:-1], s[1:]], axis=1) for s in _STROKES]).swapaxes(0, 1)
    lengths = np.linalg.norm(ends - starts, axis=1)
    chosen = rng.choice(len(lengths), size=count, p=lengths / lengths.sum())
    along = rng.uniform(0, 1, (count, 1))
    return starts[chosen] + along * (ends - starts)[chosen] + 0.02 * rng.standard_normal((count, 2))


_BOW = np.radians(np.linspace(45, 330, 20))
_STROKES = [  # of the letters G, A and N: corners (K, 2)
    np.stack([0.28 * np.cos(_BOW) - 0.75, 0.4 * np.sin(_BOW)], axis=1),
    np.array([[-0.51, -0.2], [-0.51, 0.0], [-0.7, 0.0]]),
    np.array([[-0.3, -0.4], [0.0, 0.4], [0.3, -0.4]]),
    np.array([[-0.18, -0.1], [0.18, -0.1]]),
    np.array([[0.5, -0.4], [0.5, 0.4], [1.0, -0.4], [1.0, 0.4]]),
]
_GRID = np.array([(x, y) for y in range(-4, 5, 2) for x in range(-4, 5, 2)], dtype=float)

CLOUDS = {
    "ring": _modes("Ring", "8 Gaussians on a circle of radius 1.", 1, _on_circle(8), 0.01),
    "grid": _modes("Grid", "25 Gaussians on a 5 × 5 grid from -4 to 4.", 2, _GRID, 0.05),
    "two": _modes("Two", "Two Gaussians.", 3, np.array([[-0.7, 0.0], [0.7, 0.0]]), 0.1),
    "blobs": _modes("Blobs", "Three separate blobs.", 4, 0.8 * _on_circle(3), 0.12),
    "line": Cloud("Line", "A slanting line.", 5, _line),
    "circle": Cloud("Circle", "A thin circle of radius 1.", 6, _circle),
    "swiss_roll": Cloud("Swiss roll", "A spiral of one and a half turns.", 7, _swiss_roll),
    "moons": Cloud("Moons", "Two crescents, one in the other.", 8, _moons),
    "checkerboard": Cloud("Checkerboard", "Eight squares of sixteen.", 9, _checkerboard),
    "letters": Cloud("Letters", "The letters GAN.", 10, _letters),
}


def is_points(source: str) -> bool:
    """Whether a data source is of 2-D points (a cloud or a CSV file, unless its header names image files)."""
    if source in CLOUDS or not source.lower().endswith(".csv"):
        return source in CLOUDS
    return not any((path := find_file(name)) and names_images(path) for name in candidates(source))


def draw_points(name: str, count: int, seed: int = 0) -> np.ndarray:
    """`count` points of a cloud, float32 (count, 2), determined by `seed`; ValueError for an unknown name."""
    cloud = CLOUDS[checks.choice("data", name, CLOUDS)]
    count = checks.integer("count", count, 1, MAX_POINTS)
    rng = np.random.default_rng([cloud.key, seed])
    return cloud.draw(rng, count).astype(np.float32)


@dataclass(frozen=True)
class Modes:
    """How generated samples cover the modes of a cloud.

    `covered`: number of modes with at least one high-quality sample; `shares` (K): each mode's share of the
    high-quality samples; `quality`: share of all samples that are of high quality, within 3 σ of their
    nearest centre (98.9 % = 1 - e^(-9/2) for the data); `reverse_kl`: Σ q log(q / p) in nats, q each mode's
    share of all samples and p = 1 / K that of the data; `spread` (K): each mode's σ of high-quality samples
    divided by that of as many of the data, 1 for the data themselves, NaN with fewer than 10 samples.
    """

    covered: int
    shares: tuple[float, ...]
    quality: float
    reverse_kl: float
    spread: tuple[float, ...]


def count_modes(samples: np.ndarray, cloud: Cloud) -> Modes:
    """Assign samples (N, 2) to their nearest centres and count modes: Srivastava et al. 2017 (VEEGAN).

    A sample within 3 σ of its centre is of high quality; one that is not finite belongs to no mode.
    ValueError for a cloud without modes.
    """
    if cloud.centres is None:
        raise ValueError(f"{cloud.title} has no modes to count.")
    samples = np.asarray(samples, dtype=float)
    offsets = samples[:, None] - cloud.centres[None]
    distances = np.linalg.norm(offsets, axis=2)
    nearest = np.where(np.isfinite(distances).all(1), distances.argmin(1), -1)
    good = (nearest >= 0) & (distances.min(1) <= HIGH_QUALITY * cloud.sigma)
    counts = np.bincount(nearest[good], minlength=len(cloud.centres))
    all_counts = np.bincount(nearest[nearest >= 0], minlength=len(cloud.centres))
    q = all_counts / max(1, all_counts.sum())
    nonzero = q[q > 0]
    from_nearest = offsets[np.arange(len(samples)), nearest]
    spread = [
        float(np.sqrt((from_nearest[good & (nearest == k)] ** 2).mean()) / (CUT_SIGMA * cloud.sigma))
        if n >= 10
        else math.nan
        for k, n in enumerate(counts)
    ]
    return Modes(
        covered=int((counts > 0).sum()),
        shares=tuple((counts / max(1, counts.sum())).tolist()),
        quality=float(good.mean()),
        reverse_kl=float((nonzero * np.log(nonzero * len(q))).sum()) if len(nonzero) else math.inf,
        spread=tuple(spread),
    )
