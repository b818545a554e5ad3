"""Reproducible rendering: on one machine a latent gives the same pixels bit for bit, in any batch.

In float32 a matrix product depends in its last digits on the order of summation, which the library
chooses by batch size, number of threads and, on some processors, the memory address of the arguments. Some
pixels in a million are then rounded to the next of the 256 levels. Here one thread is used, and layers with
such a choice are computed in float64, where the order of summation does not affect the rounded pixel.
"""

import copy
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from torch import Tensor, nn

from gan.data.image_tensors import to_uint8
from gan.models.generator import Generator

BATCH = 64  # larger ones need more memory and are no faster


class ReproducibleRenderer:
    """Renders with a copy, on the CPU, of the generator's current weights."""

    def __init__(self, generator: Generator):
        self.net = copy.deepcopy(generator).cpu().eval().requires_grad_(False)
        # oneDNN's kernels for 4×4 transposed convolutions sum in the same order for every batch size. Other
        # layers do not: 3×3 convolutions, for one, use another algorithm for a single small image.
        batch_invariant = generator.family == "dcgan" and torch.backends.mkldnn.is_available()
        if not batch_invariant:
            self.net.double()
        self.net.dense = _InFloat64(self.net.dense, torch.float32 if batch_invariant else torch.float64)

    @torch.inference_mode()
    def __call__(self, z: Tensor) -> np.ndarray:
        """z (N, z_dim) float32 -> images, uint8 (N, size, size, channels); ValueError if some are NaN."""
        with single_thread():
            parts = [self._drawn(part) for part in z.cpu().split(BATCH)]
        return np.concatenate(parts)

    def _drawn(self, z: Tensor) -> np.ndarray:
        images = self.net(z)
        if images.isnan().any():
            raise ValueError(
                "This generator draws nothing: its weights are so large that pictures are not numbers."
            )
        return to_uint8(images)


def render(generator: Generator, z: Tensor) -> np.ndarray:
    """z (N, z_dim) float32 -> images of a generator, uint8 (N, size, size, channels).

    On one machine each z gives the same image bit for bit, in any batch; between machines a few pixels may
    differ by one of the 256 levels. ValueError if pixels are NaN, as of weights that overflow.
    """
    return ReproducibleRenderer(generator)(z)


class _InFloat64(nn.Module):
    """A dense layer computed in float64, with its output converted to `dtype`."""

    def __init__(self, layer: nn.Linear, dtype: torch.dtype):
        super().__init__()
        self.layer, self.dtype = layer.double(), dtype
        # Stored column-major, which makes the product for a single z as fast as in float32.
        layer.weight.data = layer.weight.data.t().contiguous().t()

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x.double()).to(self.dtype)


@contextmanager
def single_thread() -> Iterator[None]:
    """One thread for what is computed inside."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
