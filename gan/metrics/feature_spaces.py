"""Feature spaces in which images are compared; the same on every machine but for rounding.

Data that a classifier knows (gan.metrics.classifiers) use its features, other images a random convolutional network
with fixed weights, whose features distinguish textures and shapes without training (Saxe et al. 2011, "On Random
Weights and Unsupervised Feature Learning"; Naeem et al. 2020, section 4.3, evaluate GANs with a randomly initialised
network). Pixels are unsuitable: a blurred image is nearest to all others (docs/benchmarks.md, Report card).
"""

import itertools
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.data.image_tensors import to_float
from gan.metrics.classifiers import CLASSIFIERS, metric_for

BATCH = 250  # pictures of 64×64 at a time, fewer of larger ones
WIDTH = 16
COMPONENTS = 64
SEED = 20_200_619
COARSE = 16
MIN_VARIANCE = 1e-6  # of the largest; components of less are rounding errors

Space = Callable[[Tensor], Tensor]  # uint8 (N, C, H, W) -> float32 (N, d)


def batched(extract: Callable[[Tensor], Tensor]) -> Space:
    """A feature extractor of float images in [-1, 1], applied to uint8 images in batches."""

    @torch.no_grad()
    def space(pixels: Tensor) -> Tensor:
        count = max(1, BATCH * 64**2 // max(64, pixels.shape[-1]) ** 2)
        return torch.cat([extract(to_float(batch)) for batch in pixels.split(count)])

    return space


def space_for(source: str, channels: int, size: int) -> Space:
    """Features of the classifier that knows the data `source`, else those of random convolutions."""
    known = CLASSIFIERS.get(metric_for(source, channels, size))
    return batched(known.features()) if known else random_convolutions(channels)


def random_convolutions(channels: int) -> Space:
    """832 features of a fixed random network of three convolutions.

    They are the means of the last layer over a grid of 4×4, which encode layout, and the standard deviations
    of all layers over a grid of 2×2, which encode texture and sharpness: means alone do not detect blur.
    """
    rng = torch.Generator().manual_seed(SEED)
    widths = (channels, WIDTH, 2 * WIDTH, 2 * WIDTH)
    # He et al. 2015, so that activations keep their scale.
    weights = [
        torch.randn(out, of, 3, 3, generator=rng) * (2 / (9 * of)) ** 0.5
        for of, out in itertools.pairwise(widths)
    ]

    def extract(images: Tensor) -> Tensor:
        deviations = []
        for index, weight in enumerate(weights):
            images = F.avg_pool2d(images, 2) if index else images
            images = F.leaky_relu(F.conv2d(images, weight, padding=1), 0.2)
            variance = _pooled(images.square(), 2) - _pooled(images, 2).square()
            deviations.append(variance.clamp(min=1e-6).sqrt())
        return torch.cat([*deviations, _pooled(images, 4)], dim=1)

    return batched(extract)


def _pooled(images: Tensor, side: int) -> Tensor:
    """Means over a grid of side × side: (N, C, H, W) -> (N, C · side²)."""
    return F.adaptive_avg_pool2d(images, side).flatten(1)


def cached(space: Space) -> Space:
    """`space` with a cache by identity of the input; it keeps all inputs and outputs in memory."""
    cache: dict[tuple, tuple[Tensor, Tensor]] = {}

    def lookup(pixels: Tensor) -> Tensor:
        # The input is kept too, so that no other tensor can get the same address.
        key = (pixels.data_ptr(), len(pixels))
        if key not in cache:
            cache[key] = (pixels, space(pixels))
        return cache[key][1]

    return lookup


def coarse_pixels(pixels: Tensor) -> Tensor:
    """Pixels at 16×16, for finding repeated images: uint8 (N, C, H, W) -> float32 (N, C · 256)."""
    return batched(lambda images: _pooled(images, COARSE))(pixels)


def standardisation(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and scale (d,) that standardise features (N, d); those of small variance are scaled up less."""
    mean, std = features.mean(0), features.std(0)
    return mean, 1 / (std + 0.1 * std.mean() + 1e-12)


def principal_components(space: Space, sample: Tensor, components: int = COMPONENTS) -> Space:
    """`space` projected onto the principal components of `sample`, uint8 images, at most `components`.

    Features are standardised first, so that brightness does not dominate.
    """
    features = space(sample).double()
    mean, scale = standardisation(features)
    values, vectors = torch.linalg.eigh(((features - mean) * scale).T.cov())
    # N images have at most N - 1 components; further ones would be rounding errors.
    count = min(components, int((values > MIN_VARIANCE * values[-1]).sum()), len(sample) - 1)
    axes = (vectors.flip(1)[:, :count] * scale[:, None]).float()
    mean = mean.float()
    return lambda pixels: (space(pixels) - mean) @ axes
