"""Our count of multiply-adds against PyTorch's."""

import pytest
import torch
from torch.utils.flop_counter import FlopCounterMode

from gan.models.flops import multiply_adds
from gan.models.generator import Generator
from gan.settings.hyperparameters import IMAGE_FAMILIES


@pytest.mark.parametrize("family", IMAGE_FAMILIES)
@pytest.mark.parametrize(("size", "channels"), [(32, 1), (64, 3)])
def test_multiply_adds_are_those_that_pytorch_counts(family, size, channels):
    generator = Generator(family, size, channels, 4, 8).eval()
    with FlopCounterMode(display=False) as counter:
        generator(torch.zeros(1, generator.z_dim))
    # A multiplication and an addition each.
    assert 2 * multiply_adds(generator) == counter.get_total_flops() > 0
    # Counting leaves no trace.
    assert not any(layer._forward_hooks for layer in generator.modules())
