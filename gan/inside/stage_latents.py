"""The latent of single stages: where z comes in again (`gan.inside.mixing.entrances`) it may differ from the picture's.

Style mixing of single stages (Karras et al. 2019, section 3.1), and directions that are followed at some stages only
(the layer-wise edits of Härkönen et al. 2020, "GANSpace"). As text beside other edits (`gan.inside.edit_text`), parted
by commas; stages are counted from 1:

    z1.seed.42x0.7       0.7 of the way from z to the latent of seed 42: 0 leaves it, 1 is that
    z1.sefa.3x-1.5       z moved by -1.5 along direction 3 of the set sefa; a space in a name is written _

Of several that say the same of a stage the last counts; moves count for both ends of the way to a seed.
"""

import re
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor

from gan.common import checks
from gan.inside.limits import MAX_EDITS
from gan.inside.mixing import ALONE, Blend
from gan.latent.directions import DirectionSet
from gan.latent.limits import REACH, SET_KEYS
from gan.latent.vectors import seed_latents

SEED = "seed"
EXAMPLE = "z1.seed.42x0.7 or z1.sefa.3x-1.5"
CHANGE = re.compile(r"z(\d{1,2})\.([a-z]{1,8})\.([A-Za-z0-9_-]{1,24})x(-?\d(?:\.\d{1,3})?)", re.ASCII)

# (stage, set of directions or SEED, its direction or seed) -> amount or share
StageChanges = Mapping[tuple[int, str, str], float]


def split_stages(text: str, stages: int) -> tuple[str, StageChanges]:
    """The other edits in a text, and what it says of the latents of so many stages, counted from 0.

    ValueError for what is malformed or out of range, and for a generator whose stages have no latents.
    """
    others, found = [], {}
    for part in map(str.strip, text.split(",")):
        if not re.match(r"z\d", part, re.ASCII):
            others.append(part)
            continue
        if not (read := CHANGE.fullmatch(part)):
            raise ValueError(f"{part[:40]!r} is no latent of a stage: such as {EXAMPLE}.")
        if not stages:
            raise ValueError(ALONE)
        number, key, name, amount = read.groups()
        stage = checks.integer("stage", int(number), 1, stages) - 1
        checks.choice("what a stage's latent follows", key, (SEED, *SET_KEYS))
        if key == SEED:
            found = {one: value for one, value in found.items() if one[:2] != (stage, SEED)}
        found[stage, key, name.replace("_", " ")] = float(amount)
    if len(found) > MAX_EDITS:
        raise ValueError(f"At most {MAX_EDITS} edits, not {len(found)}.")
    return ",".join(others), found


def blends_of(
    changes: StageChanges, z: Tensor, directions: Callable[[str], DirectionSet]
) -> dict[int, Blend]:
    """What stages are given in place of z (N, z_dim); `directions(key)` is asked for the sets that are named.

    ValueError for unknown directions, bad seeds, and amounts out of range.
    """
    blends = {}
    for stage in sorted({stage for stage, _, _ in changes}):
        said = [(key, name, value) for (one, key, name), value in changes.items() if one == stage]
        move = _moved(z.shape[1], said, directions)
        own = None if move is None else z + move
        seeds = [(name, value) for key, name, value in said if key == SEED]
        if seeds:
            ((seed, share),) = seeds
            other = _latent_of(seed, z.shape[1])
            other = (other if move is None else other + move).expand_as(z)
            blends[stage] = Blend(other, checks.number("share", share, 0, 1), own)
        else:
            blends[stage] = Blend(own)
    return blends


def _latent_of(seed: str, z_dim: int) -> Tensor:
    if not checks.is_digits(seed):
        raise ValueError(f"The seed of a stage must be a whole number, not {seed!r}.")
    return seed_latents([int(seed)], z_dim)


def _moved(
    z_dim: int, said: Sequence[tuple[str, str, float]], directions: Callable[[str], DirectionSet]
) -> Tensor | None:
    """All moves of a stage together, (z_dim,); None if it has none."""
    moves = [each for each in said if each[0] != SEED]
    if not moves:
        return None
    total = torch.zeros(z_dim)
    for key, name, value in moves:
        found = {each.name: each.vector for each in directions(key).directions}
        checks.choice(f"direction of the set {key}", name, found)
        amount = checks.number(f"amount of {name}", value, -REACH, REACH)
        total += amount * torch.tensor(found[name])
    return total
