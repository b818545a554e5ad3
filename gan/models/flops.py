"""Counts of parameters and of multiply-adds, layer by layer.

PyTorch's own counter gives the same numbers, but its first use takes a second of imports: too long for
a page that waits for them.
"""

import torch
from torch import Tensor, nn

COUNTED = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)


@torch.inference_mode()
def multiply_adds(generator: nn.Module) -> int:
    """Multiply-adds of one picture through a Generator in its evaluation mode; it is left as it was."""
    counted, training = 0, generator.training

    def count(layer: nn.Module, inputs: tuple[Tensor], output: Tensor) -> None:
        nonlocal counted
        # A weight is used once at each place: of the output, or, transposed, of the input.
        places = inputs[0] if isinstance(layer, nn.ConvTranspose2d) else output
        counted += layer.weight.numel() * places[0, 0].numel()

    layers = [layer for layer in generator.modules() if isinstance(layer, COUNTED)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    generator.eval()(torch.zeros(1, generator.z_dim))
    generator.train(training)
    for hook in hooks:
        hook.remove()
    return counted


def parameter_count(module: nn.Module) -> int:
    """How many numbers training may change."""
    return sum(parameter.numel() for parameter in module.parameters())
