"""Latents as text that keeps every bit, for command lines and snippets. No PyTorch.

A link has less room: see gan.packing.
"""

import base64
import binascii

import numpy as np

from gan import checks

PREFIX = "z:"
MOST_NUMBERS = 1024
REACH = 1e3


def pack(z: np.ndarray) -> str:
    """float32 (z_dim,) -> "z:" and its bytes, little endian, in URL-safe base64."""
    return PREFIX + base64.urlsafe_b64encode(np.asarray(z, "<f4").tobytes()).decode().rstrip("=")


def unpack(text: str) -> np.ndarray:
    """The inverse of `pack`: float32 (z_dim,).

    ValueError unless it holds 1 to 1,024 finite numbers from -1000 to 1000.
    """
    text = checks.text("z", text, longest=6000)
    body = text.removeprefix(PREFIX)
    try:
        content = base64.b64decode(body + "=" * (-len(body) % 4), altchars=b"-_", validate=True)
        z = np.frombuffer(content, "<f4").astype(np.float32)
    except (binascii.Error, ValueError):
        z = np.empty(0, np.float32)
    if not text.startswith(PREFIX) or not 1 <= len(z) <= MOST_NUMBERS:
        raise ValueError(f"A latent looks like {PREFIX}AACAPwAAAEA, as the page and --z write it.")
    if not (np.abs(z) <= REACH).all():  # NaN fails too
        raise ValueError("The numbers of a latent must be from -1000 to 1000.")
    return z
