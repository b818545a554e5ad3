"""The picture whose z is looked for: from encoded bytes to a generator's square. Free of PyTorch."""

import numpy as np

from gan.common import checks
from gan.images.decode import FITS, colour, open_picture, to_square
from gan.images.mnist_style import LOOKED_AT, like_mnist

# As it is; dark and light exchanged; a digit on paper, made like MNIST's (gan.images.mnist_style).
LIGHTS = ("kept", "swapped", "paper")
# What becomes of a picture that is no square: (fit, background). Cut to its middle, or fitted in.
EDGES = {"crop": ("crop", "#000000"), "black": ("pad", "#000000"), "white": ("pad", "#ffffff")}


def given_picture(
    content: bytes,
    size: int,
    channels: int,
    fit: str = "crop",
    background: str = "#000000",
    light: str = "kept",
) -> np.ndarray:
    """An encoded picture -> uint8 (size, size, channels), upright.

    `fit` and `background` ("#rrggbb") as in gan.images.decode.to_square; `light` is one of LIGHTS, of which
    "paper" is for one channel only. ValueError, a few words to stand behind a file's name, for what is
    no picture or has no ink on it; a sentence for choices that there are not.
    """
    fit, ground = checks.choice("fit", fit, FITS), colour(background)
    light = checks.choice("light", light, LIGHTS)
    if light == "paper" and channels != 1:
        raise ValueError("given as a digit on paper, and this generator draws in colour")
    picture = open_picture(content)
    if light == "paper":
        return like_mnist(to_square(picture, LOOKED_AT, 1, fit, ground)[..., 0], size)[..., None]
    pixels = to_square(picture, size, channels, fit, ground)
    return 255 - pixels if light == "swapped" else pixels
