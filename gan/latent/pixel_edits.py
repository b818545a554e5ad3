"""Image edits as training-free targets for directions in latent space (gan/latent/steering.py).

An edit takes images (N, C, H, W) in [-1, 1] and an amount: 0 changes nothing, and more is more of what
the edit is named after. Geometric edits pad with the border's pixels.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import torch
import torch.nn.functional as F
from torch import Tensor

STEP = 0.05  # of central differences: small for a derivative, large for one over a pixel grid

Change = Callable[[Tensor, float], Tensor]


@dataclass(frozen=True)
class Edit:
    name: str
    hint: str  # what it does
    change: Change

    def slope(self, images: Tensor) -> Tensor:
        """The derivative of the pixels by the amount, at 0, by central differences: shaped like `images`."""
        return (self.change(images, STEP) - self.change(images, -STEP)) / (2 * STEP)


def _warp(images: Tensor, a: float, matrix: Callable[[float], list[list[float]]]) -> Tensor:
    """Resample: each pixel shows what was at `matrix(a)` of its coordinates, -1 to 1 across the picture."""
    theta = torch.tensor(matrix(a), dtype=images.dtype, device=images.device)
    grid = F.affine_grid(theta.expand(len(images), 2, 3), images.shape, align_corners=False)
    return F.grid_sample(images, grid, padding_mode="border", align_corners=False)


def _thicken(images: Tensor, a: float) -> Tensor:
    """Bright strokes grow by part of a pixel; for `a` below 0 dark ones do."""
    sign = 1.0 if a >= 0 else -1.0
    grown = sign * F.max_pool2d(sign * images, 3, stride=1, padding=1)
    return images + abs(a) * (grown - images)


def _brighten(images: Tensor, a: float) -> Tensor:
    return images + a


def _contrast(images: Tensor, a: float) -> Tensor:
    mean = images.mean((2, 3), keepdim=True)
    return mean + (images - mean) * (1 + a)


def _ink(images: Tensor, a: float) -> Tensor:
    """Scale brightness from black, which stays."""
    return (images + 1) * (1 + a) - 1


def _saturate(images: Tensor, a: float) -> Tensor:
    grey = images.mean(1, keepdim=True)
    return grey + (images - grey) * (1 + a)


def _tint(images: Tensor, a: float, colour: tuple[float, float, float]) -> Tensor:
    return images + a * torch.tensor(colour, dtype=images.dtype, device=images.device)[:, None, None]


def _warped(name: str, hint: str, matrix: Callable[[float], list[list[float]]]) -> Edit:
    return Edit(name, hint, partial(_warp, matrix=matrix))


_SLANT = _warped("slant", "leans to the right", lambda a: [[1, a, 0], [0, 1, 0]])
_WIDTH = _warped("width", "grows wider", lambda a: [[1 - a, 0, 0], [0, 1, 0]])
_HEIGHT = _warped("height", "grows taller", lambda a: [[1, 0, 0], [0, 1 - a, 0]])
_SIZE = _warped("size", "grows", lambda a: [[1 - a, 0, 0], [0, 1 - a, 0]])
_TURN = _warped("turn", "turns clockwise", lambda a: [[1, a, 0], [-a, 1, 0]])
_RIGHT = _warped("move right", "moves to the right", lambda a: [[1, 0, -a], [0, 1, 0]])
_DOWN = _warped("move down", "moves down", lambda a: [[1, 0, 0], [0, 1, -a]])

GREY = (
    _SLANT,
    Edit("thickness", "thickens the strokes", _thicken),
    _WIDTH,
    _HEIGHT,
    _SIZE,
    _TURN,
    Edit("brightness", "makes the strokes brighter", _ink),
)
COLOUR = (
    Edit("brightness", "brightens the whole picture", _brighten),
    Edit("contrast", "parts light from dark", _contrast),
    Edit("saturation", "from grey to colourful", _saturate),
    Edit("warmth", "from blue to orange", partial(_tint, colour=(1.0, 0.0, -1.0))),
    Edit("green", "from magenta to green", partial(_tint, colour=(-0.5, 1.0, -0.5))),
    _SIZE,
    _TURN,
    _RIGHT,
    _DOWN,
)


def edits_for(channels: int) -> tuple[Edit, ...]:
    """The edits for pictures with so many channels: one channel means strokes on black."""
    return GREY if channels == 1 else COLOUR
