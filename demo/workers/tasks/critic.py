"""The job of Inside's critic: what a model's discriminator says of a picture that a visitor brought."""

from collections.abc import Iterator
from pathlib import Path

import torch

from demo.workers.inside import judged_alone
from gan.images.decode import decode_square
from gan.models.storage import find_generator
from gan.training.kept_critic import kept_discriminator


def judge(content: bytes, source: str, roots: list[Path] | None) -> Iterator[dict]:
    """What the discriminator of the generator at `source` says of an encoded picture, cropped to a square.

    Yields {own}, as of fakes and real pictures (demo.workers.inside). ValueError for a picture that is refused, and a
    model without a discriminator.
    """
    d = kept_discriminator(find_generator(source, roots))
    try:
        pixels = decode_square(content, d.size, d.channels)
    except ValueError as reason:
        raise ValueError(f"This picture cannot be used: it is {reason}.") from None
    yield {"own": judged_alone(d, torch.from_numpy(pixels.copy()))}
