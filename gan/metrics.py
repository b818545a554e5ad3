"""Quality as a number, always beside the number that real pictures get against real pictures.

Fréchet distance: Heusel et al. 2017, "GANs Trained by a Two Time-Scale Update Rule", eq. 6, in the
features of our own LeNet instead of Inception, so it is not comparable with published FIDs.
Sliced Wasserstein distance: Rabin et al. 2011; it needs no network and suits any picture.
"""

from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from gan.data import to_float
from gan.snapshots import Quality

PROJECTIONS = 256


def metric_for(source: str, channels: int, size: int) -> str:
    """Our LeNet knows grey 32×32 MNIST digits; everything else is measured without a network."""
    digits = Path(source).name.lower() == "mnist" and channels == 1 and size == 32
    return "frechet" if digits else "sliced_wasserstein"


class _Features(nn.Module):
    """A LeNet seen as a feature extractor, in the form that torchmetrics asks for."""

    def __init__(self):
        super().__init__()
        from gan.classifier import load_lenet

        self.lenet = load_lenet()
        self.num_features = self.lenet.num_features

    def forward(self, images: Tensor) -> Tensor:
        return self.lenet.features(images)


class Frechet:
    """Fréchet distance of images to a fixed set of real ones, (N, 1, 32, 32) in [-1, 1]."""

    def __init__(self, real: Tensor):
        from torchmetrics.image.fid import FrechetInceptionDistance

        if len(real) < 2:
            raise ValueError(
                "The Fréchet distance needs at least 2 pictures on each side, so 4 in all."
            )
        self.fid = FrechetInceptionDistance(_Features(), reset_real_features=False)
        self._add(real, real=True)

    def __call__(self, images: Tensor) -> float:
        self.fid.reset()
        self._add(images, real=False)
        return float(self.fid.compute())

    def _add(self, images: Tensor, real: bool) -> None:
        for batch in images.split(500):
            self.fid.update(batch, real=real)


class SlicedWasserstein:
    """Mean over 256 random directions of the 1-D Wasserstein-1 distance between projected pixels.

    Images (N, C, H, W) in [-1, 1], as many as the real ones; more are cut off, fewer are refused.
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
        return (images.flatten(1).cpu() @ self.directions).sort(dim=0).values


def frechet_distance(real: Tensor, fake: Tensor) -> float:
    """Fréchet distance between two sets of 32×32 grey digits in [-1, 1], by LeNet features."""
    return Frechet(real)(fake)


def sliced_wasserstein(real: Tensor, fake: Tensor) -> float:
    """Sliced Wasserstein distance between two sets of images of one shape."""
    count = min(len(real), len(fake))
    return SlicedWasserstein(real[:count])(fake[:count])


class Judge:
    """Measures fakes against a held set of real pictures, with the floor of real against real.

    `reference` and `others` are disjoint sets of real pictures, uint8 NCHW, of equal number; fakes
    come in the same number, for a distance's bias depends on it.
    """

    def __init__(self, metric: str, reference: Tensor, others: Tensor):
        self.metric = metric
        self.count = min(len(reference), len(others))
        kind = Frechet if metric == "frechet" else SlicedWasserstein
        self.distance = kind(to_float(reference[: self.count]))
        self.floor = self.distance(to_float(others[: self.count]))

    @torch.no_grad()
    def __call__(self, generator: nn.Module) -> Quality:
        """The quality of `self.count` pictures drawn from `generator` with fixed latents."""
        fakes = draw_fakes(generator, self.count)
        return Quality(self.metric, self.distance(fakes), self.floor)


@torch.no_grad()
def draw_fakes(generator: nn.Module, count: int, seed: int = 0) -> Tensor:
    """`count` pictures (N, C, H, W) in [-1, 1] on the CPU, in batches, from one stream of latents."""
    rng = torch.Generator().manual_seed(seed)
    device = next(generator.parameters()).device
    z = torch.randn(count, generator.z_dim, generator=rng).to(device)
    return torch.cat([generator(batch).cpu().float() for batch in z.split(250)])


@dataclass(frozen=True)
class Classes:
    """What the LeNet says of digits: the share of each class, and of confident answers."""

    shares: tuple[float, ...]
    confident: float  # share with a probability of at least 0.9


@torch.no_grad()
def classify(images: Tensor) -> Classes:
    """The classes of 32×32 grey digits (N, 1, 32, 32) in [-1, 1]."""
    from gan.classifier import load_lenet

    lenet = load_lenet()
    chances = torch.cat([lenet(batch).softmax(1) for batch in images.split(500)])
    shares = chances.argmax(1).bincount(minlength=10) / len(images)
    return Classes(tuple(shares.tolist()), float((chances.max(1).values >= 0.9).float().mean()))
