"""Evaluates a recipe (gan/latent/recipe.py): the latents of its pictures and of its litter."""

import re
from dataclasses import dataclass

import torch
from torch import Tensor

from gan.common import checks
from gan.latent.breeding import MAX_CHILDREN, children, combine
from gan.latent.classes import with_class
from gan.latent.recipe import CHILD, MAX_LETTERS, MAX_PICTURES, MAX_SUMMED, SEED, SUM
from gan.latent.text import unpack_z
from gan.latent.vectors import seed_latents


@dataclass(frozen=True)
class Family:
    """The latents of a recipe: `latents` (N, z_dim), one for each picture that it lists, and `litter`.

    `litter` (count, z_dim) are the children that the recipe ends in; no rows if it does not end in any.
    """

    latents: Tensor
    litter: Tensor


def grow(recipe: object, z_dim: int, count: int = 16, classes: int = 0) -> Family:
    """Evaluate a recipe for a generator's z of `z_dim` numbers and its `classes`, 0 for none, with `count` children.

    ValueError for a bad recipe, and for a class that the generator does not have.
    """
    if not isinstance(recipe, str) or not 0 < len(recipe) <= MAX_LETTERS:
        raise ValueError(f"A recipe is a text of 1 to {MAX_LETTERS:,} letters.")
    count = checks.integer("number of children", count, 1, MAX_CHILDREN)
    parts = recipe.split(".")
    checks.integer("number of pictures in a recipe", len(parts), 1, MAX_PICTURES)
    end = CHILD.fullmatch(parts[-1])
    ends_in_litter = end is not None and end["index"] is None
    evaluation, none = _Evaluation(z_dim, classes), torch.empty(0, z_dim)
    for part in parts[:-1] if ends_in_litter else parts:
        evaluation.add(part)
    return Family(
        latents=torch.stack(evaluation.latents) if evaluation.latents else none,
        litter=evaluation.litter_of(end, count) if ends_in_litter else none,
    )


class _Evaluation:
    """The pictures of a recipe so far, and their generations, 0 for roots."""

    def __init__(self, z_dim: int, classes: int):
        self.z_dim, self.classes = z_dim, classes
        self.latents: list[Tensor] = []
        self.generations: list[int] = []

    def add(self, part: str) -> None:
        if SEED.fullmatch(part):
            return self._keep(seed_latents([int(part)], self.z_dim)[0], 0)
        if part.startswith("z"):
            return self._keep(torch.from_numpy(unpack_z(part[1:], self.z_dim)), 0)
        if (child := CHILD.fullmatch(part)) and child["index"]:
            index = checks.integer("index of a child", int(child["index"]), 0, MAX_CHILDREN - 1)
            z = self.litter_of(child, index + 1)[index]
            return self._keep(z, self._generation(child["parents"]))
        if total := SUM.fullmatch(part):
            groups = [torch.stack(self._latents(total[name])) for name in ("plus", "minus", "onto")]
            return self._keep(combine(*groups), self._generation("x".join(total.groups())))
        raise ValueError(f"A recipe has no picture like {part[:40]!r}: it must look like 42.c0d35s1i7.")

    def litter_of(self, child: re.Match, count: int) -> Tensor:
        """The first `count` children of the litter that a parsed child belongs to."""
        parents = self._latents(child["parents"])
        percent = checks.integer("difference in hundredths", int(child["percent"]), 0, 100)
        generation = self._generation(child["parents"])
        z = children(torch.stack(parents), percent / 100, int(child["litter"]), count, generation)
        return z if child["label"] is None else with_class(z, self.classes, self._label(child["label"]))

    def _label(self, text: str) -> int:
        if not self.classes:
            raise ValueError(
                f"This recipe has children of class {text}, and this model has no classes."
            )
        return checks.integer("class in a recipe", int(text), 0, self.classes - 1)

    def _keep(self, z: Tensor, generation: int) -> None:
        self.latents.append(z)
        self.generations.append(generation)

    def _places(self, text: str) -> list[int]:
        places = [int(place) for place in text.split("x")]
        checks.integer("number of pictures in a sum", len(places), 1, MAX_SUMMED)
        if max(places) >= len(self.latents):
            raise ValueError(f"A recipe names picture {max(places)} before it has one.")
        return places

    def _latents(self, text: str) -> list[Tensor]:
        return [self.latents[place] for place in self._places(text)]

    def _generation(self, text: str) -> int:
        return 1 + max(self.generations[place] for place in self._places(text))
