"""Initial weights, drawn from a generator of random numbers of their own."""

import torch
from torch import nn

from gan.models.discriminator import Discriminator
from gan.models.layers import (
    ConditionalBatchNorm2d,
    EqualConv2d,
    EqualLinear,
    VirtualBatchNorm2d,
)

WEIGHTED = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)


def initialise(module: nn.Module, rng: torch.Generator) -> None:
    """Weights from N(0, 0.02²), scales from N(1, 0.02²), biases 0 (Radford et al. 2015, section 4).

    In residual networks and those of points weights have He's spread, √(2 / fan-in); where layers are
    scaled as they are used, N(0, 1). The numbers come from `rng` alone, so that a seed gives the same
    start whatever ran before; weights come first, so that networks which differ only in how they are
    normalised, or in what they are told, begin with the same ones.
    """
    small = getattr(module, "family", None) in ("dcgan", "tutorial")
    for layer in sorted(module.modules(), key=lambda layer: not isinstance(layer, WEIGHTED)):
        if isinstance(layer, EqualConv2d | EqualLinear):
            nn.init.normal_(layer.weight, generator=rng)
            nn.init.zeros_(layer.bias)
        elif isinstance(layer, WEIGHTED):
            if small:
                nn.init.normal_(layer.weight, 0.0, 0.02, generator=rng)
            else:
                nn.init.kaiming_normal_(layer.weight, 0.2, generator=rng)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.BatchNorm2d | VirtualBatchNorm2d) and layer.weight is not None:
            nn.init.normal_(layer.weight, 1.0, 0.02, generator=rng)
            nn.init.zeros_(layer.bias)
        elif isinstance(layer, ConditionalBatchNorm2d):
            nn.init.normal_(layer.scale.weight, 1.0, 0.02, generator=rng)
            nn.init.zeros_(layer.shift.weight)
        elif isinstance(layer, Discriminator) and layer.embedding is not None:
            nn.init.normal_(layer.embedding.weight, 0.0, 0.02, generator=rng)
