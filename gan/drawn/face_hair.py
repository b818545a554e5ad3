"""Hair styles and headwear as data: which outline in which colour, behind or in front of the face.

Coordinates are those of the head: the origin is the middle of the face, the head spans x -14.5 to 14.5 and
y -16 (crown) to 16 (chin), and the eyes are at y 1.6. Light comes from the upper left.
"""

from dataclasses import dataclass

import numpy as np

from gan.drawn.canvas import Outline, flipped, mirrored, moved, outline, oval, ring, smooth, stroke

Layer = tuple[Outline, str, str]  # outline, material (hair, cloth or skin), field of its Tone


@dataclass(frozen=True)
class Hair:
    """Layers from back to front. `ears`: whether the ears are visible."""

    behind: tuple[Layer, ...] = ()
    front: tuple[Layer, ...] = ()
    ears: bool = True


def _cloud(radius_x: float, radius_y: float, x: float, y: float, puffs: int) -> Outline:
    """An ellipse with a scalloped edge of `puffs` arcs: curls."""
    turn = np.linspace(0, 2 * np.pi, puffs * 6, endpoint=False)
    reach = 0.93 + 0.09 * np.abs(np.sin(turn * puffs / 2))
    return outline(
        np.column_stack([x + radius_x * reach * np.cos(turn), y + radius_y * reach * np.sin(turn)])
    )


def _fringe(shape: Outline) -> tuple[Layer, ...]:
    """Hair over the forehead, with the shadow that it casts on the skin below."""
    lit = moved(shape * (0.97, 0.97, 1), -0.4, -0.5)
    return ((moved(shape, 0.3, 1.4), "skin", "shade"), (shape, "hair", "shade"), (lit, "hair", "base"))


def _both(shape: Outline, material: str, shade: str) -> tuple[Layer, Layer]:
    """The same layer on both sides."""
    return (shape, material, shade), (flipped(shape), material, shade)


_SHINE = (stroke([(-11.3, -11.6), (-7.6, -15), (-3, -16.6)], 1.7), "hair", "light")

_SHORT = smooth(
    [(-15.2, 1), (-15.2, 1), (-16, -7), (-12.5, -15.5), (-4, -19.6), (6, -19.2), (13.5, -14.5),
     (16, -7), (15.2, 1), (15.2, 1), (13.4, -4), (11.6, -8), (11.6, -8), (3, -8.2), (-5, -11.4),
     (-5, -11.4), (-7.4, -8), (-12.4, -6.4), (-13.4, -4)]
)  # fmt: skip

_SPIKY = smooth(
    [(-15.2, 1), (-15.2, 1), (-16.2, -6), (-18.4, -11), (-18.4, -11), (-14.2, -12), (-14.6, -18.4),
     (-14.6, -18.4), (-9, -16.4), (-7, -23), (-7, -23), (-2, -18.4), (2.6, -24.4), (2.6, -24.4),
     (6, -18), (12.6, -20.6), (12.6, -20.6), (12.8, -14.4), (18.4, -13), (18.4, -13), (16.2, -6),
     (15.2, 1), (15.2, 1), (13.4, -4.6), (12.4, -8.2), (12.4, -8.2), (8.6, -10), (7, -6.4),
     (7, -6.4), (3.4, -10.4), (-0.4, -6.2), (-0.4, -6.2), (-3.4, -10.4), (-7.6, -6.6),
     (-7.6, -6.6), (-9.4, -9.6), (-12.6, -7.4), (-13.4, -4.6)]
)  # fmt: skip

_CURLY_FRINGE = smooth(
    [(-15, 2), (-17.4, -3), (-17, -10), (-12, -17), (0, -20), (12, -17), (17, -10), (17.4, -3),
     (15, 2), (13.2, -2.4), (13.2, -2.4), (12.8, -6.6), (9.6, -7), (9.6, -7), (7.4, -10), (4, -8),
     (4, -8), (0.6, -10.6), (-3, -8), (-3, -8), (-6.4, -10.2), (-9.4, -7), (-9.4, -7),
     (-12.8, -6.6), (-13.2, -2.4), (-13.2, -2.4)]
)  # fmt: skip

_BANGS = smooth(
    [(-14.4, 0), (-16.6, -6), (-13.6, -15), (-5, -19.4), (5, -19.4), (13.6, -15), (16.6, -6),
     (14.4, 0), (12.8, -5), (12.8, -5), (6, -6), (0, -6.3), (-6, -6), (-12.8, -5), (-12.8, -5)]
)  # fmt: skip
_BOB_BACK = smooth(
    mirrored([(0, -19.6), (11, -17.4), (17.4, -8), (18.6, 3), (18.6, 11), (15.6, 15.4), (8, 14.4)])
)
_BOB_SIDE = smooth(
    [(13.4, -11), (17, -6), (18.2, 4), (18.2, 11.6), (14.8, 14.8), (11.6, 13.2), (13, 7),
     (13.2, 0), (12.2, -6)]
)  # fmt: skip

