"""Augmentation for small datasets, to which D soon overfits (Zhao et al. 2020, arXiv:2006.10738)."""

import dataclasses

from gan.data.point_clouds import is_points
from gan.drawn.registry import DRAWN
from gan.settings.config import TrainConfig, method_of
from gan.settings.hyperparameters import AUGMENTATIONS

SMALL = 1000  # pictures


def for_small_data(config: TrainConfig, count: int) -> TrainConfig:
    """`config` for a dataset of `count` pictures: with augmentation if they are fewer than 1,000.

    Unchanged if `changes` set "augment", if the method augments anyway or cannot, and for drawn
    pictures, which are in unlimited supply.
    """
    if count >= SMALL or config.data in DRAWN or is_points(config.data) or "augment" in config.changes:
        return config
    if method_of(config).augment:
        return config
    try:
        changes = config.changes | {"augment": ",".join(AUGMENTATIONS)}
        return dataclasses.replace(config, changes=changes)
    except ValueError:  # the method cannot be augmented
        return config


def note(count: int) -> str:
    return (
        f"Only {count:,} pictures: D's input is augmented (DiffAugment) against overfitting. augment=none "
        "turns that off."
    )
