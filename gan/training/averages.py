"""Averages that a training run keeps: of G's weights (EMA), of all past weights, and of its metrics."""

import copy
from collections.abc import Iterable

import torch
from torch import Tensor, nn

from gan.common import ranks

# The half-life of the EMA is at most this share of the images seen so far, so that it follows closely at
# first (Karras et al. 2020, "Training GANs with Limited Data", ema_rampup).
EMA_RAMPUP = 0.05
# Names of the metrics averaged per update of D and per update of G.
METRICS = {"d": ("d_loss", "d_real", "d_fake"), "g": ("g_loss",)}


class WeightEma:
    """`net`: a copy of `source` in evaluation mode, whose tensors are exponential moving averages.

    `half_life` is in images shown to D; 0 copies the weights as they are. Floating-point buffers, such
    as batch normalisation's statistics, are averaged as well.
    """

    def __init__(self, source: nn.Module, half_life: float):
        self.net = copy.deepcopy(source).eval().requires_grad_(False)
        self.half_life = half_life
        self._averaged, self._current = _floats(self.net), _floats(source)

    @torch.no_grad()
    def update(self, new_images: int, images: int) -> None:
        """Follow `source` by the weight of `new_images`, after `images` were seen before these."""
        half_life = min(self.half_life, EMA_RAMPUP * images)
        weight = 1.0 - 0.5 ** (new_images / half_life) if half_life else 1.0
        torch._foreach_lerp_(self._averaged, self._current, weight)


class MetricMeans:
    """Running means of METRICS since they were last taken."""

    def __init__(self, device: torch.device):
        self.sums = {name: torch.zeros(len(each), device=device) for name, each in METRICS.items()}
        self.counts = dict.fromkeys(METRICS, 0)

    def add(self, player: str, *values: Tensor) -> None:
        """Count the metrics of one update of "d" or "g", scalars in the order of METRICS; over ranks their means."""
        self.sums[player] += torch.stack(ranks.means([value.detach() for value in values]))
        self.counts[player] += 1

    @property
    def finite(self) -> bool:
        """Whether no metric has become infinite or NaN since the last `take`."""
        return all(bool(torch.isfinite(sums).all()) for sums in self.sums.values())

    def take(self) -> dict[str, float]:
        """All means by name, NaN for those of a player without updates; then start again from 0."""
        means = {}
        for player, names in METRICS.items():
            # Without updates this is 0 / 0, which is NaN.
            values = (self.sums[player] / self.counts[player]).tolist()
            means.update(zip(names, values, strict=True))
            self.sums[player].zero_()
            self.counts[player] = 0
        return means


@torch.no_grad()
def add_to_mean(means: list[Tensor], values: Iterable[Tensor], count: int) -> None:
    """Update means of `count` - 1 values, in place, to those of `count` with these as the newest."""
    torch._foreach_lerp_(means, list(values), 1 / count)


def _floats(net: nn.Module) -> list[Tensor]:
    return [value for value in net.state_dict().values() if value.is_floating_point()]
