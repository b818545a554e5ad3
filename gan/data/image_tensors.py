"""Images as tensors: float32 NCHW in [-1, 1] inside the package, uint8 NHWC at its interfaces."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True)
class Images:
    """A dataset in memory: `pixels` uint8 (N, channels, size, size) or, for 2-D points, float32 (N, 2).

    `labels`: int64 (N,), or None without class labels.
    """

    source: str
    pixels: Tensor
    labels: Tensor | None = None
    skipped: tuple[str, ...] = ()  # "name: reason" of files that could not be used, the first 200
    duplicates: int = 0  # files skipped because the same image was already there

    def __len__(self) -> int:
        return len(self.pixels)

    def subset(self, index: Tensor | slice) -> "Images":
        """The items at `index`, int64 (K,) or a slice, with their labels."""
        labels = None if self.labels is None else self.labels[index]
        return replace(self, pixels=self.pixels[index], labels=labels)


def to_float(pixels: Tensor) -> Tensor:
    """uint8 in 0..255 -> float32 in [-1, 1], the range of tanh. Floats (points) are returned unchanged."""
    return pixels if pixels.is_floating_point() else pixels.float().div_(127.5).sub_(1.0)


def to_uint8(images: Tensor) -> np.ndarray:
    """float NCHW in [-1, 1] -> uint8 NHWC, rounded; NaN becomes 0."""
    pixels = (images.detach() + 1.0).mul(127.5).nan_to_num(0.0).round_().clamp_(0, 255)
    return pixels.to(torch.uint8).permute(0, 2, 3, 1).contiguous().cpu().numpy()


def to_numpy(samples: Tensor) -> np.ndarray:
    """A generator's samples as NumPy: images as uint8 NHWC, points as float32 (N, 2)."""
    return to_uint8(samples) if samples.ndim == 4 else samples.detach().cpu().numpy()
