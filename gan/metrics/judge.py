"""`Judge`: measures the quality of a generator during training; classification of digits."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan.data.image_tensors import to_float, to_uint8
from gan.metrics.classifiers import CLASSIFIERS
from gan.metrics.distances import Frechet, SlicedWasserstein
from gan.metrics.quality import Quality


class Judge:
    """Measures generated images against held-out real ones, and the floor of real against real.

    `metric` is a key of gan.metrics.quality.TITLES. `reference` and `others` are disjoint sets of real images,
    uint8 NCHW. As the bias of a distance depends on the number of images, the smaller set's is used for all.
    """

    def __init__(self, metric: str, reference: Tensor, others: Tensor):
        self.metric = metric
        self.count = min(len(reference), len(others))
        real = to_float(reference[: self.count])
        self.distance = Frechet(real, metric) if metric in CLASSIFIERS else SlicedWasserstein(real)
        self.floor = self.distance(to_float(others[: self.count]))

    @torch.no_grad()
    def __call__(self, generator: nn.Module) -> Quality:
        fakes = draw_fakes(generator, self.count)
        return Quality(self.metric, self.distance(fakes), self.floor)


def draw_fakes(generator: nn.Module, count: int, seed: int = 0) -> Tensor:
    """`count` generated images (N, C, H, W) in [-1, 1], on the CPU; the latents are determined by `seed`."""
    return torch.cat(list(_drawn(generator, count, seed)))


def draw_pixels(generator: nn.Module, count: int, seed: int = 0) -> Tensor:
    """The images of `draw_fakes` as uint8 (N, C, H, W): a quarter of its memory, and no more while they are drawn."""
    parts = [torch.from_numpy(to_uint8(part)) for part in _drawn(generator, count, seed)]
    return torch.cat(parts).permute(0, 3, 1, 2).contiguous()


@torch.no_grad()
def _drawn(generator: nn.Module, count: int, seed: int) -> Iterator[Tensor]:
    rng = torch.Generator().manual_seed(seed)
    device = next(generator.parameters()).device
    z = torch.randn(count, generator.z_dim, generator=rng).to(device)
    for batch in z.split(250):
        yield generator(batch).cpu().float()


@dataclass(frozen=True)
class DigitClasses:
    """LeNet's classification of digits: the share of each class, and of confident predictions."""

    shares: tuple[float, ...]
    confident: float  # share of images whose class has a probability of at least 0.9


@torch.no_grad()
def classify(images: Tensor) -> DigitClasses:
    """Classify digits (N, 1, 32, 32) in [-1, 1]."""
    from gan.models.lenet import load_lenet

    lenet = load_lenet()
    probabilities = torch.cat([lenet(batch).softmax(1) for batch in images.split(500)])
    shares = probabilities.argmax(1).bincount(minlength=10) / len(images)
    confident = (probabilities.max(1).values >= 0.9).float().mean()
    return DigitClasses(tuple(shares.tolist()), float(confident))
