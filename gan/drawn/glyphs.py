"""Letters and digits of the font that comes with Pillow, slightly deformed as in MNIST."""

from functools import lru_cache
from math import ceil
from string import ascii_uppercase, digits

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from gan.drawn.canvas import Pose
from gan.drawn.factors import Choice, Factors, Span

# Width of the stroke that is added around each letter, as a share of the image's side.
_STROKES = {"regular": 0.004, "medium": 0.014, "bold": 0.025, "heavy": 0.038}

_TALL, _WIDE = 0.6, 0.62  # box that a letter is scaled to fit, as shares of the image's side

FACTORS: Factors = (
    Choice("character", tuple(digits + ascii_uppercase)),
    Choice("weight", tuple(_STROKES)),
    Span("rotation", -15.0, 15.0),  # degrees, clockwise
    Span("shear", -0.25, 0.25),  # how far the top leans to the right, as a share of the height
    Span("width", 0.82, 1.1),
    Span("height", 0.85, 1.1),
    Span("x", -0.06, 0.06),  # shares of the image's side
    Span("y", -0.06, 0.06),
)


def paint(factors: dict[str, str | float], size: int) -> Image.Image:
    """The letter with these factors (named as in FACTORS), white on black, L, size x size."""
    side = 2 * size  # drawn at twice its size and averaged down, for antialiased edges
    letter = _letter(factors["character"], _STROKES[factors["weight"]], side)
    pose = Pose().at(factors["x"] * side, factors["y"] * side).turned(factors["rotation"])
    a, b, c, d, e, f = pose.at(0, 0, factors["width"], factors["height"])
    lean = factors["shear"]
    forward = np.array(((a, b - lean * a, c), (d, e - lean * d, f), (0, 0, 1)))
    # Pillow takes the inverse transform: from a point of the result to one of the original.
    middle = np.array(((1, 0, side / 2), (0, 1, side / 2), (0, 0, 1)))
    back = middle @ np.linalg.inv(forward) @ np.linalg.inv(middle)
    deformed = letter.transform(
        (side, side), Image.Transform.AFFINE, back[:2].ravel().tolist(), Image.Resampling.BILINEAR
    )
    return deformed.reduce(2)


@lru_cache(maxsize=288)
def _letter(character: str, stroke: float, side: int) -> Image.Image:
    """The undeformed letter in the middle of a square, scaled to fit its box."""
    stroke_width = stroke * side
    _, _, wide, tall = _ink_box(character, _font(side), 0)
    font = _font(min(_TALL * side / tall, _WIDE * side / wide) * side)
    left, top, wide, tall = _ink_box(character, font, stroke_width)
    image = Image.new("L", (side, side))
    corner = (side - wide) / 2 - left, (side - tall) / 2 - top
    ImageDraw.Draw(image).text(corner, character, 255, font, stroke_width=stroke_width)
    return image


@lru_cache(maxsize=256)
def _font(size: float) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


def _ink_box(
    character: str, font: ImageFont.FreeTypeFont, stroke_width: float
) -> tuple[float, float, float, float]:
    """Left, top, width and height of the letter's bounding box when it is drawn at (0, 0)."""
    left, top, right, bottom = font.getbbox(character, stroke_width=ceil(stroke_width))
    return left, top, right - left, bottom - top
