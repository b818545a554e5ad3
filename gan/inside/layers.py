"""The layers of a generator whose units people look at and change: one for each resolution, 4×4 and up.

A unit is a channel: a picture of its own, strong where what it stands for is drawn (Bau et al. 2019, "GAN
Dissection", arXiv:1811.10597). Where a layer is followed by ReLU its units are what comes out of that; else what
the layer gives, which may be negative.
"""

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise

import torch
from torch import Tensor, nn

from gan.models.generator import REFERENCE, Generator
from gan.models.haar import HaarUp
from gan.models.progressive import GrowingUp
from gan.models.residual import Up
from gan.models.wavelet import WaveletUp

Change = Callable[[int, Tensor], Tensor]  # layer, its units (N, C, H, W) -> what to go on with instead


@dataclass(frozen=True)
class Layer:
    """A layer of `units` channels of side × side; `rectified`: ReLU follows, so that units are not negative."""

    index: int
    side: int
    units: int
    rectified: bool


class Inside:
    """Looks into a copy of a generator, in evaluation mode, which it can also change while it draws.

    ValueError where there is nothing to look at: networks without convolutions.
    """

    def __init__(self, generator: Generator):
        self.generator = copy.deepcopy(generator).eval().requires_grad_(False)
        for module in self.generator.modules():
            if isinstance(module, nn.ReLU):
                module.inplace = False  # or gradients could not flow through what is looked at
        self._modules = _unit_modules(self.generator)
        if not self._modules:
            raise ValueError("This model has no layers of units: only networks of convolutions do.")
        z = torch.zeros(1, generator.z_dim)
        with torch.no_grad():
            shapes = [each.shape for each in self.units(z)]
        self.layers = [
            Layer(index, shape[-1], shape[1], isinstance(module, _Rectified))
            for index, (shape, module) in enumerate(zip(shapes, self._modules, strict=True))
        ]

    def units(self, z: Tensor, labels: Tensor | None = None) -> list[Tensor]:
        """What the units of each layer do for z (N, z_dim): a Tensor (N, units, side, side) each."""
        return self.run(z, labels)[1]

    def run(
        self, z: Tensor, labels: Tensor | None = None, change: Change | None = None
    ) -> tuple[Tensor, list[Tensor]]:
        """Pictures (N, channels, size, size), and the units of each layer, after `change`."""
        seen: dict[int, Tensor] = {}

        def look(index: int, units: Tensor) -> Tensor:
            units = change(index, units) if change else units
            seen[index] = units
            return units

        with self._watched(look):
            pictures = self.generator(z, labels)
        return pictures, [seen[index] for index in sorted(seen)]

    @contextmanager
    def _watched(self, look: Change) -> Iterator[None]:
        def hook(index: int, rectified: bool):
            def called(_module: nn.Module, _inputs: tuple, output: Tensor) -> Tensor:
                # Rows of the reference of virtual batch normalisation are nobody's picture.
                before = REFERENCE if self.generator.norm == "virtual" else 0
                units = output[before:].relu() if rectified else output[before:]
                units = look(index, units)
                return torch.cat([output[:before], units]) if before else units

            return called

        handles = [
            each.module.register_forward_hook(hook(index, isinstance(each, _Rectified)))
            for index, each in enumerate(self._modules)
        ]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()


@dataclass(frozen=True)
class _Plain:
    module: nn.Module


@dataclass(frozen=True)
class _Rectified(_Plain):
    """What comes out is put through ReLU next: doing so before changes nothing."""


def _unit_modules(generator: Generator) -> list[_Plain]:
    """The modules whose outputs are units, in the order in which they run."""
    for layer in generator.layers:
        if isinstance(layer, HaarUp):
            return [_Rectified(norm) for norm in layer.norms]
        if isinstance(layer, GrowingUp):
            return [_Plain(block) for block in layer.blocks]
        if isinstance(layer, WaveletUp):
            return [_Plain(stage) for stage in layer.stages]
    blocks = [layer for layer in generator.layers if isinstance(layer, Up)]
    if blocks:
        return [_Plain(block) for block in blocks]
    return [
        _Rectified(norm) for norm, after in pairwise(generator.layers) if isinstance(after, nn.ReLU)
    ]
