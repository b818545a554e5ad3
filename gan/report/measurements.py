"""The measurements of a report card, on samples and on held-out real pictures."""

from dataclasses import dataclass
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.data.image_tensors import to_float
from gan.metrics import feature_spaces as spaces
from gan.metrics import nearest_neighbours as neighbours
from gan.metrics.class_balance import (
    RidgeClassifier,
    class_shares,
    confusion_matrix,
    sampling_deviation,
)
from gan.metrics.classifiers import CLASSIFIERS, KnownData, metric_for
from gan.metrics.distances import frechet_distance, sliced_wasserstein
from gan.report.card import Card, Classes
from gan.report.grading import SIGNIFICANT, Measure
from gan.report.reference_data import ReferenceData

RARE = 0.01  # quantile of held-out pictures at which thresholds are set
NEIGHBOURS = 20
FIT = 5000  # labelled pictures that a classifier is fitted to
PCA_PICTURES = 4000
PAIRS = 8  # that the card shows
SPLITS = 3  # of real pictures, for the floor of the sliced Wasserstein distance
MIN_OF_CLASS = 5  # real pictures expected of a class; rarer classes are not graded
# Shares of a class, relative to that among real pictures, below which it counts as missing or as rare.
MISSING, RARE_CLASS = 0.25, 0.5


@dataclass(frozen=True)
class Case:
    """Samples uint8 (N, C, H, W), the real pictures, and the feature space that measures share."""

    fakes: Tensor
    reals: ReferenceData

    @cached_property
    def metric(self) -> str:
        _, channels, size, _ = self.fakes.shape
        return metric_for(self.reals.source, channels, size)

    @cached_property
    def known(self) -> KnownData | None:
        """The classifier that knows the data, if there is one."""
        return CLASSIFIERS.get(self.metric)

    @cached_property
    def space(self) -> spaces.Space:
        _, channels, size, _ = self.fakes.shape
        return spaces.cached(spaces.space_for(self.reals.source, channels, size))


def _put(
    card: Card, name: str, value: float, real: float, chance: float = 0.0, count: int | None = None
) -> None:
    card.measures[name] = Measure(name, float(value), float(real), count or card.samples, float(chance))


def _independent(card: Card) -> int:
    """The number of independent samples: repeats of twenty different pictures are twenty."""
    return max(2, min(card.samples, round(card.distinct)))


def measure_sharpness(card: Card, case: Case) -> None:
    fake, real, held = (
        sharpness(pixels).median() for pixels in (case.fakes, case.reals.reference, case.reals.held)
    )
    _put(card, "sharpness", fake / held, real / held)


def sharpness(pixels: Tensor) -> Tensor:
    """Sharpness (N,) of uint8 pictures (N, C, H, W), independent of contrast.

    The mean absolute Laplacian, a measure of focus (Pech-Pacheco et al. 2000), over the standard
    deviation of the picture.
    """
    found = []
    for batch in pixels.split(500):
        images = to_float(batch)
        found.append(local_differences(images) / images.flatten(1).std(1).clamp(min=1e-3))
    return torch.cat(found)


def local_differences(images: Tensor) -> Tensor:
    """The mean absolute Laplacian (N,) of images (N, C, H, W) in [-1, 1]."""
    kernel = torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])[None, None]
    detail = F.conv2d(images.flatten(0, 1)[:, None], kernel).abs().mean((1, 2, 3))
    return detail.view(len(images), -1).mean(1)


def measure_distance(card: Card, case: Case) -> None:
    reals = case.reals
    reference, fake, held = reals.reference, case.fakes, reals.held
    if case.known:
        floor = frechet_distance(reference, held, case.metric)
        _put(card, "frechet", frechet_distance(reference, fake, case.metric), floor)
        return
    # The distance of two real sets varies by a factor of two from split to split.
    rng, pool, floors = torch.Generator().manual_seed(card.seed), torch.cat([reference, held]), []
    for _ in range(SPLITS):
        floors.append(sliced_wasserstein(*pool.chunk(2)))
        pool = pool[torch.randperm(len(pool), generator=rng)]
    floor = sum(floors) / SPLITS
    _put(card, "sliced_wasserstein", sliced_wasserstein(reference, fake), floor)


