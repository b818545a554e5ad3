"""What a game on points looks like from within: D's surface, G's manifold, and where D pulls each fake.

Pure functions of networks on points; all are drawn by the page from plain arrays.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gan.training.losses import Loss

EDGE = 0.005  # of z's probability lies beyond each side of the grid that is shown


@torch.no_grad()
def surface(
    d: Callable[[Tensor], Tensor], corner: tuple[float, float], side: float, cells: int = 64
) -> Tensor:
    """D(x) in [0, 1] at the centres of cells × cells squares: (cells, cells), row 0 the lowest y.

    `corner` is the lower left one of the square, `side` its side. `d` takes points on the CPU.
    """
    along = (torch.arange(cells) + 0.5) / cells * side
    y, x = torch.meshgrid(corner[1] + along, corner[0] + along, indexing="ij")
    points = torch.stack([x, y], dim=2).view(-1, 2)
    return d(points).sigmoid().view(cells, cells).cpu()


@torch.no_grad()
def manifold(g: nn.Module, lines: int = 21) -> Tensor:
    """Where G takes a grid in latent space: (lines, lines, 2) for z of two numbers, (lines, 2) for one.

    The grid's lines are as far apart as makes every cell as probable under z ~ N(0, I), but for 0.5 %
    beyond each edge. ValueError for longer z, which no grid can show.
    """
    if g.z_dim > 2:
        raise ValueError(f"z has {g.z_dim} numbers: only the manifold of one or two can be drawn.")
    along = torch.special.ndtri(torch.linspace(EDGE, 1 - EDGE, lines))
    axes = torch.meshgrid(*[along] * g.z_dim, indexing="ij")
    points = g(torch.stack(axes, dim=-1).view(-1, g.z_dim).to(_device(g)))
    return points.view(*[lines] * g.z_dim, 2).cpu()


def density(grid: Tensor) -> Tensor:
    """How much of the fakes' probability lies on a unit of area in each cell of a manifold of two.

    (lines, lines, 2) -> (lines - 1, lines - 1), all cells as probable; infinite where one has no area.
    """
    a, b, c, d = grid[:-1, :-1], grid[1:, :-1], grid[1:, 1:], grid[:-1, 1:]
    (x1, y1), (x2, y2) = (c - a).unbind(-1), (d - b).unbind(-1)
    area = 0.5 * (x1 * y2 - x2 * y1).abs()
    return (1 - 2 * EDGE) ** 2 / area.numel() / area


@torch.enable_grad()
def pulls(d: nn.Module, loss: Loss, real: Tensor, fakes: Tensor) -> Tensor:
    """Where G's loss would have each fake go: -N ∂L_G / ∂x, (N, 2). Nothing is left behind in D."""
    fakes = fakes.detach().requires_grad_(True)
    d_fake = d(fakes)
    value = loss.g(d(real).detach(), d_fake) if loss.pairs else loss.g(d_fake)
    (slope,) = torch.autograd.grad(value, fakes)
    return -len(fakes) * slope


def _device(net: nn.Module) -> torch.device:
    return next(net.parameters()).device
