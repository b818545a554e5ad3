"""`Generator`: four families of networks that map z to pictures."""

from functools import partial
from itertools import islice
from pathlib import Path

import torch
from huggingface_hub import PyTorchModelHubMixin, hf_hub_download
from torch import Tensor, nn

from gan.common import checks
from gan.common.files import load_into
from gan.models.layers import (
    ConditionalBatchNorm2d,
    EqualLinear,
    PixelNorm,
    VirtualBatchNorm2d,
    apply_layer,
)
from gan.models.progressive import GrowingUp
from gan.models.residual import Up
from gan.settings.config import CHANNELS, SIZES
from gan.settings.method import G_NORMS, IMAGE_FAMILIES

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


def check_shape(family: str, size: int, channels: int, width: int) -> tuple[str, int, int, int]:
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
        family, size, channels, width = check_shape(family, size, channels, width)
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
            x = apply_layer(layer, x, labels)
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
