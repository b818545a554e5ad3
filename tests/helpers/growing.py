"""Networks that grow, at a level of one's choice, and what holds when a side begins to fade in."""

import torch.nn.functional as F
from torch import Tensor, allclose, nn


def growing_layer(net: nn.Module) -> nn.Module:
    (layer,) = (layer for layer in net.layers if hasattr(layer, "grow"))
    return layer


def grown(net: nn.Module, level: float) -> nn.Module:
    growing_layer(net).level.fill_(level)
    return net


def check_fading(
    g: nn.Module,
    d: nn.Module,
    z: Tensor,
    images: Tensor,
    level: int,
    first: int,
    exact: float,
    seen: float,
) -> None:
    """A side that begins to fade in changes nothing yet.

    `first`: the side at level 0. Equal within `exact` are pictures that only repeat pixels; different by
    more than `seen` those of the next level.
    """
    small, judged = grown(g, level)(z), grown(d, level)(images)
    # The picture of the smaller network, enlarged by repetition.
    side = first * 2**level
    repeated = F.interpolate(F.adaptive_avg_pool2d(small, side), small.shape[-1])
    assert allclose(small, repeated, atol=exact)
    barely = level + 1e-6
    assert allclose(grown(g, barely)(z), small, atol=1e-4)
    assert allclose(grown(d, barely)(images), judged, atol=1e-4)
    assert not allclose(grown(g, level + 1)(z), small, atol=seen)
