"""The real pictures that a report card needs: those learnt from, and two sets to measure with."""

from dataclasses import dataclass

import torch
from torch import Tensor

from gan import checks
from gan.config import TrainConfig
from gan.data import Images, load_images
from gan.drawings import DRAWN
from gan.sources import HUB

FEWEST = 10  # pictures on each side; below that no share means anything
MOST_DRAWN = 10_000
MOST_OTHER = 10_000
CIFAR10 = "airplane automobile bird cat deer dog frog horse ship truck".split()


@dataclass(frozen=True)
class Reals:
    """uint8 (N, C, H, W): `reference`, which fakes are measured against, and as many `held`, which show
    what real pictures get; `train`, in which copies are looked for.

    `train_labels` int64 or None; `names` of the classes, or none. Where there are no test pictures,
    `unseen` is false: reference and held are then the first rows of `train`, in this order, so the
    generator may have learnt from them. `of` is how many pictures there are to learn from; `skipped`,
    how many could not be read.
    """

    source: str
    train: Tensor
    reference: Tensor
    held: Tensor
    train_labels: Tensor | None
    reference_labels: Tensor | None
    names: tuple[str, ...]
    unseen: bool
    of: int
    skipped: int = 0


def gather(
    source: str, size: int, channels: int, count: int, seed: int = 0, learnt: TrainConfig | None = None
) -> Reals:
    """Real pictures of `source`, `count` on each side or as many as there are.

    `learnt` is the config of the run that is judged, if it is known: of its own data exactly the
    pictures that it learnt from are looked at. ValueError where there are fewer than 10 on a side.
    """
    limit, of = _limit(source, learnt)
    train = _without_twins(load_images(source, size, channels, limit))
    wanted = max(2 * count, 2)
    if source in DRAWN:
        test = load_images(source, size, channels, wanted, split="test")
    else:
        test = load_images(source, size, channels, _test_limit(source, wanted), split="test")
    unseen = source in DRAWN or not _same(test, train)
    rng = torch.Generator().manual_seed(seed)
    if unseen:
        order = torch.randperm(len(test), generator=rng)
        pool, labels = test.pixels[order], _picked(test.labels, order)
    else:
        order = torch.randperm(len(train), generator=rng)
        train = Images(train.source, train.pixels[order], _picked(train.labels, order), train.skipped)
        pool, labels = train.pixels, train.labels
    side = min(count, len(pool) // 2)
    if side < FEWEST:
        raise ValueError(
            f"{source} has {len(pool)} pictures to measure with: at least {2 * FEWEST} are needed."
        )
    return Reals(
        source,
        train.pixels,
        pool[:side],
        pool[side : 2 * side],
        train.labels,
        None if labels is None else labels[:side],
        _names(source, train.labels),
        unseen,
        max(of or len(train), len(train)),
        len(train.skipped),
    )
