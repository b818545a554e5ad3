"""Progressively growing networks: Karras et al. 2018, "Progressive Growing of GANs".

`level` is the current resolution: 0 is 4×4, 1 is 8×8, and 1.3 is 16×16 faded in by 0.3. Images in training have
the side of the level (`side`); in evaluation they always come out at full size, and D averages down what it is
given, so that the rest of the program does not depend on the level. Outputs pass through tanh, unlike in the paper.
"""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate, pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.models.layers import EqualConv2d, PixelNorm


def level_at(progress: float, resolutions: int, parts: Sequence[float] = (1.0,)) -> float:
    """The level at `progress`, 0 to 1, of the training budget.

    The resolutions get its `parts` in turn, relative to each other, those beyond them the last; all but the first
    fade in during the first half of their part.
    """
    each = [parts[min(index, len(parts) - 1)] for index in range(resolutions)]
    ends = list(accumulate(each))
    position = min(progress, 1.0) * ends[-1]
    index = min(bisect_right(ends, position), resolutions - 1)
    return index - 1 + min(1.0, 2.0 * (position - ends[index - 1]) / each[index]) if index else 0.0


class Growing(nn.Module):
    """Base class: the level, 0 to `resolutions` - 1, stored with the weights."""

    parts: Sequence[float] = (1.0,)  # of the budget, see level_at
    smallest = 4  # side of the first resolution

    def __init__(self, resolutions: int):
        super().__init__()
        self.resolutions = resolutions
        self.register_buffer("level", torch.tensor(float(resolutions - 1)))

    def grow(self, progress: float) -> None:
        """Go on to the level at `progress`; never back, as where a run is continued with a larger budget."""
        self.level.clamp_(min=level_at(progress, self.resolutions, self.parts))

    @property
    def side(self) -> int:
        """Of the largest resolution that takes part."""
        return self.smallest * 2 ** (len(self.shares()) - 1)

    def shown(self, picture: Tensor) -> Tensor:
        """A picture of the level's side: in training as it is, in evaluation enlarged by repetition to full size."""
        return (
            picture
            if self.training
            else F.interpolate(picture, self.smallest * 2 ** (self.resolutions - 1))
        )

    def _split_level(self) -> tuple[int, float]:
        """The index of the last complete resolution, and the share of the next that is faded in."""
        whole = int(self.level)
        return whole, float(self.level) - whole

    def shares(self) -> list[float]:
        """How far each resolution is faded in, of those that take part: 1 for all but the last."""
        whole, share = self._split_level()
        return [1.0] * (whole + 1) + ([share] if share else [])


def averaged_to(images: Tensor, side: int) -> Tensor:
    """Images (N, C, H, H) averaged down to (N, C, side, side)."""
    return images if images.shape[-1] == side else F.adaptive_avg_pool2d(images, side)


class GrowingUp(Growing):
    """(N, C, 4, 4) -> images (N, channels, size, size) before tanh; `stages` are C at 4, 8, …, size."""

    def __init__(self, stages: list[int], channels: int):
        super().__init__(len(stages))
        self.blocks = nn.ModuleList([_block(stages[0], stages[0])])
        for inside, outside in pairwise(stages):
            self.blocks.append(nn.Sequential(nn.Upsample(scale_factor=2), *_block(inside, outside)))
        self.to_picture = nn.ModuleList(EqualConv2d(width, channels, 1) for width in stages)

    def forward(self, x: Tensor) -> Tensor:
        whole, share = self._split_level()
        for block in self.blocks[: whole + 1]:
            x = block(x)
        image = self.to_picture[whole](x)
        if share:
            larger = self.to_picture[whole + 1](self.blocks[whole + 1](x))
            image = torch.lerp(F.interpolate(image, scale_factor=2.0), larger, share)
        return self.shown(image)


class GrowingDown(Growing):
    """Images (N, channels, size, size) -> (N, C, 4, 4); `stages` are C at 4, 8, …, size."""

    def __init__(self, stages: list[int], channels: int):
        super().__init__(len(stages))
        self.from_picture = nn.ModuleList(
            nn.Sequential(EqualConv2d(channels, width, 1), nn.LeakyReLU(0.2)) for width in stages
        )
        # blocks[k] goes from resolution k + 1 to k.
        self.blocks = nn.ModuleList(
            nn.Sequential(
                EqualConv2d(inside, outside, 3, padding=1), nn.LeakyReLU(0.2), nn.AvgPool2d(2)
            )
            for outside, inside in pairwise(stages)
        )

    def forward(self, images: Tensor) -> Tensor:
        whole, share = self._split_level()
        x = self.from_picture[whole](self._resized(images, whole))
        if share:
            larger = self.blocks[whole](self.from_picture[whole + 1](self._resized(images, whole + 1)))
            x = torch.lerp(x, larger, share)
        for block in reversed(self.blocks[:whole]):
            x = block(x)
        return x

    def _resized(self, images: Tensor, index: int) -> Tensor:
        return averaged_to(images, self.smallest * 2**index)


def _block(inside: int, outside: int) -> nn.Sequential:
    return nn.Sequential(
        EqualConv2d(inside, outside, 3, padding=1), nn.LeakyReLU(0.2), PixelNorm(),
        EqualConv2d(outside, outside, 3, padding=1), nn.LeakyReLU(0.2), PixelNorm(),
    )  # fmt: skip
