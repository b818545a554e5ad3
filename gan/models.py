"""Generator and Discriminator: families of networks behind one shape each.

All build pictures of side 32 or 64 in steps of two from a 4×4 base. At a side of r pixels a network
has `width` × (size / 2) / r channels, so that `width` is the count beside the picture itself.

`dcgan`        transposed and strided 4×4 convolutions: Radford, Metz & Chintala 2015
`tutorial`     resize and 3×3 convolution, in G: Odena, Dumoulin & Olah 2016
`resnet`       residual blocks (gan/residual.py)
`progressive`  networks that grow while they learn (gan/progressive.py)
"""

from functools import partial
from itertools import islice
from pathlib import Path

import torch
from huggingface_hub import PyTorchModelHubMixin, hf_hub_download
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from gan import checks
from gan.choices import D_NORMS, G_NORMS, IMAGE_FAMILIES
from gan.config import CHANNELS, SIZES
from gan.files import load_into
from gan.layers import (
    COMPARING,
    ConditionalBatchNorm2d,
    EqualConv2d,
    EqualLinear,
    MinibatchDiscrimination,
    MinibatchStddev,
    PixelNorm,
    SumPool,
    VirtualBatchNorm2d,
)
from gan.progressive import GrowingDown, GrowingUp
from gan.residual import Down, Up, told

BASE = 4
REFERENCE = 32  # pictures that virtual batch normalisation compares with


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
        checks.choice("model", family, IMAGE_FAMILIES),
        checks.choice("size", checks.integer("size", size, 1, 4096), SIZES),
        checks.choice("channels", checks.integer("channels", channels, 1, 16), CHANNELS),
        checks.integer("width", width, 4, 128),
    )


def _up(family: str, inside: int, outside: int) -> list[nn.Module]:
    if family == "dcgan":
        return [nn.ConvTranspose2d(inside, outside, 4, stride=2, padding=1)]
    return [nn.Upsample(scale_factor=2), nn.Conv2d(inside, outside, 3, padding=1)]


def _stack_up(family: str, stages: list[int], channels: int, norm) -> list[nn.Module]:
    """From (N, stages[0], 4, 4) to a picture before tanh."""
    if family == "progressive":
        return [GrowingUp([*stages, stages[-1]], channels)]
    layers: list[nn.Module] = []
    if family == "resnet":
        for inside, outside in zip(stages, [*stages[1:], stages[-1]], strict=True):
            layers.append(Up(inside, outside, norm))
        return [*layers, norm(stages[-1]), nn.ReLU(), nn.Conv2d(stages[-1], channels, 3, padding=1)]
    for inside, outside in zip(stages, [*stages[1:], channels], strict=True):
        layers += [norm(inside), nn.ReLU(inplace=True), *_up(family, inside, outside)]
    return layers


class Generator(
    nn.Module,
    PyTorchModelHubMixin,
    library_name="ganscope",
    license="mit",
    tags=["gan", "image-generation", "ganscope"],
):
    """z (N, z_dim) float32 -> images (N, channels, size, size) float32 in [-1, 1].

    Dense, reshape to 4×4, then upsampling convolutions with normalisation and ReLU, and tanh
    with no normalisation before it (Radford et al. 2015, section 3).

    With `classes` it also takes labels (N,) int64. Where none are given, z itself chooses: the largest
    of its first `classes` numbers names the class, so that one z still means one picture.

    `from_pretrained` takes a folder or a Hub id and reads safetensors only. ValueError for shapes
    outside: size 32 or 64, channels 1 or 3, width 4 to 128, z_dim 1 to 1024 and at least `classes`.
    """

    SHAPE = ("family", "size", "channels", "width", "z_dim", "norm", "classes")

    def __init__(
        self,
        family: str = "dcgan",
        size: int = 32,
        channels: int = 1,
        width: int = 64,
        z_dim: int = 64,
        norm: str = "batch",
        classes: int = 0,
    ):
        super().__init__()
        family, size, channels, width = _check_shape(family, size, channels, width)
        self.family, self.size, self.channels, self.width = family, size, channels, width
        self.norm = checks.choice("g_norm", norm, G_NORMS)
        self.classes = checks.integer("classes", classes, 0, 1000)
        self.z_dim = checks.integer("z_dim", z_dim, max(1, self.classes), 1024)
        stages = stage_channels(size, width)
        dense = EqualLinear if family == "progressive" else nn.Linear
        self.dense = dense(self.z_dim, stages[0] * BASE * BASE)
        make_norm = nn.BatchNorm2d
        if self.classes:
            make_norm = partial(ConditionalBatchNorm2d, classes=self.classes)
        elif norm == "virtual":
            make_norm = partial(VirtualBatchNorm2d, reference=REFERENCE)
            rng = torch.Generator().manual_seed(0)
            # Without the first, which is what seed 0 draws: D never sees the reference, and what
            # becomes of its pictures is noise.
            z = torch.randn(REFERENCE + 1, self.z_dim, generator=rng)[1:]
            self.register_buffer("reference", z.clone())
        layers = [nn.Unflatten(1, (stages[0], BASE, BASE))]
        layers += _stack_up(family, stages, channels, make_norm)
        self.layers = nn.Sequential(*layers, nn.Tanh())

    def forward(self, z: Tensor, labels: Tensor | None = None, depth: int | None = None) -> Tensor:
        """Images; with `depth` what stands after so many of `layers`, for who looks inside."""
        if self.classes and labels is None:
            labels = self.classes_of(z)
        if self.norm == "virtual":
            z = torch.cat([self.reference, z])
        if self.family == "progressive":
            z = PixelNorm()(z)
        x = self.dense(z)
        for layer in islice(self.layers, depth):
            x = told(layer, x, labels)
        return x[REFERENCE:] if self.norm == "virtual" else x

    def classes_of(self, z: Tensor) -> Tensor:
        """The class that each z (N, z_dim) names by itself: (N,) int64, each as likely."""
        return z[:, : self.classes].argmax(1)

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


