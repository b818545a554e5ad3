"""`Generator`: seven families of networks from z to images."""

import math
from collections.abc import Sequence
from functools import partial
from itertools import islice
from pathlib import Path

import torch
from huggingface_hub import PyTorchModelHubMixin, hf_hub_download
from torch import Tensor, nn

from gan.common import checks
from gan.common.files import load_into
from gan.models.batch_norm import BatchNorm2d
from gan.models.class_names import check_class_names, class_index, class_title
from gan.models.haar import HAAR_CHANNELS, HaarUp
from gan.models.layers import (
    ConditionalBatchNorm2d,
    EqualLinear,
    ModulatedBatchNorm2d,
    PixelNorm,
    VirtualBatchNorm2d,
    apply_layer,
)
from gan.models.palette import PaletteUp
from gan.models.progressive import GrowingUp
from gan.models.registry import WEIGHTS_FILE
from gan.models.residual import Up
from gan.models.wavelet import MAX_FACTOR, STYLES, WaveletUp
from gan.settings.config import CHANNELS, SIZES
from gan.settings.hyperparameters import G_NORMS, HAAR_FAMILIES, IMAGE_FAMILIES

BASE = 4
REFERENCE = 32  # size of the reference batch of virtual batch normalisation


def stage_channels(size: int, width: int, family: str = "dcgan") -> list[int]:
    """Channels at resolutions 4, 8, ..., size / 2: each stage has half as many as the one before.

    In the family wavelet none has more than MAX_FACTOR times the width; in haar and palette none has more than
    HAAR_CHANNELS, or the width if that is more.
    """
    most = math.inf
    if family == "wavelet":
        most = MAX_FACTOR * width
    elif family in HAAR_FAMILIES:
        most = max(HAAR_CHANNELS, width)
    stages = []
    side = BASE
    while side < size:
        stages.append(min(width * (size // 2) // side, most))
        side *= 2
    return stages


def check_shape(family: str, size: int, channels: int, width: int) -> tuple[str, int, int, int]:
    """The arguments, validated; ValueError for an unsupported shape."""
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
    """Layers from (N, stages[0], 4, 4) to images before tanh; `norm(channels)` makes a normalisation."""
    if family == "progressive":
        return [GrowingUp([*stages, stages[-1]], channels)]
    if family == "haar":
        return [HaarUp(stages, channels, norm)]
    if family == "palette":
        return [PaletteUp(stages, channels, norm)]
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

    With `classes` it is conditional on labels (N,) int64. Without labels, z determines the class: the index
    of the largest of its first `classes` components, so that z alone still determines the image. `class_names` are
    the names of the classes, () if they have none.

    `from_pretrained` takes a folder or a Hub id and reads safetensors only. ValueError for shapes
    outside: size 32, 64 or 128, channels 1 or 3, width 4 to 128, z_dim 1 to 1024 and at least `classes`; and for names
    that `check_class_names` refuses.
    """

    SHAPE = ("family", "size", "channels", "width", "z_dim", "norm", "classes", "class_names")

    def __init__(
        self,
        family: str = "dcgan",
        size: int = 32,
        channels: int = 1,
        width: int = 64,
        z_dim: int = 64,
        norm: str = "batch",
        classes: int = 0,
        class_names: Sequence[str] = (),
    ):
        super().__init__()
        family, size, channels, width = check_shape(family, size, channels, width)
        self.family, self.size, self.channels, self.width = family, size, channels, width
        self.norm = checks.choice("g_norm", norm, G_NORMS)
        if norm == "modulated" and family in ("progressive", "wavelet"):
            raise ValueError(f"g_norm=modulated is not for the family {family}, which has its own.")
        self.classes = checks.integer("classes", classes, 0, 1000)
        self.class_names = check_class_names(class_names, self.classes)
        if not self.class_names:
            # Versions before names read what `save_pretrained` writes.
            self._hub_mixin_config.pop("class_names", None)
        self.z_dim = checks.integer("z_dim", z_dim, max(1, self.classes), 1024)
        stages = stage_channels(size, width, family)
        if family == "wavelet":
            self.dense = EqualLinear(self.z_dim, STYLES)
            self.layers = nn.Sequential(WaveletUp(stages, channels, self.classes), nn.Tanh())
            return
        dense = EqualLinear if family == "progressive" else nn.Linear
        self.dense = dense(self.z_dim, stages[0] * BASE * BASE)
        make_norm = BatchNorm2d
        if norm == "modulated":
            make_norm = partial(ModulatedBatchNorm2d, z_dim=self.z_dim, classes=self.classes)
        elif self.classes:
            make_norm = partial(ConditionalBatchNorm2d, classes=self.classes)
        elif norm == "virtual":
            make_norm = partial(VirtualBatchNorm2d, reference=REFERENCE)
            rng = torch.Generator().manual_seed(0)
            # Skips the first z, which is that of seed 0: D never sees images of the reference z,
            # so these are not trained to look real.
            z = torch.randn(REFERENCE + 1, self.z_dim, generator=rng)[1:]
            self.register_buffer("reference", z.clone())
        layers = [nn.Unflatten(1, (stages[0], BASE, BASE))]
        layers += _stack_up(family, stages, channels, make_norm)
        self.layers = nn.Sequential(*layers, nn.Tanh())

    def forward(self, z: Tensor, labels: Tensor | None = None, depth: int | None = None) -> Tensor:
        """Images or, with `depth`, the activations after that many of `layers`."""
        if self.classes and labels is None:
            labels = self.classes_of(z)
        condition = self._condition(z, labels) if self.norm == "modulated" else labels
        if self.norm == "virtual":
            z = torch.cat([self.reference, z])
        if self.family == "progressive":
            z = PixelNorm()(z)
        x = self.dense(z)
        for layer in islice(self.layers, depth):
            x = apply_layer(layer, x, condition)
        return x[REFERENCE:] if self.norm == "virtual" else x

    def _condition(self, z: Tensor, labels: Tensor | None) -> Tensor:
        """What modulated layers work with: the class as a one-hot vector, if there are classes, and z."""
        if not self.classes:
            return z
        one_hot = torch.nn.functional.one_hot(labels, self.classes)
        return torch.cat([one_hot.to(z.dtype), z], 1)

    def classes_of(self, z: Tensor) -> Tensor:
        """The class that each z (N, z_dim) determines: (N,) int64, uniform for z ~ N(0, I)."""
        return z[:, : self.classes].argmax(1)

    def class_index(self, wanted: int | str) -> int:
        """The index of a class by its name or index; ValueError for one that there is not, or no classes."""
        return class_index(wanted, self.classes, self.class_names, "The model")

    def class_title(self, index: int) -> str:
        """What a class is called: its name, or "class 3" where classes have none."""
        return class_title(index, self.class_names)

    @classmethod
    def _from_pretrained(cls, *, model_id, map_location="cpu", strict=True, **options):
        """Called by `from_pretrained`; unlike the mixin's own, it is always strict and reads no pickle."""
        names = ("revision", "cache_dir", "force_download", "local_files_only", "token")
        hub = {name: options.pop(name, None) for name in names}
        model = cls(**options)
        folder = Path(model_id)
        path = folder / WEIGHTS_FILE
        if not folder.is_dir():
            path = hf_hub_download(model_id, WEIGHTS_FILE, **hub)
        load_into(model, path)
        return model.to(map_location).eval()
