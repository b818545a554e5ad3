"""Named directions of a generator: what can be seen on pixels, digits' classes, traits of drawn faces.

Each is scaled so that a slider's span, from -3 to 3 of them, is about as far as pictures stay good.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.latent.directions import DirectionSet, as_set, direction
from gan.latent.pixel_edits import edits_for
from gan.latent.steering import BUDGET, SAMPLES, Look, look, pixels, solve
from gan.latent.vectors import check_seed
from gan.metrics.distances import metric_for
from gan.models.registry import training_config_of

ALIKE = 0.9  # cosine: what is so near an earlier direction is that one again
STEPS = (0.7, 1.5)  # lengths of a direction: shorter where it moves much, longer where little
EACH = 32  # samples that a regression sees, for each place that is looked at
APART = 1.0  # λ of by_traits: less is less entangled and weaker
LEAST = 0.1  # samples that regressions see

Read = Callable[[Tensor], Tensor]


def places(generator: nn.Module, count: int, seed: int = 0) -> Tensor:
    """The z (count, z_dim) at which a generator is looked at."""
    rng = torch.Generator().manual_seed(check_seed(seed))
    return torch.randn(count, generator.z_dim, generator=rng)


def trained_on(folder: str | Path) -> str:
    """The data that a generator's folder says it was trained on; empty where it does not say."""
    learnt = training_config_of(str(folder))
    return learnt.data if learnt else ""


def find_named(generator: nn.Module, data: str, samples: int = SAMPLES) -> tuple[DirectionSet, ...]:
    """All named sets of a generator that was trained on `data`, in a few seconds.

    Drawn faces have the traits of gan/models/face_attributes.py, MNIST's digits their classes besides what any
    picture has: what edits of its pixels change.
    """
    if data == "faces" and (generator.channels, generator.size) == (3, 64):
        from gan.models.face_attributes import TRAITS, load_classifier, read_traits

        namer = load_classifier()
        names = [(trait.name, trait.hint) for trait in TRAITS]
        return (by_traits(generator, names, lambda images: read_traits(namer, images), samples),)
    sets = (by_edits(generator, samples),)
    if metric_for(data, generator.channels, generator.size) == "frechet":
        from gan.models.lenet import load_lenet

        sets += (by_classes(generator, load_lenet(), samples),)
    return sets


def by_edits(generator: nn.Module, samples: int = SAMPLES, seed: int = 0) -> DirectionSet:
    """Directions that do what edits of pixels do (gan/latent/pixel_edits.py): no labels, any generator."""
    edits = edits_for(generator.channels)

    def wishes(image: Tensor) -> Tensor:
        return torch.stack([pixels(edit.slope(image))[0] for edit in edits])

    seen = look(generator, places(generator, samples, seed), wishes)
    return _without_twins([(edit.name, edit.hint) for edit in edits], seen)


def by_traits(
    generator: nn.Module,
    names: Sequence[tuple[str, str]],
    read: Read,
    samples: int = SAMPLES,
    seed: int = 0,
) -> DirectionSet:
    """Directions that raise one of what `read` measures, (N, len(names)), and the rest little.

    Each slope is turned away from the others', as Shen et al. 2020, section 2.3, do for pairs: with w_k
    the slopes in units of their trait's spread, d_k = (Σ w_j w_jᵀ + λ I)⁻¹ w_k. What z tells little of
    (R² below LEAST) has no direction.
    """
    slopes, spreads = regress(generator, read, seed, EACH * samples)
    slopes = (slopes / spreads[:, None]).double()
    gram = slopes.T @ slopes
    ridge = APART * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype)
    rows = F.normalize(torch.linalg.solve(gram + ridge, slopes.T).T, dim=1)
    # As long as takes a trait, at a slider's end, to 2.5 of its standard deviations.
    lengths = (2.5 / 3 / (rows * slopes).sum(1).clamp(min=1e-9)).clamp(*STEPS)
    told = slopes.square().sum(1) >= LEAST
    return as_set(
        "named", (direction(*names[k], rows[k] * lengths[k]) for k in range(len(names)) if told[k])
    )


def _without_twins(names: Sequence[tuple[str, str]], seen: Look) -> DirectionSet:
    rows, moved = solve(seen)
    kept: list[int] = []
    for k, row in enumerate(rows):
        if moved[k] > 0 and all(abs(row @ rows[other]) < ALIKE for other in kept):
            kept.append(k)
    lengths = (BUDGET / moved.clamp(min=1e-9)).sqrt().clamp(*STEPS)
    return as_set("named", (direction(*names[k], rows[k] * lengths[k]) for k in kept))


def by_classes(
    generator: nn.Module, classifier: Read, samples: int = SAMPLES, seed: int = 0
) -> DirectionSet:
    """One direction a class, along which the classifier's logit of that class rises."""
    slopes, _ = regress(generator, classifier, seed, EACH * samples)
    rows = F.normalize(slopes, dim=1) * STEPS[1]
    return as_set(
        "classes", (direction(f"digit {k}", f"leads towards a {k}", row) for k, row in enumerate(rows))
    )


@torch.no_grad()
def regress(
    generator: nn.Module, read: Read, seed: int = 0, samples: int = EACH * SAMPLES
) -> tuple[Tensor, Tensor]:
    """Slopes (K, z_dim) of what `read` measures by z, and its standard deviations (K,).

    By least squares over z ~ N(0, I), whose covariance is I. By Stein's lemma that is the mean gradient
    as well. Shen et al. 2020, "Interpreting the Latent Space of GANs", fit such a plane by a
    support vector machine.
    """
    z = places(generator, samples, seed)
    values = torch.cat([read(generator(part)) for part in z.split(256)])
    return (values - values.mean(0)).T @ z / len(z), values.std(0).clamp(min=1e-6)
