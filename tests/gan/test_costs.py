"""What a network costs: our count against PyTorch's own."""

import pytest

from gan import costs, models
from gan.choices import IMAGE_FAMILIES
from gan.models import Generator


@pytest.mark.parametrize("family", IMAGE_FAMILIES)
@pytest.mark.parametrize(("size", "channels"), [(32, 1), (64, 3)])
def test_multiply_adds_are_those_that_pytorch_counts(family, size, channels):
    generator = Generator(family, size, channels, 4, 8).eval()
    assert costs.multiply_adds(generator) == models.multiply_adds(generator) > 0
    # Counting leaves no trace.
    assert not any(layer._forward_hooks for layer in generator.modules())