_PARTED = smooth(
    [(-15, 0), (-16.8, -7), (-13, -15.8), (-4, -19.8), (6, -19.4), (13.6, -15), (16.8, -7), (15, 0),
     (13.4, -3), (10.6, -8.4), (4.4, -11.6), (-4, -15), (-4, -15), (-7, -10), (-11.6, -6.4),
     (-13.4, -2)]
)  # fmt: skip
_LONG_BACK = smooth(
    mirrored([(0, -19.8), (11, -17.6), (17.4, -8), (18.6, 4), (19.4, 15), (18.6, 24), (10, 28)])
)
_LONG_SIDE = smooth(
    [(13.6, -10), (17.2, -6.5), (18.9, 4), (19.8, 16), (18.6, 26), (13.6, 30), (13.6, 30), (12, 24),
     (13.4, 17), (13.6, 9), (13.2, 0), (12, -5)]
)  # fmt: skip

_COMBED = smooth(
    [(-15.1, 1), (-15.1, 1), (-16, -7), (-12.4, -15.2), (-4.4, -18.6), (4.4, -18.6), (12.4, -15.2),
     (16, -7), (15.1, 1), (15.1, 1), (13.6, -4), (11.4, -8.6), (6, -11.6), (0, -10.6), (0, -10.6),
     (-6, -11.6), (-11.4, -8.6), (-13.6, -4)]
)  # fmt: skip

_PIGTAIL = smooth(
    [(13.6, -9), (18, -11), (22.4, -8), (24, -1), (22.6, 7), (20, 13), (20, 13), (17.6, 8),
     (17, 1), (15.6, -4)]
)  # fmt: skip

_BEANIE_DOME = smooth(
    mirrored([(0, -22.6), (9, -20.8), (14.6, -14.6), (16.2, -8.4), (16.2, -8.4), (8, -9.6), (0, -10)])
)
_BEANIE_BAND = smooth(
    mirrored([(0, -13.2), (9, -12.6), (16, -10.8), (17.3, -8), (16.4, -4.8), (9, -6.6), (0, -7.2)])
)
_BEANIE_HAIR = smooth([(12, -8), (16, -7), (16.4, -1), (15.2, 5), (13.8, 4), (13.4, -2)])

_HIJAB = smooth(
    mirrored([(0, -20), (10, -18), (16.2, -9), (17.4, 2), (16.4, 11), (18, 19), (22, 25), (12, 30),
              (0, 31)])
)  # fmt: skip
_HIJAB_HOLE = smooth(
    mirrored([(0, -11.2), (7.6, -9.4), (12, -3), (12.4, 4), (10.2, 11), (5.6, 14.8), (0, 16)])
)
_HIJAB_HEM = smooth(
    mirrored([(0, -13.4), (8.8, -11.4), (13.8, -4), (14.2, 4), (11.8, 12), (6.4, 16.6), (0, 17.8)])
)

STYLES: dict[str, Hair] = {
    "bald": Hair(front=((stroke([(-9.4, -9.4), (-6.4, -12), (-3, -13.2)], 1.9), "skin", "light"),)),
    "short": Hair(front=(*_fringe(_SHORT), _SHINE)),
    "spiky": Hair(front=(*_fringe(_SPIKY), _SHINE)),
    "curly": Hair(
        behind=(
            (_cloud(22.4, 20.6, 0, -4.6, 14), "hair", "shade"),
            (_cloud(21.4, 19.6, -0.2, -5.2, 14), "hair", "base"),
        ),
        # No shaded rim, so that the curls in front and behind look like one mass.
        front=(
            (moved(_CURLY_FRINGE, 0.3, 1.4), "skin", "shade"),
            (_CURLY_FRINGE, "hair", "base"),
            _SHINE,
        ),
    ),
    "bob": Hair(
        behind=((_BOB_BACK, "hair", "shade"),),
        front=(*_fringe(_BANGS), *_both(_BOB_SIDE, "hair", "base"), _SHINE),
        ears=False,
    ),
    "long": Hair(
        behind=((_LONG_BACK, "hair", "shade"),),
        front=(*_fringe(_PARTED), *_both(_LONG_SIDE, "hair", "base"), _SHINE),
        ears=False,
    ),
    "bun": Hair(
        behind=((oval(7, 6.4, 0, -21.4), "hair", "shade"), (oval(6.4, 5.6, -0.4, -22), "hair", "base")),
        front=(*_fringe(_COMBED), _SHINE),
    ),
    "pigtails": Hair(
        behind=_both(_PIGTAIL, "hair", "base"),
        front=(*_fringe(_BANGS), *_both(oval(2.2, 2.2, 16.2, -7.6), "cloth", "base"), _SHINE),
    ),
    "beanie": Hair(
        behind=((oval(4.2, 4.2, 0, -23), "cloth", "light"),),
        front=(
            *_both(_BEANIE_HAIR, "hair", "base"),
            (moved(_BEANIE_BAND, 0, 1.2), "skin", "shade"),
            (_BEANIE_DOME, "cloth", "base"),
            (_BEANIE_BAND, "cloth", "shade"),
        ),
    ),
    "hijab": Hair(
        front=(
            (ring(_HIJAB, _HIJAB_HOLE), "cloth", "base"),
            (ring(_HIJAB_HEM, _HIJAB_HOLE), "cloth", "shade"),
            (stroke([(-12.6, -12), (-8.6, -15.4), (-3, -17)], 1.6), "cloth", "light"),
        ),
        ears=False,
    ),
}
