"""A generator of flat colours: which of a few colours each pixel has, and what these are, both from the latent.

Drawings are areas of one colour with sharp edges. Layers that write colours themselves leave grain in the areas and
blur the edges. Sbai, Couprie & Aubry 2018, "Unsupervised Image Decomposition in Vector Layers" (arXiv:1812.05484),
compose pictures of layers, each a mask and one colour; here the masks are shares that add up to 1, a softmax, which is
flat wherever one colour is far ahead.
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.models.haar import HaarUp
from gan.models.layers import apply_layer

COLOURS = 16
# What the shares' logits are multiplied by at 16×16, and again with each side that is twice as large: an edge is as
# many pixels wide there, and without it would blur with the enlargement.
GAIN, SHARPEN = 2.5, 1.4


class PaletteUp(HaarUp):
    """(N, stages[0], 4, 4) -> pictures (N, channels, size, size) before tanh; `stages`: channels at 4, 8, …, size / 2.

    The sum of Haar bands is that of the logits (N, COLOURS, size, size) of a softmax over the colours.
    """

    gain = GAIN

    def __init__(self, stages: list[int], channels: int, norm: Callable[[int], nn.Module]):
        super().__init__(stages, COLOURS, norm)
        self.channels = channels
        self.of_latent = nn.Linear(stages[0] * 16, channels * COLOURS)
        # Colours that differ from the start: shares of equal ones would have no gradient.
        spread = torch.rand(channels * COLOURS, generator=torch.Generator().manual_seed(0))
        self.colours = nn.Parameter(2.0 * spread - 1.0)

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        x = apply_layer(self.norms[0], x, labels).relu()
        colours = (self.of_latent(x.flatten(1)) + self.colours).unflatten(1, (self.channels, COLOURS))
        shares = self.summed(x, labels).softmax(1)
        pictures = torch.bmm(colours, shares.flatten(2)).unflatten(2, shares.shape[2:])
        return self.shown(pictures)

    @staticmethod
    def enlarged(logits: Tensor, share: float) -> Tensor:
        """Twice as large: by repetition, and as the stage is faded in interpolated and steeper."""
        smooth = F.interpolate(SHARPEN * logits, scale_factor=2.0, mode="bilinear")
        return smooth if share == 1.0 else torch.lerp(HaarUp.enlarged(logits, share), smooth, share)
