"""A multilayer perceptron with hand-written gradients, equal to autograd's up to rounding.

In networks this small much of a step's time goes into building autograd's graph, not into arithmetic.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn

_leaky_relu = torch.ops.aten.leaky_relu_
_leaky_relu_backward = torch.ops.aten.leaky_relu_backward


class ManualMLP:
    """The linear layers of a network from input to output, with (leaky) ReLU after all but the last.

    `negative_slope` is that of the activation: 0 for ReLU. Parameters are shared with the layers, and
    gradients are written to their `.grad`. Call all methods under `torch.no_grad`.
    """

    def __init__(self, layers: Sequence[nn.Linear], negative_slope: float):
        self.negative_slope = negative_slope
        self.parameters = [(layer.weight, layer.bias) for layer in layers]
        # Views of the parameters' memory that need no gradient.
        self.weights = [weight.detach() for weight, _ in self.parameters]
        self.biases = [bias.detach() for _, bias in self.parameters]

    def forward(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """Rows (N, inputs) -> the output (N, outputs), and the input of each layer."""
        inputs = [x]
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            x = _leaky_relu(torch.addmm(bias, x, weight.t()), self.negative_slope)
            inputs.append(x)
        return torch.addmm(self.biases[-1], x, self.weights[-1].t()), inputs

    def backward(self, grad: Tensor, inputs: list[Tensor]) -> None:
        """Set every parameter's gradient, given the loss's with respect to the output (N, outputs)."""
        for k in reversed(range(len(self.weights))):
            weight, bias = self.parameters[k]
            weight.grad, bias.grad = grad.t() @ inputs[k], grad.sum(0)
            if k:
                grad = self._through_activation(k, grad @ self.weights[k], inputs)

    def input_grad(self, grad: Tensor, inputs: list[Tensor]) -> Tensor:
        """The loss's gradient with respect to the input (N, inputs); no parameter's gradient is set."""
        for k in reversed(range(1, len(self.weights))):
            grad = self._through_activation(k, grad @ self.weights[k], inputs)
        return grad @ self.weights[0]

    def add_zero_centred_penalty(self, inputs: list[Tensor], gamma: float) -> None:
        """Add the gradients of γ E ‖∇ₓ d(x)‖² over the rows of `inputs`; the output must be one number.

        d is piecewise linear in x: ∇ₓ d = W₁ᵀ M₁ W₂ᵀ M₂ … w, where the activations' slopes M are
        constant near x. So the gradient is that of a network without biases whose input is w, and that
        of the biases is 0. See gan.training.penalties.zero_centred_penalty.
        """
        last, rows = len(self.weights) - 1, len(inputs[0])
        grads = [self.weights[last].expand(rows, -1)]
        for k in reversed(range(1, last + 1)):
            grads[-1] = self._through_activation(k, grads[-1], inputs)
            grads.append(grads[-1] @ self.weights[k - 1])
        second = grads.pop() * (2 * gamma / rows)
        for k, grad in zip(range(last), reversed(grads), strict=True):
            self.parameters[k][0].grad.addmm_(grad.t(), second)
            second = self._through_activation(k + 1, second @ self.weights[k].t(), inputs)
        self.parameters[last][0].grad.add_(second.sum(0, keepdim=True))

    def _through_activation(self, k: int, grad: Tensor, inputs: list[Tensor]) -> Tensor:
        """The gradient before the activation whose result is the input of layer k."""
        # Only the sign of the activation's input counts, which its result shares.
        return _leaky_relu_backward(grad, inputs[k], self.negative_slope, True)
