"""The two networks of a run, with the initial weights of its seed."""

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from gan.models.discriminator import Discriminator
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.mlp import PointDiscriminator, PointGenerator
from gan.settings.config import TrainConfig, method_of


def networks(config: TrainConfig, classes: int = 0) -> tuple[nn.Module, nn.Module]:
    """G and D of a resolved config; `classes`: how many they are told, 0 for none."""
    method = method_of(config)
    comparing = {
        "minibatch_stddev": method.minibatch_stddev,
        "minibatch_discrimination": method.minibatch_discrimination,
    }
    if method.model == "mlp":
        generator = PointGenerator(
            method.model, method.width, method.z_dim, method.depth, method.activation, method.noise
        )
        discriminator = PointDiscriminator(
            method.d_width,
            method.d_norm,
            **comparing,
            depth=method.depth_of_d,
            activation=method.activation,
        )
    else:
        shape = (method.model, config.size, config.channels)
        generator = Generator(*shape, method.width, method.z_dim, method.g_norm, classes)
        discriminator = Discriminator(
            *shape, method.d_width, method.d_norm, classes=classes, **comparing
        )
    initialise(generator, torch.Generator().manual_seed(config.seed))
    # From numbers of its own (the trainer takes those of seed + 1): D begins alike beside any G.
    rng = torch.Generator().manual_seed(config.seed + 2)
    initialise(discriminator, rng)
    if method.spectral_norm:
        _normalise(discriminator, rng)
    return generator, discriminator


def _normalise(net: nn.Module, rng: torch.Generator) -> None:
    """Each weight matrix of `net` over its largest singular value: Miyato et al. 2018, eq. 8.

    Power iteration, one step an update (algorithm 1).
    """
    # PyTorch draws the first vectors from its global numbers: a seed must decide them.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(torch.randint(2**31, (1,), generator=rng)))
        for layer in list(net.modules()):
            if isinstance(layer, nn.Conv2d | nn.Linear | nn.Embedding):
                spectral_norm(layer)
