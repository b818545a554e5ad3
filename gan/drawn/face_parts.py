"""The parts of a drawn face as outlines: head, body, eyes, brows, mouths and glasses.

Head, body and neck have their origin in the middle of the face (see gan/drawn/face_hair.py); smaller parts
are centred on their own origin, and gan/drawn/faces.py places them. A point listed twice is a corner.
"""

import numpy as np

from gan.drawn.canvas import Colour, Outline, colour, mirrored, oval, ring, smooth, stroke

INK = colour("#291c25")  # lashes, pupils, frames: a warm near-black
WHITE = colour("#fffdf9")
INSIDE = colour("#74202e")  # of an open mouth
TONGUE = colour("#ef8088")

_NARROW = np.array(
    [(0, -16.2), (9, -13.6), (13.8, -6), (14.2, 2), (12, 9.4), (6, 14.8), (0, 16.2)]
)  # fmt: skip
_ROUND = np.array([(0, -16), (9.6, -13.4), (14.4, -5.6), (14.8, 3.4), (13.2, 10.4), (7.8, 15), (0, 16)])
# Interpolated from the narrow jaw to the round one, in steps too small to see.
HEADS = [smooth(mirrored(_NARROW + (_ROUND - _NARROW) * jaw)) for jaw in np.linspace(0, 1, 17)]
EAR = oval(3.2, 4)
EAR_INSIDE = oval(1.6, 2.2)
NECK = smooth([(-5.6, 8), (5.6, 8), (5.7, 17), (7.4, 20.6), (0, 24), (-7.4, 20.6), (-5.7, 17)])
NECK_SHADOW = smooth([(-5.6, 8), (5.6, 8), (5.9, 16), (4, 18.4), (0, 19.3), (-4, 18), (-5.9, 15)])
SHIRT = smooth(mirrored([(0, 20.6), (7, 20.4), (15, 22.4), (22, 26), (26, 36), (27, 44), (0, 44)]))
NECKLINE = smooth([(-7.4, 19), (7.4, 19), (6.6, 22), (3.6, 24.4), (0, 25), (-3.6, 24.4), (-6.6, 22)])
COLLAR = stroke(
    [(-7.6, 20.6), (-6.4, 23), (-3.6, 25), (0, 25.6), (3.6, 25), (6.4, 23), (7.6, 20.6)], 1.8
)
NOSE = stroke([(-1.3, -0.2), (0.1, 0.9), (1.5, -0.1)], 1.2)

# -- eyes and brows: the right one, its inner end on the left; the left one is its mirror image --

EYE_WHITE = oval(3.2, 3.5)
IRIS = oval(2.35, 2.6)
PUPIL = oval(1.3, 1.5)
GLINT = oval(0.85, 0.85, -0.8, -1)
LASH = stroke([(-3.5, -1.2), (-2, -3.2), (0.4, -3.8), (2.4, -3), (3.5, -1)], 1.2)
FLICK = stroke([(2.4, -2.8), (3.8, -3), (4.9, -4.2)], 1.2)
HAPPY = stroke([(-3.4, 1), (-2, -1.3), (0, -2.1), (2, -1.3), (3.4, 1)], 1.5)
LID = smooth(
    [(-3.7, -0.5), (-3.7, -0.5), (-3, -3.2), (0, -4.2), (3, -3.2), (3.7, -0.5), (3.7, -0.5),
     (0, -1.1)]
)  # fmt: skip
LID_EDGE = stroke([(-3.8, -0.4), (0, -1.1), (3.8, -0.4)], 1.2)

BROWS = {
    "arched": stroke([(-3.2, 0.6), (0, -1.2), (3.4, 0.4)], 1.4),
    "straight": stroke([(-3.3, -0.1), (0, -0.2), (3.3, -0.1)], 1.4),
    "raised": stroke([(-3, -1.4), (0.2, -3.2), (3.4, -1.4)], 1.4),
    "worried": stroke([(-3, -2), (0, -0.9), (3.2, 0.9)], 1.4),
    "bold": stroke([(-3.2, 0.2), (0.4, -0.7), (3.4, 0)], 2.4),
}

_LAUGH = smooth(
    [(-5, -1.6), (-5, -1.6), (0, -1), (5, -1.6), (5, -1.6), (3.4, 2.6), (0, 4), (-3.4, 2.6)]
)
_LAUGH_TEETH = smooth([(-4, -1.2), (0, -0.8), (4, -1.2), (3.4, 0.2), (0, 0.6), (-3.4, 0.2)])
_GRIN = smooth(
    [(-5.2, -1.8), (-5.2, -1.8), (0, -1), (5.2, -1.8), (5.2, -1.8), (3.6, 1.6), (0, 2.8),
     (-3.6, 1.6)]
)  # fmt: skip
_GRIN_TEETH = smooth([(-4, -0.9), (0, -0.1), (4, -0.9), (2.8, 1), (0, 1.8), (-2.8, 1)])

# Layers of each mouth from back to front; None is the colour of the lips.
MOUTHS: dict[str, tuple[tuple[Outline, Colour | None], ...]] = {
    "smile": ((stroke([(-4, -0.7), (-2, 0.9), (0, 1.4), (2, 0.9), (4, -0.7)], 1.4), None),),
    "laugh": ((_LAUGH, INSIDE), (_LAUGH_TEETH, WHITE), (oval(2.2, 1.2, 0, 2.7), TONGUE)),
    "grin": ((_GRIN, INSIDE), (_GRIN_TEETH, WHITE)),
    "neutral": ((stroke([(-2.8, 0.3), (0, 0.4), (2.8, 0.3)], 1.4), None),),
    "surprised": ((oval(2.2, 2.7, 0, 0.8), INSIDE), (oval(1.3, 0.9, 0, 2.2), TONGUE)),
    "smirk": ((stroke([(-3.4, 0.9), (0, 1.2), (2.6, 0.2), (4.2, -1.6)], 1.4), None),),
}

_ROUND_LENS = oval(5.2, 5.2)
_SQUARE_LENS = smooth(
    [(-5.1, -4.4), (-5.1, -4.4), (0, -4.6), (5.1, -4.4), (5.1, -4.4), (5.3, 0), (4.4, 4.2),
     (4.4, 4.2), (0, 4.5), (-4.4, 4.2), (-4.4, 4.2), (-5.3, 0)]
)  # fmt: skip
LENSES = {"round": _ROUND_LENS, "square": _SQUARE_LENS, "dark": _SQUARE_LENS}
FRAMES = {
    "round": ring(_ROUND_LENS, oval(4.3, 4.3)),
    "square": ring(_SQUARE_LENS, _SQUARE_LENS * (0.82, 0.77, 1)),
    "dark": _SQUARE_LENS,
}
BRIDGE = stroke([(-2, 0.4), (0, -0.3), (2, 0.4)], 1.2)
GLARE = stroke([(-2.8, 0.2), (-0.6, -2.2)], 1.3)
