"""What is known of the picture at a layer: the best guess that is a linear function of its units and the guess before.

At each place of a layer the colours of that place in the finished picture are regressed on the units there and on what
was guessed from the layers before, as some families draw the sum of what all layers add; then on the guesses of the
NEAR × NEAR places around it, which takes away what is only noise. Alain & Bengio 2016, "Understanding intermediate
layers using linear classifier probes" (arXiv:1610.01644), do so with labels.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.inside.layers import Inside
from gan.latent.named_directions import sample_z

SAMPLES = 128
PLACES, LEAST, BATCH = 32_768, 8, 16
NEAR = 5
Linear = tuple[Tensor, Tensor]  # weights (C, D) and bias (D,)
RIDGE = 1e-3  # relative to the mean variance of a unit


class Readout:
    """Guesses of the picture from each layer, fitted once to the pictures of SAMPLES random z."""

    def __init__(self, inside: Inside, samples: int = SAMPLES, seed: int = 0):
        self.inside = inside
        z = sample_z(inside.generator, samples, seed)
        # So many pictures of each layer that it has enough places; of large layers fewer, which bounds the memory.
        counts = [max(LEAST, PLACES // layer.side**2) for layer in inside.layers]
        pictures, kept = [], [[] for _ in inside.layers]
        for start, some in zip(range(0, samples, BATCH), z.split(BATCH), strict=True):
            drawn, units = inside.run(some)
            pictures.append(drawn)
            for layer, each, count in zip(kept, units, counts, strict=True):
                if start < count:
                    layer.append(each[: count - start])
        pictures = torch.cat(pictures)
        self.maps: list[tuple[Linear, Linear]] = []
        before = None
        for layer in kept:
            units = torch.cat(layer)
            known, wanted = _with(before, units), pictures[: len(units)]
            first = fitted(known, wanted)
            second = fitted(_neighbours(_applied(first, known)), wanted)
            self.maps.append((first, second))
            before = _guess(self.maps[-1], known)

    @torch.no_grad()
    def pictures(self, z: Tensor) -> list[Tensor]:
        """The guess from each layer for z (N, z_dim): (N, channels, side, side) in [-1, 1], side as the layer's."""
        return self.guesses(self.inside.units(z))

    def guesses(self, units: Sequence[Tensor]) -> list[Tensor]:
        """The guess from the units of each layer, (N, C, side, side) each."""
        guesses: list[Tensor] = []
        for each, maps in zip(units, self.maps, strict=True):
            guesses.append(_guess(maps, _with(guesses[-1] if guesses else None, each)))
        return [guess.clamp(-1, 1) for guess in guesses]


def _with(guess: Tensor | None, units: Tensor) -> Tensor:
    """Units (N, C, side, side) and, as further channels, the guess from the layer before, enlarged."""
    if guess is None:
        return units
    enlarged = F.interpolate(guess[: len(units)], units.shape[-1], mode="bilinear")
    return torch.cat([units, enlarged], 1)


def _guess(maps: tuple[Linear, Linear], known: Tensor) -> Tensor:
    first, second = maps
    return _applied(second, _neighbours(_applied(first, known)))


def _applied(linear: Linear, units: Tensor) -> Tensor:
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
