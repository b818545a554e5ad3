"""Images as tensors: float32 NCHW in [-1, 1] inside the package, uint8 NHWC at its interfaces."""

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from gan.data.labels import SEED, stratified_order


@dataclass(frozen=True)
class Images:
    """A dataset in memory: `pixels` uint8 (N, channels, size, size) or, for 2-D points, float32 (N, 2).

    `labels`: int64 (N,), indices of `classes`, or None without class labels.
    """

    source: str
    pixels: Tensor
    labels: Tensor | None = None
    skipped: tuple[str, ...] = ()  # "name: reason" of files that could not be used, the first 200
    duplicates: int = 0  # files skipped because the same image was already there
    left_out: int = 0  # files that could not be used, duplicates aside
    classes: tuple[str, ...] = ()  # names; may be empty though there are labels
    notes: tuple[str, ...] = ()  # messages about the images or labels as a whole
    strata: Tensor | None = None  # labels that networks are not shown, by which samples are stratified

    def __len__(self) -> int:
        return len(self.pixels)

    def subset(self, index: Tensor | slice) -> "Images":
        """The items at `index`, int64 (K,) or a slice, with their labels."""
        labels = None if self.labels is None else self.labels[index]
        strata = None if self.strata is None else self.strata[index]
        return replace(self, pixels=self.pixels[index], labels=labels, strata=strata)

    def without_labels(self) -> "Images":
        """The same for networks that are not class-conditional; samples are still stratified."""
        return replace(self, labels=None, strata=self.labels if self.strata is None else self.strata)

    def order(self, seed: int = SEED) -> Tensor:
        """A random order, int64 (N,), every beginning of which is a sample stratified by label."""
        strata = self.strata if self.labels is None else self.labels
        if strata is None:
            return torch.randperm(len(self), generator=torch.Generator().manual_seed(seed))
        return torch.from_numpy(stratified_order(strata.tolist(), seed))

    def sample(self, count: int, seed: int = SEED) -> "Images":
        """At most `count` items, drawn at random and stratified by label, in their own order."""
        return self.subset(self.order(seed)[:count].sort().values) if count < len(self) else self


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
