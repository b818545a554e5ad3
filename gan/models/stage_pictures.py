"""What a generator computes on its way from z to a picture: one grey picture for each resolution."""

import copy

import torch
from torch import Tensor, nn

from gan.models.generator import Generator


def stage_pictures(generator: Generator, z: Tensor) -> list[Tensor]:
    """How strong the activations of z (1, z_dim) are: uint8 (side, side) at 4×4, 8×8, … up to the picture's side.

    Of the last layer that works at each side: the mean over channels of the absolute value, the weakest place 0 and
    the strongest 255. ValueError for more than one z.
    """
    if z.shape != (1, generator.z_dim):
        raise ValueError(f"One z of {generator.z_dim} numbers is needed, not {tuple(z.shape)}.")
    found: dict[int, Tensor] = {}

    def keep(_module: nn.Module, _inputs: tuple, output: Tensor) -> None:
        if isinstance(output, Tensor) and output.ndim == 4 and output.shape[1] > generator.channels:
            found[output.shape[-1]] = output[0].abs().mean(0)

    # A copy, as another thread may be drawing with this generator.
    watched = copy.deepcopy(generator)
    for module in watched.modules():
        if not list(module.children()):
            module.register_forward_hook(keep)
    with torch.inference_mode():
        watched(z)
    return [_as_grey(found[side]) for side in sorted(found)]


def _as_grey(values: Tensor) -> Tensor:
    low, high = values.min(), values.max()
    return ((values - low) / (high - low).clamp(min=1e-12) * 255).round().to(torch.uint8)
