"""What a layer already knows of the picture: the best guess of it that is a linear function of the layer's units.

At each place of a layer the colours of that place in the finished picture are regressed on the units there. Alain &
Bengio 2016, "Understanding intermediate layers using linear classifier probes" (arXiv:1610.01644), do so with labels.
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.inside.layers import Inside
from gan.latent.named_directions import sample_z

SAMPLES = 256
RIDGE = 1e-3  # relative to the mean variance of a unit


class Readout:
    """Guesses of the picture from each layer, fitted once to the pictures of SAMPLES random z."""

    def __init__(self, inside: Inside, samples: int = SAMPLES, seed: int = 0):
        self.inside = inside
        z = sample_z(inside.generator, samples, seed)
        parts = [inside.run(some) for some in z.split(32)]
        pictures = torch.cat([pictures for pictures, _ in parts])
        self.maps = [
            fitted(torch.cat([units[layer.index] for _, units in parts]), pictures)
            for layer in inside.layers
        ]

    @torch.no_grad()
    def pictures(self, z: Tensor) -> list[Tensor]:
        """The guess from each layer for z (N, z_dim): (N, channels, side, side) in [-1, 1], side as the layer's."""
        return [
            (torch.einsum("nchw,cd->ndhw", units, weight) + bias[:, None, None]).clamp(-1, 1)
            for units, (weight, bias) in zip(self.inside.units(z), self.maps, strict=True)
        ]


def fitted(units: Tensor, pictures: Tensor) -> tuple[Tensor, Tensor]:
    """Weights (C, channels) and bias (channels,) that guess a place's mean colour from its units."""
    x = units.movedim(1, -1).flatten(0, -2).double()
    y = F.adaptive_avg_pool2d(pictures, units.shape[-1]).movedim(1, -1).flatten(0, -2).double()
    mean_x, mean_y = x.mean(0), y.mean(0)
    x, y = x - mean_x, y - mean_y
    gram = x.T @ x
    ridge = RIDGE * gram.diagonal().mean() * torch.eye(len(gram), dtype=gram.dtype)
    weight = torch.linalg.solve(gram + ridge + 1e-12 * torch.eye(len(gram), dtype=gram.dtype), x.T @ y)
    return weight.float(), (mean_y - mean_x @ weight).float()
