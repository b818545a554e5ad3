"""Convert a photo of a handwritten digit to the style of MNIST. Free of PyTorch.

MNIST digits are white on black, scaled to fit 20×20 of 28×28 pixels with their aspect ratio kept, and
centred by their centre of mass (LeCun, Bottou, Bengio & Haffner 1998, section III.A); here they are
padded to 32×32. In a photo, uneven light, the width of the pen and specks of dirt are corrected as well.
"""

import numpy as np
from PIL import Image, ImageFilter

INPUT_SIDE = 256  # side of the image that is searched for ink
BOX = 20 / 32  # longer side of the digit, as a share of the side of the result
STROKE_WIDTH = 3 / 20  # as a share of the digit's longer side, about as in MNIST
MIN_CONTRAST = 30  # between ink and the paper around it, of 255
SPECK = 0.08  # components below this share of the largest one's area are dirt
COARSE = 64  # side of the grid on which connected components are found
NO_INK = "without any ink to be seen: write a digit large and dark on plain paper"


def to_mnist_style(grey: np.ndarray, size: int) -> np.ndarray:
    """Grey uint8 (256, 256), dark on light or light on dark -> uint8 (size, size), white on black.

    ValueError with a short reason if there is no ink.
    """
    ink = _without_specks(_ink_mask(grey))
    rows, columns = np.flatnonzero(ink.max(1) > 127), np.flatnonzero(ink.max(0) > 127)
    if not len(rows):
        raise ValueError(NO_INK)
    side = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    ink = _thickened(ink, STROKE_WIDTH * side)
    rows, columns = np.flatnonzero(ink.max(1) > 127), np.flatnonzero(ink.max(0) > 127)
    height, width = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    scale = BOX * size / max(height, width)
    shape = max(1, round(width * scale)), max(1, round(height * scale))
    cut = Image.fromarray(ink).crop((columns[0], rows[0], columns[-1] + 1, rows[-1] + 1))
    small = np.asarray(cut.resize(shape, Image.Resampling.BOX)).astype(np.float64)
    small *= 255 / small.max()
    left, top = (_start(small.sum(axis), size) for axis in (0, 1))
    result = np.zeros((size, size), np.uint8)
    result[top : top + shape[1], left : left + shape[0]] = small.round()
    return result


def _ink_mask(grey: np.ndarray) -> np.ndarray:
    """Mask uint8 (256, 256): 255 for ink and 0 for paper, under uneven light too."""
    low, middle, high = np.percentile(grey, (1, 50, 99))
    if high - middle > middle - low:  # light on dark
        grey = 255 - grey
    # The paper's local brightness is the maximum nearby, as strokes are narrower than 1/5 of the image.
    paper = Image.fromarray(grey).filter(ImageFilter.MedianFilter(3)).resize((COARSE, COARSE))
    for _ in range(3):
        paper = paper.filter(ImageFilter.MaxFilter(5))
    paper = paper.filter(ImageFilter.GaussianBlur(4)).resize(grey.shape, Image.Resampling.BILINEAR)
    darker = np.clip(np.asarray(paper).astype(np.int32) - grey, 0, None)
    strongest = np.percentile(darker, 99.5)
    if strongest < MIN_CONTRAST:
        raise ValueError(NO_INK)
    threshold = _otsu_threshold(darker)
    soft = (darker - 0.8 * threshold) / (0.4 * threshold)
    return (255 * soft.clip(0, 1)).astype(np.uint8)


def _otsu_threshold(values: np.ndarray) -> float:
    """The threshold of values 0 to 255 with the largest variance between classes (Otsu 1979)."""
    counts = np.bincount(values.clip(0, 255).ravel(), minlength=256).astype(np.float64)
    below, total = counts.cumsum(), counts.sum()
    sums = (counts * np.arange(256)).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        between = (sums[-1] * below / total - sums) ** 2 / (below * (total - below))
    return max(MIN_CONTRAST / 2, float(np.nan_to_num(between, posinf=0).argmax()))


def _without_specks(ink: np.ndarray) -> np.ndarray:
    """`ink` without components that are tiny or, as shadows do, touch the edge of the image."""
    step = len(ink) // COARSE
    coarse = ink.reshape(COARSE, step, COARSE, step).max((1, 3)) > 127
    components = _components(coarse)
    inside = [each for each in components if not np.isin(each, (0, COARSE - 1)).any()] or components
    if not inside:
        return ink
    largest = max(map(len, inside))
    kept = np.zeros_like(coarse)
    for component in inside:
        if len(component) >= SPECK * largest:
            kept[tuple(np.array(component).T)] = True
    # Grown by one cell, to keep the soft edges of the strokes.
    grown = Image.fromarray(kept.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(3))
    return np.where(np.asarray(grown).repeat(step, 0).repeat(step, 1) > 0, ink, 0).astype(np.uint8)


def _components(mask: np.ndarray) -> list[list[tuple[int, int]]]:
    """The 8-connected components of `mask`, each a list of cells (row, column)."""
    left, components = set(zip(*np.nonzero(mask), strict=True)), []
    while left:
        component = [left.pop()]
        for row, column in component:  # which grows during the loop
            around = {(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & left
            left -= around
            component.extend(around)
        components.append(component)
    return components


def _thickened(ink: np.ndarray, width: float) -> np.ndarray:
    """Dilate strokes to a width of about `width`: thin ones would fade when the image is scaled down."""
    filled = ink > 127
    edge = filled & ~np.asarray(Image.fromarray(ink).filter(ImageFilter.MinFilter(3)) > np.uint8(127))
    present = 2 * filled.sum() / max(1, edge.sum())  # mean width: area over half the outline
    radius = round((width - present) / 2)
    if radius < 1:
        return ink
    return np.asarray(Image.fromarray(ink).filter(ImageFilter.MaxFilter(2 * radius + 1)))


def _start(mass: np.ndarray, size: int) -> int:
    """The offset that puts the centre of `mass` in the middle of `size`, as far as it then fits in."""
    centre = (mass * (np.arange(len(mass)) + 0.5)).sum() / mass.sum()
    return int(np.clip(round(size / 2 - centre), 0, size - len(mass)))
