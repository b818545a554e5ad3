"""What a layer already knows of the picture: the best guess of it that is a linear function of the layer's units.

At each place of a layer the colours of that place in the finished picture are regressed on the units there, and these
guesses of NEAR × NEAR places then on the colour of the middle one, which takes away what is only noise. Alain & Bengio
2016, "Understanding intermediate layers using linear classifier probes" (arXiv:1610.01644), do so with labels.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.inside.layers import Inside
from gan.latent.named_directions import sample_z

SAMPLES = 128
NEAR = 5
RIDGE = 1e-3  # relative to the mean variance of a unit


class Readout:
    """Guesses of the picture from each layer, fitted once to the pictures of SAMPLES random z."""

    def __init__(self, inside: Inside, samples: int = SAMPLES, seed: int = 0):
        self.inside = inside
        z = sample_z(inside.generator, samples, seed)
        parts = [inside.run(some) for some in z.split(32)]
        pictures = torch.cat([pictures for pictures, _ in parts])
        self.maps = []
        for layer in inside.layers:
            units = torch.cat([units[layer.index] for _, units in parts])
            first = fitted(units, pictures)
            self.maps.append((first, fitted(_neighbours(_applied(first, units)), pictures)))

    @torch.no_grad()
    def pictures(self, z: Tensor) -> list[Tensor]:
        """The guess from each layer for z (N, z_dim): (N, channels, side, side) in [-1, 1], side as the layer's."""
        return self.guesses(self.inside.units(z))

    def guesses(self, units: Sequence[Tensor]) -> list[Tensor]:
        """The guess from the units of each layer, (N, C, side, side) each."""
        return [
            _applied(second, _neighbours(_applied(first, each))).clamp(-1, 1)
            for each, (first, second) in zip(units, self.maps, strict=True)
        ]


def _applied(linear: tuple[Tensor, Tensor], units: Tensor) -> Tensor:
    weight, bias = linear
    return torch.einsum("nchw,cd->ndhw", units, weight) + bias[:, None, None]


def _neighbours(maps: Tensor) -> Tensor:
    """Maps (N, C, H, W) -> (N, C · NEAR², H, W): those of all places near each; over the edge, the edge's."""
    side, edge = maps.shape[-1], NEAR // 2
    return F.unfold(F.pad(maps, [edge] * 4, mode="replicate"), NEAR).unflatten(2, (side, side))


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
