"""`Judge`: measures fakes while a run goes on, and classifies them where a classifier knows the data."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan.data.image_tensors import to_float
from gan.metrics.distances import Frechet, SlicedWasserstein
from gan.metrics.quality import Quality


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
    from gan.models.lenet import load_lenet

    lenet = load_lenet()
    chances = torch.cat([lenet(batch).softmax(1) for batch in images.split(500)])
    shares = chances.argmax(1).bincount(minlength=10) / len(images)
    return Classes(tuple(shares.tolist()), float((chances.max(1).values >= 0.9).float().mean()))
