"""A conditional generator whose classes all begin as one of them: that whose pictures are nearest to the new ones.

A model that goes on with pictures without labels would else have to bring each of its classes to them by itself. The
classes differ by rows of embeddings alone, the scales and shifts of their normalisation (after Shahbazi et al. 2021,
"Efficient Conditional GAN Transfer with Knowledge Propagation across Classes", arXiv:2102.06696, where new classes
begin as mixtures of old ones).
"""

import torch
from torch import Tensor, nn

from gan.data.image_tensors import to_uint8
from gan.metrics.feature_spaces import space_for, standardisation
from gan.models.generator import Generator

DRAWN, LEAST = 200, 8  # pictures of all classes together, and of each
SEED = 31


@torch.no_grad()
def nearest_class(generator: Generator, pixels: Tensor, data: str = "") -> int:
    """The class whose pictures are nearest to `pixels`, uint8 (N, C, S, S), by the mean of their features.

    `data`: what the generator was trained on, whose classifier has these features, if there is one.
    """
    rng = torch.Generator().manual_seed(SEED)
    count = max(LEAST, DRAWN // generator.classes)
    z = torch.randn(count, generator.z_dim, generator=rng).to(pixels.device)
    space = space_for(data, generator.channels, generator.size)
    some = pixels[torch.randperm(len(pixels), generator=rng)[:count]].cpu()
    drawn = [space(_drawn(generator, z, label)) for label in range(generator.classes)]
    _, scale = standardisation(torch.cat(drawn))
    wanted = space(some).mean(0)
    apart = torch.stack([((each.mean(0) - wanted) * scale).norm() for each in drawn])
    return int(apart.argmin())


def _drawn(generator: Generator, z: Tensor, label: int) -> Tensor:
    """Pictures of one class, uint8 (N, C, S, S)."""
    images = generator(z, torch.full((len(z),), label, device=z.device)).cpu().float()
    return torch.from_numpy(to_uint8(images)).permute(0, 3, 1, 2).contiguous()


@torch.no_grad()
def begin_as(net: nn.Module, label: int) -> None:
    """Give all classes of a generator what class `label` has."""
    for layer in net.modules():
        if isinstance(layer, nn.Embedding):
            layer.weight.copy_(layer.weight[label].expand_as(layer.weight))
