"""The stages of a discriminator, from the picture inwards, read off the shapes of its layers' outputs."""

import math
from collections.abc import Iterator

import torch
from torch import nn

from gan.models.discriminator import Discriminator
from gan.models.generator import BASE
from gan.models.palette import LARGEST

Sides = dict[nn.Module, tuple[int, int]]  # of what goes into a layer, and of what comes out


def stage_count(family: str, size: int) -> int:
    """How often D halves the sides of a picture by layers: once a stage, down to 4×4."""
    return int(math.log2(_first_side(family, size) // BASE))


def _first_side(family: str, size: int) -> int:
    """The side that D's first layers see; larger pictures are averaged down to it."""
    return min(size, LARGEST) if family == "palette" else size


def freeze_stages(d: nn.Module, count: int) -> list[nn.Parameter]:
    """Take the first `count` stages of D out of training; returns the parameters that are left to train."""
    if count:
        for layer, stage in _staged(d, _first_side(d.family, d.size), _sides(d)):
            if stage <= count:
                layer.requires_grad_(False)
    return [parameter for parameter in d.parameters() if parameter.requires_grad]


@torch.no_grad()
def _sides(d: Discriminator) -> Sides:
    """Sides before and after each layer that maps pictures to pictures, for one of the size of D's."""
    sides: Sides = {}

    def note(layer: nn.Module, inputs: tuple, output: torch.Tensor) -> None:
        if inputs[0].ndim == output.ndim == 4:
            sides[layer] = (inputs[0].shape[-1], output.shape[-1])

    hooks = [layer.register_forward_hook(note) for layer in d.modules()]
    # Evaluation mode leaves running means and the vectors of spectral normalisation as they are.
    training = d.training
    d.eval()
    like = next(d.parameters())
    d.features(torch.zeros(2, d.channels, d.size, d.size, device=like.device, dtype=like.dtype))
    d.train(training)
    for hook in hooks:
        hook.remove()
    return sides


def _staged(layer: nn.Module, size: int, sides: Sides) -> Iterator[tuple[nn.Module, int]]:
    """The largest layers inside `layer` that halve at most once, each with its stage, from 1 on.

    What halves belongs to the stage that it makes, what follows at that resolution (a normalisation) as well, and
    what comes before (a layer from the picture) to the first.
    """
    before, after = sides.get(layer, (0, 0))
    if after and before <= 2 * after:
        yield layer, max(1, int(math.log2(size // after)))
        return
    for child in layer.children():
        yield from _staged(child, size, sides)
