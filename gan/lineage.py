"""A lineage as a recipe: a short text from which each ancestor's latent can be made again.

The text is a list of pictures, parted by dots; each names earlier ones by their place, from 0 on.

`42`            the picture of a seed
`zAB…`          a latent of its own, as `gan.packing.pack_z` writes it
`c0d35s1i7`     a child of picture 0: difference 0.35, litter seed 1, index 7
`c0x1d35s1i7`   a child of two
`a0x1m2x3p4`    (the mean of 0 and 1) minus (that of 2 and 3) plus 4

What ends in a child without its index, as `42.c0d35s1`, is the recipe of a litter.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from gan import checks
from gan.breeding import MAX_CHILDREN, children, combine
from gan.latent import check_seed, seed_latents
from gan.packing import unpack_z

MAX_PICTURES = 200
MAX_LETTERS = 60_000
MAX_SUMMED = 64
SEED = re.compile(r"\d{1,10}")
# `[0-9]`, because `\d` takes the digits of every script.
SEED = re.compile(r"[0-9]{1,10}")
CHILD = re.compile(
    r"c(?P<parents>[0-9]{1,3}(x[0-9]{1,3})?)d(?P<percent>[0-9]{1,3})"
    r"s(?P<litter>[0-9]{1,10})(i(?P<index>[0-9]{1,2}))?"
)
PLACES = r"[0-9]{1,3}(?:x[0-9]{1,3})*"
SUM = re.compile(f"a(?P<plus>{PLACES})m(?P<minus>{PLACES})p(?P<onto>{PLACES})")


@dataclass(frozen=True)
class Family:
    """What a recipe makes: `people` (N, z_dim), one for each picture that it lists, and `litter`.

    `litter` is (count, z_dim): the children that the recipe ends in; of no rows where it does not.
    """

    people: Tensor
    litter: Tensor


def litter(roots: list[str], difference: float, seed: int = 0) -> str:
    """The recipe of the children of one or two roots (texts such as "42").

    ValueError unless `difference` is in whole hundredths from 0 to 1: a recipe has no room for more.
    """
    return ".".join([*roots, _end(range(len(roots)), difference, seed)])


def litter_of_sum(
    plus: list[int], minus: list[int], onto: list[int], difference: float, seed: int = 0
) -> str:
    """The recipe of pictures near the sum plus - minus + onto, each a list of seeds, averaged."""
    seeds = [str(check_seed(each)) for each in (*plus, *minus, *onto)]
    places = iter(range(len(seeds)))
    groups = ["x".join(str(next(places)) for _ in group) for group in (plus, minus, onto)]
    if not all(groups):
        raise ValueError("plus, minus and onto need one seed or more each.")
    return ".".join([*seeds, "a{}m{}p{}".format(*groups), _end([len(seeds)], difference, seed)])


def _end(parents: Iterable[int], difference: float, seed: int) -> str:
    percent = checks.number("difference", difference, 0.0, 1.0) * 100
    if abs(percent - round(percent)) > 1e-6:
        raise ValueError("difference must be in hundredths, such as 0.35.")
    return f"c{'x'.join(map(str, parents))}d{round(percent)}s{check_seed(seed)}"


def grow(recipe: object, z_dim: int, count: int = 16) -> Family:
    """All that a recipe makes, for a generator of `z_dim`; ValueError says what is wrong with it."""
    if not isinstance(recipe, str) or not 0 < len(recipe) <= MAX_LETTERS:
        raise ValueError(f"A recipe is a text of 1 to {MAX_LETTERS:,} letters.")
    count = checks.integer("number of children", count, 1, MAX_CHILDREN)
    parts = recipe.split(".")
    checks.integer("number of pictures in a recipe", len(parts), 1, MAX_PICTURES)
    end = CHILD.fullmatch(parts[-1])
    ends_in_litter = end is not None and end["index"] is None
    growing, none = _Growing(z_dim), torch.empty(0, z_dim)
    for part in parts[:-1] if ends_in_litter else parts:
        growing.add(part)
    return Family(
        people=torch.stack(growing.people) if growing.people else none,
        litter=growing.born(end, count) if ends_in_litter else none,
    )


class _Growing:
    """The pictures of a recipe so far, and each one's generation: roots have 0."""

    def __init__(self, z_dim: int):
        self.z_dim = z_dim
        self.people: list[Tensor] = []
        self.generations: list[int] = []

    def add(self, part: str) -> None:
        if SEED.fullmatch(part):
            return self._keep(seed_latents([int(part)], self.z_dim)[0], 0)
        if part.startswith("z"):
            return self._keep(unpack_z(part[1:], self.z_dim), 0)
        if (child := CHILD.fullmatch(part)) and child["index"]:
            index = checks.integer("index of a child", int(child["index"]), 0, MAX_CHILDREN - 1)
            return self._keep(self.born(child, index + 1)[index], self._generation(child["parents"]))
        if total := SUM.fullmatch(part):
            groups = [torch.stack(self._named(total[name])) for name in ("plus", "minus", "onto")]
            return self._keep(combine(*groups), self._generation("x".join(total.groups())))
        raise ValueError(f"A recipe has no picture like {part[:40]!r}: it must look like 42.c0d35s1i7.")

    def born(self, child: re.Match, count: int) -> Tensor:
        """The first `count` children that a recipe's child is one of."""
        parents = self._named(child["parents"])
        percent = checks.integer("difference in hundredths", int(child["percent"]), 0, 100)
        generation = self._generation(child["parents"])
        return children(torch.stack(parents), percent / 100, int(child["litter"]), count, generation)

    def _keep(self, z: Tensor, generation: int) -> None:
        self.people.append(z)
        self.generations.append(generation)

    def _places(self, text: str) -> list[int]:
        places = [int(place) for place in text.split("x")]
        checks.integer("number of pictures in a sum", len(places), 1, MAX_SUMMED)
        if max(places) >= len(self.people):
            raise ValueError(f"A recipe names picture {max(places)} before it has one.")
        return places

    def _named(self, text: str) -> list[Tensor]:
        return [self.people[place] for place in self._places(text)]

    def _generation(self, text: str) -> int:
        return 1 + max(self.generations[place] for place in self._places(text))
