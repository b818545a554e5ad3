"""The datasets that the program draws by itself, with no download: faces, shapes and glyphs.

The front door: what can be drawn, and two functions. The art is in gan/drawn/faces.py, gan/drawn/shapes.py and
gan/drawn/glyphs.py; each names the factors that vary and paints one picture from their values.
"""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from PIL import Image

from gan.common import checks
from gan.drawn.factors import Choice, Factors, Span, name_values, pick_factors

MOST_PICTURES = 1_000_000


@dataclass(frozen=True)
class Drawing:
    """A dataset that is drawn. `size` and `channels` are the ones it looks best at.

    `label` is the discrete factor that its classes are. `kinds`: they are what a picture shows, and not
    one feature of it among many.
    """

    title: str
    description: str
    size: int
    channels: int
    key: int  # keeps the random numbers of two datasets apart; never change it
    label: str
    art: str  # the module of FACTORS and paint; imported when it is first needed
    kinds: bool = True

    @property
    def varies(self) -> Factors:
        """All factors, discrete and continuous."""
        return self._art.FACTORS

    @property
    def paint(self) -> Callable[[dict[str, str | float], int], Image.Image]:
        """Paints one picture: the factors by name, and its side in pixels."""
        return self._art.paint

    @property
    def _art(self) -> ModuleType:
        return importlib.import_module(self.art)

    @property
    def factors(self) -> dict[str, tuple[str, ...]]:
        """The discrete factors and the names of their values."""
        return {each.name: each.values for each in self.varies if isinstance(each, Choice)}

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """The continuous factors, each from its lowest to its highest value."""
        return {each.name: (each.low, each.high) for each in self.varies if isinstance(each, Span)}


DRAWN: dict[str, Drawing] = {
    "faces": Drawing(
        "Faces",
        "Friendly cartoon faces: skin, hair, eyes, mouth, glasses and ground all vary.",
        size=64,
        channels=3,
        key=1,
        label="hair",
        art="gan.drawn.faces",
        kinds=False,
    ),
    "shapes": Drawing(
        "Shapes",
        "One plain shape a picture: its kind, colour, size, turn and place vary.",
        size=32,
        channels=3,
        key=2,
        label="shape",
        art="gan.drawn.shapes",
    ),
    "glyphs": Drawing(
        "Glyphs",
        "Digits and capital letters, white on black, bent and thickened a little.",
        size=32,
        channels=1,
        key=3,
        label="character",
        art="gan.drawn.glyphs",
    ),
}


def draw(source: str, n: int, size: int, channels: int, seed: int = 0) -> np.ndarray:
    """The first `n` pictures of a drawn dataset: uint8 (n, size, size, channels), 0 to 255.

    `size` is 16 to 256, `channels` 1 (grey: ITU-R 601 luma) or 3 (RGB), `seed` 0 or more. Picture i
    depends on all but `n`; at another size or in grey it is the same picture. ValueError for an
    unknown source or a value out of range.
    """
    size = checks.integer("size", size, 16, 256)
    channels = checks.choice("channels", channels, (1, 3))
    picked = factors(source, n, seed)
    drawing, mode = DRAWN[source], "L" if channels == 1 else "RGB"
    rows = name_values(drawing.varies, picked)
    pictures = np.empty((len(rows), size, size, channels), dtype=np.uint8)
    for picture, row in zip(pictures, rows, strict=True):
        image = drawing.paint(row, size).convert(mode)
        picture[:] = np.asarray(image).reshape(size, size, channels)
    return pictures


def factors(source: str, n: int, seed: int = 0) -> dict[str, np.ndarray]:
    """What the first `n` pictures that `draw` makes with this seed show, each array of shape (n,).

    A discrete factor is an int64 index into `DRAWN[source].factors[name]`, a continuous one a
    float64 in `DRAWN[source].ranges[name]`. ValueError as for `draw`.
    """
    source = checks.choice("source", source, DRAWN)
    n = checks.integer("n", n, 1, MOST_PICTURES)
    seed = checks.integer("seed", seed, 0, 2**64 - 1)
    drawing = DRAWN[source]
    return pick_factors(drawing.varies, n, (seed, drawing.key))
