"""Networks that write and read pictures as Haar wavelets, with the latent at each stage, and grow while they learn.

Gal et al. 2021, "SWAGAN: A Style-based Wavelet-driven Generative Model": each stage at side r adds the four Haar
bands of a picture of side 2r, so that no convolution works at full size and fine detail is as near to the loss as
coarse form. Each normalisation takes its scale and shift from the latent (Chen et al. 2019, "On Self Modulation for
Generative Adversarial Networks", eq. 4). Stages fade in as in Karras et al. 2018 (`gan.models.progressive`).
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.models.batch_norm import BatchNorm2d
from gan.models.layers import EqualLinear, apply_by_part
from gan.models.progressive import Growing, averaged_to

STYLES = 128  # length of the style vector
FIRST_SIDE = 16  # of the first picture, which the stage of 8×8 draws
STYLE_GAIN = 0.1  # so that a latent's first influence on scales and shifts is small
FAMILIES = ("wavelet", "haar", "palette")  # gan/models/haar.py, gan/models/palette.py
MAX_FACTOR = 8  # no stage has more channels than this times the width
# The four bands of a 2×2 block: mean, left - right, top - bottom, diagonal; orthonormal.
HAAR = torch.tensor([[1, 1, 1, 1], [1, -1, 1, -1], [1, 1, -1, -1], [1, -1, -1, 1]]) / 2


class Haar(nn.Module):
    """Pictures (N, C, 2H, 2W) -> bands (N, 4C, H, W), and back with `inverse`."""

    def __init__(self, channels: int, inverse: bool = False):
        super().__init__()
        matrix = torch.block_diag(*[HAAR] * channels)
        self.inverse = inverse
        self.register_buffer(
            "kernel", (matrix.T if inverse else matrix)[..., None, None], persistent=False
        )

    def forward(self, x: Tensor) -> Tensor:
        if self.inverse:
            return F.pixel_shuffle(F.conv2d(x, self.kernel), 2)
        return F.conv2d(F.pixel_unshuffle(x, 2), self.kernel)


class StyledBatchNorm2d(nn.Module):
    """Batch normalisation with scale and shift from a style (N, styles), then ReLU."""

    def __init__(self, channels: int, styles: int = STYLES):
        super().__init__()
        self.norm = BatchNorm2d(channels)
        self.affine = EqualLinear(styles, 2 * channels)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        scale, shift = (STYLE_GAIN * self.affine(style))[..., None, None].chunk(2, dim=1)
        return torch.addcmul(shift, self.norm(x), 1.0 + scale).relu_()


class StyledUp(nn.Module):
    """(N, inside, H, W) -> (N, outside, 2H, 2W): transposed convolution, then a residual 3×3 convolution."""

    def __init__(self, inside: int, outside: int):
        super().__init__()
        self.norms = nn.ModuleList([StyledBatchNorm2d(inside), StyledBatchNorm2d(outside)])
        self.up = nn.ConvTranspose2d(inside, outside, 4, stride=2, padding=1)
        # With stride 1 it is a convolution whose kernel is turned.
        self.refine = nn.ConvTranspose2d(outside, outside, 3, padding=1)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        first, second = self.norms
        x = self.up(first(x, style))
        return x + self.refine(second(x, style))


class ToPicture(nn.Module):
    """(N, inside, H, W) -> picture (N, channels, 2H, 2W), by its Haar bands."""

    def __init__(self, inside: int, channels: int):
        super().__init__()
        self.norm = StyledBatchNorm2d(inside)
        self.bands = nn.ConvTranspose2d(inside, 4 * channels, 1)
        self.haar = Haar(channels, inverse=True)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        return self.haar(self.bands(self.norm(x, style)))


class WaveletUp(Growing):
    """Style before its activation (N, STYLES) -> pictures (N, channels, size, size) before tanh.

    `stages` are the channels at 4, 8, …, size / 2. Each stage but the first adds to the picture of those before it.
    """

    conditional = True
    parts = (1 / 3, 1.0)
    smallest = FIRST_SIDE

    def __init__(self, stages: list[int], channels: int, classes: int = 0):
        super().__init__(len(stages) - 1)
        self.embedding = nn.Embedding(classes, STYLES) if classes else None
        self.mapping = EqualLinear(STYLES, STYLES)
        self.start = EqualLinear(STYLES, stages[0] * 16)
        self.stages = nn.ModuleList(StyledUp(*pair) for pair in pairwise(stages))
        self.to_picture = nn.ModuleList(ToPicture(width, channels) for width in stages[1:])

    def forward(self, style: Tensor, labels: Tensor | None = None) -> Tensor:
        if self.embedding is not None:
            style = style + self.embedding(labels)
        style = F.leaky_relu(self.mapping(F.leaky_relu(style, 0.2)), 0.2)
        x = self.start(style).unflatten(1, (-1, 4, 4))
        if self.training:
            x = x.contiguous(memory_format=torch.channels_last)
        picture = None
        for index, share in enumerate(self.shares()):
            x = self.stages[index](x, style)
            detail = self.to_picture[index](x, style)
            picture = (
                detail if picture is None else F.interpolate(picture, scale_factor=2.0) + share * detail
            )
        # Repeated pixels are what bands without detail stand for, and D, which averages them, sees the same.
        return self.shown(picture)


class WaveletDown(Growing):
    """Pictures (N, channels, size, size) -> (N, stages[0], 4, 4); `stages` as of WaveletUp."""

    grouped = True
    parts = WaveletUp.parts
    smallest = FIRST_SIDE

    def __init__(self, stages: list[int], channels: int, norm: str = "none"):
        super().__init__(len(stages) - 1)
        self.haar = Haar(channels)
        self.from_picture = nn.ModuleList(
            nn.Sequential(nn.Conv2d(4 * channels, width, 1), nn.LeakyReLU(0.2, inplace=True))
            for width in stages[1:]
        )
        # stages[k] goes from the side of stage k + 1 to that of stage k.
        self.stages = nn.ModuleList(
            self.down(inside, outside, norm) for outside, inside in pairwise(stages)
        )

    @staticmethod
    def down(inside: int, outside: int, norm: str) -> nn.Sequential:
        refine = [nn.Conv2d(inside, inside, 3, padding=1), nn.LeakyReLU(0.2, inplace=True)]
        return nn.Sequential(*refine, *halving(inside, outside, norm))

    def forward(self, pictures: Tensor, groups: int = 1) -> Tensor:
        shares = self.shares()
        last, share = len(shares) - 1, shares[-1]
        x = self._read(pictures, last)
        if share < 1.0:
            detail = _through(self.stages[last], x, groups)
            x = torch.lerp(self._read(pictures, last - 1), detail, share)
            last -= 1
        for stage in reversed(self.stages[: last + 1]):
            x = _through(stage, x, groups)
        return x

    def _read(self, pictures: Tensor, index: int) -> Tensor:
        resized = averaged_to(pictures, self.smallest * 2**index)
        return self.from_picture[index](self.haar(resized))


def _through(stage: nn.Sequential, x: Tensor, groups: int) -> Tensor:
    for layer in stage:
        x = apply_by_part(layer, x, groups)
    return x


def halving(inside: int, outside: int, norm: str) -> list[nn.Module]:
    """Layers (N, inside, 2H, 2W) -> (N, outside, H, W)."""
    batch = [BatchNorm2d(outside)] if norm == "batch" else []
    convolution = nn.Conv2d(inside, outside, 4, stride=2, padding=1)
    return [convolution, *batch, nn.LeakyReLU(0.2, inplace=True)]


def wavelet_end(channels: int) -> list[nn.Module]:
    """The end of D: (N, channels, 4, 4) -> features (N, 16 · (channels - 1)); one channel is the minibatch's."""
    return [
        nn.Conv2d(channels, channels - 1, 3, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Flatten(),
    ]
