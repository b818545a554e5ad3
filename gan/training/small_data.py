"""What is done otherwise where there are few pictures to learn from.

D soon knows a few hundred pictures by heart, and then teaches nothing. Shown them augmented, in ways
that gradients pass through (gan.training.augment; Zhao and others 2020, arXiv:2006.10738), it does not.
"""

import dataclasses

from gan.data.point_clouds import is_points
from gan.drawn.registry import DRAWN
from gan.settings.config import TrainConfig, method_of
from gan.settings.method import AUGMENTATIONS

FEW = 1000


def for_small_data(config: TrainConfig, count: int) -> TrainConfig:
    """`config` for `count` pictures: augmented where they are fewer than 1,000.

    Not where `changes` say something of "augment", the method augments anyway or cannot, nor for
    drawn pictures, of which there are as many as are asked for.
    """
    if count >= FEW or config.data in DRAWN or is_points(config.data) or "augment" in config.changes:
        return config
    if method_of(config).augment:
        return config
    try:
        changes = config.changes | {"augment": ",".join(AUGMENTATIONS)}
        return dataclasses.replace(config, changes=changes)
    except ValueError:  # the method sees something else than pictures
        return config


def note(count: int) -> str:
    """What is said of a run that `for_few` has changed."""
    return (
        f"Only {count:,} pictures: D is shown them augmented (DiffAugment), so that it does not learn "
        "them by heart. augment=none turns that off."
    )
