"""Residual blocks: He et al. 2016, in the form of Gulrajani et al. 2017, appendix F."""

from torch import Tensor, nn

from gan.models.layers import apply_layer


class Up(nn.Module):
    """Upsampling by 2: x -> shortcut(x) + F(x), F: norm, ReLU, upsample, conv, norm, ReLU, conv.

    `norm(channels)` makes a normalisation layer, which may be class-conditional (see `apply_layer`).
    """

    conditional = True

    def __init__(self, inside: int, outside: int, norm):
        super().__init__()
        self.norms = nn.ModuleList([norm(inside), norm(outside)])
        self.first = nn.Conv2d(inside, outside, 3, padding=1)
        self.second = nn.Conv2d(outside, outside, 3, padding=1)
        self.shortcut = nn.Conv2d(inside, outside, 1)
        self.act, self.resize = nn.ReLU(), nn.Upsample(scale_factor=2)

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        first, second = self.norms
        h = self.first(self.resize(self.act(apply_layer(first, x, labels))))
        h = self.second(self.act(apply_layer(second, h, labels)))
        # The 1×1 convolution gives the same before upsampling, at a quarter of the cost.
        return self.resize(self.shortcut(x)) + h


class Down(nn.Module):
    """Downsampling by 2; `first`: the block is applied to images, so it has no ReLU at its input."""

    def __init__(self, inside: int, outside: int, first: bool = False):
        super().__init__()
        self.before = nn.Identity() if first else nn.ReLU()
        self.first = nn.Conv2d(inside, outside, 3, padding=1)
        self.second = nn.Conv2d(outside, outside, 3, padding=1)
        self.shortcut = nn.Conv2d(inside, outside, 1)
        self.act, self.pool = nn.ReLU(), nn.AvgPool2d(2)

    def forward(self, x: Tensor) -> Tensor:
        h = self.second(self.act(self.first(self.before(x))))
        return self.shortcut(self.pool(x)) + self.pool(h)
