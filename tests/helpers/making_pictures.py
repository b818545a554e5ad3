"""Small pictures that the tests make themselves."""

import io

import numpy as np
from PIL import Image


def encoded(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def coloured(index: int, width: int = 32, height: int = 32) -> Image.Image:
    """A noisy picture that differs for each index."""
    noise = np.random.default_rng(index).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(noise)
