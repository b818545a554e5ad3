"""What can be measured on the pixels of pictures, without any network.

Pictures are (N, C, H, W) in [-1, 1]; an attribute is (N,). Those of grey pictures take them for bright
strokes on black and come from the moments of the ink; lengths are in pixels.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

LUMA = (0.299, 0.587, 0.114)  # ITU-R BT.601


def measure(images: Tensor) -> dict[str, Tensor]:
    """All attributes that pictures with so many channels have, by name."""
    light = (images.float() + 1) / 2
    return _strokes(light[:, 0]) if images.shape[1] == 1 else _colours(light)


def _strokes(ink: Tensor) -> dict[str, Tensor]:
    mass = ink.sum((1, 2)).clamp(min=1e-6)
    y, x = torch.meshgrid(torch.arange(ink.shape[1]), torch.arange(ink.shape[2]), indexing="ij")

    def mean(values: Tensor) -> Tensor:
        return (ink * values).sum((1, 2)) / mass

    right, down = mean(x)[:, None, None], mean(y)[:, None, None]
    across, along, both = mean((x - right) ** 2), mean((y - down) ** 2), mean((x - right) * (y - down))
    return {
        "slant": -both / along.clamp(min=1e-6),  # how far right a stroke goes for each pixel up
        "thickness": 2 * mass / _outline(ink).clamp(min=1e-6),
        "width": across.clamp(min=0).sqrt(),
        "height": along.clamp(min=0).sqrt(),
        "size": (across + along).clamp(min=0).sqrt(),
        "brightness": ink.mean((1, 2)),
    }


def _outline(ink: Tensor) -> Tensor:
    """The length of the edges of strokes: their total variation."""
    padded = F.pad(ink, (1, 1, 1, 1))
    across, along = padded.diff(dim=2)[:, :-1], padded.diff(dim=1)[:, :, :-1]
    return torch.hypot(across, along).sum((1, 2))


def _colours(light: Tensor) -> dict[str, Tensor]:
    red, green, blue = light.mean((2, 3)).unbind(1)
    luma = (light * torch.tensor(LUMA)[:, None, None]).sum(1)
    return {
        "brightness": luma.mean((1, 2)),
        "contrast": luma.flatten(1).std(1),
        "saturation": (light.amax(1) - light.amin(1)).mean((1, 2)),
        "warmth": red - blue,
        "green": green - (red + blue) / 2,
    }
