"""Pictures of latents, the same bit for bit each time: whatever else is drawn with one, and whenever.

In float32 the last digits of a sum depend on the order of its terms, which a matrix product chooses by
the size of the batch, the number of threads and, with some processors, by where in memory its arguments
happen to lie. Of a million pixels some then round to the next level of grey. Here one thread draws, and
what would choose is computed in float64, where the order changes no digit that a pixel shows.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from gan.data.image_tensors import to_uint8
from gan.models.generator import Generator

AT_ONCE = 64  # more would need more memory and be no faster


class ReproducibleRenderer:
    """Draws with a generator's weights as they are now; it keeps a copy of them on the CPU."""

    def __init__(self, generator: Generator):
        self.net = copy.deepcopy(generator).cpu().eval().requires_grad_(False)
        # oneDNN's kernels for 4×4 transposed convolutions sum in one order, whatever the batch. So has
        # nothing else: a single small picture, for one, takes another way through 3×3 convolutions.
        steady = generator.family == "dcgan" and torch.backends.mkldnn.is_available()
        if not steady:
            self.net.double()
        self.net.dense = _InFloat64(self.net.dense, torch.float32 if steady else torch.float64)

    @torch.inference_mode()
    def __call__(self, z: Tensor) -> np.ndarray:
        """z (N, z_dim) float32 -> the pictures, uint8 (N, size, size, channels)."""
        with _one_thread():
            parts = [to_uint8(self.net(part)) for part in z.cpu().split(AT_ONCE)]
        return np.concatenate(parts)


def render(generator: Generator, z: Tensor) -> np.ndarray:
    """z (N, z_dim) float32 -> a generator's pictures, uint8 (N, size, size, channels).

    On one machine a z has one picture, bit for bit, whatever the batch. On another a few
    pixels may differ by one of the 256 levels.
    """
    return ReproducibleRenderer(generator)(z)


class _InFloat64(nn.Module):
    """A dense layer computed in float64; its output as `dtype`."""

    def __init__(self, layer: nn.Linear, dtype: torch.dtype):
        super().__init__()
        self.layer, self.dtype = layer.double(), dtype
        # With the outputs innermost a single z is multiplied as fast as in float32.
        layer.weight.data = layer.weight.data.t().contiguous().t()

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x.double()).to(self.dtype)


@contextmanager
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
