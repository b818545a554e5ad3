"""Unrolled GANs: Metz, Poole, Pfau & Sohl-Dickstein 2017, eqs. 7 to 10."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

from gan.common import ranks

Parameters = dict[str, Tensor]


def look_ahead(
    net: nn.Module, adam: torch.optim.Adam, loss: Callable[[Parameters], Tensor], steps: int
) -> Parameters:
    """The parameters of `net` after `steps` updates of Adam on `loss(parameters)`, with a graph.

    Adam starts from its present moments; `net` and `adam` are not changed. ε is inside the root here,
    √(v + ε²), because √v has an infinite derivative at 0.
    """
    group = adam.param_groups[0]
    lr, (beta1, beta2), eps = group["lr"], group["betas"], group["eps"]
    names, parameters = zip(*net.named_parameters(), strict=True)
    values = [parameter.detach().clone().requires_grad_(True) for parameter in parameters]
    first = [_moment(adam, parameter, "exp_avg") for parameter in parameters]
    second = [_moment(adam, parameter, "exp_avg_sq") for parameter in parameters]
    before = int(_moment(adam, parameters[0], "step").max())
    for step in range(before + 1, before + steps + 1):
        ahead = dict(zip(names, values, strict=True))
        gradients = ranks.means(torch.autograd.grad(loss(ahead), values, create_graph=True))
        first = [beta1 * m + (1 - beta1) * g for m, g in zip(first, gradients, strict=True)]
        second = [beta2 * v + (1 - beta2) * g.square() for v, g in zip(second, gradients, strict=True)]
        # Bias correction: Kingma & Ba 2015, algorithm 1.
        values = [
            p - lr * (m / (1 - beta1**step)) / (v / (1 - beta2**step) + eps**2).sqrt()
            for p, m, v in zip(values, first, second, strict=True)
        ]
    return dict(zip(names, values, strict=True))


def _moment(adam: torch.optim.Adam, parameter: Tensor, kind: str) -> Tensor:
    moment = adam.state.get(parameter, {}).get(kind)
    return torch.zeros_like(parameter) if moment is None else moment.clone()
