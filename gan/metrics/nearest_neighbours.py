"""What nearest neighbours tell of sets of points: realism, variety, copies, repeats.

Points are rows of features, float32 (N, d). Precision and recall: Kynkäänniemi et al. 2019, "Improved
Precision and Recall Metric for Assessing Generative Models", eq. 1 to 3. Density and coverage: Naeem
et al. 2020, "Reliable Fidelity and Diversity Metrics for Generative Models", eq. 3 to 5.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

ROWS = 500  # of a table of distances at once: 500 × 60,000 floats are 120 MB
SPARE = 4  # neighbours beyond those asked for: the quick table may order close ones wrongly
TINY = 1e-12
K = 3  # neighbours that make a ball, of precision and recall: the paper's choice
K_COVER = 5  # of density and coverage: the paper's choice


@dataclass(frozen=True)
class Overlap:
    """How two sets overlap. Precision, recall and coverage are shares; density has no upper end."""

    precision: float
    recall: float
    density: float
    coverage: float
    realism: Tensor  # (M,) of each fake: the most that a real ball's radius is of its distance
    reach: Tensor  # (N,) of each real point: the distance to the nearest fake over its ball's radius


def overlap(real: Tensor, fake: Tensor, k: int = K, k_cover: int = K_COVER) -> Overlap:
    """How `fake` (M, d) overlaps with `real` (N, d); each needs more points than neighbours asked for.

    Precision: the share of fakes inside some real point's ball, whose radius is the distance to its
    k-th nearest other real point. Recall: the same with the roles exchanged. Density: in how many real
    balls a fake lies, over k. Coverage: the share of real balls that hold a fake.
    """
    real_radii = nearest(real, real, max(k, k_cover), apart=True)[0]
    fake_radii = nearest(fake, fake, k, apart=True)[0][:, k - 1]
    small, large = real_radii[:, k - 1], real_radii[:, k_cover - 1]
    balls, realism = 0, []
    reach = torch.full((len(real),), torch.inf)
    recalled = torch.zeros(len(real), dtype=torch.bool)
    for rows, radius in zip(fake.split(ROWS), fake_radii.split(ROWS), strict=True):
        table = _squared(rows, real).sqrt_()
        realism.append((small / table.clamp(min=TINY)).amax(1))
        balls += int((table <= large).sum())
        reach = torch.minimum(reach, table.amin(0))
        recalled |= (table <= radius[:, None]).any(0)
    reach, realism = reach / large.clamp(min=TINY), torch.cat(realism)
    return Overlap(
        precision=float((realism >= 1).float().mean()),
        recall=float(recalled.float().mean()),
        density=balls / (k_cover * len(fake)),
        coverage=float((reach <= 1).float().mean()),
        realism=realism,
        reach=reach,
    )


def nearest(points: Tensor, among: Tensor, k: int, apart: bool = False) -> tuple[Tensor, Tensor]:
    """Distances and places (N, k) of the k points of `among` nearest to each, the nearest first.

    `apart`: `points` are the first rows of `among`, and none is its own neighbour. ValueError where
    `among` is too small for that.
    """
    if len(among) < k + apart:
        raise ValueError(f"{k} neighbours need more than {len(among)} points.")
    found = []
    for start in range(0, len(points), ROWS):
        rows = points[start : start + ROWS]
        table = _squared(rows, among)
        if apart:
            table[torch.arange(len(rows)), torch.arange(start, start + len(rows))] = torch.inf
        places = table.topk(min(k + SPARE, len(among) - apart), largest=False).indices
        exact = (rows[:, None] - among[places]).norm(dim=2)
        values, order = exact.sort(dim=1, stable=True)
        found.append((values[:, :k], places.gather(1, order)[:, :k]))
    return torch.cat([values for values, _ in found]), torch.cat([places for _, places in found])


def _squared(a: Tensor, b: Tensor) -> Tensor:
    """Squared distances by one product of matrices: quick, and a little off near 0."""
    return (a.square().sum(1)[:, None] - 2 * (a @ b.T)).add_(b.square().sum(1)).clamp_(min=0)


def closeness(points: Tensor, among: Tensor, k: int, apart: bool = False) -> tuple[Tensor, Tensor]:
    """(N,) how much nearer the nearest is than the k - 1 after it, and its place.

    The distance to the nearest over the mean distance to the next ones: 0 for a copy, near 1 where the
    nearest is no nearer than others are. Having no scale, it takes no blurred picture for a copy, whose
    distances are all small. After Yoon et al. 2023, "Diffusion Probabilistic Models Generalize when
    They Fail to Memorize", who compare the first neighbour with the second.
    """
    values, places = nearest(points, among, k, apart)
    others = values[:, 1:].mean(1)
    ratio = torch.where(others > 0, values[:, 0] / others.clamp(min=TINY), torch.ones(()))
    return ratio, places[:, 0]


def repeat_distances(points: Tensor) -> Tensor:
    """(N,) the distance of each point to its nearest other, over the median distance of two points."""
    typical = torch.pdist(points[:ROWS]).median().clamp(min=TINY)
    return nearest(points, points, 1, apart=True)[0][:, 0] / typical


def different(points: Tensor, threshold: float) -> float:
    """About how many different points there are, if two nearer than `threshold` count as the same.

    `threshold` in median distances, as `repeat_distances`. The inverse of the chance that two points
    drawn at random are the same: N where all differ, m where m points come equally often. The birthday
    paradox of Arora & Zhang 2018, "Do GANs learn the distribution?", counted over all pairs.
    """
    typical = torch.pdist(points[:ROWS]).median().clamp(min=TINY)
    limit = (threshold * typical).square()
    same = sum(int((_squared(rows, points) <= limit).sum()) for rows in points.split(ROWS))
    return len(points) ** 2 / max(same, len(points))
