"""Layers from the GAN literature that PyTorch does not have."""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from gan.common import ranks
from gan.models.batch_norm import BatchNorm2d


class VirtualBatchNorm2d(nn.Module):
    """Normalises each image by a reference batch and itself: Salimans et al. 2016, section 3.5.

    The first n = `reference` images of a batch are the reference. The mean of another image is the average of
    its own, weighted 1 / (n + 1), and that of the reference, n / (n + 1); likewise its mean square.
    """

    def __init__(self, channels: int, reference: int, eps: float = 1e-5):
        super().__init__()
        self.reference, self.eps = reference, eps
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))

    def forward(self, x: Tensor) -> Tensor:
        moments = torch.stack([x.mean((2, 3)), x.square().mean((2, 3))])  # (2, N, C)
        of_reference = moments[:, : self.reference].mean(1, keepdim=True)
        mixed = torch.lerp(of_reference, moments, 1.0 / (self.reference + 1))
        # The reference itself gets ordinary batch normalisation.
        reference = of_reference.expand(-1, self.reference, -1)
        mean, square = torch.cat([reference, mixed[:, self.reference :]], dim=1)
        scale = self.weight * (square - mean.square() + self.eps).rsqrt()
        return x * scale[..., None, None] + (self.bias - mean * scale)[..., None, None]


class ConditionalBatchNorm2d(nn.Module):
    """Batch normalisation with a scale and a shift for each class: Dumoulin et al. 2017, eq. 5."""

    conditional = True

    def __init__(self, channels: int, classes: int):
        super().__init__()
        self.norm = BatchNorm2d(channels, affine=False)
        self.scale = nn.Embedding(classes, channels)
        self.shift = nn.Embedding(classes, channels)

    def forward(self, x: Tensor, labels: Tensor) -> Tensor:
        return self.norm(x) * self.scale(labels)[..., None, None] + self.shift(labels)[..., None, None]


class ModulatedBatchNorm2d(nn.Module):
    """Batch normalisation with scale and shift from the latent: Chen et al. 2019, "On Self Modulation for Generative
    Adversarial Networks", eq. 2, with one linear map for its network.

    `condition` (N, classes + z_dim) is the class as a one-hot vector, if there are classes, and then z.
    """

    conditional = True

    def __init__(self, channels: int, z_dim: int, classes: int = 0):
        super().__init__()
        self.classes = classes
        self.norm = BatchNorm2d(channels, affine=False)
        self.affine = nn.Linear(classes + z_dim, 2 * channels)

    def forward(self, x: Tensor, condition: Tensor) -> Tensor:
        scale, shift = self.affine(condition)[..., None, None].chunk(2, dim=1)
        return torch.addcmul(shift, self.norm(x), 1.0 + scale)


class MinibatchStddev(nn.Module):
    """Appends a channel, the mean standard deviation over the batch: Karras et al. 2018, section 3."""

    def forward(self, x: Tensor) -> Tensor:
        # The gradient of the root is infinite at 0, where all images are equal.
        variance = x.var(0, unbiased=False) if ranks.size() == 1 else ranks.moments(x, [0])[1]
        spread = (variance + 1e-8).sqrt().mean()
        return torch.cat([x, spread.expand(len(x), 1, *x.shape[2:])], dim=1)


class MinibatchDiscrimination(nn.Module):
    """Features (N, F) -> (N, F + kernels): appends how similar each is to the others of its batch.

    o_b(x_i) = Σ_{j ≠ i} exp(-‖M_ib - M_jb‖₁) with M_i = T f(x_i): Salimans et al. 2016, section 3.2.
    """

    def __init__(self, features: int, kernels: int, dims: int = 5):
        super().__init__()
        self.kernels, self.dims = kernels, dims
        self.project = nn.Linear(features, kernels * dims, bias=False)

    def forward(self, features: Tensor) -> Tensor:
        m = self.project(features).view(-1, self.kernels, self.dims)
        distances = (m[:, None] - ranks.stacked(m).flatten(0, 1)).abs().sum(3)
        # Minus exp(0) = 1, each item's similarity to itself.
        similarity = (-distances).exp().sum(1) - 1.0
        return torch.cat([features, similarity], dim=1)


class PixelNorm(nn.Module):
    """Divides the vector of channels at each pixel by its root mean square: Karras et al. 2018, section 4.2."""

    def forward(self, x: Tensor) -> Tensor:
        return x * (x.square().mean(1, keepdim=True) + 1e-8).rsqrt()


class EqualLinear(nn.Linear):
    """A dense layer with an equalised learning rate: Karras et al. 2018, section 4.1.

    Weights are stored as N(0, 1) and multiplied by He's constant √(2 / fan-in) in each forward pass, so that
    Adam's steps have the same relative size in every layer. The authors' code has a gain of √2 / 4 instead
    of √2 in G's first layer, and of 1 in the layers to images and in D's last; saved generators rely on √2.
    """

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(x, self.weight * math.sqrt(2.0 / self.in_features), self.bias)


class EqualConv2d(nn.Conv2d):
    """A convolution with an equalised learning rate, see EqualLinear."""

    def forward(self, x: Tensor) -> Tensor:
        fan_in = self.weight[0].numel()
        return self._conv_forward(x, self.weight * math.sqrt(2.0 / fan_in), self.bias)


class SumPool(nn.Module):
    """(N, C, H, W) -> (N, C): the sum over all positions."""

    def forward(self, x: Tensor) -> Tensor:
        return x.sum((2, 3))


# Layers whose output for one item depends on the rest of the batch.
BATCH_DEPENDENT = (nn.BatchNorm2d, MinibatchStddev, MinibatchDiscrimination)


def apply_layer(layer: nn.Module, x: Tensor, labels: Tensor | None) -> Tensor:
    """`layer(x, labels)` if the layer is class-conditional (attribute `conditional`), else `layer(x)`."""
    return layer(x, labels) if getattr(layer, "conditional", False) else layer(x)


def apply_by_part(layer: nn.Module, x: Tensor, groups: int) -> Tensor:
    """`layer(x)`; a layer with batch statistics is applied to each of `groups` equal parts by
    itself. One with the attribute `grouped` does so inside."""
    if getattr(layer, "grouped", False):
        return layer(x, groups)
    if groups > 1 and isinstance(layer, BATCH_DEPENDENT):
        return torch.cat([layer(part) for part in x.chunk(groups)])
    return layer(x)
