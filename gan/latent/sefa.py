"""SeFa: directions in z by the weights of the first layer alone."""

import torch
from torch import Tensor, nn

from gan.common import checks
from gan.models.layers import ConditionalBatchNorm2d


@torch.no_grad()
def sefa(generator: nn.Module, count: int) -> Tensor:
    """The directions in z that change most: unit rows (count, z_dim), strongest first.

    They are the leading eigenvectors of AᵀA, where A is the first dense layer: Shen & Zhou 2021,
    "Closed-Form Factorization of Latent Semantics in GANs", eq. 4. (The code of the paper's authors scales
    each row of A to length 1 before; the paper does not.) Where A is followed by batch normalisation, that is
    linear in evaluation mode and is folded into A; of a class-conditional one, AᵀA is the mean over the
    classes. Signs are chosen so that a direction's largest entry is positive. ValueError unless `count` is
    from 1 to z_dim.
    """
    count = checks.integer("number of directions", count, 1, generator.z_dim)
    weight = generator.dense.weight.double()
    gain = _squared_gain(generator.layers[1])  # the first is the reshape to 4×4
    if gain is not None:
        weight = (weight.unflatten(0, (len(gain), -1)) * gain.sqrt()[:, None, None]).flatten(0, 1)
    _, vectors = torch.linalg.eigh(weight.T @ weight)
    return upright(vectors.T.flip(0)[:count]).float()


def _squared_gain(norm: nn.Module) -> Tensor | None:
    """What batch normalisation multiplies the square of each channel by, float64 (C,); None for other layers."""
    if isinstance(norm, ConditionalBatchNorm2d):
        scale, norm = norm.scale.weight.double().square().mean(0), norm.norm
    elif isinstance(norm, nn.BatchNorm2d):
        scale = norm.weight.double().square()
    else:
        return None
    return scale / (norm.running_var.double() + norm.eps)


def upright(rows: Tensor) -> Tensor:
    """Rows (N, z_dim), each with the sign that makes its largest entry positive."""
    peak = rows.gather(1, rows.abs().argmax(1, keepdim=True))
    return rows * peak.sign()
