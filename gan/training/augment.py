"""Differentiable augmentation of D's input (Zhao et al. 2020, arXiv:2006.10738), and instance noise.

Pictures are (N, C, H, W) in [-1, 1]; each gets its own random parameters, drawn from `rng`
(over ranks its own of the whole batch, gan.common.ranks).
"""

from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.common import ranks

# As in the authors' code: shifts of up to an eighth of the side, holes of half the side.
SHIFT = 1 / 8
HOLE = 1 / 2


def augment(images: Tensor, policy: str, rng: torch.Generator) -> Tensor:
    """`images` after each augmentation named in `policy` ("color,translation,cutout")."""
    for name in filter(None, policy.split(",")):
        images = AUGMENTATIONS[name](images, rng)
    return images


def color(images: Tensor, rng: torch.Generator) -> Tensor:
    """Brightness ± 0.5, saturation × 0 to 2, contrast × 0.5 to 1.5."""
    brightness, saturation, contrast = (
        ranks.drawn(torch.rand, (3, len(images)), rng, 1).to(images)[..., None, None, None].unbind(0)
    )
    images = images + (brightness - 0.5)
    grey = images.mean(1, keepdim=True)
    images = torch.lerp(grey, images, 2 * saturation)
    middle = images.mean((1, 2, 3), keepdim=True)
    return torch.lerp(middle, images, 0.5 + contrast)


def translation(images: Tensor, rng: torch.Generator) -> Tensor:
    """Shifted by up to an eighth of the side, padded with 0."""
    count, _, height, width = images.shape
    largest = round(SHIFT * width)
    draw = partial(torch.randint, -largest, largest + 1)
    down, right = ranks.drawn(draw, (2, count), rng, 1).to(images.device)
    padded = F.pad(images, [largest] * 4)
    rows = torch.arange(height, device=images.device) + largest - down[:, None]
    columns = torch.arange(width, device=images.device) + largest - right[:, None]
    which = torch.arange(count, device=images.device)
    # With advanced indices on both sides of a slice, the sliced dimension (channels) comes last.
    shifted = padded[which[:, None, None], :, rows[:, :, None], columns[:, None, :]]
    return shifted.permute(0, 3, 1, 2)


def cutout(images: Tensor, rng: torch.Generator) -> Tensor:
    """A square of half the side, at a random place that may lie partly outside, is 0."""
    count, _, height, width = images.shape
    hole = round(HOLE * width)
    across = ranks.drawn(torch.rand, (2, count), rng, 1).to(images.device)
    top, left = (across * torch.tensor([[height + 1.0], [width + 1.0]], device=images.device)).floor()
    inside_rows = _within(torch.arange(height, device=images.device), top, hole)
    inside_columns = _within(torch.arange(width, device=images.device), left, hole)
    outside = ~(inside_rows[:, :, None] & inside_columns[:, None, :])
    return images * outside[:, None].to(images.dtype)


def _within(places: Tensor, centre: Tensor, length: int) -> Tensor:
    start = centre[:, None] - length // 2
    return (places >= start) & (places < start + length)


def add_noise(images: Tensor, sigma: float, rng: torch.Generator) -> Tensor:
    """`images` + N(0, σ²): instance noise, Sønderby et al. 2017, arXiv:1610.04490, section 3."""
    if not sigma:
        return images
    return images + sigma * ranks.drawn(torch.randn, images.shape, rng).to(images)


AUGMENTATIONS = {"color": color, "translation": translation, "cutout": cutout}
