"""Drawing primitives of the synthetic datasets: colours, outlines, and a canvas to fill them on.

An outline is a closed polygon in coordinates of an image 64 units wide, whatever its size in pixels.
Outlines are computed once, at import; drawing an image only transforms and fills them, which makes
thousands of images a second possible.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sin
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageColor, ImageDraw

UNITS = 64  # side of an image in the units of outlines

Colour = tuple[int, int, int]
Outline = np.ndarray  # float (points, 3): homogeneous coordinates x (right), y (down), 1

colour = ImageColor.getrgb  # "#1d63c9" -> (29, 99, 201)


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """Linear interpolation: `first` at share 0, `second` at share 1."""
    return tuple(round(a + (b - a) * share) for a, b in zip(first, second, strict=True))


@dataclass(frozen=True)
class Tone:
    """The colours of one material: lit, in shade, and in highlights."""

    base: Colour
    shade: Colour
    light: Colour


def tone(base: Colour, shade: float = 0.2, light: float = 0.25) -> Tone:
    """A Tone whose shade is mixed with plum and whose highlight with cream, softer than black and white."""
    return Tone(base, mix(base, (44, 20, 50), shade), mix(base, (255, 246, 226), light))


# Eight colours of similar brightness; pure HSV hues differ much (yellow is bright, blue is dark).
_WHEEL = [
    colour(each)
    for each in ["#ee6a5b", "#f39a4a", "#efc24e", "#7fbf6b", "#35a79c", "#4a8fd8", "#7c6fd0", "#cf6aa8"]
]


def wheel(hue: float) -> Colour:
    """A colour of the colour wheel; `hue` is periodic with period 1."""
    place = hue % 1.0 * len(_WHEEL)
    index = int(place)
    return mix(_WHEEL[index], _WHEEL[(index + 1) % len(_WHEEL)], place - index)


def outline(points: np.ndarray) -> Outline:
    """A polygon through points (n, 2), simplified where that makes no visible difference."""
    points = _thinned(np.asarray(points, dtype=np.float64))
    return np.column_stack([points, np.ones(len(points))])


def smooth(points: list[tuple[float, float]], steps: int = 8) -> Outline:
    """A closed Catmull-Rom curve through the points; a point listed twice becomes a corner."""
    return outline(_curve(np.asarray(points, dtype=np.float64), steps, closed=True))


def rounded(corners: list[tuple[float, float]], share: float = 0.2) -> Outline:
    """A polygon whose corners are rounded over `share` of each adjacent side."""
    corner = np.asarray(corners, dtype=np.float64)[:, None, :]
    enter = corner + (np.roll(corner, 1, 0) - corner) * share
    leave = corner + (np.roll(corner, -1, 0) - corner) * share
    t = np.linspace(0, 1, 7)[None, :, None]
    return outline(((1 - t) ** 2 * enter + 2 * t * (1 - t) * corner + t**2 * leave).reshape(-1, 2))


def mirrored(right_half: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """A symmetric figure from its right half, listed from top to bottom."""
    left_half = [(-x, y) for x, y in reversed(right_half) if x != 0]
    return [*right_half, *left_half]


def flipped(shape: Outline) -> Outline:
    return shape * (-1, 1, 1)


def moved(shape: Outline, x: float, y: float) -> Outline:
    return np.add(shape, (x, y, 0))


def oval(radius_x: float, radius_y: float, x: float = 0, y: float = 0, points: int = 28) -> Outline:
    turn = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return outline(np.column_stack([x + radius_x * np.cos(turn), y + radius_y * np.sin(turn)]))


def stroke(points: list[tuple[float, float]], width: float, steps: int = 5) -> Outline:
    """A brush stroke with round ends along a curve through the points."""
    path = _curve(np.asarray(points, dtype=np.float64), steps, closed=False)
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = along[:, ::-1] * (-1, 1) * width / 2
    end, start = _round_end(path[-1], across[-1]), _round_end(path[0], -across[0])
    return outline(np.concatenate([path + across, end, (path - across)[::-1], start]))


def ring(outer: Outline, inner: Outline) -> Outline:
    """The area between two outlines, as one polygon with a seam of no width."""
    return np.concatenate([outer, outer[:1], inner[::-1], inner[-1:]])


def _thinned(points: np.ndarray, tolerance: float = 0.05) -> np.ndarray:
    """Drop points that lie within `tolerance` units of a chord between points that are kept.

    Filling takes time in proportion to the number of edges: this makes drawing a third faster.
    """
    kept, start = [0], 0
    for end in range(2, len(points)):
        chord = points[end] - points[start]
        between = points[start + 1 : end] - points[start]
        away = np.abs(between[:, 0] * chord[1] - between[:, 1] * chord[0])
        if away.max() > tolerance * np.hypot(*chord) or not chord.any():
            start = end - 1
            kept.append(start)
    return points[[*kept, len(points) - 1]]


def _round_end(centre: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """Points of the half circle from centre + arm to centre - arm that closes the end of a stroke."""
    angle = np.linspace(0, -np.pi, 6)[1:-1, None]
    return centre + arm * np.cos(angle) + arm[::-1] * (-1, 1) * np.sin(angle)


def _curve(points: np.ndarray, steps: int, closed: bool) -> np.ndarray:
    if closed:
        before, after, last = np.roll(points, 1, 0), np.roll(points, -1, 0), np.roll(points, -2, 0)
        starts = points
    else:
        padded = np.concatenate([points[:1], points, points[-1:]])
        before, starts, after, last = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    # No curve between the two copies of a corner.
    distinct = np.any(starts != after, axis=1)
    p0, p1, p2, p3 = (part[distinct][:, None, :] for part in (before, starts, after, last))
    bends = (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    path = (p1 + ((p2 - p0) * t + bends) / 2).reshape(-1, 2)
    return path if closed else np.concatenate([path, points[-1:]])


class Pose(NamedTuple):
    """An affine transform of outlines: x' = a x + b y + c, y' = d x + e y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0
    e: float = 1.0
    f: float = 0.0

    def at(self, x: float, y: float, grow_x: float = 1.0, grow_y: float = 1.0) -> "Pose":
        """The pose of a part at (x, y) in the coordinates of this pose, scaled by grow_x and grow_y."""
        a, b, c, d, e, f = self
        x, y = a * x + b * y + c, d * x + e * y + f
        return Pose(a * grow_x, b * grow_y, x, d * grow_x, e * grow_y, y)

    def turned(self, degrees: float) -> "Pose":
        """This pose turned clockwise around its own origin."""
        a, b, c, d, e, f = self
        cosine, sine = cos(radians(degrees)), sin(radians(degrees))
        return Pose(
            a * cosine + b * sine, b * cosine - a * sine, c,
            d * cosine + e * sine, e * cosine - d * sine, f,
        )  # fmt: skip


