"""t-SNE: points in the plane whose neighbours are those that they have among many features.

van der Maaten & Hinton 2008, "Visualizing Data using t-SNE"; it starts from the principal components, and the rate of
learning grows with the number of points (Kobak & Berens 2019, "The art of using t-SNE for single-cell
transcriptomics"). All pairs are computed: 4,000 points take a minute of one core. Who is beside whom means something;
how far apart groups are, and how large, means nothing.
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F
from torch import Tensor

PERPLEXITY = 30.0  # of how many neighbours the distances count
STEPS = 500
# For a first part of the steps the attraction is stronger, so that groups find together.
EXAGGERATION, EXAGGERATED = 12.0, 125
MOMENTUM = (0.5, 0.8)  # then, and afterwards
BISECTIONS = 40
EVERY = 25  # steps between two reports
FIRST_SPREAD = 1e-4


def tsne(features: Tensor, steps: int = STEPS) -> Iterator[Tensor]:
    """Positions (N, 2) of features (N, d), N at least 4, every 25 steps; the last ones are the result."""
    if features.shape[1] < 2:  # pictures that hardly differ, or not at all
        features = F.pad(features, (0, 2 - features.shape[1]))
    shares = neighbour_shares(features, min(PERPLEXITY, (len(features) - 1) / 3))
    y = principal_plane(features)
    y = FIRST_SPREAD * y / y[:, 0].std().clamp(min=1e-12)
    velocity, rate = torch.zeros_like(y), max(50.0, len(y) / EXAGGERATION)
    for step in range(steps):
        early = step < EXAGGERATED
        gradient = _gradient(y, shares, EXAGGERATION if early else 1.0)
        velocity = MOMENTUM[not early] * velocity - rate * gradient
        y = y + velocity
        y = y - y.mean(0)
        if (step + 1) % EVERY == 0 or step + 1 == steps:
            yield y


def principal_plane(features: Tensor) -> Tensor:
    """The first two principal components (N, 2) of features (N, d), each with the sign that makes its largest entry
    positive."""
    centred = features - features.mean(0)
    _, _, axes = torch.linalg.svd(centred.double(), full_matrices=False)
    y = centred @ axes[:2].T.to(features.dtype)
    largest = y.abs().argmax(0, keepdim=True)
    return y * y.gather(0, largest).sign()


def neighbour_shares(features: Tensor, perplexity: float) -> Tensor:
    """P (N, N), equation 1 and the symmetric form of section 3.1: how near two points are; the sum is 1.

    Each point's Gaussian is as wide as gives its neighbours this perplexity, 2 to the power of their entropy.
    """
    distances = torch.cdist(features, features).square_()
    others = ~torch.eye(len(features), dtype=torch.bool)
    # In units of each point's nearest other: so the exponential of no row vanishes.
    nearest = distances.masked_fill(~others, float("inf")).amin(1, keepdim=True)
    distances = (distances - nearest).fill_diagonal_(0.0)
    scale = distances.mean(1, keepdim=True).clamp_(min=1e-12)
    low, high = (
        torch.full_like(scale, -15.0),
        torch.full_like(scale, 15.0),
    )  # logarithms of 1 / width, by scale
    goal = torch.tensor(perplexity).log()
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        entropy = _entropy(_rows(distances, middle.exp() / scale, others))
        wide = entropy > goal
        low, high = torch.where(wide, middle, low), torch.where(wide, high, middle)
    rows = _rows(distances, low.exp() / scale, others)
    return (rows + rows.T).div_(2 * len(rows)).clamp_(min=1e-12)


def _rows(distances: Tensor, precisions: Tensor, others: Tensor) -> Tensor:
    """Each row's shares of its neighbours, by Gaussians."""
    parts = (-distances * precisions).exp_().mul_(others)
    return parts.div_(parts.sum(1, keepdim=True))


def _entropy(shares: Tensor) -> Tensor:
    return -(shares * shares.clamp(min=1e-30).log()).sum(1, keepdim=True)


def _gradient(y: Tensor, shares: Tensor, exaggeration: float) -> Tensor:
    """Equation 5, with the Student-t kernel in the plane."""
    kernel = torch.cdist(y, y).square_().add_(1.0).reciprocal_()
    kernel.fill_diagonal_(0.0)
    # (exaggeration · P − Q) · kernel, in place: these matrices are large.
    force = shares * exaggeration
    force.sub_(kernel, alpha=1.0 / float(kernel.sum())).mul_(kernel)
    return 4.0 * (force.sum(1, keepdim=True) * y - force @ y)
