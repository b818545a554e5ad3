"""Latents as text: exact for command lines (pack), 16 bits a number for links (pack_z). No PyTorch.

The page has the same encoding in demo/web/core/latent_text.js. A z that does not come from a seed is
rounded before it is drawn, so that a link holds it exactly.
"""

import base64
import binascii
import re

import numpy as np

from gan.common import checks

PREFIX = "z:"
MAX_NUMBERS = 1024
MAX_ABS = 1e3
STEPS = 4096  # per unit
MAX_INT16 = 32_767
ALPHABET = re.compile("[A-Za-z0-9_-]*")


def pack(z: np.ndarray) -> str:
    """float32 (z_dim,) -> "z:" and its bytes, little endian, in URL-safe base64."""
    return PREFIX + base64.urlsafe_b64encode(np.asarray(z, "<f4").tobytes()).decode().rstrip("=")


def unpack(text: str) -> np.ndarray:
    """The inverse of `pack`: float32 (z_dim,).

    ValueError unless it holds 1 to 1,024 finite numbers from -1000 to 1000.
    """
    text = checks.text("z", text, max_length=6000)
    body = text.removeprefix(PREFIX)
    try:
        content = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        z = np.frombuffer(content, "<f4").astype(np.float32)
    except (binascii.Error, ValueError):
        z = np.empty(0, np.float32)
    if not text.startswith(PREFIX) or not 1 <= len(z) <= MAX_NUMBERS:
        raise ValueError(f"A latent looks like {PREFIX}AACAPwAAAEA, as the page and --z write it.")
    if not (np.abs(z) <= MAX_ABS).all():  # NaN fails too
        raise ValueError("The numbers of a latent must be from -1000 to 1000.")
    return z


def round_z(z: np.ndarray) -> np.ndarray:
    """`z` to the nearest 1/4096, halves upwards, and within ±8: float32 of the same shape."""
    return (_whole(z) / STEPS).astype(np.float32)


def _whole(z: np.ndarray) -> np.ndarray:
    # In float64, which holds the sum exactly.
    return np.floor(np.asarray(z, np.float64) * STEPS + 0.5).clip(-MAX_INT16, MAX_INT16)


def pack_z(z: np.ndarray) -> str:
    """One z (z_dim,) as URL-safe Base64 of little-endian int16: without padding."""
    return base64.urlsafe_b64encode(_whole(z).astype("<i2").tobytes()).decode().rstrip("=")


def unpack_z(text: object, z_dim: int) -> np.ndarray:
    """The z that `pack_z` wrote: float32 (z_dim,); ValueError for anything else."""
    length = -(-8 * z_dim // 3)
    if not isinstance(text, str) or len(text) != length or not ALPHABET.fullmatch(text):
        raise ValueError(f"A packed latent of {z_dim} numbers has {length} letters, digits, - and _.")
    content = base64.urlsafe_b64decode(text + "=" * (-length % 4))
    return np.frombuffer(content, "<i2").astype(np.float32) / np.float32(STEPS)
