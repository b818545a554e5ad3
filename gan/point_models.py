"""Small fully connected networks for points in the plane."""

import torch
from torch import Tensor, nn

from gan import checks
from gan.layers import MinibatchDiscrimination, MinibatchStddev

DEPTH = 3
NEGATIVE_SLOPE = 0.2


def _stack(inside: int, width: int, depth: int, norm: bool) -> list[nn.Module]:
    layers: list[nn.Module] = []
    for _ in range(depth):
        layers.append(nn.Linear(inside, width))
        if norm:
            layers.append(nn.BatchNorm1d(width))
        layers.append(nn.LeakyReLU(NEGATIVE_SLOPE))
        inside = width
    return layers


class PointGenerator(nn.Module):
    """z (N, z_dim) -> points (N, 2): dense layers with LeakyReLU(0.2), the last one linear."""

    SHAPE = ("family", "width", "z_dim", "depth")

    def __init__(self, family: str = "mlp", width: int = 128, z_dim: int = 2, depth: int = DEPTH):
        super().__init__()
        self.family = checks.choice("model", family, ("mlp",))
        self.width = checks.integer("width", width, 4, 128)
        self.z_dim = checks.integer("z_dim", z_dim, 1, 1024)
        self.depth = checks.integer("depth", depth, 1, 8)
        self.layers = nn.Sequential(
            *_stack(self.z_dim, self.width, self.depth, norm=False), nn.Linear(self.width, 2)
        )

    def forward(self, z: Tensor, labels: None = None) -> Tensor:
        return self.layers(z)


class PointDiscriminator(nn.Module):
    """Points (N, 2) -> logits (N,): positive means "real". See gan.models.Discriminator."""

    def __init__(
        self,
        width: int = 128,
        norm: str = "none",
        minibatch_stddev: bool = False,
        minibatch_discrimination: int = 0,
        depth: int = DEPTH,
    ):
        super().__init__()
        self.layers = nn.Sequential(*_stack(2, width, depth, norm == "batch"))
        compare: list[nn.Module] = []
        if minibatch_stddev:
            compare.append(MinibatchStddev())
        if minibatch_discrimination:
            compare.append(MinibatchDiscrimination(width + minibatch_stddev, minibatch_discrimination))
        self.compare = nn.Sequential(*compare)
        self.head = nn.Linear(width + minibatch_stddev + minibatch_discrimination, 1)

    def features(self, points: Tensor, groups: int = 1) -> Tensor:
        """What the last layer judges by: (N, width)."""
        # Batch normalisation, where there is any, sees one part at a time.
        return torch.cat([self.layers(part) for part in points.chunk(groups)])

    def forward(self, points: Tensor, groups: int = 1, labels: None = None) -> Tensor:
        features = self.features(points, groups)
        compared = torch.cat([self.compare(part) for part in features.chunk(groups)])
        return self.head(compared).squeeze(1)
