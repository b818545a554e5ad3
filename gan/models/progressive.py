"""Networks that grow while they learn: Karras et al. 2018, "Progressive Growing of GANs".

`level` says how far they have grown: 0 is 4×4, 1 is 8×8, and 1.3 is 16×16 faded in by 0.3. Pictures
always come and go at full size: small ones are enlarged by repetition, real ones averaged down, so
that nothing else needs to know. Outputs pass through tanh, which the paper leaves out.
"""

from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.models.layers import EqualConv2d, PixelNorm


def level_at(progress: float, sides: int) -> float:
    """How far grown at this share of the budget: every side gets an equal part of it.

    All but the first fade in during the first half of their part.
    """
    turn = min(progress, 1.0) * sides
    side = min(int(turn), sides - 1)
    return side - 1 + min(1.0, 2.0 * (turn - side)) if side else 0.0


class _Growing(nn.Module):
    """What both halves share: a level, kept with the weights."""

    def __init__(self, channels: list[int]):
        super().__init__()
        self.sides = len(channels)
        self.register_buffer("level", torch.tensor(float(self.sides - 1)))

    def grow(self, progress: float) -> None:
        self.level.fill_(level_at(progress, self.sides))

    def _reached(self) -> tuple[int, float]:
        """The last side that is wholly there, and the share of the next."""
        whole = int(self.level)
        return whole, float(self.level) - whole


class GrowingUp(_Growing):
    """(N, C, 4, 4) -> pictures (N, channels, size, size) before tanh; `stages` are C at 4, 8, …"""

    def __init__(self, stages: list[int], channels: int):
        super().__init__(stages)
        self.size = 4 * 2 ** (len(stages) - 1)
        self.blocks = nn.ModuleList([_block(stages[0], stages[0])])
        for inside, outside in pairwise(stages):
            self.blocks.append(nn.Sequential(nn.Upsample(scale_factor=2), *_block(inside, outside)))
        self.to_picture = nn.ModuleList(EqualConv2d(width, channels, 1) for width in stages)

    def forward(self, x: Tensor) -> Tensor:
        whole, share = self._reached()
        for block in self.blocks[: whole + 1]:
            x = block(x)
        picture = self.to_picture[whole](x)
        if share:
            larger = self.to_picture[whole + 1](self.blocks[whole + 1](x))
            picture = torch.lerp(F.interpolate(picture, scale_factor=2.0), larger, share)
        return F.interpolate(picture, self.size)


class GrowingDown(_Growing):
    """Pictures (N, channels, size, size) -> (N, C, 4, 4); `stages` are C at 4, 8, …, size."""

    def __init__(self, stages: list[int], channels: int):
        super().__init__(stages)
        self.from_picture = nn.ModuleList(
            nn.Sequential(EqualConv2d(channels, width, 1), nn.LeakyReLU(0.2)) for width in stages
        )
        # blocks[k] leads from side k + 1 to side k.
        self.blocks = nn.ModuleList(
            nn.Sequential(
                EqualConv2d(inside, outside, 3, padding=1), nn.LeakyReLU(0.2), nn.AvgPool2d(2)
            )
            for outside, inside in pairwise(stages)
        )

    def forward(self, images: Tensor) -> Tensor:
        whole, share = self._reached()
        x = self.from_picture[whole](self._at(images, whole))
        if share:
            larger = self.blocks[whole](self.from_picture[whole + 1](self._at(images, whole + 1)))
            x = torch.lerp(x, larger, share)
        for block in reversed(self.blocks[:whole]):
            x = block(x)
        return x

    def _at(self, images: Tensor, side: int) -> Tensor:
        return F.adaptive_avg_pool2d(images, 4 * 2**side)


def _block(inside: int, outside: int) -> nn.Sequential:
    return nn.Sequential(
        EqualConv2d(inside, outside, 3, padding=1), nn.LeakyReLU(0.2), PixelNorm(),
        EqualConv2d(outside, outside, 3, padding=1), nn.LeakyReLU(0.2), PixelNorm(),
    )  # fmt: skip
