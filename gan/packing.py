"""A latent as short text: 16 bits a number, so that a link gives the same picture to the pixel.

The page has the same rule in demo/web/core/latent_text.js. A z that is not a seed's is rounded before
it is drawn; then what a link holds is that very z.
"""

import base64
import re

import numpy as np
import torch
from torch import Tensor

STEPS = 4096  # a unit
LARGEST = 32_767
SIGNS = re.compile("[A-Za-z0-9_-]*")


def round_z(z: Tensor) -> Tensor:
    """`z` to the nearest 1/4096, halves upwards, and within ±8: float32 of the same shape."""
    return (_whole(z) / STEPS).float()


def _whole(z: Tensor) -> Tensor:
    # In float64, where adding a half is exact.
    return torch.floor(z.double() * STEPS + 0.5).clamp(-LARGEST, LARGEST)


def pack_z(z: Tensor) -> str:
    """One z (z_dim,) as URL-safe Base64 of little-endian int16: 4 signs for 3 bytes, no padding."""
    numbers = _whole(z).numpy().astype("<i2").tobytes()
    return base64.urlsafe_b64encode(numbers).decode().rstrip("=")


def unpack_z(text: object, z_dim: int) -> Tensor:
    """The z (z_dim,) that `pack_z` wrote; ValueError for anything else."""
    length = -(-8 * z_dim // 3)
    if not isinstance(text, str) or len(text) != length or not SIGNS.fullmatch(text):
        raise ValueError(f"A packed latent of {z_dim} numbers has {length} letters, digits, - and _.")
    content = base64.urlsafe_b64decode(text + "=" * (-length % 4))
    return torch.from_numpy(np.frombuffer(content, "<i2").astype(np.float32) / STEPS)
