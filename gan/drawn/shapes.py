"""One coloured shape per image, with a shadow, on a plain background."""

import numpy as np
from PIL import Image

from gan.drawn.canvas import (
    Canvas,
    Outline,
    colour,
    fine_side,
    lit_ground,
    mirrored,
    mix,
    oval,
    ring,
    rounded,
    smooth,
    wheel,
)
from gan.drawn.factors import Choice, Factors, Span


def _corners(count: int, radius: float, inner: float | None = None) -> list[tuple[float, float]]:
    """A regular polygon with a corner at the top; with `inner`, a star of `count` points."""
    radii = [radius] if inner is None else [radius, inner]
    turn = np.arange(count * len(radii)) * 2 * np.pi / (count * len(radii))
    reach = np.tile(radii, count)
    return list(zip(reach * np.sin(turn), -reach * np.cos(turn), strict=True))


_MOON = [
    (9, -13), (9, -13), (-1, -15), (-10, -9), (-13, 0), (-10, 9), (-1, 15), (9, 13), (9, 13),
    (2.6, 8), (0.4, 0), (2.6, -8),
]  # fmt: skip
_CROSS = [
    (-5, -15), (5, -15), (5, -5), (15, -5), (15, 5), (5, 5), (5, 15), (-5, 15), (-5, 5), (-15, 5),
    (-15, -5), (-5, -5),
]  # fmt: skip
_HEART = [(0, -7), (0, -7), (5, -12.5), (12, -12), (15.5, -5.5), (12, 3), (0, 15), (0, 15)]

# Of about equal area, so that the factor `scale` means the same for all.
SHAPES: dict[str, Outline] = {
    "circle": oval(13.5, 13.5, points=48),
    "square": rounded([(-12, -12), (12, -12), (12, 12), (-12, 12)], 0.12),
    "triangle": rounded([(x, y + 3) for x, y in _corners(3, 18)], 0.12),
    "star": rounded(_corners(5, 18, 8.2), 0.16),
    "heart": smooth(mirrored(_HEART)),
    "ring": ring(oval(15, 15, points=48), oval(8, 8, points=40)),
    "cross": rounded(_CROSS, 0.15),
    "moon": smooth(_MOON),
}

GROUNDS = {
    "paper": colour("#f7efdf"),
    "mist": colour("#cddef0"),
    "sage": colour("#d0e6cc"),
    "dusk": colour("#3a3f55"),
}

FACTORS: Factors = (
    Choice("shape", tuple(SHAPES)),
    Choice("ground", tuple(GROUNDS)),
    Span("hue", 0.0, 1.0),  # once around the colour wheel
    Span("scale", 0.8, 1.3),
    Span("rotation", -45.0, 45.0),  # degrees, clockwise
    Span("x", -6.5, 6.5),  # 64ths of the image, from its middle to the right
    Span("y", -6.5, 6.5),
)

_PLUM = (34, 24, 52)


def paint(factors: dict[str, str | float], size: int) -> Image.Image:
    """The shape with these factors (named as in FACTORS), RGB, size x size."""
    ground = GROUNDS[factors["ground"]]
    canvas = Canvas(lit_ground(ground, fine_side(size), glow=0.2))
    middle = canvas.pose.at(32 + factors["x"], 32 + factors["y"])
    shadow = middle.at(1.2, 2.2)
    for pose, ink in ((shadow, mix(ground, _PLUM, 0.22)), (middle, wheel(factors["hue"]))):
        pose = pose.turned(factors["rotation"]).at(0, 0, factors["scale"], factors["scale"])
        canvas.fill(SHAPES[factors["shape"]], ink, pose)
    return canvas.finish(size)
