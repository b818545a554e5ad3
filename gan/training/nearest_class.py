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
from gan.models.layers import ModulatedBatchNorm2d
from gan.training.start_from import StartingPoint
from gan.training.trainer import Trainer

DRAWN = 200  # pictures of all classes together
MAX_CLASSES = 25  # of more classes each would have too few of them
REALS = 200
SEED = 31


def begin_as_nearest(trainer: Trainer, start: StartingPoint) -> tuple[str, ...]:
    """Have all classes of a trainer's G begin as the nearest, if there is one; returns what is to be said of it."""
    label = nearest_class(trainer.g_ema, trainer.pixels, start.data)
    if label is None:
        return ()
    for net in (trainer.g, trainer.g_ema):
        begin_as(net, label)
    trainer.remember_weights()
    title = start.generator.class_title(label)
    return (f"All classes of {start.name} begin as the nearest, {title}.",)


@torch.no_grad()
def nearest_class(generator: Generator, pixels: Tensor, data: str = "") -> int | None:
    """The class whose pictures are nearest to `pixels`, uint8 (N, C, S, S), by the mean of their features.

    None where pictures of all classes together are nearer than those of any, and with more than MAX_CLASSES. `data`:
    what the generator was trained on, whose classifier has these features, if there is one.
    """
    if generator.classes > MAX_CLASSES:
        return None
    rng = torch.Generator().manual_seed(SEED)
    z = torch.randn(DRAWN // generator.classes, generator.z_dim, generator=rng).to(pixels.device)
    space = space_for(data, generator.channels, generator.size)
    some = pixels[torch.randperm(len(pixels), generator=rng)[:REALS]].cpu()
    drawn = [space(_drawn(generator, z, label)) for label in range(generator.classes)]
    mean, scale = standardisation(torch.cat(drawn))
    wanted = space(some).mean(0)
    apart = torch.stack(
        [((each - wanted) * scale).norm() for each in [*(d.mean(0) for d in drawn), mean]]
    )
    nearest = int(apart.argmin())
    return nearest if nearest < generator.classes else None


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
        elif isinstance(layer, ModulatedBatchNorm2d):
            of_classes = layer.affine.weight[:, : layer.classes]
            of_classes.copy_(of_classes[:, label : label + 1].expand_as(of_classes))
