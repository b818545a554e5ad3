"""What a discriminator sees of a picture, stage by stage: its most active units at each resolution, down to 4×4."""

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from gan.common import checks
from gan.models.discriminator import Discriminator

SHOWN = 8  # units of a stage


@dataclass(frozen=True)
class CriticStage:
    """A resolution: `side` of its maps, how many `units` there are, and the most active ones.

    `maps` int8 (n, side, side), 127 at the strongest of the stage, of the units numbered `shown`.
    """

    side: int
    units: int
    shown: list[int]
    maps: Tensor


@torch.no_grad()
def stages_seen(
    d: Discriminator, picture: Tensor, label: int = 0, count: int = SHOWN
) -> list[CriticStage]:
    """The stages of d for a picture (C, S, S) in [-1, 1], as of class `label` where d is conditional.

    Large sides come first. Of the layers that work at one side the last is taken, after what follows it
    (normalisation, activation).
    """
    count = checks.integer("count", count, 1, 10_000)
    outputs: dict[int, Tensor] = {}

    def note(_layer: nn.Module, _inputs: tuple, output: Tensor) -> None:
        # A copy: activations that follow work in place.
        if isinstance(output, Tensor) and output.ndim == 4 and output.shape[-1] < picture.shape[-1]:
            outputs[output.shape[-1]] = output[0].clone()

    hooks = [layer.register_forward_hook(note) for layer in d.modules()]
    try:
        d(picture[None], labels=torch.tensor([label]) if d.embedding is not None else None)
    finally:
        for hook in hooks:
            hook.remove()
    return [_stage(outputs[side], count) for side in sorted(outputs, reverse=True)]


def _stage(units: Tensor, count: int) -> CriticStage:
    shown = units.abs().mean((1, 2)).argsort(descending=True)[:count]
    scale = units.abs().max().clamp(min=1e-9)
    maps = (units[shown] / scale * 127).round().to(torch.int8)
    return CriticStage(units.shape[-1], len(units), shown.tolist(), maps)
