"""Directions in latent space: named ones, and those that change most.

A direction is a vector that a slider adds to z. A set of them answers one question: what changes most
in the first layer (SeFa, `gan.latent.vectors.sefa`), what changes most in the features of samples (PCA), or
what makes more of one thing that has a name (gan/latent/named_directions.py).
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.common import checks
from gan.latent.vectors import check_seed, sefa, upright

COUNT = 8  # of the directions without names
SAMPLES = 1024
BATCH = 256
# The layers of a generator up to its first activations, at 4×4; in residual networks its first block.
EARLY = {"dcgan": 3, "tutorial": 3, "resnet": 2}

# Every set that there is: its title, and what it holds.
SETS = {
    "named": ("Named", "Each slider changes what it is named for, and as little else as it can."),
    "classes": ("Digits", "Each slider leads towards one digit."),
    "sefa": ("SeFa", "What moves the first layer most, strongest first (closed-form factorisation)."),
    "pca": ("PCA", "What many samples differ in most inside the network, strongest first."),
}


@dataclass(frozen=True)
class Direction:
    """What one slider does: at 1 it adds `vector` (z_dim numbers) to z, at its end three times that."""

    name: str
    hint: str
    vector: tuple[float, ...]

    def to_dict(self) -> dict:
        """Plain JSON."""
        return asdict(self)


@dataclass(frozen=True)
class DirectionSet:
    """Directions that belong together; `key` is what a link calls them."""

    key: str
    title: str
    hint: str
    directions: tuple[Direction, ...]

    def to_dict(self) -> dict:
        """Plain JSON."""
        return asdict(self)


def direction(name: str, hint: str, vector: Tensor) -> Direction:
    """A Direction of five decimals, which is what a page is told and a file holds."""
    return Direction(name, hint, tuple(round(float(x), 5) for x in vector))


def as_set(key: str, directions: Iterable[Direction]) -> DirectionSet:
    """The set of that key."""
    return DirectionSet(key, *SETS[key], tuple(directions))


def numbered(key: str, rows: Tensor) -> DirectionSet:
    """Directions (N, z_dim) that have a rank and no name."""
    return as_set(key, (direction(str(k + 1), "", row) for k, row in enumerate(rows)))


def sefa_set(generator: nn.Module, count: int = COUNT) -> DirectionSet:
    """The directions that change the first layer most, at most `count` of them."""
    rows = sefa(generator, min(count, generator.z_dim))
    return numbered("sefa", rows)


def pca_set(generator: nn.Module, count: int = COUNT) -> DirectionSet:
    """The directions that samples differ in most, at most `count` of them."""
    rows = pca(generator, min(count, generator.z_dim))
    return numbered("pca", rows)


@torch.no_grad()
def pca(generator: nn.Module, count: int, samples: int = SAMPLES, seed: int = 0) -> Tensor:
    """Unit rows (count, z_dim): z's share in the principal components of early features.

    Härkönen et al. 2020, "GANSpace: Discovering Interpretable GAN Controls", section 3.2 (as for
    BigGAN): principal components of the features of samples, then the z that goes with a component by
    least squares. The features are the first activations, or the pictures where a network has no such
    layer. Rows are not orthogonal: the features bend. Signs are as in `sefa`. A seed gives one result.
    """
    count = checks.integer("number of directions", count, 1, generator.z_dim)
    samples = checks.integer("samples", samples, max(16, count + 1), 20_000)
    rng = torch.Generator().manual_seed(check_seed(seed))
    z = torch.randn(samples, generator.z_dim, generator=rng)
    depth = EARLY.get(generator.family)
    features = torch.cat([generator(part, depth=depth).flatten(1) for part in z.split(BATCH)])
    features -= features.mean(0)
    # The components' scores are the eigenvectors of the samples' products, which are fewer than the
    # features; regressing z on a score u of unit length gives zᵀu.
    _, scores = torch.linalg.eigh((features @ features.T).double())
    rows = F.normalize(scores.T.flip(0)[:count] @ (z - z.mean(0)).double(), dim=1)
    return upright(rows).float()
