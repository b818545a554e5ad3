"""DCGANs that write and read Haar wavelets, and grow while they learn.

A picture of side 2r is the sum of the one of side r, enlarged, and of four Haar bands of side r, so that no
convolution works at full size (`gan.models.wavelet`, after Gal et al. 2021), and what has been learnt stays when
the next side begins. Plain layers (Radford et al. 2015) learn in fewer steps than those with equalised rates, and
most is learnt when pictures are small and steps are cheap.
"""

from collections.abc import Callable
from itertools import pairwise

import torch.nn.functional as F
from torch import Tensor, nn

from gan.models.layers import apply_layer
from gan.models.progressive import Growing
from gan.models.wavelet import FIRST_SIDE, Haar, WaveletDown, halving

# Most of a stage: a step at 16×16 is then fast, and wide enough for what a minute can learn.
HAAR_CHANNELS = 64


class HaarUp(Growing):
    """(N, stages[0], 4, 4) -> pictures (N, channels, size, size) before tanh; `stages`: channels at 4, 8, …, size / 2.

    `norm(channels)` makes a normalisation.
    """

    conditional = True
    gain = 1.0  # of what is drawn
    smallest = FIRST_SIDE
    parts = (1.0, 1.0, 0.5)  # what is larger than 32×32 costs the most, and shows the least in a minute

    def __init__(self, stages: list[int], channels: int, norm: Callable[[int], nn.Module]):
        super().__init__(len(stages) - 1)
        self.norms = nn.ModuleList(norm(width) for width in stages)
        self.ups = nn.ModuleList(
            nn.ConvTranspose2d(inside, outside, 4, stride=2, padding=1)
            for inside, outside in pairwise(stages)
        )
        # With a kernel of one pixel it is a convolution whose weight has the inputs first.
        self.to_picture = nn.ModuleList(
            nn.ConvTranspose2d(width, 4 * channels, 1) for width in stages[1:]
        )
        self.haar = Haar(channels, inverse=True)

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        x = apply_layer(self.norms[0], x, labels).relu()
        return self.shown(self.summed(x, labels))

    def summed(self, x: Tensor, labels: Tensor | None) -> Tensor:
        """The pictures of all stages that take part, from the first activations."""
        picture = 0.0
        for index, share in enumerate(self.shares()):
            if index:
                picture = self.enlarged(picture)
            x = apply_layer(self.norms[index + 1], self.ups[index](x), labels).relu()
            picture = picture + self._drawn(self.to_picture[index], x, self.gain * share)
        return picture

    def _drawn(self, layer: nn.Module, x: Tensor, factor: float) -> Tensor:
        """The picture of a stage, times `factor`."""
        if not self.training:
            return factor * self.haar(layer(x))
        # Both maps are linear and at one side: their product, a small matrix, costs a third of the two.
        weight, bias = self.as_pixels(layer, factor)
        return F.pixel_shuffle(F.conv2d(x, weight[..., None, None], bias), 2)

    def as_pixels(self, layer: nn.Module, factor: float = 1.0) -> tuple[Tensor, Tensor]:
        """Weight (outputs, inputs) and bias for the pixels that the bands of `layer`, a 1×1 one, stand for."""
        kernel = self.haar.kernel.flatten(1) * factor
        return kernel @ layer.weight.flatten(1).T, kernel @ layer.bias

    @staticmethod
    def enlarged(picture: Tensor) -> Tensor:
        """Twice as large by repetition, which is what bands of zeros are; D, which averages, sees the same."""
        return F.interpolate(picture, scale_factor=2.0)


class HaarDown(WaveletDown):
    """Pictures (N, channels, size, size) -> (N, stages[0], 4, 4), by one convolution a stage."""

    parts = HaarUp.parts

    @staticmethod
    def down(inside: int, outside: int, norm: str) -> nn.Sequential:
        return nn.Sequential(*halving(inside, outside, norm))
