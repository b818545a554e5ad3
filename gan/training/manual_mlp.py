"""Dense layers with (leaky) ReLU between them, and their gradients written out.

For networks this small a good part of a step's time goes into keeping the graph of autograd instead of
into arithmetic. The chain rule by hand needs none, and gives the same numbers.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

_leaky_relu = torch.ops.aten.leaky_relu_
_leaky_relu_backward = torch.ops.aten.leaky_relu_backward


class Dense:
    """The linear layers of a network, from its input to its output; all but the last are activated.

    `below` is the activation's slope below 0: 0 for ReLU. Gradients go to the parameters' own `.grad`.
    Call everything under `torch.no_grad`.
    """

    def __init__(self, layers: Sequence[nn.Linear], below: float):
        self.below = below
        self.parameters = [(layer.weight, layer.bias) for layer in layers]
        # They share the parameters' memory, and need no gradient.
        self.weights = [weight.detach() for weight, _ in self.parameters]
        self.biases = [bias.detach() for _, bias in self.parameters]

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Rows (N, inputs) -> the output (N, outputs), and what each layer took in."""
        seen = [x]
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = _leaky_relu(torch.addmm(bias, x, weight.t()), self.below)
            seen.append(x)
        return torch.addmm(self.biases[-1], x, self.weights[-1].t()), seen

    def backward(self, slope: Tensor, seen: list[Tensor]) -> None:
        """Sets every parameter's gradient, given the loss's slope in the output (N, outputs)."""
        for k in reversed(range(len(self.weights))):
            weight, bias = self.parameters[k]
            weight.grad, bias.grad = slope.t() @ seen[k], slope.sum(0)
            if k:
                slope = self._before(k, slope @ self.weights[k], seen)

    def slope_in(self, slope: Tensor, seen: list[Tensor]) -> Tensor:
        """The loss's slope in the input (N, inputs), given that in the output; no gradient is set."""
        for k in reversed(range(1, len(self.weights))):
            slope = self._before(k, slope @ self.weights[k], seen)
        return slope @ self.weights[0]

    def add_zero_slope(self, seen: list[Tensor], gamma: float) -> None:
        """Adds to the gradients that of γ E ‖∇ₓ d(x)‖² over the rows seen; the output is one number.

        Between its kinks d is linear in x, so ∇ₓ d = Wᵀ₁ M₁ Wᵀ₂ M₂ … w with the activations' slopes M,
        which small steps do not change: the gradient is that of a network without biases whose
        input is w. Biases get none. See gan.training.penalties.zero_slope.
        """
        last, rows = len(self.weights) - 1, len(seen[0])
        slopes = [self.weights[last].expand(rows, -1)]
        for k in reversed(range(1, last + 1)):
            slopes[-1] = self._before(k, slopes[-1], seen)
            slopes.append(slopes[-1] @ self.weights[k - 1])
        wanted = slopes.pop() * (2 * gamma / rows)
        for k, slope in zip(range(last), reversed(slopes), strict=True):
            self.parameters[k][0].grad.addmm_(slope.t(), wanted)
            wanted = self._before(k + 1, wanted @ self.weights[k].t(), seen)
        self.parameters[last][0].grad.add_(wanted.sum(0, keepdim=True))

    def _before(self, k: int, slope: Tensor, seen: list[Tensor]) -> Tensor:
        """A slope in what layer k takes in, as one in what was activated to it."""
        # An activation's result is above 0 where its input is, and only there.
        return _leaky_relu_backward(slope, seen[k], self.below, True)
