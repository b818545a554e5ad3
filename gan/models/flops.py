"""Counts of parameters and multiply-adds.

torch.utils.flop_counter gives the same numbers, but takes a second to import, which a page would wait for.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from gan.models.palette import Mixture
from gan.models.wavelet import Haar

COUNTED = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d, Haar, Mixture)


@torch.inference_mode()
def multiply_adds(generator: nn.Module) -> int:
    """Multiply-adds for one image of a generator in evaluation mode: of its dense and convolutional layers and of
    mixtures of colours.

    The generator itself is not changed, nor its mode.
    """
    numbers, training = [], generator.training
    with counting_multiply_adds(generator, numbers.append):
        generator.eval()(torch.zeros(1, generator.z_dim))
    generator.train(training)
    return sum(numbers)


@contextmanager
def counting_multiply_adds(generator: nn.Module, counted: Callable[[int], None]) -> Iterator[None]:
    """Call `counted` with the multiply-adds of each layer, for one image, whenever it has run."""

    def count(layer: nn.Module, inputs: tuple[Tensor], output: Tensor) -> None:
        # Each weight is used once per position of the output or, in a transposed layer, of the input.
        if isinstance(layer, Mixture):
            weight, positions = inputs[0], output  # each colour as well
        elif isinstance(layer, Haar):
            weight, positions = layer.kernel, inputs[0]
        else:
            weight, positions = (
                layer.weight,
                inputs[0] if isinstance(layer, nn.ConvTranspose2d) else output,
            )
        counted(weight.numel() * positions[0, 0].numel())

    layers = [layer for layer in generator.modules() if isinstance(layer, COUNTED)]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def parameter_count(module: nn.Module) -> int:
    return sum(parameter.numel() for parameter in module.parameters())
