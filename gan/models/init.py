"""Initialisation of weights."""

import torch
from torch import nn

from gan.models.discriminator import Discriminator
from gan.models.layers import (
    ConditionalBatchNorm2d,
    EqualConv2d,
    EqualLinear,
    ModulatedBatchNorm2d,
    VirtualBatchNorm2d,
)
from gan.models.wavelet import WaveletUp
from gan.settings.hyperparameters import HAAR_FAMILIES

WEIGHTED = (nn.Conv2d, nn.ConvTranspose2d, nn.Linear)


def initialise(module: nn.Module, rng: torch.Generator) -> None:
    """Weights from N(0, 0.02²), scales from N(1, 0.02²), biases 0 (Radford et al. 2015, section 4).

    Residual networks, MLPs and the wavelet D use He initialisation (for LeakyReLU(0.2)) instead, and layers with an
    equalised learning rate N(0, 1). All random numbers come from `rng`. Weights are drawn before everything
    else, so that networks that differ only in their normalisation or conditioning start with the same ones.
    """
    family = getattr(module, "family", None)
    dcgan_init = family in ("dcgan", "tutorial", *HAAR_FAMILIES) or (
        family == "wavelet" and not isinstance(module, Discriminator)
    )
    layers = list(module.modules())
    modulations = {each.affine for each in layers if isinstance(each, ModulatedBatchNorm2d)}
    layers = [each for each in layers if each not in modulations]
    for layer in sorted(layers, key=lambda layer: not isinstance(layer, WEIGHTED)):
        if isinstance(layer, EqualConv2d | EqualLinear):
            nn.init.normal_(layer.weight, generator=rng)
            nn.init.zeros_(layer.bias)
        elif isinstance(layer, WEIGHTED):
            if dcgan_init:
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
        elif isinstance(layer, ModulatedBatchNorm2d):
            nn.init.normal_(layer.affine.weight, 0.0, 0.02, generator=rng)
            nn.init.zeros_(layer.affine.bias)
        elif isinstance(layer, WaveletUp) and layer.embedding is not None:
            nn.init.normal_(layer.embedding.weight, generator=rng)
        elif isinstance(layer, Discriminator) and layer.embedding is not None:
            nn.init.normal_(layer.embedding.weight, 0.0, 0.02, generator=rng)
