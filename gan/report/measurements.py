"""The steps of a report card: each measures something of the samples and of held-out real pictures."""

from dataclasses import dataclass
from functools import cached_property

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.data.image_tensors import to_float
from gan.metrics.class_balance import (
    RidgeClassifier,
    class_shares,
    confusion_matrix,
    sampling_deviation,
)
from gan.metrics.distances import frechet_distance, metric_for, sliced_wasserstein
from gan.metrics.feature_spaces import (
    Space,
    cached,
    coarse_pixels,
    lenet_space,
    principal_components,
    random_convolutions,
)
from gan.metrics.nearest_neighbours import (
    distance_ratio,
    effective_count,
    nearest,
    overlap,
    repeat_distances,
)
from gan.report.card import Card, Classes
from gan.report.grading import SURE, Measure
from gan.report.reference_data import Reals

RARE = 0.01  # the share of held-out pictures that a threshold leaves below it
NEIGHBOURS = 20
FIT = 5000  # labelled pictures that a classifier is made from
SAMPLE = 4000  # pictures that a space's axes are found with
PAIRS = 8
PAIRINGS = 3  # of real pictures, for the floor of the sliced Wasserstein distance
FEWEST_OF_CLASS = 5  # real pictures expected of a class; rarer ones are not judged
MISSING = 0.25  # of a class's share among real pictures
RARE_CLASS = 0.5


@dataclass(frozen=True)
class Case:
    """What is judged, by what, and the spaces that several measures share."""

    fakes: Tensor
    reals: Reals

    @cached_property
    def digits(self) -> bool:
        """Whether our LeNet knows such pictures."""
        _, channels, size, _ = self.fakes.shape
        return metric_for(self.reals.source, channels, size) == "frechet"

    @cached_property
    def space(self) -> Space:
        """Features that see shapes, textures and sharpness."""
        if self.digits:
            return lenet_space()
        return cached(random_convolutions(self.fakes.shape[1]))


def _put(
    card: Card,
    name: str,
    value: float,
    real: float,
    chance: float = 0.0,
    count: int | None = None,
) -> None:
    made = Measure(name, float(value), float(real), count or card.samples, float(chance))
    card.measures[name] = made


def _independent(card: Card) -> int:
    """How many samples count: twenty pictures that come again and again are twenty draws."""
    return max(2, min(card.samples, round(card.distinct)))


def compare_sharpness(card: Card, case: Case) -> None:
    fakes, reals = case.fakes, case.reals
    held = sharpness(reals.held).median()
    _put(
        card,
        "sharpness",
        sharpness(fakes).median() / held,
        sharpness(reals.reference).median() / held,
    )


def sharpness(pixels: Tensor) -> Tensor:
    """(N,) mean strength of a picture's fine detail, of uint8 ones, whatever its contrast.

    The mean absolute Laplacian over the standard deviation: a measure of focus (Pech-Pacheco et al.
    2000) that does not take a pale picture for a blurred one.
    """
    kernel = torch.tensor([[0.0, 1.0, 0.0], [1.0, -4.0, 1.0], [0.0, 1.0, 0.0]])[None, None]
    found = []
    for batch in pixels.split(500):
        images = to_float(batch)
        detail = F.conv2d(images.flatten(0, 1)[:, None], kernel).abs().mean((1, 2, 3))
        detail = detail.view(len(images), -1).mean(1)
        found.append(detail / images.flatten(1).std(1).clamp(min=1e-3))
    return torch.cat(found)


def compare_distributions(card: Card, case: Case) -> None:
    fakes, reals = case.fakes, case.reals
    reference, fake, held = (to_float(each) for each in (reals.reference, fakes, reals.held))
    if case.digits:
        floor = frechet_distance(reference, held)
        _put(card, "frechet", frechet_distance(reference, fake), floor)
        return
    # One pair of real sets may by chance be half as far apart as the next.
    rng, pool, floors = torch.Generator().manual_seed(card.seed), torch.cat([reference, held]), []
    for _ in range(PAIRINGS):
        floors.append(sliced_wasserstein(*pool.chunk(2)))
        pool = pool[torch.randperm(len(pool), generator=rng)]
    floor = sum(floors) / PAIRINGS
    _put(card, "sliced_wasserstein", sliced_wasserstein(reference, fake), floor)


