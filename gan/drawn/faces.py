"""Small cartoon faces, drawn from known factors: skin, hair, eyes, mouth, glasses and so on.

A face is painted from back to front. gan/drawn/face_hair.py has the hair and defines the coordinates.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image

from gan.drawn import face_parts
from gan.drawn.canvas import (
    Canvas,
    Colour,
    PartCanvas,
    Pose,
    Tone,
    colour,
    fine_side,
    lit_ground,
    mix,
    tone,
    wheel,
)
from gan.drawn.face_hair import STYLES, Layer
from gan.drawn.factors import Choice, Factors, Span


@dataclass(frozen=True)
class Skin(Tone):
    """Skin with a colour of lips that contrasts with it (dark on pale skin, rosy on dark) and of blush."""

    lips: Colour
    blush: Colour


def _skin(base: str, shade: str, lips: str, blush: str) -> Skin:
    light = mix(colour(base), (255, 250, 240), 0.4)
    return Skin(colour(base), colour(shade), light, colour(lips), colour(blush))


SKINS = {
    "porcelain": _skin("#fde3d3", "#f0c4b0", "#b04350", "#f58a8c"),
    "peach": _skin("#f7cfae", "#e5ab88", "#a83e48", "#ee7a78"),
    "sand": _skin("#e9b78c", "#cf9468", "#9c3640", "#e2705f"),
    "honey": _skin("#cf9663", "#b27a4a", "#862b35", "#c9604a"),
    "caramel": _skin("#b0744a", "#915836", "#6a1f2a", "#b04f3c"),
    "brown": _skin("#925e3f", "#71452d", "#e08c82", "#a9503f"),
    "espresso": _skin("#744a35", "#543527", "#dd8780", "#944a3a"),
}

HAIR_COLOURS = {
    "black": tone(colour("#2c2733"), 0.35, 0.2),
    "brown": tone(colour("#563425"), 0.3, 0.22),
    "auburn": tone(colour("#94382f"), 0.25, 0.25),
    "blond": tone(colour("#eec068"), 0.2, 0.5),
    "ginger": tone(colour("#e2742f"), 0.22, 0.3),
    "silver": tone(colour("#c3c6d1"), 0.2, 0.6),
    "pink": tone(colour("#f08fb4"), 0.2, 0.45),
    "blue": tone(colour("#4c82d9"), 0.25, 0.35),
}

EYE_COLOURS = {
    "brown": colour("#74431f"),
    "amber": colour("#c98a1e"),
    "green": colour("#3f9a54"),
    "blue": colour("#3585dc"),
    "violet": colour("#7d5bc4"),
}

GROUNDS = {
    "mint": colour("#b9ebcf"),
    "sky": colour("#b3dbfb"),
    "lilac": colour("#cfc2f7"),
    "rose": colour("#fcc0d2"),
    "butter": colour("#fdeba2"),
    "apricot": colour("#fdc898"),
    "lagoon": colour("#8ad3d8"),
    "pearl": colour("#ecebf1"),
}

_GLASS = colour("#e6f1fa")

# What a pixel of a face may belong to. Hats and scarves count as hair, eyelids as eyes.
PARTS = ("background", "skin", "hair", "brows", "eyes", "glasses", "mouth", "shirt")
_PART_OF = {"skin": "skin", "hair": "hair", "cloth": "hair"}  # by material


@dataclass(frozen=True, slots=True)
class Face:
    skin: str
    hair: str
    hair_colour: str
    eyes: str
    eye_colour: str
    brows: str
    mouth: str
    glasses: str
    background: str
    head_width: float
    jaw: float
    tilt: float
    shift_x: float
    shift_y: float
    eye_spacing: float
    mouth_width: float
    blush: float
    shirt: float


_MOUTH_SHARES = (0.24, 0.2, 0.18, 0.12, 0.12, 0.14)  # mostly cheerful

FACTORS: Factors = (
    Choice("skin", tuple(SKINS)),
    Choice("hair", tuple(STYLES)),
    Choice("hair_colour", tuple(HAIR_COLOURS)),
    Choice("eyes", ("round", "wide", "lashes", "sleepy", "happy", "wink")),
    Choice("eye_colour", tuple(EYE_COLOURS)),
    Choice("brows", ("arched", "straight", "raised", "worried", "bold")),
    Choice("mouth", ("smile", "laugh", "grin", "neutral", "surprised", "smirk"), _MOUTH_SHARES),
    Choice("glasses", ("none", "round", "square", "dark"), (0.58, 0.17, 0.15, 0.1)),
    Choice("background", tuple(GROUNDS)),
    Span("head_width", 0.92, 1.08),  # times the usual width
    Span("jaw", 0.0, 1.0),  # 0 a narrow chin, 1 a round one
    Span("tilt", -7.0, 7.0),  # degrees, clockwise
    Span("shift_x", -1.5, 1.5),  # 64ths of the image
    Span("shift_y", -1.0, 1.0),
    Span("eye_spacing", 5.7, 7.0),  # from the middle of the face to an eye, in 64ths
    Span("mouth_width", 0.85, 1.2),  # times the usual width
    Span("blush", 0.0, 1.0),  # 0 none, 1 rosy
    Span("shirt", 0.0, 1.0),  # hue; that of a hat or scarf is nearly opposite on the colour wheel
)

_ZOOM = 1.14  # scale of the head: the largest that leaves room for a bun
_EYE_Y, _BROW_Y, _NOSE_Y, _MOUTH_Y, _CHEEK_Y = 1.6, -4.7, 5.6, 10, 7.2


def paint(factors: dict[str, str | float], size: int) -> Image.Image:
    """The face with these factors (named as in FACTORS), RGB, size x size."""
    return paint_face(Face(**factors), size)


def paint_face(face: Face, size: int) -> Image.Image:
    canvas = Canvas(lit_ground(GROUNDS[face.background], fine_side(size)))
    _paint(canvas, face)
    return canvas.finish(size)


def parts_of(factors: dict[str, str | float], size: int) -> Image.Image:
    """Of each pixel of `paint(factors, size)` the index of its part in PARTS, mode L."""
    canvas = PartCanvas(PARTS, fine_side(size))
    _paint(canvas, Face(**factors))
    return canvas.finish(size)


def _paint(canvas: Canvas, face: Face) -> None:
    body = canvas.pose.at(32 + face.shift_x / 2, 33.5 + face.shift_y, _ZOOM, _ZOOM)
    # The head turns on the neck, not around the nose.
    neck = body.at(face.shift_x / 2, 14).turned(face.tilt)
    features = neck.at(0, -14)
    head = features.at(0, 0, face.head_width)
    skin, hair, style = SKINS[face.skin], HAIR_COLOURS[face.hair_colour], STYLES[face.hair]
    materials = {"skin": skin, "hair": hair, "cloth": tone(wheel(face.shirt + 0.45))}

    _lay(canvas, style.behind, materials, head)
    _paint_body(canvas, skin, tone(wheel(face.shirt)), body)
    if style.ears:
        _paint_ears(canvas, skin, head)
    _paint_head(canvas, face, skin, head)
    _paint_cheeks(canvas, face, skin, features)
    _lay(canvas, style.front, materials, head)
    canvas.part = "skin"
    canvas.fill(face_parts.NOSE, skin.shade, features.at(0, _NOSE_Y))
    canvas.part = "mouth"
    for shape, ink in face_parts.MOUTHS[face.mouth]:
        canvas.fill(shape, ink or skin.lips, features.at(0, _MOUTH_Y, face.mouth_width))
    _paint_brows(canvas, face, hair, features)
    if face.glasses != "none":
        _paint_lenses(canvas, face, skin, features)
    _paint_eyes(canvas, face, skin, features)
    if face.glasses != "none":
        _paint_frames(canvas, face, features)


def _lay(canvas: Canvas, layers: tuple[Layer, ...], materials: dict[str, Tone], pose: Pose) -> None:
    for shape, material, which in layers:
        canvas.part = _PART_OF[material]
        canvas.fill(shape, getattr(materials[material], which), pose)


def _paint_body(canvas: Canvas, skin: Skin, shirt: Tone, body: Pose) -> None:
    canvas.part = "shirt"
    canvas.fill(face_parts.SHIRT, shirt.base, body)
    canvas.part = "skin"
    canvas.fill(face_parts.NECK, skin.base, body)
    canvas.fill(face_parts.NECKLINE, skin.base, body)
    canvas.part = "shirt"
    canvas.fill(face_parts.COLLAR, shirt.shade, body)
    canvas.part = "skin"
    canvas.fill(face_parts.NECK_SHADOW, skin.shade, body)


def _paint_ears(canvas: Canvas, skin: Skin, head: Pose) -> None:
    for side in (-1, 1):
        canvas.fill(face_parts.EAR, skin.base, head.at(14.6 * side, 2.4))
        canvas.fill(face_parts.EAR_INSIDE, skin.shade, head.at(14.9 * side, 2.6))


def _paint_head(canvas: Canvas, face: Face, skin: Skin, head: Pose) -> None:
    """The head in the colour of shade, and over it the lit part, shifted to the upper left."""
    shape = face_parts.HEADS[round(face.jaw * (len(face_parts.HEADS) - 1))]
    canvas.fill(shape, skin.shade, head)
    canvas.fill(shape, skin.base, head.at(-0.5, -0.5, 0.965, 0.965))


def _paint_cheeks(canvas: Canvas, face: Face, skin: Skin, features: Pose) -> None:
    rosy = mix(skin.base, skin.blush, 0.1 + 0.7 * face.blush)
    spot = _soft_spot(canvas.image.width)
    for side in (-1, 1):
        canvas.dab(spot, rosy, features.at((face.eye_spacing + 2.3) * side, _CHEEK_Y))


def _paint_eyes(canvas: Canvas, face: Face, skin: Skin, features: Pose) -> None:
    canvas.part = "eyes"
    for side in (-1, 1):
        pose = features.at(face.eye_spacing * side, _EYE_Y)
        if face.eyes == "happy" or (face.eyes == "wink" and side == 1):
            canvas.fill(face_parts.HAPPY, face_parts.INK, pose)
        else:
            _paint_open_eye(canvas, face, skin, pose, side)


def _paint_open_eye(canvas: Canvas, face: Face, skin: Skin, pose: Pose, side: int) -> None:
    eye = pose.at(0, 0, 1.22, 1.25) if face.eyes == "wide" else pose
    canvas.fill(face_parts.EYE_WHITE, face_parts.WHITE, eye)
    canvas.fill(face_parts.IRIS, EYE_COLOURS[face.eye_colour], pose.at(0, 0.3))
    canvas.fill(face_parts.PUPIL, face_parts.INK, pose.at(0, 0.3))
    if face.eyes == "sleepy":
        canvas.fill(face_parts.LID, mix(skin.base, skin.shade, 0.6), pose)
        canvas.fill(face_parts.LID_EDGE, face_parts.INK, pose)
        return
    canvas.fill(face_parts.GLINT, face_parts.WHITE, pose)
    canvas.fill(face_parts.LASH, face_parts.INK, eye.at(0, 0, side))
    if face.eyes == "lashes":
        canvas.fill(face_parts.FLICK, face_parts.INK, eye.at(0, 0, side))


def _paint_brows(canvas: Canvas, face: Face, hair: Tone, features: Pose) -> None:
    canvas.part = "brows"
    ink = mix(hair.shade, face_parts.INK, 0.3)  # darker than the hair, for contrast with any skin
    for side in (-1, 1):
        brow = features.at(face.eye_spacing * side, _BROW_Y, side)
        canvas.fill(face_parts.BROWS[face.brows], ink, brow)


def _paint_lenses(canvas: Canvas, face: Face, skin: Skin, features: Pose) -> None:
    """The lenses, painted before the eyes; the frames are painted after them."""
    canvas.part = "glasses"
    for side in (-1, 1):
        lens = features.at((face.eye_spacing + 0.1) * side, _EYE_Y + 0.2, side)
        canvas.fill(face_parts.LENSES[face.glasses], mix(skin.base, _GLASS, 0.45), lens)


def _paint_frames(canvas: Canvas, face: Face, features: Pose) -> None:
    canvas.part = "glasses"
    canvas.fill(face_parts.BRIDGE, face_parts.INK, features.at(0, _EYE_Y))
    for side in (-1, 1):
        lens = features.at((face.eye_spacing + 0.1) * side, _EYE_Y + 0.2)
        canvas.fill(face_parts.FRAMES[face.glasses], face_parts.INK, lens.at(0, 0, side))
        if face.glasses == "dark":
            canvas.fill(face_parts.GLARE, mix(face_parts.INK, face_parts.WHITE, 0.45), lens)


@lru_cache(maxsize=8)
def _soft_spot(side: int) -> Image.Image:
    """A radial gradient, the mask of a cheek; `side` is that of the canvas in pixels."""
    half = max(2, round(side * 3.6 / 64))
    y, x = np.mgrid[-half : half + 1, -half : half + 1] / half
    fade = np.clip(1 - np.hypot(x, y * 1.25), 0, 1)
    return Image.fromarray(np.rint(255 * np.minimum(1, fade * 1.8) ** 1.3).astype(np.uint8))
