"""Distances between sets of images.

Fréchet distance: Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule", eq. 6, on features of the small
classifiers of gan.metrics.classifiers instead of Inception, so it is not comparable with published FIDs. Sliced
Wasserstein distance: Rabin et al. 2011; it needs no network and works for any images.
"""

import torch
from torch import Tensor

from gan.data.image_tensors import to_float
from gan.metrics.classifiers import CLASSIFIERS

PROJECTIONS = 256
ROWS = 1000  # pictures that are floats at a time: of 128×128 in colour 200 MB


class Frechet:
    """Fréchet distance of images to fixed real ones, both (N, C, H, W) in [-1, 1] or uint8, N at least 2.

    `metric` is a key of gan.metrics.classifiers.CLASSIFIERS: by default digits (N, 1, 32, 32), by the LeNet.
    """

    def __init__(self, real: Tensor, metric: str = "frechet"):
        from torchmetrics.image.fid import FrechetInceptionDistance

        if len(real) < 2:
            raise ValueError(
                "The Fréchet distance needs at least 2 pictures on each side, so 4 in all."
            )
        # Of a run over ranks (gan.common.ranks) one measures, and waits for no other.
        options = {"reset_real_features": False, "sync_on_compute": False}
        self.fid = FrechetInceptionDistance(CLASSIFIERS[metric].features(), **options)
        self._add(real, real=True)

    def __call__(self, images: Tensor) -> float:
        self.fid.reset()
        self._add(images, real=False)
        return float(self.fid.compute())

    def _add(self, images: Tensor, real: bool) -> None:
        for batch in images.split(500):
            self.fid.update(to_float(batch), real=real)


class SlicedWasserstein:
    """Mean over 256 random directions of the 1-D Wasserstein-1 distance between projected pixels.

    Images (N, C, H, W) in [-1, 1], or uint8, as many as the real ones: surplus ones are ignored, ValueError with fewer.
    Rabin et al. 2011, eq. 2, with p = 1 and a fixed set of directions.
    """

    def __init__(self, real: Tensor):
        rng = torch.Generator().manual_seed(0)
        directions = torch.randn(real[0].numel(), PROJECTIONS, generator=rng)
        self.directions = directions / directions.norm(dim=0)
        self.real = self._project(real)

    def __call__(self, images: Tensor) -> float:
        if len(images) < len(self.real):
            raise ValueError(f"At least {len(self.real)} images are needed, not {len(images)}.")
        fake = self._project(images[: len(self.real)])
        return float((fake - self.real).abs().mean())

    def _project(self, images: Tensor) -> Tensor:
        rows = [to_float(part.cpu()).flatten(1) @ self.directions for part in images.split(ROWS)]
        return torch.cat(rows).sort(dim=0).values


def frechet_distance(real: Tensor, fake: Tensor, metric: str = "frechet") -> float:
    """Fréchet distance between two sets of images in [-1, 1]; `metric` as in `Frechet`."""
    return Frechet(real, metric)(fake)


def sliced_wasserstein(real: Tensor, fake: Tensor) -> float:
    """Sliced Wasserstein distance between two sets of images of one shape, in [-1, 1] or uint8; the larger is
    truncated."""
    count = min(len(real), len(fake))
    return SlicedWasserstein(real[:count])(fake[:count])
