"""Spaces in which pictures are compared: rows of features, on every machine the same but for rounding.

Digits have our LeNet. Other pictures have a random convolutional network with fixed weights: such
features tell textures and shapes apart without any training (Saxe et al. 2011, "On Random Weights and
Unsupervised Feature Learning"; as a space for judging GANs, Naeem et al. 2020, section 4.3, use a
randomly initialised network). Plain pixels would not do: in them a blurred picture lies nearer to all
others than any real one does, and passes for the best (measured: docs/benchmarks.md, Report card).
"""

import itertools
from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.data.image_tensors import to_float

BATCH = 250
WIDTH = 16
COMPONENTS = 64
SEED = 20_200_619
COARSE = 16
NOISE = 1e-6  # of the largest variance; smaller ones are rounding

Space = Callable[[Tensor], Tensor]  # uint8 (N, C, H, W) -> float32 (N, d)


def batched(measure: Callable[[Tensor], Tensor]) -> Space:
    """A measure of float pictures in [-1, 1], taken of uint8 ones a few at a time."""

    @torch.no_grad()
    def space(pixels: Tensor) -> Tensor:
        return torch.cat([measure(to_float(batch)) for batch in pixels.split(BATCH)])

    return space


def lenet_space() -> Space:
    """The 84 features of our LeNet; grey 32×32 pictures."""
    from gan.models.lenet import load_lenet

    return batched(load_lenet().features)


def random_convolutions(channels: int) -> Space:
    """832 features of a fixed random network of three convolutions.

    Of the last layer the means over a grid of 4×4, which tell what is where, and of each channel of
    each layer how much it varies within each quarter of the picture, which tells textures and
    sharpness: the means alone do not see a blur.
    """
    rng = torch.Generator().manual_seed(SEED)
    widths = (channels, WIDTH, 2 * WIDTH, 2 * WIDTH)
    # He et al. 2015, so that no layer fades.
    weights = [
        torch.randn(out, of, 3, 3, generator=rng) * (2 / (9 * of)) ** 0.5
        for of, out in itertools.pairwise(widths)
    ]

    def measure(images: Tensor) -> Tensor:
        found = []
        for index, weight in enumerate(weights):
            images = F.avg_pool2d(images, 2) if index else images
            images = F.leaky_relu(F.conv2d(images, weight, padding=1), 0.2)
            variance = _pooled(images.square(), 2) - _pooled(images, 2).square()
            found.append(variance.clamp(min=1e-6).sqrt())
        return torch.cat([*found, _pooled(images, 4)], dim=1)

    return batched(measure)


def _pooled(images: Tensor, side: int) -> Tensor:
    """Means over a grid of side × side: (N, C, H, W) -> (N, C · side²)."""
    return F.adaptive_avg_pool2d(images, side).flatten(1)


def remembered(space: Space) -> Space:
    """The same space, which does not measure the same pictures twice; for one card, then let go."""
    known: dict[tuple, tuple[Tensor, Tensor]] = {}

    def again(pixels: Tensor) -> Tensor:
        # The pictures are kept with their features, so that no others can take their place in memory.
        key = (pixels.data_ptr(), len(pixels))
        if key not in known:
            known[key] = (pixels, space(pixels))
        return known[key][1]

    return again


def coarse_pixels(pixels: Tensor) -> Tensor:
    """The pixels of pictures at 16×16: enough to tell whether two are the same."""
    return batched(lambda images: _pooled(images, COARSE))(pixels)


def evened(features: Tensor) -> tuple[Tensor, Tensor]:
    """Mean and scale (d,) that bring features (N, d) to about one spread, the faint ones less."""
    mean, spread = features.mean(0), features.std(0)
    return mean, 1 / (spread + 0.1 * spread.mean() + 1e-12)


def principal(space: Space, sample: Tensor, components: int = COMPONENTS) -> Space:
    """`space` seen along the directions in which `sample`, uint8 pictures, varies most.

    Each feature is first scaled to the same spread, so that not brightness alone decides.
    """
    features = space(sample).double()
    mean, scale = evened(features)
    values, vectors = torch.linalg.eigh(((features - mean) * scale).T.cov())
    # Few pictures vary in few directions; all others would be noise, another one on each machine.
    count = min(components, int((values > NOISE * values[-1]).sum()), len(sample) - 1)
    axes = (vectors.flip(1)[:, :count] * scale[:, None]).float()
    middle = mean.float()
    return lambda pixels: (space(pixels) - middle) @ axes
