"""Recipes: a lineage as a short text, which gan/latent/lineage.py evaluates to latents.

The text is a list of pictures, separated by dots; each refers to earlier ones by their index, from 0.

`42`            the picture of a seed
`zAB…`          a latent, as `gan.latent.text.pack_z` writes it
`c0d35s1i7`     a child of picture 0: difference 0.35, litter seed 1, index 7
`c0x1d35s1i7`   a child of two
`c0d35s1k3i7`   one that is changed to class 3 (gan/latent/classes.py)
`a0x1m2x3p4`    (the mean of 0 and 1) minus (that of 2 and 3) plus 4

A recipe that ends in a child without index, such as `42.c0d35s1`, has a litter: all of those children.
"""

import re
from collections.abc import Iterable

from gan.common import checks
from gan.settings.config import MAX_SEED

MAX_PICTURES = 200
MAX_LETTERS = 60_000
MAX_SUMMED = 64
# `[0-9]`, because `\d` matches the digits of every script.
SEED = re.compile(r"[0-9]{1,10}")
CHILD = re.compile(
    r"c(?P<parents>[0-9]{1,3}(x[0-9]{1,3})?)d(?P<percent>[0-9]{1,3})"
    r"s(?P<litter>[0-9]{1,10})(k(?P<label>[0-9]{1,3}))?(i(?P<index>[0-9]{1,2}))?"
)
PLACES = r"[0-9]{1,3}(?:x[0-9]{1,3})*"
SUM = re.compile(f"a(?P<plus>{PLACES})m(?P<minus>{PLACES})p(?P<onto>{PLACES})")


def litter(roots: list[str], difference: float, seed: int = 0, label: int | None = None) -> str:
    """The recipe of the children of one or two roots (texts such as "42"), all of the class `label` if there is one.

    ValueError unless `difference` is in whole hundredths from 0 to 1, as recipes hold it.
    """
    return ".".join([*roots, _end(range(len(roots)), difference, seed, label)])


def litter_of_sum(
    plus: list[int],
    minus: list[int],
    onto: list[int],
    difference: float,
    seed: int = 0,
    label: int | None = None,
) -> str:
    """The recipe of children of mean(plus) - mean(minus) + mean(onto), each a list of seeds; `label` as in `litter`.

    ValueError for an empty list, a bad seed or a bad `difference`.
    """
    seeds = [str(_seed(each)) for each in (*plus, *minus, *onto)]
    places = iter(range(len(seeds)))
    groups = ["x".join(str(next(places)) for _ in group) for group in (plus, minus, onto)]
    if not all(groups):
        raise ValueError("plus, minus and onto need one seed or more each.")
    return ".".join([*seeds, "a{}m{}p{}".format(*groups), _end([len(seeds)], difference, seed, label)])


def _end(parents: Iterable[int], difference: float, seed: int, label: int | None) -> str:
    percent = checks.number("difference", difference, 0.0, 1.0) * 100
    if abs(percent - round(percent)) > 1e-6:
        raise ValueError("difference must be in hundredths, such as 0.35.")
    of_class = "" if label is None else f"k{label}"
    return f"c{'x'.join(map(str, parents))}d{round(percent)}s{_seed(seed)}{of_class}"


def _seed(seed: object) -> int:
    return checks.integer("seed", seed, 0, MAX_SEED)