def measure_copies(card: Card, case: Case) -> None:
    """Copies of training pictures, and samples that repeat each other.

    The threshold is the 1 % quantile of held-out pictures; the value of real pictures is the share of
    the reference below it.
    """
    fakes, reals = case.fakes, case.reals
    space = spaces.principal_components(spaces.coarse_pixels, reals.train[:PCA_PICTURES])
    train, fake = space(reals.train), space(fakes)
    held, reference = space(reals.held), space(reals.reference)
    k = min(NEIGHBOURS, len(train) - 1)
    ratio, places = neighbours.distance_ratio(fake, train, k)
    held_ratio, reference_ratio = _real_ratios(held, reference, train, k, reals.unseen)
    limit = held_ratio.quantile(RARE)
    copies = _share_below(ratio, limit), _share_below(reference_ratio, limit)
    closest = _lowest(ratio, PAIRS)
    card.pictures["copied"] = _paired(fakes[closest], reals.train[places[closest]])

    distances = neighbours.repeat_distances(fake)
    limit = neighbours.repeat_distances(held).quantile(RARE)
    real = _share_below(neighbours.repeat_distances(reference), limit)
    _put(card, "repeats", _share_below(distances, limit), real)
    card.distinct = neighbours.effective_count(fake, float(limit))
    _put(card, "copies", *copies, count=_independent(card))
    alike = _lowest(distances, PAIRS // 2)
    other = neighbours.nearest(fake, fake, 1, exclude_self=True)[1][alike, 0]
    card.pictures["alike"] = _paired(fakes[alike], fakes[other])


def _lowest(values: Tensor, count: int) -> Tensor:
    """Indices of the lowest values, rounded: which picture is shown must not depend on the last bits."""
    return values.round(decimals=4).argsort(stable=True)[:count]


def _paired(left: Tensor, right: Tensor) -> Tensor:
    return torch.stack([left, right], dim=1).flatten(0, 1)


def _real_ratios(
    held: Tensor, reference: Tensor, train: Tensor, k: int, unseen: bool
) -> tuple[Tensor, Tensor]:
    if unseen:
        held, reference = (neighbours.distance_ratio(each, train, k)[0] for each in (held, reference))
        return held, reference
    # Both are the first rows of train: each is compared with all other rows.
    both, k = train[: 2 * len(held)], min(k, len(train) - 2)
    ratio, _ = neighbours.distance_ratio(both, train, k, exclude_self=True)
    return ratio[len(held) :], ratio[: len(held)]


def _share_below(values: Tensor, limit: Tensor) -> float:
    return float((values < limit).float().mean())


def measure_overlap(card: Card, case: Case) -> None:
    fakes, reals = case.fakes, case.reals
    space = case.space if case.known else spaces.principal_components(case.space, reals.reference)
    reference, fake = space(reals.reference), space(fakes)
    found, real = neighbours.overlap(reference, fake), neighbours.overlap(reference, space(reals.held))
    for name in ("precision", "density", "recall", "coverage"):
        count = _independent(card) if name == "precision" else None
        _put(card, name, getattr(found, name), getattr(real, name), count=count)
    card.pictures["unreal"] = fakes[_lowest(found.realism, PAIRS)]
    card.pictures["missed"] = reals.reference[_lowest(-found.reach, PAIRS)]


def count_classes(card: Card, case: Case) -> None:
    reals = case.reals
    if reals.labels is None or len(reals.names) < 2:
        return
    count = len(reals.names)
    expected = reals.labels.bincount(minlength=count).double() / len(reals.labels)
    predicted, held, errors, by = _classified(case, count)
    fake, real = class_shares(predicted, errors), class_shares(held, errors)
    error = SIGNIFICANT * sampling_deviation(expected, errors, card.samples)
    common = expected * card.samples >= MIN_OF_CLASS
    ratio, real_ratio = fake / expected, real / expected
    rare_classes = common & (ratio < RARE_CLASS) & (fake + error < expected)
    missing = rare_classes & (ratio < MISSING)
    accuracy = float((held == reals.held_labels).float().mean())
    order = [index for index in ratio.argsort(stable=True).tolist() if rare_classes[index]]
    rare = [reals.names[index] for index in order]
    card.classes = Classes(reals.names, fake.tolist(), expected.tolist(), rare, accuracy, by)
    if common.any():
        _put(card, "classes", (common & ~missing).sum(), common.sum())
        # The rarest of those that are so significantly: another may be rarer by chance.
        worst = ratio.masked_fill(~(rare_classes if rare else common), torch.inf).argmin()
        lowest = real_ratio[common].min()
        _put(card, "rarest class", ratio[worst], lowest, (error / expected)[worst])


def _classified(case: Case, count: int) -> tuple[Tensor, Tensor, Tensor, str]:
    """Predicted classes of fakes and of held-out pictures, the confusion matrix, and the classifier's name."""
    fakes, reals = case.fakes, case.reals
    if case.known:
        logits = spaces.batched(case.known.classes())
        predicted, held = (logits(each).argmax(1) for each in (fakes, reals.held))
        return predicted, held, confusion_matrix(reals.held_labels, held, count), case.known.name
    space = case.space
    side = len(reals.held)
    fit = max(FIT, 2 * side)
    ridge = RidgeClassifier(space(reals.train[:fit]), reals.labels[:fit], count)
    # Predictions for pictures that it was fitted to are leave-one-out.
    held = ridge(space(reals.held)) if reals.unseen else ridge.leave_one_out()[side : 2 * side]
    errors = confusion_matrix(reals.labels[:fit], ridge.leave_one_out(), count)
    by = f"a ridge classifier fitted to {min(fit, len(reals.train)):,} of them"
    return ridge(space(fakes)), held, errors, by
