"""Multilayer perceptrons for 2-D points."""

import math

import torch
from torch import Tensor, nn

from gan.common import checks
from gan.models.batch_norm import BatchNorm1d
from gan.models.layers import MinibatchDiscrimination, MinibatchStddev
from gan.settings.hyperparameters import check

# Of the activations that are piecewise linear.
NEGATIVE_SLOPES = {"leaky_relu": 0.2, "relu": 0.0}


def activation_layer(name: str) -> nn.Module:
    return nn.LeakyReLU(NEGATIVE_SLOPES[name]) if name in NEGATIVE_SLOPES else nn.Tanh()


def _stack(inside: int, width: int, depth: int, activation: str, norm: bool = False) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for _ in range(depth):
        layers.append(nn.Linear(inside, width))
        if norm:
            layers.append(BatchNorm1d(width))
        layers.append(activation_layer(activation))
        inside = width
    return layers


class PointGenerator(nn.Module):
    """z ~ N(0, I), (N, z_dim) -> points (N, 2): `depth` hidden layers and a linear output layer.

    For `activation` and `noise` see gan.settings.hyperparameters; ValueError for unknown ones and sizes out of range.
    """

    SHAPE = ("family", "width", "z_dim", "depth", "activation", "noise")

    def __init__(
        self,
        family: str = "mlp",
        width: int = 128,
        z_dim: int = 2,
        depth: int = 3,
        activation: str = "leaky_relu",
        noise: str = "gaussian",
    ):
        super().__init__()
        self.family = checks.choice("model", family, ("mlp",))
        self.width, self.z_dim = check("width", width), check("z_dim", z_dim)
        self.depth, self.activation = check("depth", depth), check("activation", activation)
        self.noise = check("noise", noise)
        hidden = _stack(self.z_dim, self.width, self.depth, self.activation)
        self.layers = nn.Sequential(*hidden, nn.Linear(self.width, 2))

    def noise_input(self, z: Tensor) -> Tensor:
        """The input of the first layer, (N, z_dim) of mean 0 and variance 1: z itself or, for uniform noise,
        √3 erf(z / √2) in [-√3, √3]."""
        if self.noise == "gaussian":
            return z
        # erf(z / √2) = 2 Φ(z) - 1 is uniform in [-1, 1] for normal z. The latent itself stays normal, so
        # that seeds, truncation and interpolation work as for other generators.
        return math.sqrt(3) * torch.erf(z / math.sqrt(2))

    def forward(self, z: Tensor, labels: None = None) -> Tensor:
        return self.layers(self.noise_input(z))


class PointDiscriminator(nn.Module):
    """Points (N, 2) -> logits (N,): positive means "real". See gan.models.discriminator.Discriminator."""

    def __init__(
        self,
        width: int = 128,
        norm: str = "none",
        minibatch_stddev: bool = False,
        minibatch_discrimination: int = 0,
        depth: int = 3,
        activation: str = "leaky_relu",
    ):
        super().__init__()
        self.layers = nn.Sequential(*_stack(2, width, depth, activation, norm == "batch"))
        self.compare = nn.Sequential()
        if minibatch_stddev:
            self.compare.append(MinibatchStddev())
            width += 1
        if minibatch_discrimination:
            self.compare.append(MinibatchDiscrimination(width, minibatch_discrimination))
        self.head = nn.Linear(width + minibatch_discrimination, 1)

    def features(self, points: Tensor, groups: int = 1) -> Tensor:
        """The last hidden layer, (N, width)."""
        # One part at a time, to keep the statistics of batch normalisation apart.
        return torch.cat([self.layers(part) for part in points.chunk(groups)])

    def forward(self, points: Tensor, groups: int = 1, labels: None = None) -> Tensor:
        features = self.features(points, groups)
        compared = torch.cat([self.compare(part) for part in features.chunk(groups)])
        return self.head(compared).squeeze(1)