def look_for_copies(card: Card, case: Case) -> None:
    """Copies of training pictures, and samples that repeat each other.

    Held-out pictures set the threshold, of which a hundredth lie below it by definition; what the
    reference gets below it is the floor.
    """
    fakes, reals = case.fakes, case.reals
    space = principal_components(coarse_pixels, reals.train[:SAMPLE])
    train, fake = space(reals.train), space(fakes)
    held, reference = space(reals.held), space(reals.reference)
    k = min(NEIGHBOURS, len(train) - 1)
    ratio, places = distance_ratio(fake, train, k)
    held_ratio, reference_ratio = _real_ratios(held, reference, train, k, reals.unseen)
    limit = held_ratio.quantile(RARE)
    copies = _share_below(ratio, limit), _share_below(reference_ratio, limit)
    closest = _lowest(ratio, PAIRS)
    card.pictures["copied"] = _paired(fakes[closest], reals.train[places[closest]])

    own, held_own = repeat_distances(fake), repeat_distances(held)
    limit = held_own.quantile(RARE)
    _put(card, "repeats", _share_below(own, limit), _share_below(repeat_distances(reference), limit))
    card.distinct = effective_count(fake, float(limit))
    _put(card, "copies", *copies, count=_independent(card))
    alike = _lowest(own, PAIRS // 2)
    other = nearest(fake, fake, 1, exclude_self=True)[1][alike, 0]
    card.pictures["alike"] = _paired(fakes[alike], fakes[other])


def _lowest(values: Tensor, count: int) -> Tensor:
    """Where the lowest lie. Rounded, so that the last bits of a sum do not decide which is shown."""
    return values.round(decimals=4).argsort(stable=True)[:count]


def _paired(left: Tensor, right: Tensor) -> Tensor:
    """Two sets of pictures as one, in turn."""
    return torch.stack([left, right], dim=1).flatten(0, 1)


def _real_ratios(
    held: Tensor, reference: Tensor, train: Tensor, k: int, unseen: bool
) -> tuple[Tensor, Tensor]:
    if unseen:
        return distance_ratio(held, train, k)[0], distance_ratio(reference, train, k)[0]
    # They are the first rows of train: each is compared with all others.
    ratio = distance_ratio(train[: len(held) * 2], train, min(k, len(train) - 2), exclude_self=True)[0]
    return ratio[len(held) :], ratio[: len(held)]


def _share_below(values: Tensor, limit: Tensor) -> float:
    return float((values < limit).float().mean())


def measure_overlap(card: Card, case: Case) -> None:
    fakes, reals = case.fakes, case.reals
    space = case.space if case.digits else principal_components(case.space, reals.reference)
    reference, fake = space(reals.reference), space(fakes)
    found, real = overlap(reference, fake), overlap(reference, space(reals.held))
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
    usual = reals.labels.bincount(minlength=count).double() / len(reals.labels)
    answers, held, mistakes, by = _answers(case, count)
    fake, real = class_shares(answers, mistakes), class_shares(held, mistakes)
    off = SURE * sampling_deviation(usual, mistakes, card.samples)
    common = usual * card.samples >= FEWEST_OF_CLASS
    ratio, real_ratio = fake / usual, real / usual
    neglected = common & (ratio < RARE_CLASS) & (fake + off < usual)
    missing = neglected & (ratio < MISSING)
    accuracy = float((held == reals.held_labels).float().mean())
    order = [index for index in ratio.argsort(stable=True).tolist() if neglected[index]]
    rare = [reals.names[index] for index in order]
    card.classes = Classes(reals.names, fake.tolist(), usual.tolist(), rare, accuracy, by)
    if common.any():
        _put(card, "classes", (common & ~missing).sum(), common.sum())
        worst = ratio.masked_fill(~common, torch.inf).argmin()
        lowest = real_ratio[common].min()
        _put(card, "rarest class", ratio[worst], lowest, (off / usual)[worst])


def _answers(case: Case, count: int) -> tuple[Tensor, Tensor, Tensor, str]:
    """The classifier's answers to fakes and held-out pictures, its mistakes, and its name."""
    fakes, reals = case.fakes, case.reals
    if case.digits:
        from gan.models.lenet import load_lenet

        head = load_lenet().head
        answers, held = (head(case.space(each)).argmax(1) for each in (fakes, reals.held))
        return answers, held, confusion_matrix(reals.held_labels, held, count), "our LeNet"
    space = case.space
    side = len(reals.held)
    fit = max(FIT, 2 * side)
    ridge = RidgeClassifier(space(reals.train[:fit]), reals.labels[:fit], count)
    # Pictures that it was made from are answered as if it had not seen them.
    held = ridge(space(reals.held)) if reals.unseen else ridge.leave_one_out()[side : 2 * side]
    mistakes = confusion_matrix(reals.labels[:fit], ridge.leave_one_out(), count)
    return (
        ridge(space(fakes)),
        held,
        mistakes,
        f"a classifier made from {min(fit, len(reals.train)):,} of them",
    )
