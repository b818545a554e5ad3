"""What a network costs: our count against PyTorch's own."""

import pytest

from gan.models import flops
from gan.models.generator import Generator
from gan.settings.method import IMAGE_FAMILIES


@pytest.mark.parametrize("family", IMAGE_FAMILIES)
@pytest.mark.parametrize(("size", "channels"), [(32, 1), (64, 3)])
def test_multiply_adds_are_those_that_pytorch_counts(family, size, channels):
    generator = Generator(family, size, channels, 4, 8).eval()
    assert flops.multiply_adds(generator) == flops.multiply_adds(generator) > 0
    # Counting leaves no trace.
    assert not any(layer._forward_hooks for layer in generator.modules())
