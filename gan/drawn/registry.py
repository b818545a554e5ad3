"""The synthetic datasets faces, shapes and glyphs, whose modules beside this one have the factors of variation
(FACTORS) and draw one image from their values (`paint`)."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np
from PIL import Image

from gan.common import checks
from gan.drawn.factors import Choice, Factors, Span, name_values, pick_factors

MAX_IMAGES = 1_000_000


@dataclass(frozen=True)
class Drawing:
    """A synthetic dataset. `size` and `channels` are those it is designed for.

    `label` names the discrete factor whose values are the class labels.
    """

    title: str
    description: str
    size: int
    channels: int
    key: int  # keeps the random numbers of two datasets apart; never change it
    label: str
    module: str  # has FACTORS and paint; imported on first use

    @property
    def all_factors(self) -> Factors:
        return self._module.FACTORS

    @property
    def paint(self) -> Callable[[dict[str, str | float], int], Image.Image]:
        """Draws one image, from its factors by name and its side in pixels."""
        return self._module.paint

    @property
    def _module(self) -> ModuleType:
        return importlib.import_module(self.module)

    @property
    def factors(self) -> dict[str, tuple[str, ...]]:
        """The discrete factors and the names of their values."""
        return {each.name: each.values for each in self.all_factors if isinstance(each, Choice)}

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """The continuous factors with their ranges (low, high)."""
        return {each.name: (each.low, each.high) for each in self.all_factors if isinstance(each, Span)}


DRAWN: dict[str, Drawing] = {
    "faces": Drawing(
        "Faces",
        "Friendly cartoon faces: skin, hair, eyes, mouth, glasses and ground all vary.",
        size=64, channels=3, key=1, label="hair", module="gan.drawn.faces",
    ),
    "shapes": Drawing(
        "Shapes",
        "One plain shape a picture: its kind, colour, size, turn and place vary.",
        size=32, channels=3, key=2, label="shape", module="gan.drawn.shapes",
    ),
    "glyphs": Drawing(
        "Glyphs",
        "Digits and capital letters, white on black, bent and thickened a little.",
        size=32, channels=1, key=3, label="character", module="gan.drawn.glyphs",
    ),
}  # fmt: skip


def draw(source: str, n: int, size: int, channels: int, seed: int = 0) -> np.ndarray:
    """The first `n` images of a synthetic dataset: uint8 (n, size, size, channels), 0 to 255.

    `size` is 16 to 256, `channels` 1 (grey: ITU-R 601 luma) or 3 (RGB), `seed` 0 or more. Image i does not
    depend on `n`, and shows the same scene at every size and in grey. ValueError for an unknown source or
    a value out of range.
    """
    size = checks.integer("size", size, 16, 256)
    channels = checks.choice("channels", channels, (1, 3))
    picked = factors(source, n, seed)
    drawing, mode = DRAWN[source], "L" if channels == 1 else "RGB"
    rows = name_values(drawing.all_factors, picked)
    images = np.empty((len(rows), size, size, channels), dtype=np.uint8)
    for image, row in zip(images, rows, strict=True):
        image[:] = np.asarray(drawing.paint(row, size).convert(mode)).reshape(size, size, channels)
    return images


def factors(source: str, n: int, seed: int = 0) -> dict[str, np.ndarray]:
    """The ground-truth factors of the first `n` images of `draw`, each an array of shape (n,).

    A discrete factor is an int64 index into `DRAWN[source].factors[name]`, a continuous one a float64
    within `DRAWN[source].ranges[name]`. ValueError as for `draw`.
    """
    source = checks.choice("source", source, DRAWN)
    n = checks.integer("n", n, 1, MAX_IMAGES)
    seed = checks.integer("seed", seed, 0, 2**64 - 1)
    drawing = DRAWN[source]
    return pick_factors(drawing.all_factors, n, (seed, drawing.key))