def _stack_down(family: str, stages: list[int], channels: int, norm: str) -> list[nn.Module]:
    """From a picture to (N, stages[-1], 4, 4)."""
    if family == "progressive":
        return [GrowingDown([*stages[::-1], stages[0]], channels)]
    layers: list[nn.Module] = []
    for inside, outside in zip([channels, *stages[:-1]], stages, strict=True):
        if family == "resnet":
            layers.append(Down(inside, outside, first=not layers))
            continue
        kernel = 4 if family == "dcgan" else 3
        layers.append(nn.Conv2d(inside, outside, kernel, stride=2, padding=1))
        if norm == "batch" and len(layers) > 1:
            layers.append(nn.BatchNorm2d(outside))
        layers.append(nn.LeakyReLU(0.2, inplace=True))
    return layers


def _end(family: str, channels: int) -> tuple[list[nn.Module], int]:
    """From (N, channels, 4, 4) to features (N, F), and F."""
    if family == "resnet":
        return [nn.ReLU(), SumPool()], channels
    if family == "progressive":
        convolution = EqualConv2d(channels, channels, 3, padding=1)
        return [convolution, nn.LeakyReLU(0.2), nn.Flatten()], channels * BASE * BASE
    return [nn.Flatten()], channels * BASE * BASE


class Discriminator(nn.Module):
    """Images (N, channels, size, size) in [-1, 1] -> logits (N,): positive means "real".

    Stride-2 convolutions and LeakyReLU(0.2) down to 4×4, then one dense logit. `norm="batch"` puts
    batch normalisation on all but the input layer (Radford et al. 2015, section 3). A batch of
    `groups` equal parts is normalised and compared part by part: real and fake go through at once,
    and D still cannot tell them by the batch's own statistics (Chintala et al. 2016, "GAN hacks", 4).

    With `classes` it takes labels (N,) and adds their projection on the features: Miyato & Koyama
    2018, "cGANs with Projection Discriminator", eq. 3.
    """

    def __init__(
        self,
        family: str = "dcgan",
        size: int = 32,
        channels: int = 1,
        width: int = 64,
        norm: str = "batch",
        minibatch_stddev: bool = False,
        minibatch_discrimination: int = 0,
        classes: int = 0,
    ):
        super().__init__()
        family, size, channels, width = _check_shape(family, size, channels, width)
        checks.choice("norm", norm, D_NORMS)
        self.family, self.size, self.channels = family, size, channels
        stages = stage_channels(size, width)[::-1]
        layers = _stack_down(family, stages, channels, norm)
        inside = stages[-1]
        if minibatch_stddev or family == "progressive":
            layers.append(MinibatchStddev())
            inside += 1
        end, features = _end(family, inside)
        self.layers = nn.Sequential(*layers, *end)
        self.compare = None
        self.embedding = nn.Embedding(classes, features) if classes else None
        dense = EqualLinear if family == "progressive" else nn.Linear
        if minibatch_discrimination:
            self.compare = MinibatchDiscrimination(features, minibatch_discrimination)
        self.head = dense(features + minibatch_discrimination, 1)

    def features(self, images: Tensor, groups: int = 1) -> Tensor:
        """What the last layer judges by: (N, F)."""
        for layer in self.layers:
            images = _part_by_part(layer, images, groups)
        return images

    def forward(self, images: Tensor, groups: int = 1, labels: Tensor | None = None) -> Tensor:
        features = self.features(images, groups)
        compared = _part_by_part(self.compare, features, groups) if self.compare else features
        logits = self.head(compared).squeeze(1)
        if self.embedding is not None:
            logits = logits + (self.embedding(labels) * features).sum(1)
        return logits


def _part_by_part(layer: nn.Module, x: Tensor, groups: int) -> Tensor:
    if groups > 1 and isinstance(layer, COMPARING):
        return torch.cat([layer(part) for part in x.chunk(groups)])
    return layer(x)


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
        example = torch.zeros(1, module.channels, module.size, module.size, device=device)
    with FlopCounterMode(display=False) as counter:
        module(example)
    module.train(training)
    return counter.get_total_flops() // 2
