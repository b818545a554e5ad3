"""A latent moved as Explore's sliders move it: by named amounts along directions, then single numbers."""

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from gan.common import checks
from gan.latent.direction_files import read_directions
from gan.latent.directions import DirectionSet, pca_set, sefa_set
from gan.latent.limits import REACH, SET_KEYS
from gan.latent.named_directions import find_named, trained_on
from gan.latent.text import MAX_ABS
from gan.models.generator import Generator
from gan.models.render import single_thread
from gan.models.storage import find_generator, read_image_generator

Moves = Mapping[str, float]  # name of a direction -> amount, from -REACH to REACH


def move(
    model: str,
    z: Tensor,
    *,
    named: Moves | None = None,
    classes: Moves | None = None,
    sefa: Moves | None = None,
    pca: Moves | None = None,
    numbers: Mapping[int, float] | None = None,
) -> Tensor:
    """z (N, z_dim) float32, moved along directions of `model` (shipped name, folder or Hub id), by their names.

    `numbers` then replaces single numbers of z, by their index. The result is that of the page's sliders bit for bit:
    one set after another, each step rounded to float32. Directions that are not stored beside the weights are
    computed, which may take seconds. ValueError for an unknown set, direction or index, or an amount out of range.
    """
    folder = find_generator(model)
    generator = read_image_generator(folder)
    for key, moves in zip(SET_KEYS, (named, classes, sefa, pca), strict=True):
        if moves:
            found = {
                each.name: each.vector for each in direction_set(generator, folder, key).directions
            }
            for name in moves:
                checks.choice(f"direction of {model}", name, found)
            for name, vector in found.items():
                amount = checks.number(f"amount of {name}", moves.get(name, 0), -REACH, REACH)
                z = (z.double() + amount * torch.tensor(vector, dtype=torch.float64)).float()
    z = z.clone()
    for index, value in (numbers or {}).items():
        place = checks.integer("index of a number of z", index, 0, generator.z_dim - 1)
        z[:, place] = checks.number(f"number {place} of z", value, -MAX_ABS, MAX_ABS)
    return z


def direction_set(
    generator: Generator, folder: str | Path, key: str, finds: bool = True
) -> DirectionSet:
    """The set `key` of the generator in `folder`: stored beside its weights, or computed as the page does.

    Without `finds`, only what takes no seconds is computed. ValueError if it has no such set.
    """
    checks.choice("set of directions", key, SET_KEYS)
    try:
        sets = read_directions(folder, generator.z_dim)
    except ValueError:  # made for other weights, or damaged
        sets = ()
    stored = {each.key: each for each in sets}
    if key not in stored and (finds or key == "sefa"):
        with single_thread():  # as the page, so that sums have the same order
            stored |= {each.key: each for each in _computed(generator, folder, key)}
    if key not in stored:
        if not finds and key != "sefa":
            raise ValueError(
                f"The directions called {key} do not lie beside this model: the command directions finds them."
            )
        raise ValueError(f"This model has no directions called {key}.")
    return stored[key]


def _computed(generator: Generator, folder: str | Path, key: str) -> tuple[DirectionSet, ...]:
    if key == "sefa":
        return (sefa_set(generator),)
    return (pca_set(generator),) if key == "pca" else find_named(generator, trained_on(folder))
