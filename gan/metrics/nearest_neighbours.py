"""Metrics from nearest neighbours: precision, recall, density, coverage, memorised copies, repeats.

Points are rows of features, float32 (N, d). Precision and recall: Kynkäänniemi et al. 2019, "Improved
Precision and Recall Metric for Assessing Generative Models", eq. 1 to 3. Density and coverage: Naeem
et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative Models", eq. 3 to 5.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

ROWS = 500  # of the distance matrix in memory at once: 500 × 60,000 floats are 120 MB
EXTRA = 4  # candidates beyond k, as rounding may order close neighbours wrongly
EPSILON = 1e-12
K = 3  # of precision and recall, as in the paper
K_COVER = 5  # of density and coverage, as in the paper


@dataclass(frozen=True)
class Overlap:
    """Overlap of real and fake points. Precision, recall and coverage are in [0, 1]; density is unbounded."""

    precision: float
    recall: float
    density: float
    coverage: float
    realism: Tensor  # (M,) for each fake: the largest ratio of a real ball's radius to its distance
    reach: Tensor  # (N,) for each real point: distance to the nearest fake over its ball's radius


def overlap(real: Tensor, fake: Tensor, k: int = K, k_cover: int = K_COVER) -> Overlap:
    """Precision, recall, density and coverage of `fake` (M, d) with respect to `real` (N, d).

    The ball of a point has as radius the distance to its k-th nearest other point of the same set. Precision:
    share of fakes in some real ball. Recall: share of real points in some fake ball. Density: mean number of
    real balls (of `k_cover` neighbours) that a fake is in, over `k_cover`. Coverage: share of those balls with
    a fake in them. All balls are closed: the ball of a point with k duplicates, whose radius is 0, still holds
    copies of it. ValueError if a set has not more points than neighbours.
    """
    real_radii = nearest(real, real, max(k, k_cover), exclude_self=True)[0]
    fake_radii = nearest(fake, fake, k, exclude_self=True)[0][:, k - 1]
    small, large = real_radii[:, k - 1], real_radii[:, k_cover - 1]
    balls, realism = 0, []
    reach = torch.full((len(real),), torch.inf)
    recalled = torch.zeros(len(real), dtype=torch.bool)
    for rows, radius in zip(fake.split(ROWS), fake_radii.split(ROWS), strict=True):
        table = _exact(rows, real)
        ratios = (small / table).masked_fill_(table == 0, torch.inf)
        realism.append(ratios.amax(1))
        balls += int((table <= large).sum())
        reach = torch.minimum(reach, table.amin(0))
        recalled |= (table <= radius[:, None]).any(0)
    reach, realism = reach / large.clamp(min=EPSILON), torch.cat(realism)
    return Overlap(
        precision=float((realism >= 1).float().mean()),
        recall=float(recalled.float().mean()),
        density=balls / (k_cover * len(fake)),
        coverage=float((reach <= 1).float().mean()),
        realism=realism,
        reach=reach,
    )


def nearest(
    points: Tensor, candidates: Tensor, k: int, exclude_self: bool = False
) -> tuple[Tensor, Tensor]:
    """Distances and indices (N, k) of the k nearest neighbours of each point in `candidates`, nearest first.

    `exclude_self`: `points` are the first rows of `candidates`, and a point is not its own neighbour.
    ValueError if there are too few candidates.
    """
    if len(candidates) < k + exclude_self:
        raise ValueError(f"{k} neighbours need more than {len(candidates)} points.")
    batches = []
    middle = _middle(candidates)
    centred = candidates - middle
    for start in range(0, len(points), ROWS):
        rows = points[start : start + ROWS]
        table = _squared(rows - middle, centred)
        if exclude_self:
            table[torch.arange(len(rows)), torch.arange(start, start + len(rows))] = torch.inf
        indices = table.topk(min(k + EXTRA, len(candidates) - exclude_self), largest=False).indices
        exact = _exact(rows[:, None], candidates[indices])[:, 0]
        values, order = exact.sort(dim=1, stable=True)
        batches.append((values[:, :k], indices.gather(1, order)[:, :k]))
    distances, indices = zip(*batches, strict=True)
    return torch.cat(distances), torch.cat(indices)


def _exact(a: Tensor, b: Tensor) -> Tensor:
    """Distances (…, N, M) from differences: 0 for equal points, wherever the origin is."""
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")


def _middle(points: Tensor) -> Tensor:
    """The mean (d,): subtracted before `_squared`, whose error grows with the distance from the origin."""
    return points.double().mean(0).to(points.dtype)


def _squared(a: Tensor, b: Tensor) -> Tensor:
    """Squared distances (N, M) by a matrix product: faster than `_exact`, but inexact near 0."""
    return (a.square().sum(1)[:, None] - 2 * (a @ b.T)).add_(b.square().sum(1)).clamp_(min=0)


def distance_ratio(
    points: Tensor, candidates: Tensor, k: int, exclude_self: bool = False
) -> tuple[Tensor, Tensor]:
    """Distance ratio (N,) that detects memorised copies, and the index (N,) of the nearest neighbour.

    The ratio is the distance to the nearest neighbour over the mean distance to the k - 1 next: 0 for a copy,
    near 1 if the nearest is no nearer than others. As it is relative, a blurred image, near to everything,
    is not taken for a copy. After Yoon et al. 2023, "Diffusion Probabilistic Models Generalize when They Fail
    to Memorize", who compare the first neighbour with the second.
    """
    values, indices = nearest(points, candidates, k, exclude_self)
    others = values[:, 1:].mean(1)
    ratio = torch.where(others > 0, values[:, 0] / others.clamp(min=EPSILON), torch.ones(()))
    return ratio, indices[:, 0]


def repeat_distances(points: Tensor) -> Tensor:
    """Distance (N,) of each point to its nearest neighbour, over the median distance of all pairs."""
    return nearest(points, points, 1, exclude_self=True)[0][:, 0] / _median_distance(points)


def _median_distance(points: Tensor) -> Tensor:
    return torch.pdist(points[:ROWS]).median().clamp(min=EPSILON)


def effective_count(points: Tensor, threshold: float) -> float:
    """Effective number of distinct points, where two nearer than `threshold` count as equal.

    `threshold` is in units of the median distance, as in `repeat_distances`. The result is the inverse
    probability that two points drawn at random (with replacement) are equal: N if all differ, m if m points
    are equally frequent. After the birthday paradox test of Arora & Zhang 2018, "Do GANs learn the
    distribution?", evaluated over all pairs.
    """
    limit = (threshold * _median_distance(points)).square()
    points = points - _middle(points)
    equal_pairs = sum(int((_squared(rows, points) <= limit).sum()) for rows in points.split(ROWS))
    return len(points) ** 2 / max(equal_pairs, len(points))
