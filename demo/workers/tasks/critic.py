"""The job of Inside's critic: what a model's discriminator says of a picture that a visitor brought."""

from collections.abc import Iterator
from pathlib import Path

import torch

from demo.workers.inside import judged
from gan.data.image_tensors import to_float
from gan.images.decode import decode_square
from gan.models.discriminator import Discriminator
from gan.models.storage import find_generator
from gan.training.kept_critic import critic_of, kept_discriminator


def judge(content: bytes, source: str, roots: list[Path] | None) -> Iterator[dict]:
    """What the discriminator of the generator at `source` says of an encoded picture, cropped to a square.

    Yields {own}, as of fakes and real pictures (demo.workers.inside). A conditional one is asked for the class that it
    finds most real. ValueError for a picture that is refused, and a model without a discriminator.
    """
    d = kept_discriminator(find_generator(source, roots))
    try:
        pixels = decode_square(content, d.size, d.channels)
    except ValueError as reason:
        raise ValueError(f"This picture cannot be used: it is {reason}.") from None
    picture = torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None]
    yield {"own": judged(d, picture, likeliest_class(d, picture))}


@torch.no_grad()
def likeliest_class(d: Discriminator, pixels: torch.Tensor) -> int:
    """The class of which d's logit for a picture, uint8 (1, C, S, S), is the largest; 0 without classes."""
    if d.embedding is None:
        return 0
    classes = range(d.embedding.num_embeddings)
    picture = to_float(pixels)
    return max(classes, key=lambda label: float(critic_of(d, label)(picture)))
