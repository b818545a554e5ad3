"""`Discriminator`: seven families of networks from images to logits."""

from torch import Tensor, nn

from gan.common import checks
from gan.models.batch_norm import BatchNorm2d
from gan.models.generator import BASE, check_shape, stage_channels
from gan.models.haar import HaarDown
from gan.models.layers import (
    EqualConv2d,
    EqualLinear,
    MinibatchDiscrimination,
    MinibatchStddev,
    SumPool,
    apply_by_part,
)
from gan.models.palette import learnt
from gan.models.progressive import GrowingDown
from gan.models.residual import Down
from gan.models.wavelet import WaveletDown, wavelet_end
from gan.settings.hyperparameters import D_NORMS


def _stack_down(family: str, stages: list[int], channels: int, norm: str) -> list[nn.Module]:
    """Layers from images to (N, stages[-1], 4, 4)."""
    if family == "progressive":
        return [GrowingDown([*stages[::-1], stages[0]], channels)]
    if family == "wavelet":
        return [WaveletDown(stages[::-1], channels, norm)]
    if family == "haar":
        return [HaarDown(stages[::-1], channels, norm)]
    if family == "palette":
        return [HaarDown(learnt(stages[::-1]), channels, norm)]
    layers: list[nn.Module] = []
    for inside, outside in zip([channels, *stages[:-1]], stages, strict=True):
        if family == "resnet":
            layers.append(Down(inside, outside, first=not layers))
            continue
        kernel = 4 if family == "dcgan" else 3
        layers.append(nn.Conv2d(inside, outside, kernel, stride=2, padding=1))
        if norm == "batch" and len(layers) > 1:
            layers.append(BatchNorm2d(outside))
        layers.append(nn.LeakyReLU(0.2, inplace=True))
    return layers


def _end(family: str, channels: int) -> tuple[list[nn.Module], int]:
    """Layers from (N, channels, 4, 4) to features (N, F), and F."""
    if family == "resnet":
        return [nn.ReLU(), SumPool()], channels
    if family == "wavelet":
        return wavelet_end(channels), (channels - 1) * BASE * BASE
    if family == "progressive":
        convolution = EqualConv2d(channels, channels, 3, padding=1)
        return [convolution, nn.LeakyReLU(0.2), nn.Flatten()], channels * BASE * BASE
    return [nn.Flatten()], channels * BASE * BASE


class Discriminator(nn.Module):
    """Images (N, channels, size, size) in [-1, 1] -> logits (N,): positive means "real".

    Stride-2 convolutions and LeakyReLU(0.2) down to 4×4, then one dense logit. `norm="batch"` puts
    batch normalisation on all but the input layer (Radford et al. 2015, section 3). With `groups` a batch
    consists of equal parts, such as real and fake, whose batch statistics are kept apart, as if each went
    through alone (Chintala et al. 2016, "GAN hacks", 4).

    With `classes` it is conditional on labels (N,) int64, by their projection on the features: Miyato &
    Koyama 2018, "cGANs with Projection Discriminator", eq. 3. ValueError for an unsupported shape.
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
        family, size, channels, width = check_shape(family, size, channels, width)
        checks.choice("norm", norm, D_NORMS)
        self.family, self.size, self.channels = family, size, channels
        stages = stage_channels(size, width, family)[::-1]
        layers = _stack_down(family, stages, channels, norm)
        inside = stages[-1]
        if minibatch_stddev or family in ("progressive", "wavelet"):
            layers.append(MinibatchStddev())
            inside += 1
        end, features = _end(family, inside)
        self.layers = nn.Sequential(*layers, *end)
        kernels = minibatch_discrimination
        self.embedding = nn.Embedding(classes, features) if classes else None
        self.compare = MinibatchDiscrimination(features, kernels) if kernels else None
        dense = EqualLinear if family == "progressive" else nn.Linear
        self.head = dense(features + kernels, 1)

    def features(self, images: Tensor, groups: int = 1) -> Tensor:
        """The inputs of the last layer, (N, F)."""
        for layer in self.layers:
            images = apply_by_part(layer, images, groups)
        return images

    def forward(self, images: Tensor, groups: int = 1, labels: Tensor | None = None) -> Tensor:
        return self.judged(images, groups, labels)[0]

    def judged(
        self, images: Tensor, groups: int = 1, labels: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """The logits (N,), and the features (N, F) that they follow from."""
        features = self.features(images, groups)
        compared = apply_by_part(self.compare, features, groups) if self.compare else features
        logits = self.head(compared).squeeze(1)
        if self.embedding is not None:
            logits = logits + (self.embedding(labels) * features).sum(1)
        return logits, features
