"""A generator of flat colours: which of a few colours each pixel has, and what these are, both from the latent.

Drawings are areas of one colour with sharp edges. Layers that write colours themselves leave grain in the areas and
blur the edges. Sbai, Couprie & Aubry 2018, "Unsupervised Image Decomposition in Vector Layers" (arXiv:1812.05484),
compose pictures of layers, each a mask and one colour; here the masks are shares that add up to 1, a softmax, which is
flat wherever one colour is far ahead. Its logits are smooth, so that larger pictures are drawn by interpolating them:
edges stay sharp, as those of a distance field do (Green 2007, "Improved Alpha-Tested Magnification").
"""

from collections.abc import Callable

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.models.haar import HaarUp
from gan.models.layers import apply_layer

COLOURS = 16
LARGEST = 64  # side up to which is learnt; beyond it G interpolates its logits, and D averages what it is shown
# What the shares' logits are multiplied by at 16×16, and again with each side that is twice as large: an edge is as
# many pixels wide there, and without it would blur with the enlargement.
GAIN, SHARPEN = 2.5, 1.4
LEAST = -40.0  # of logits relative to the largest: what is less is nothing, also between two pixels


def learnt(stages: list[int]) -> list[int]:
    """The stages, of channels at 4, 8, …, that draw sides up to LARGEST."""
    return [width for index, width in enumerate(stages) if 8 * 2**index <= LARGEST]


class Mixture(nn.Module):
    """Colours (N, C, K) and logits (N, K, H, W) of their shares -> pictures (N, C, H, W)."""

    def forward(self, colours: Tensor, logits: Tensor) -> Tensor:
        shares = logits.softmax(1)
        return torch.bmm(colours, shares.flatten(2)).unflatten(2, shares.shape[2:])


class PaletteUp(HaarUp):
    """(N, stages[0], 4, 4) -> pictures (N, channels, size, size) before tanh; `stages`: channels at 4, 8, …, size / 2.

    The sum of Haar bands is that of the logits (N, COLOURS, side, side) of a softmax over the colours.
    """

    gain = GAIN

    def __init__(self, stages: list[int], channels: int, norm: Callable[[int], nn.Module]):
        super().__init__(learnt(stages), COLOURS, norm)
        self.beyond = len(stages) - len(learnt(stages))
        self.channels = channels
        self.of_latent = nn.Linear(stages[0] * 16, channels * COLOURS)
        self.mix = Mixture()
        # Colours that differ from the start: shares of equal ones would have no gradient.
        spread = torch.rand(channels * COLOURS, generator=torch.Generator().manual_seed(0))
        self.colours = nn.Parameter(2.0 * spread - 1.0)

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        x = apply_layer(self.norms[0], x, labels).relu()
        colours = (self.of_latent(x.flatten(1)) + self.colours).unflatten(1, (self.channels, COLOURS))
        return self.mix(colours, self.shown(self.summed(x, labels)))

    def shown(self, picture: Tensor) -> Tensor:
        """Logits of the level's side: in training as they are, in evaluation interpolated to full size.

        The latter are at most 0, and near it for some colour of each pixel, so that their exponentials can be taken.
        """
        if not self.training:
            picture = (picture - picture.amax(1, keepdim=True)).clamp_(min=LEAST)
            for _ in range(self.resolutions - len(self.shares()) + self.beyond):
                picture = self.enlarged(picture)
        return picture

    @staticmethod
    def enlarged(picture: Tensor) -> Tensor:
        """Logits twice as large, interpolated and steeper."""
        return F.interpolate(SHARPEN * picture, scale_factor=2.0, mode="bilinear")
