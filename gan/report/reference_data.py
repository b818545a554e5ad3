"""The real pictures of a report card: the training data, and two disjoint sets to measure with."""

import hashlib
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from gan.data.image_tensors import Images
from gan.data.load import DRAWN_COUNT, load_images
from gan.data.sources import HUB
from gan.drawn.registry import DRAWN
from gan.metrics.evaluate import check_colours
from gan.settings.config import TrainConfig

MIN_PICTURES = 10  # in each set; of fewer a share means nothing
MAX_PICTURES = 10_000  # that are drawn or read; of MNIST and CIFAR-10, all


@dataclass(frozen=True)
class ReferenceData:
    """Real pictures, uint8 (N, C, H, W).

    `reference` is what fakes are measured against; as many `held` pictures give the values of real
    ones; `train` is searched for copies. Without test pictures `unseen` is false: reference and held
    are then the first rows of `train`, in this order, and the generator may have been trained on them.
    `labels` (int64) are those of train, `held_labels` those of held; None if unknown. `trained_on`: how
    many pictures the generator was trained on, 0 if unknown.
    """

    source: str
    train: Tensor
    reference: Tensor
    held: Tensor
    unseen: bool
    labels: Tensor | None = None
    held_labels: Tensor | None = None
    names: tuple[str, ...] = ()
    trained_on: int = 0


def load_reference(
    source: str,
    size: int,
    channels: int,
    count: int,
    seed: int = 0,
    training: TrainConfig | None = None,
) -> ReferenceData:
    """Pictures of `source`, `count` in each set or as many as there are; `seed` selects them.

    `training` is the config of the run that is evaluated, if known: where its data are `source`, `train`
    is what it was trained on. ValueError for data that cannot be read or have fewer than 10 pictures a
    set.
    """
    check_colours(source, size, channels)
    how = {"fit": training.fit, "background": training.background} if training else {}
    same = training is not None and training.data == source
    limit = _limit(source, training.limit if same else None, same)
    train = _without_duplicates(load_images(source, size, channels, limit, **how))
    wanted = 2 * count if source in DRAWN else None if source in HUB else MAX_PICTURES
    test = load_images(source, size, channels, wanted, split="test", **how)
    test = _with_classes(test, train.classes)
    unseen = source in DRAWN or not _share_pictures(train.pixels, test.pixels)
    pool = test if unseen else train
    pool = pool.subset(pool.order(seed))
    side = min(count, len(pool) // 2)
    if side < MIN_PICTURES:
        raise ValueError(
            f"{source} has {len(pool)} different pictures to measure with: at least {2 * MIN_PICTURES} "
            "are needed."
        )
    # Parts of it are samples, and folders are sorted by class.
    train = train.subset(train.order(seed)) if unseen else pool
    return ReferenceData(
        source,
        train.pixels,
        pool.pixels[:side],
        pool.pixels[side : 2 * side],
        unseen,
        train.labels,
        None if pool.labels is None else pool.labels[side : 2 * side],
        train.classes,
        (training.limit or 0) if same else 0,
    )


def _limit(source: str, limit: int | None, same: bool) -> int | None:
    """How many training pictures to read, from the `limit` of a run on the `same` data."""
    if source in DRAWN:
        # Drawing more would take longer than all the rest; so many are usually in the cache.
        return limit if limit and limit <= MAX_PICTURES else DRAWN_COUNT
    # The pictures of a run on the same data are decoded in the cache already.
    return limit if same or source in HUB else MAX_PICTURES


def _without_duplicates(images: Images) -> Images:
    """Without exact duplicates: a copy of a duplicated picture would be near to two, not to one."""
    first: dict[bytes, int] = {}
    for index, name in enumerate(_fingerprints(images.pixels)):
        first.setdefault(name, index)
    return images if len(first) == len(images) else images.subset(torch.tensor(list(first.values())))


def _share_pictures(train: Tensor, test: Tensor) -> bool:
    """Whether the test set is the training set, which data without a test split return for it."""
    known = set(_fingerprints(train))
    return sum(name in known for name in _fingerprints(test)) > len(test) / 2


def _fingerprints(pixels: Tensor) -> list[bytes]:
    return [hashlib.blake2b(each.tobytes(), digest_size=16).digest() for each in pixels.numpy()]


def _with_classes(images: Images, classes: tuple[str, ...]) -> Images:
    """With labels as indices of `classes`, or without labels if it has a class that is not among them."""
    if images.labels is None or images.classes == classes:
        return images
    if not set(images.classes) <= set(classes):
        return images.without_labels()
    index_of = torch.tensor([classes.index(name) for name in images.classes])
    return replace(images, labels=index_of[images.labels], classes=classes)
