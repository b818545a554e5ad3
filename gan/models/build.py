"""Build the generator and discriminator of a training config, with initial weights from its seed."""

import torch
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from gan.models.discriminator import Discriminator
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.mlp import PointDiscriminator, PointGenerator
from gan.settings.config import TrainConfig, method_of


def build_networks(
    config: TrainConfig, classes: int = 0, g_classes: int | None = None
) -> tuple[nn.Module, nn.Module]:
    """G and D of a resolved config; `classes`: number of classes they are conditional on, 0 for none.

    `g_classes`: that of G, where it has classes that D is not shown.
    """
    method = method_of(config)
    batch_layers = {
        name: getattr(method, name) for name in ("minibatch_stddev", "minibatch_discrimination")
    }
    if method.model == "mlp":
        generator = PointGenerator(
            method.model, method.width, method.z_dim, method.depth, method.activation, method.noise
        )
        layers = {"depth": method.depth_of_d, "activation": method.activation}
        discriminator = PointDiscriminator(method.d_width, method.d_norm, **layers, **batch_layers)
    else:
        shape = (method.model, config.size, config.channels)
        known = classes if g_classes is None else g_classes
        generator = Generator(*shape, method.width, method.z_dim, method.g_norm, known)
        discriminator = Discriminator(
            *shape, method.d_width, method.d_norm, classes=classes, **batch_layers
        )
    initialise(generator, torch.Generator().manual_seed(config.seed))
    # A separate stream (the trainer uses seed + 1), so that D's initial weights do not depend on G's shape.
    rng = torch.Generator().manual_seed(config.seed + 2)
    initialise(discriminator, rng)
    if method.spectral_norm:
        _add_spectral_norm(discriminator, rng)
    return generator, discriminator


def _add_spectral_norm(net: nn.Module, rng: torch.Generator) -> None:
    """Divide each weight matrix by its largest singular value: Miyato et al. 2018, eq. 8.

    That is estimated by one step of power iteration per forward pass in training mode (algorithm 1).
    """
    # PyTorch draws the initial vectors of the power iteration from its global generator: seed that.
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int(torch.randint(2**31, (1,), generator=rng)))
        for layer in list(net.modules()):
            if isinstance(layer, nn.Conv2d | nn.Linear | nn.Embedding):
                spectral_norm(layer)
