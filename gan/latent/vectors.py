"""Latent vectors: seeds, truncation and interpolation.

z is float32 (N, z_dim), drawn from N(0, I). Seed s means one z, whatever the batch or the machine: what
makes latents computes in float64, and rounds to float32 at the end, since the last digits of logarithms
and cosines differ between processors.
"""

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.common import checks
from gan.latent.classes import keep_class, with_class
from gan.latent.limits import MAX_FRAMES, MAX_KEYS, MAX_TRUNCATION, MODES
from gan.settings.config import MAX_SEED

BLOCK = 16  # numbers that torch.randn makes together


def check_seed(seed: object) -> int:
    """`seed` as an int from 0 to 2³² - 1; ValueError otherwise."""
    return checks.integer("seed", seed, 0, MAX_SEED)


def seed_latents(seeds: Sequence[int], z_dim: int) -> Tensor:
    """One z for each seed: float32 (len(seeds), z_dim) on the CPU.

    Each row has its own random generator, so that it does not depend on the others.
    ValueError for a seed outside 0 to 2³² - 1.
    """
    rng = torch.Generator()
    rows = [normal(z_dim, rng.manual_seed(check_seed(seed))) for seed in seeds]
    return torch.stack(rows) if rows else torch.empty(0, z_dim)


def normal(count: int, rng: torch.Generator) -> Tensor:
    """`count` numbers drawn from N(0, 1): float32 (count,), the same on every machine.

    They are those of `torch.randn` but for their last digits, which there depend on the processor's
    vector units. From the same uniform numbers, sixteen at a time: Box & Muller 1958, "A Note on the
    Generation of Random Normal Deviates".
    """
    if count < BLOCK:
        return torch.randn(count, generator=rng)  # these are drawn one by one, in float64
    drawn = _box_muller(torch.rand(count // BLOCK * BLOCK, generator=rng))
    rest = count % BLOCK
    if not rest:
        return drawn
    # The uniform numbers of the incomplete block are passed over; a whole one ends the row.
    torch.rand(rest, generator=rng)
    last = _box_muller(torch.rand(BLOCK, generator=rng))
    return torch.cat([drawn[: count - BLOCK], last])


def _box_muller(uniform: Tensor) -> Tensor:
    """Numbers of [0, 1), whole blocks of them, to as many normal ones."""
    radius, angle = uniform.double().view(-1, 2, BLOCK // 2).unbind(1)
    radius, angle = (-2.0 * (1.0 - radius).log()).sqrt(), 2.0 * math.pi * angle
    return torch.stack([radius * angle.cos(), radius * angle.sin()], 1).flatten().float()


def truncate(z: Tensor, truncation: float) -> Tensor:
    """z pulled towards the mean of all z, which is 0: `truncation` × z, from 0 to 2.

    Below 1: more typical, less varied; above 1: the reverse. Karras et al. 2019 (StyleGAN), B,
    with the mean of z in place of the mean of w. The product is rounded once, as in the page's JavaScript, where
    numbers have 64 bits: PyTorch would round `truncation` to 32 first.
    """
    return (z.double() * checks.number("truncation", truncation, 0.0, MAX_TRUNCATION)).to(z)


def truncate_in_class(z: Tensor, truncation: float, classes: int, label: int | None) -> Tensor:
    """`truncate`, of z that are changed to class `label` of `classes` and stay in it; None leaves each its class."""
    if label is None:
        return truncate(z, truncation)
    return keep_class(truncate(with_class(z, classes, label), truncation), classes, label)


def lerp(start: Tensor, end: Tensor, t: Tensor) -> Tensor:
    """The straight line: (z_dim,), (z_dim,), t (N,) in [0, 1] -> (N, z_dim)."""
    exact = torch.lerp(start.double(), end.double(), t[:, None].to(start).double())
    return exact.to(start)


def slerp(start: Tensor, end: Tensor, t: Tensor) -> Tensor:
    """The great circle: (z_dim,), (z_dim,), t (N,) in [0, 1] -> (N, z_dim).

    Directions follow Shoemake 1985, eq. on p. 247; norms go linearly from the start's to the end's.
    A straight line would pass closer to 0 than nearly any z that G saw in training (White 2016,
    "Sampling Generative Networks"). For opposite ends, between which all great circles are equally long,
    one is chosen; where an end is 0 or z_dim is 1 there is no circle, and this is `lerp`.
    """
    norms = torch.stack([start.double().norm(), end.double().norm()])
    if norms.min() < 1e-8 or len(start) == 1:
        return lerp(start, end, t)
    # In float64: for nearly parallel or opposite ends the orthogonal part of b has few correct digits.
    a, b = (F.normalize(each.double(), dim=0) for each in (start, end))
    across = b - (a @ b) * a
    omega = torch.atan2(across.norm(), a @ b)
    if across.norm() < 1e-7:
        if omega < 1.0:
            return lerp(start, end, t)
        across = _perpendicular(a)
    across = F.normalize(across, dim=0)
    t = t[:, None].to(start)
    angle = t.double() * omega
    direction = torch.cos(angle) * a + torch.sin(angle) * across
    path = (direction * torch.lerp(norms[0], norms[1], t.double())).to(start)
    path = torch.where(t == 0, start, path)
    return torch.where(t == 1, end, path)


def _perpendicular(unit: Tensor) -> Tensor:
    axis = torch.zeros_like(unit)
    axis[unit.abs().argmin()] = 1.0
    return axis - (axis @ unit) * unit


def walk(keys: Tensor, frames: int, mode: str = "slerp", closed: bool = False) -> Tensor:
    """A path through `keys` (K, z_dim): float32 (frames, z_dim), evenly timed, keys included.

    `closed` returns to the first key, whose picture is not repeated at the end, so that a loop
    plays smoothly. ValueError unless there are 2 to 64 keys and as many to 600 frames.
    """
    checks.choice("mode", mode, MODES)
    checks.flag("closed", closed)
    count = checks.integer("number of key pictures", len(keys), 2, MAX_KEYS)
    frames = checks.integer("frames", frames, max(2, count), MAX_FRAMES)
    stops = torch.cat([keys, keys[:1]]) if closed else keys
    legs = len(stops) - 1
    position = torch.arange(frames) * legs / (frames if closed else frames - 1)
    leg = position.long().clamp(max=legs - 1)
    between = slerp if mode == "slerp" else lerp
    rows = [
        between(stops[index], stops[index + 1], (position - index)[leg == index])
        for index in range(legs)
    ]
    return torch.cat(rows)
