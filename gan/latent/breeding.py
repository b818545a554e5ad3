"""Random variations, crossover and vector arithmetic of latents that stay within N(0, I).

N(0, I) is concentrated near a sphere of radius √z_dim, and the generator was trained on nothing else.
Adding noise to z leaves that sphere; the operations here preserve the distribution.
"""

import hashlib
import math

import torch
from torch import Tensor

from gan.common import checks
from gan.latent.text import round_z
from gan.latent.vectors import check_seed, normal

MAX_CHILDREN = 64
MAX_GENERATION = 1000
# Half the width of the shell, in units of z, that holds all but 1 % of N(0, I): the standard deviation of
# norms is nearly √½ whatever z_dim is, and 2.58 × √½ is 1.82.
SHELL = 1.82


def children(
    parents: Tensor, difference: float, seed: int = 0, count: int = 16, generation: int = 1
) -> Tensor:
    """`count` children of one parent (1, z_dim), or of two (2, z_dim): float32 (count, z_dim).

    One parent: cos(θ) z + sin(θ) noise, with fresh noise ~ N(0, I) and θ = `difference` × 90°. That
    keeps N(0, I) exactly, whatever θ is: the proposal "pCN" of Cotter, Roberts, Stuart & White 2013,
    "MCMC Methods for Functions", in the form of Murray, Adams & MacKay 2010, "Elliptical Slice
    Sampling". `difference` 0: equal to the parent; 1: as far from it as any other seed.

    Two parents: uniform crossover, each number from either with probability ½, which keeps N(0, I) even
    for related parents; then as above.

    A child depends on its parents, `difference`, `seed`, its index and `generation` alone, not on
    `count`. The noise depends on the last three: give each generation its own number, or the same
    noise is added twice. Rounded by `round_z`, so that links are exact. ValueError for a difference
    outside 0 to 1, a bad seed, or more than 64 children.
    """
    if parents.ndim != 2 or len(parents) not in (1, 2):
        raise ValueError("A child has one parent or two.")
    angle = math.pi / 2 * checks.number("difference", difference, 0.0, 1.0)
    seed = check_seed(seed)
    count = checks.integer("number of children", count, 1, MAX_CHILDREN)
    generation = checks.integer("generation", generation, 1, MAX_GENERATION)
    rows = [_child(parents.double(), angle, _stream(seed, generation, i)) for i in range(count)]
    return rounded(torch.stack(rows))


def _child(parents: Tensor, angle: float, rng: torch.Generator) -> Tensor:
    noise = normal(parents.shape[1], rng)
    coin = torch.rand(parents.shape[1], generator=rng) < 0.5
    mixed = torch.where(coin, parents[0], parents[-1])
    return math.cos(angle) * mixed + math.sin(angle) * noise.double()


def _stream(seed: int, generation: int, index: int) -> torch.Generator:
    """The random numbers of one child, independent of those of `seed_latents`."""
    name = f"child {index} of litter {seed} in generation {generation}".encode()
    # PyTorch's generator on the CPU uses 32 bits of a seed.
    number = int.from_bytes(hashlib.blake2b(name, digest_size=4).digest(), "little")
    return torch.Generator().manual_seed(number)


def combine(plus: Tensor, minus: Tensor, onto: Tensor) -> Tensor:
    """Vector arithmetic on groups of latents (N, z_dim) -> one z (z_dim,).

    mean(plus) - mean(minus) + mean(onto): Radford, Metz & Chintala 2016, "Unsupervised Representation
    Learning with Deep Convolutional GANs", section 6.3.2, who found single pictures unstable and
    averaged three: in a mean over several, attributes that they do not share cancel.

    The sum of three is longer than a z of N(0, I): outside of the shell that holds 99 % of them, it is
    scaled to the shell's nearer edge; inside it stays, so that A - A + C is C. Rounded by `round_z`.
    ValueError where a group is empty.
    """
    for name, group in (("plus", plus), ("minus", minus), ("onto", onto)):
        if group.ndim != 2 or not len(group):
            raise ValueError(f"{name} needs one picture or more.")
    mean = [group.double().mean(0) for group in (plus, minus, onto)]
    return rounded(into_shell(mean[0] - mean[1] + mean[2]))


def into_shell(z: Tensor) -> Tensor:
    """z (z_dim,) scaled so that its norm is within 1.82 of √z_dim; unchanged if it is, or if z is 0."""
    norm = z.norm().item()
    if norm == 0:
        return z
    radius = math.sqrt(len(z))
    return z * (min(max(norm, radius - SHELL), radius + SHELL) / norm)


def rounded(z: Tensor) -> Tensor:
    """`gan.latent.text.round_z` of a tensor."""
    return torch.from_numpy(round_z(z.numpy()))