class Canvas:
    """An image drawn at 2 to 4 times its size and averaged down, for antialiased edges.

    `part`: what of the scene is painted next, for those who want to know (`PartCanvas`).
    """

    part = ""

    def __init__(self, ground: Image.Image):
        """`ground`: a background of side `fine_side(size)`; it is copied, not modified."""
        self.image = ground.copy()
        self.pose = Pose().at(0, 0, ground.width / UNITS, ground.width / UNITS)
        self._draw = ImageDraw.Draw(self.image)

    def fill(self, shape: Outline, ink: Colour, pose: Pose) -> None:
        """Fill an outline with an opaque colour. `pose` is derived from `self.pose`."""
        a, b, c, d, e, f = pose
        points = shape @ np.array(((a, d), (b, e), (c, f)))
        self._draw.polygon(points.ravel().tolist(), ink)

    def dab(self, mask: Image.Image, ink: Colour, pose: Pose) -> None:
        """Blend in a colour, centred on the pose's origin; `mask` (mode L) is its opacity."""
        corner = round(pose.c - mask.width / 2), round(pose.f - mask.height / 2)
        self.image.paste(ink, corner, mask)

    def finish(self, size: int) -> Image.Image:
        """The image averaged down to size × size pixels."""
        return self.image.reduce(self.image.width // size)


class PartCanvas(Canvas):
    """The same scene, but of each pixel the index of its part in `parts` instead of its colour."""

    def __init__(self, parts: tuple[str, ...], side: int):
        super().__init__(Image.new("L", (side, side)))
        self.parts = parts

    def fill(self, shape: Outline, ink: Colour, pose: Pose) -> None:
        super().fill(shape, self.parts.index(self.part), pose)

    def dab(self, mask: Image.Image, ink: Colour, pose: Pose) -> None:
        """A tint: the part stays what it is."""

    def finish(self, size: int) -> Image.Image:
        """The part in the middle of each pixel: indices cannot be averaged."""
        step = self.image.width // size
        return Image.fromarray(np.asarray(self.image)[step // 2 :: step, step // 2 :: step])


def fine_side(size: int) -> int:
    """The side in pixels to draw at for an image of side `size`: small images are oversampled more."""
    return size * (4 if size <= 64 else 3 if size <= 128 else 2)


@lru_cache(maxsize=32)
def lit_ground(ground: Colour, side: int, glow: float = 0.45) -> Image.Image:
    """A background of one colour, lighter towards the upper left; `glow` 0 to 1 is how much."""
    y, x = np.mgrid[0:side, 0:side] / side
    share = glow * np.clip(1 - np.hypot(x - 0.35, y - 0.3) / 0.95, 0, 1)[..., None]
    base = np.array(ground)
    return Image.fromarray(np.rint(base + (255 - base) * share).astype(np.uint8))
