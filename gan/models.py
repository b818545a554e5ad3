"""Generator and discriminator families: `dcgan` and `tutorial`.

Both build pictures of side 32 or 64 in steps of two from a 4×4 base. At a side of r pixels a network
has `width` × (size / 2) / r channels, so that `width` is the count beside the picture itself.

Sources: Radford, Metz & Chintala, "Unsupervised Representation Learning with Deep Convolutional
Generative Adversarial Networks", 2015 (`dcgan`); Odena, Dumoulin & Olah, "Deconvolution and
Checkerboard Artifacts", 2016 (resize and convolution, in `tutorial`).
"""

from pathlib import Path

import torch
from huggingface_hub import PyTorchModelHubMixin, hf_hub_download
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from gan import checks
from gan.config import CHANNELS, SIZES
from gan.files import load_into
from gan.methods import FAMILIES, NORMS

BASE = 4


def stage_channels(size: int, width: int) -> list[int]:
    """Channels at the sides 4, 8, ..., size / 2: each stage has half the channels of the last."""
    stages = []
    side = BASE
    while side < size:
        stages.append(width * (size // 2) // side)
        side *= 2
    return stages


def _check_shape(family: str, size: int, channels: int, width: int) -> tuple[str, int, int, int]:
    return (
        checks.choice("model", family, FAMILIES),
        checks.choice("size", checks.integer("size", size, 1, 4096), SIZES),
        checks.choice("channels", checks.integer("channels", channels, 1, 16), CHANNELS),
        checks.integer("width", width, 4, 128),
    )


def _upsample(family: str, inside: int, outside: int) -> list[nn.Module]:
    if family == "dcgan":
        return [nn.ConvTranspose2d(inside, outside, 4, stride=2, padding=1)]
    return [nn.Upsample(scale_factor=2), nn.Conv2d(inside, outside, 3, padding=1)]


class Generator(
    nn.Module,
    PyTorchModelHubMixin,
    library_name="ganscope",
    license="mit",
    tags=["gan", "image-generation", "ganscope"],
):
    """z (N, z_dim) float32 -> images (N, channels, size, size) float32 in [-1, 1].

    Dense, reshape to 4×4, then upsampling convolutions with batch normalisation and ReLU, and tanh
    with no normalisation before it (Radford et al. 2015, section 3).

    `from_pretrained` takes a folder or a Hub id and reads safetensors only. ValueError for shapes
    outside: size 32 or 64, channels 1 or 3, width 4 to 128, z_dim 1 to 1024.
    """

    def __init__(
        self,
        family: str = "dcgan",
        size: int = 32,
        channels: int = 1,
        width: int = 64,
        z_dim: int = 64,
    ):
        super().__init__()
        family, size, channels, width = _check_shape(family, size, channels, width)
        self.family, self.size, self.channels, self.width = family, size, channels, width
        self.z_dim = checks.integer("z_dim", z_dim, 1, 1024)
        stages = stage_channels(size, width)
        self.dense = nn.Linear(self.z_dim, stages[0] * BASE * BASE)
        layers: list[nn.Module] = [nn.Unflatten(1, (stages[0], BASE, BASE))]
        for inside, outside in zip(stages, [*stages[1:], channels], strict=True):
            layers += [nn.BatchNorm2d(inside), nn.ReLU(inplace=True)]
            layers += _upsample(family, inside, outside)
        self.layers = nn.Sequential(*layers, nn.Tanh())

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(self.dense(z))

    @classmethod
    def _from_pretrained(cls, *, model_id, map_location="cpu", strict=True, **options):
        """Called by `from_pretrained`; unlike the mixin's own, strict and never a pickle."""
        hub = {name: options.pop(name, None) for name in _HUB_OPTIONS}
        model = cls(**options)
        folder = Path(model_id)
        path = folder / "model.safetensors"
        if not folder.is_dir():
            path = hf_hub_download(model_id, "model.safetensors", **hub)
        load_into(model, path)
        return model.to(map_location).eval()


_HUB_OPTIONS = ("revision", "cache_dir", "force_download", "local_files_only", "token")


class Discriminator(nn.Module):
    """Images (N, channels, size, size) in [-1, 1] -> logits (N,): positive means "real".

    Stride-2 convolutions and LeakyReLU(0.2) down to 4×4, then one dense logit. `norm="batch"` puts
    batch normalisation on all but the input layer (Radford et al. 2015, section 3). A batch of
    `groups` equal parts is normalised part by part: real and fake go through at once, and D still
    cannot tell them by the batch's own statistics (Chintala et al. 2016, "GAN hacks", 4).
    """

    def __init__(
        self,
        family: str = "dcgan",
        size: int = 32,
        channels: int = 1,
        width: int = 64,
        norm: str = "batch",
    ):
        super().__init__()
        family, size, channels, width = _check_shape(family, size, channels, width)
        checks.choice("norm", norm, NORMS)
        kernel = 4 if family == "dcgan" else 3
        stages = stage_channels(size, width)[::-1]
        layers: list[nn.Module] = []
        for inside, outside in zip([channels, *stages[:-1]], stages, strict=True):
            layers.append(nn.Conv2d(inside, outside, kernel, stride=2, padding=1))
            if norm == "batch" and len(layers) > 1:
                layers.append(nn.BatchNorm2d(outside))
            layers.append(nn.LeakyReLU(0.2, inplace=True))
        self.layers = nn.Sequential(*layers, nn.Flatten())
        self.head = nn.Linear(stages[-1] * BASE * BASE, 1)

    def forward(self, images: Tensor, groups: int = 1) -> Tensor:
        for layer in self.layers:
            if groups > 1 and isinstance(layer, nn.BatchNorm2d):
                images = torch.cat([layer(part) for part in images.chunk(groups)])
            else:
                images = layer(images)
        return self.head(images).squeeze(1)


def initialise(module: nn.Module, rng: torch.Generator) -> None:
    """Weights from N(0, 0.02²), scales from N(1, 0.02²), biases 0 (Radford et al. 2015, section 4).

    The numbers come from `rng` alone, so that a seed gives the same start whatever ran before.
    """
    for layer in module.modules():
        if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
            nn.init.normal_(layer.weight, 0.0, 0.02, generator=rng)
            nn.init.zeros_(layer.bias)
        elif isinstance(layer, nn.BatchNorm2d):
            nn.init.normal_(layer.weight, 1.0, 0.02, generator=rng)
            nn.init.zeros_(layer.bias)


def parameter_count(module: nn.Module) -> int:
    """How many numbers training may change."""
    return sum(parameter.numel() for parameter in module.parameters())


@torch.no_grad()
def multiply_adds(module: nn.Module) -> int:
    """Multiply-adds of one picture through a Generator or Discriminator."""
    training = module.training
    module.eval()
    device = next(module.parameters()).device
    if isinstance(module, Generator):
        example = torch.zeros(1, module.z_dim, device=device)
    else:
        first = next(layer for layer in module.modules() if isinstance(layer, nn.Conv2d))
        side = BASE * 2 ** sum(isinstance(layer, nn.Conv2d) for layer in module.modules())
        example = torch.zeros(1, first.in_channels, side, side, device=device)
    with FlopCounterMode(display=False) as counter:
        module(example)
    module.train(training)
    return counter.get_total_flops() // 2
