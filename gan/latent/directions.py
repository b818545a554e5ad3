"""Directions in latent space, unsupervised (SeFa, PCA) and named.

SeFa finds those that change the first layer most (`gan.latent.sefa`), PCA those that change the
features of samples most; named ones change one attribute (gan/latent/named_directions.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.common import checks
from gan.latent.sefa import sefa, upright
from gan.latent.vectors import check_seed

COUNT = 8  # directions in a set without names
SAMPLES = 1024
BATCH = 256
# How many layers of a generator PCA uses: up to the first activations, at 4×4, or the first residual block.
FEATURE_DEPTH = {"dcgan": 3, "tutorial": 3, "resnet": 2}

# All sets: key -> (title, hint).
SETS = {
    "named": ("Named", "Each slider changes what it is named for, and as little else as it can."),
    "classes": ("Digits", "Each slider leads towards one digit."),
    "sefa": ("SeFa", "Found without labels: what moves the first layer most, strongest first."),
    "pca": ("PCA", "Found without labels: what many samples differ in most inside the network."),
}


@dataclass(frozen=True)
class Direction:
    """What one slider does: at value t, from -REACH to REACH, it adds t × `vector` (z_dim numbers) to z.

    A `former` one is offered no more, because it does not do what its name says; links of its time still use it.
    """

    name: str
    hint: str
    vector: tuple[float, ...]
    former: bool = False


@dataclass(frozen=True)
class DirectionSet:
    """Directions found by one method; `key` is its name in links."""

    key: str
    title: str
    hint: str
    directions: tuple[Direction, ...]


def direction(name: str, hint: str, vector: Tensor) -> Direction:
    """A Direction, its vector rounded to five decimals as in files and on the page."""
    return Direction(name, hint, tuple(round(float(x), 5) for x in vector))


def as_set(key: str, directions: Iterable[Direction]) -> DirectionSet:
    """A DirectionSet with the title and hint of `key`, one of SETS."""
    return DirectionSet(key, *SETS[key], tuple(directions))


def numbered(key: str, rows: Tensor) -> DirectionSet:
    """A DirectionSet of unnamed rows (N, z_dim), called by their rank: 1, 2, …"""
    return as_set(key, (direction(str(k + 1), "", row) for k, row in enumerate(rows)))


def sefa_set(generator: nn.Module, count: int = COUNT) -> DirectionSet:
    """At most `count` directions that change the first layer most (SeFa)."""
    return numbered("sefa", sefa(generator, min(count, generator.z_dim)))


def pca_set(generator: nn.Module, count: int = COUNT) -> DirectionSet:
    """At most `count` directions that change the features of samples most (PCA)."""
    return numbered("pca", pca(generator, min(count, generator.z_dim)))


@torch.no_grad()
def pca(generator: nn.Module, count: int, samples: int = SAMPLES, seed: int = 0) -> Tensor:
    """Unit rows (count, z_dim): the regression of z on the principal components of early features.

    Härkönen et al. 2020, "GANSpace: Discovering Interpretable GAN Controls", section 3.2 (as for
    BigGAN): principal components of the features of samples, then the z that goes with a component by
    least squares. The features are the first activations, or the pictures where a network has no such
    layer. Rows are not orthogonal, because features are nonlinear in z. Signs are as in `sefa`. One seed
    gives one result. ValueError for a `count` outside 1 to z_dim, too few `samples`, or a bad seed.
    """
    count = checks.integer("number of directions", count, 1, generator.z_dim)
    samples = checks.integer("samples", samples, max(16, count + 1), 20_000)
    rng = torch.Generator().manual_seed(check_seed(seed))
    z = torch.randn(samples, generator.z_dim, generator=rng)
    depth = FEATURE_DEPTH.get(generator.family)
    features = torch.cat([generator(part, depth=depth).flatten(1) for part in z.split(BATCH)])
    features -= features.mean(0)
    # The components' scores are the eigenvectors of the samples' products, which are fewer than the
    # features; regressing z on a score u of unit length gives zᵀu.
    _, scores = torch.linalg.eigh((features @ features.T).double())
    rows = F.normalize(scores.T.flip(0)[:count] @ (z - z.mean(0)).double(), dim=1)
    return upright(rows).float()
