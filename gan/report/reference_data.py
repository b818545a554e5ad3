"""The real pictures that a report card needs: those learnt from, and two sets to measure with."""

import hashlib
from dataclasses import dataclass

import torch
from torch import Tensor

from gan.data.image_tensors import Images
from gan.data.load import DRAWN_COUNT, load_images
from gan.data.sources import HUB
from gan.drawn.registry import DRAWN
from gan.settings.config import TrainConfig

FEWEST = 10  # pictures on each side; below that no share means anything
MOST = 10_000  # pictures that are drawn or read; of MNIST and CIFAR-10, all
CIFAR10 = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip


@dataclass(frozen=True)
class Reals:
    """uint8 (N, C, H, W): `reference`, which fakes are measured against, and as many `held`, which show
    what real pictures get; `train`, in which copies are looked for.

    Where there are no test pictures, `unseen` is false: reference and held are then the first rows of
    `train`, in this order, so the generator may have learnt from them. `labels` (int64) are those of
    train, and `held_labels`; both None if unknown. `of`: how many pictures the generator learnt from,
    as far as is known.
    """

    source: str
    train: Tensor
    reference: Tensor
    held: Tensor
    unseen: bool
    labels: Tensor | None = None
    held_labels: Tensor | None = None
    names: tuple[str, ...] = ()
    of: int = 0


def gather(
    source: str, size: int, channels: int, count: int, seed: int = 0, learnt: TrainConfig | None = None
) -> Reals:
    """Real pictures of `source`, `count` on each side or as many as there are; `seed` picks them.

    `learnt` is the config of the run that is judged, if it is known: of its own data the pictures that
    it learnt from are looked at. ValueError where there are fewer than 10 on a side.
    """
    how = {"fit": learnt.fit, "background": learnt.background} if learnt else {}
    own = learnt is not None and learnt.data == source
    limit = _limit(source, learnt.limit if own else None, own)
    train = _without_twins(load_images(source, size, channels, limit, **how))
    wanted = 2 * count if source in DRAWN else None if source in HUB else MOST
    test = load_images(source, size, channels, wanted, split="test", **how)
    unseen = source in DRAWN or not _share_pictures(train.pixels, test.pixels)
    pool = _shuffled(test if unseen else train, seed)
    side = min(count, len(pool) // 2)
    if side < FEWEST:
        raise ValueError(
            f"{source} has {len(pool)} different pictures to measure with: at least {2 * FEWEST} "
            "are needed."
        )
    train = train if unseen else pool
    return Reals(
        source,
        train.pixels,
        pool.pixels[:side],
        pool.pixels[side : 2 * side],
        unseen,
        train.labels,
        None if pool.labels is None else pool.labels[side : 2 * side],
        _names(source, train.labels),
        (learnt.limit or 0) if own else 0,
    )


def _limit(source: str, learnt: int | None, own: bool) -> int | None:
    if source in DRAWN:
        # Drawing more would take longer than all the rest; so many lie in the cache as a rule.
        return learnt if learnt and learnt <= MOST else DRAWN_COUNT
    # What a run was given lies decoded in the cache already.
    return learnt if own or source in HUB else MOST


def _without_twins(images: Images) -> Images:
    """Without pictures that equal an earlier one: they would look like copies of each other."""
    first: dict[bytes, int] = {}
    for index, name in enumerate(_fingerprints(images.pixels)):
        first.setdefault(name, index)
    return images if len(first) == len(images) else images.subset(torch.tensor(list(first.values())))


def _share_pictures(train: Tensor, test: Tensor) -> bool:
    """Whether "test" is no set of its own: data without one gives its train pictures for it."""
    known = set(_fingerprints(train))
    return sum(name in known for name in _fingerprints(test)) > len(test) / 2


def _fingerprints(pixels: Tensor) -> list[bytes]:
    return [hashlib.blake2b(each.tobytes(), digest_size=16).digest() for each in pixels.numpy()]


def _shuffled(images: Images, seed: int) -> Images:
    rng = torch.Generator().manual_seed(seed)
    return images.subset(torch.randperm(len(images), generator=rng))


def _names(source: str, labels: Tensor | None) -> tuple[str, ...]:
    if labels is None:
        return ()
    if source in DRAWN:
        return DRAWN[source].factors[DRAWN[source].label]
    return (
        CIFAR10 if source == "cifar10" else tuple(str(label) for label in range(int(labels.max()) + 1))
    )
