"""Named directions of a generator: pixel edits, classes of digits, attributes of drawn faces.

Each is scaled so that the ends of a slider, -3 and 3, are about as far as pictures stay realistic.
"""

from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.drawn.registry import DRAWN
from gan.latent.directions import DirectionSet, as_set, direction
from gan.latent.pixel_edits import edits_for
from gan.latent.steering import BUDGET, SAMPLES, Features, Moments, moments, pixels, solve
from gan.latent.vectors import check_seed
from gan.metrics.classifiers import metric_for
from gan.models.registry import training_config_of

MAX_COSINE = 0.9  # to an earlier direction, above which one is dropped as a duplicate
LENGTHS = (0.7, 1.5)  # range of a direction's length: shorter where it changes much
RULE_SAMPLES = 200  # z at which a trait's direction is tried
# Of a trait's direction, tried in this order: longer shows more, shorter entangles less.
STRETCHES = (1.0, 0.75, 1.3, 1.6)
REGRESSION_FACTOR = 32  # samples of a regression for each sample of a Jacobian
RIDGE = 1.0  # λ of by_attributes: smaller is less entangled and weaker
MIN_R2 = 0.1  # of the regression of an attribute on z, below which it gets no direction


def sample_z(generator: nn.Module, count: int, seed: int = 0) -> Tensor:
    """Random z (count, z_dim) at which directions are estimated."""
    rng = torch.Generator().manual_seed(check_seed(seed))
    return torch.randn(count, generator.z_dim, generator=rng)


def trained_on(folder: str | Path) -> str:
    """The data that a generator was trained on, as its folder says; empty if unknown."""
    config = training_config_of(str(folder))
    return config.data if config else ""


def find_named(generator: nn.Module, data: str, samples: int = SAMPLES) -> tuple[DirectionSet, ...]:
    """All named sets of a generator that was trained on `data`, in a few seconds.

    For drawn faces the attributes of gan/models/face_attributes.py, where the direction does what it is named for;
    for others pixel edits, and for digits of MNIST also their classes.
    """
    if data == "faces" and generator.channels == 3 and generator.size >= 64:
        return (by_traits(generator, samples),)
    sets = (by_edits(generator, samples),)
    if metric_for(data, generator.channels, generator.size) == "frechet":
        from gan.models.lenet import load_lenet

        sets += (by_classes(generator, load_lenet(), samples),)
    return sets


def by_traits(generator: nn.Module, samples: int = SAMPLES, seed: int = 0) -> DirectionSet:
    """Directions of a generator of drawn faces that keep the rule of gan/latent/direction_rule.py, at the first of
    STRETCHES at which they do."""
    from gan.latent.direction_rule import effects
    from gan.models.face_attributes import TRAITS, load_classifier, read_traits

    namer = load_classifier()
    names = [(trait.name, trait.hint) for trait in TRAITS]
    found = by_attributes(generator, names, lambda images: read_traits(namer, images), samples, seed)
    # The first numbers of z choose the class: a direction of anything else leaves it as it is.
    of_class = {trait.name for trait in TRAITS if trait.factor == DRAWN["faces"].label}
    z = sample_z(generator, RULE_SAMPLES, seed + 1)
    kept: dict[str, Tensor] = {}
    left = {each.name: torch.tensor(each.vector) for each in found.directions}
    for name, vector in left.items():
        if name not in of_class:
            vector[: generator.classes] = 0.0
    for stretch in STRETCHES:
        tried = {name: stretch * vector for name, vector in left.items()}
        measured = effects(generator, namer, TRAITS, tried, z)
        kept |= {name: tried[name] for name, effect in measured.items() if effect.as_named}
        left = {
            name: vector for name, vector in left.items() if name not in kept and measured[name].nearly
        }
    return as_set("named", (direction(*each, kept[each[0]]) for each in names if each[0] in kept))


def by_edits(generator: nn.Module, samples: int = SAMPLES, seed: int = 0) -> DirectionSet:
    """Directions that reproduce the edits of gan/latent/pixel_edits.py, for any generator, without labels."""
    edits = edits_for(generator.channels)

    def wanted(image: Tensor) -> Tensor:
        return torch.stack([pixels(edit.slope(image))[0] for edit in edits])

    means = moments(generator, sample_z(generator, samples, seed), wanted)
    return _without_duplicates([(edit.name, edit.hint) for edit in edits], means)


def by_attributes(
    generator: nn.Module,
    names: Sequence[tuple[str, str]],
    read: Features,
    samples: int = SAMPLES,
    seed: int = 0,
) -> DirectionSet:
    """Directions that raise one of the attributes that `read` measures, (N, len(names)), and others little.

    Conditional manipulation as in Shen et al. 2020, section 2.3, for all attributes at once: with w_k
    the regression slopes in units of the attribute's standard deviation, d_k = (Σ w_j w_jᵀ + λ I)⁻¹ w_k.
    Attributes that z hardly explains (R² below 0.1) get no direction.
    """
    slopes, spreads = regress(generator, read, seed, REGRESSION_FACTOR * samples)
    slopes = (slopes / spreads[:, None]).double()
    gram = slopes.T @ slopes
    ridge = RIDGE * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype)
    rows = F.normalize(torch.linalg.solve(gram + ridge, slopes.T).T, dim=1)
    # At the end of a slider, 3, an attribute changes by 2.5 of its standard deviations.
    lengths = (2.5 / 3 / (rows * slopes).sum(1).clamp(min=1e-9)).clamp(*LENGTHS)
    r2 = slopes.square().sum(1)
    kept = [k for k in range(len(names)) if r2[k] >= MIN_R2]
    return as_set("named", (direction(*names[k], rows[k] * lengths[k]) for k in kept))


def _without_duplicates(names: Sequence[tuple[str, str]], means: Moments) -> DirectionSet:
    rows, changes = solve(means)
    kept: list[int] = []
    for k, row in enumerate(rows):
        if changes[k] > 0 and all(abs(row @ rows[other]) < MAX_COSINE for other in kept):
            kept.append(k)
    lengths = (BUDGET / changes.clamp(min=1e-9)).sqrt().clamp(*LENGTHS)
    return as_set("named", (direction(*names[k], rows[k] * lengths[k]) for k in kept))


def by_classes(
    generator: nn.Module, classifier: Features, samples: int = SAMPLES, seed: int = 0
) -> DirectionSet:
    """For each class the direction along which the classifier's logit of that class rises."""
    slopes, _ = regress(generator, classifier, seed, REGRESSION_FACTOR * samples)
    rows = F.normalize(slopes, dim=1) * LENGTHS[1]
    return as_set(
        "classes", (direction(f"digit {k}", f"leads towards a {k}", row) for k, row in enumerate(rows))
    )


@torch.no_grad()
def regress(
    generator: nn.Module, read: Features, seed: int = 0, samples: int = REGRESSION_FACTOR * SAMPLES
) -> tuple[Tensor, Tensor]:
    """Slopes (K, z_dim) of the regression of `read`'s values on z, and standard deviations (K,) of these.

    By least squares over z ~ N(0, I), whose covariance is I. By Stein's lemma that is the mean gradient
    as well. Shen et al. 2020, "Interpreting the Latent Space of GANs", fit such a plane by a
    support vector machine.
    """
    z = sample_z(generator, samples, seed)
    values = torch.cat([read(generator(part)) for part in z.split(256)])
    return (values - values.mean(0)).T @ z / len(z), values.std(0).clamp(min=1e-6)
