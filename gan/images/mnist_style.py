"""A digit that someone wrote on paper, as MNIST has its digits. Free of PyTorch.

MNIST's are white on black, fitted into 20×20 of 28×28 pixels with their proportions kept, and their
centre of mass stands in the middle (LeCun, Bottou, Bengio & Haffner 1998, section III.A); here they are
framed in 32×32. A photograph has shadows, thin or thick pens, and specks besides.
"""

import numpy as np
from PIL import Image, ImageFilter

LOOKED_AT = 256  # side of the picture that ink is looked for in
BOX = 20 / 32  # of the result's side, that the digit's longer side fills
WIDTH = 3 / 20  # of a stroke, in parts of the digit's longer side: MNIST's are about so wide
FAINTEST = 30  # of 255, that ink must differ from the paper around it
SPECK = 0.08  # of the largest piece of ink; smaller ones are no part of the digit
COARSE = 64  # side of the grid that pieces are told apart on
NONE = "without any ink to be seen: write a digit large and dark on plain paper"


def like_mnist(grey: np.ndarray, size: int) -> np.ndarray:
    """uint8 (256, 256) of ink on paper, or chalk on a board -> uint8 (size, size), white on black.

    ValueError, a few words, if nothing on it stands out.
    """
    ink = _largest(_ink(grey))
    rows, columns = np.flatnonzero(ink.max(1) > 127), np.flatnonzero(ink.max(0) > 127)
    if not len(rows):
        raise ValueError(NONE)
    side = max(rows[-1] - rows[0], columns[-1] - columns[0]) + 1
    ink = _thickened(ink, WIDTH * side)
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


def _ink(grey: np.ndarray) -> np.ndarray:
    """uint8 (256, 256): 255 where there is ink, 0 where there is paper, whatever its shade there."""
    low, middle, high = np.percentile(grey, (1, 50, 99))
    if high - middle > middle - low:  # chalk
        grey = 255 - grey
    # Paper is the lightest nearby; a pen is narrower than a fifth of the picture.
    paper = Image.fromarray(grey).filter(ImageFilter.MedianFilter(3)).resize((COARSE, COARSE))
    for _ in range(3):
        paper = paper.filter(ImageFilter.MaxFilter(5))
    paper = paper.filter(ImageFilter.GaussianBlur(4)).resize(grey.shape, Image.Resampling.BILINEAR)
    darker = np.clip(np.asarray(paper).astype(np.int32) - grey, 0, None)
    strongest = np.percentile(darker, 99.5)
    if strongest < FAINTEST:
        raise ValueError(NONE)
    threshold = _between(darker)
    soft = (darker - 0.8 * threshold) / (0.4 * threshold)
    return (255 * soft.clip(0, 1)).astype(np.uint8)


def _between(values: np.ndarray) -> float:
    """The threshold that parts values 0 to 255 into two groups best (Otsu 1979)."""
    counts = np.bincount(values.clip(0, 255).ravel(), minlength=256).astype(np.float64)
    below, total = counts.cumsum(), counts.sum()
    sums = (counts * np.arange(256)).cumsum()
    with np.errstate(divide="ignore", invalid="ignore"):
        apart = (sums[-1] * below / total - sums) ** 2 / (below * (total - below))
    return max(FAINTEST / 2, float(np.nan_to_num(apart, posinf=0).argmax()))


def _largest(ink: np.ndarray) -> np.ndarray:
    """`ink` without specks, and without what only reaches in from the edge, as shadows do."""
    step = len(ink) // COARSE
    coarse = ink.reshape(COARSE, step, COARSE, step).max((1, 3)) > 127
    pieces = _pieces(coarse)
    inside = [piece for piece in pieces if not _touches(piece)] or pieces
    if not inside:
        return ink
    most = max(map(len, inside))
    kept = np.zeros_like(coarse)
    for piece in inside:
        if len(piece) >= SPECK * most:
            kept[tuple(np.array(piece).T)] = True
    # One cell more around them: soft edges.
    grown = Image.fromarray(kept.astype(np.uint8) * 255).filter(ImageFilter.MaxFilter(3))
    return np.where(np.asarray(grown).repeat(step, 0).repeat(step, 1) > 0, ink, 0).astype(np.uint8)


def _pieces(mask: np.ndarray) -> list[list[tuple[int, int]]]:
    """The cells of `mask` in groups that hang together, corners included."""
    left, pieces = set(zip(*np.nonzero(mask), strict=True)), []
    while left:
        piece = [left.pop()]
        for row, column in piece:  # grows on the way
            around = {(row + i, column + j) for i in (-1, 0, 1) for j in (-1, 0, 1)} & left
            left -= around
            piece.extend(around)
        pieces.append(piece)
    return pieces


def _touches(piece: list[tuple[int, int]]) -> bool:
    cells = np.array(piece)
    return bool(cells.min() == 0 or cells.max() == COARSE - 1)


def _thickened(ink: np.ndarray, width: float) -> np.ndarray:
    """Strokes at least about `width` wide: a thin pen's would fade when they are made small."""
    filled = ink > 127
    edge = filled & ~np.asarray(Image.fromarray(ink).filter(ImageFilter.MinFilter(3)) > np.uint8(127))
    has = 2 * filled.sum() / max(1, edge.sum())
    more = round((width - has) / 2)
    if more < 1:
        return ink
    return np.asarray(Image.fromarray(ink).filter(ImageFilter.MaxFilter(2 * more + 1)))


def _start(mass: np.ndarray, size: int) -> int:
    """Where `mass` must begin for its centre to stand in the middle of `size`, and it to fit in."""
    centre = (mass * (np.arange(len(mass)) + 0.5)).sum() / mass.sum()
    return int(np.clip(round(size / 2 - centre), 0, size - len(mass)))
