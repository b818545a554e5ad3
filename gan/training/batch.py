"""`Batch`: pictures or points with their labels."""

from typing import NamedTuple

import torch
from torch import Tensor


class Batch(NamedTuple):
    """Images (N, …) float32 and, where the networks are class-conditional, labels (N,)."""

    images: Tensor
    labels: Tensor | None = None


def both(real: Batch, fake: Batch) -> Batch:
    """Real, then fake, as one batch."""
    labels = None if real.labels is None else torch.cat([real.labels, fake.labels])
    return Batch(torch.cat([real.images, fake.images]), labels)
