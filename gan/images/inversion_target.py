"""Prepare the target image of GAN inversion: encoded bytes -> pixels. Free of PyTorch."""

import numpy as np

from gan.common import checks
from gan.images.decode import FIT_MODES, open_image, parse_colour, to_square
from gan.images.mnist_style import INPUT_SIDE, to_mnist_style

# Unchanged; inverted (255 - x); a handwritten digit on paper, converted to MNIST's style.
LIGHTS = ("kept", "swapped", "paper")
# How an image that is not square is made square, as (fit, background) of gan.images.decode.to_square.
EDGE_MODES = {"crop": ("crop", "#000000"), "black": ("pad", "#000000"), "white": ("pad", "#ffffff")}


def inversion_target(
    content: bytes,
    size: int,
    channels: int,
    fit: str = "crop",
    background: str = "#000000",
    light: str = "kept",
) -> np.ndarray:
    """Encoded image -> uint8 (size, size, channels), upright.

    `fit` and `background` ("#rrggbb") as in gan.images.decode.to_square; `light` is one of LIGHTS, and
    "paper" needs one channel. ValueError: a full sentence for an unknown choice; a short reason, to be
    shown after the file's name, for a file that is no image, or a sheet of paper without ink.
    """
    fit, rgb = checks.choice("fit", fit, FIT_MODES), parse_colour(background)
    light = checks.choice("light", light, LIGHTS)
    if light == "paper" and channels != 1:
        raise ValueError("not usable as a digit on paper: this generator draws in colour")
    image = open_image(content)
    if light == "paper":
        return to_mnist_style(to_square(image, INPUT_SIDE, 1, fit, rgb)[..., 0], size)[..., None]
    pixels = to_square(image, size, channels, fit, rgb)
    return 255 - pixels if light == "swapped" else pixels
