"""Views of the networks on points: D's surface, G's manifold, and the gradient at each fake."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gan.training.losses import Loss

EDGE = 0.005  # share of z's probability beyond each side of the grid


@torch.no_grad()
def surface(
    d: Callable[[Tensor], Tensor], corner: tuple[float, float], side: float, cells: int = 64
) -> Tensor:
    """D(x) in [0, 1] at the centres of cells × cells squares: (cells, cells), row 0 the lowest y.

    `corner` (x, y) is the lower left corner of the square, `side` its side. `d` takes points on the CPU.
    """
    along = (torch.arange(cells) + 0.5) / cells * side
    y, x = torch.meshgrid(corner[1] + along, corner[0] + along, indexing="ij")
    points = torch.stack([x, y], dim=2).view(-1, 2)
    return d(points).sigmoid().view(cells, cells).cpu()


@torch.no_grad()
def manifold(g: nn.Module, lines: int = 21) -> Tensor:
    """G of a grid in latent space: (lines, lines, 2) for a z of two numbers, (lines, 2) for one.

    All cells of the grid are equally probable under z ~ N(0, I); 0.5 % of the probability is beyond
    each edge. ValueError for a longer z.
    """
    if g.z_dim > 2:
        raise ValueError(f"z has {g.z_dim} numbers: only the manifold of one or two can be drawn.")
    along = torch.special.ndtri(torch.linspace(EDGE, 1 - EDGE, lines))
    axes = torch.meshgrid(*[along] * g.z_dim, indexing="ij")
    points = g(torch.stack(axes, dim=-1).view(-1, g.z_dim).to(next(g.parameters()).device))
    return points.view(*[lines] * g.z_dim, 2).cpu()


@torch.enable_grad()
def pulls(d: nn.Module, loss: Loss, real: Tensor, fakes: Tensor) -> Tensor:
    """The direction in which each fake lowers G's loss: -N ∂L_G / ∂x, (N, 2). D gets no gradients."""
    fakes = fakes.detach().requires_grad_(True)
    d_fake = d(fakes)
    value = loss.g(d(real).detach(), d_fake) if loss.pairs else loss.g(d_fake)
    (gradient,) = torch.autograd.grad(value, fakes)
    return -len(fakes) * gradient
