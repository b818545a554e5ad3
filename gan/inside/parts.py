"""The parts of what a generator draws: of drawn faces known ones, of digits ink, of anything else found ones."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.inside.layers import Inside

CLUSTERS = 6
SAMPLES, ROUNDS = 100, 12  # of k-means
INKED = ("mnist", "glyphs")  # bright strokes on a dark ground
INK = 0.0  # the brightness from which a pixel is ink
# A few colours by their names, RGB.
COLOURS = {
    "black": (20, 20, 20), "grey": (128, 128, 128), "white": (240, 240, 240), "red": (200, 50, 50),
    "orange": (230, 140, 60), "yellow": (230, 215, 110), "green": (80, 160, 80), "cyan": (110, 190, 195),
    "blue": (70, 110, 200), "purple": (130, 85, 180), "pink": (235, 150, 180), "brown": (110, 70, 45),
    "beige": (225, 190, 155),
}  # fmt: skip


@dataclass(frozen=True)
class Parts:
    """`masks` gives the index in `names` of each pixel of pictures (N, C, S, S): int64 (N, S, S)."""

    names: tuple[str, ...]
    masks: Callable[[Tensor], Tensor]


def parts_of(inside: Inside, data: str) -> Parts:
    """The parts of what a generator draws that was trained on `data`."""
    if data == "faces" and inside.generator.channels == 3:
        return _face_parts()
    if data in INKED and inside.generator.channels == 1:
        return Parts(("paper", "ink"), lambda pictures: (pictures[:, 0] > INK).long())
    return _found_parts(inside)


def _face_parts() -> Parts:
    """Those of drawn faces, as the shipped segmenter sees them."""
    from gan.drawn.faces import PARTS
    from gan.models.part_segmenter import load_segmenter

    segmenter = load_segmenter()

    @torch.no_grad()
    def masks(pictures: Tensor) -> Tensor:
        return segmenter(pictures).argmax(1)

    return Parts(PARTS, masks)


def _found_parts(inside: Inside, seed: int = 0) -> Parts:
    """Clusters of the colours and places of pixels: where the same colour is usually found, by k-means."""
    rng = torch.Generator().manual_seed(seed)
    z = torch.randn(SAMPLES, inside.generator.z_dim, generator=rng)
    pictures = torch.cat([inside.run(some)[0] for some in z.split(25)])
    points = _described(F.adaptive_avg_pool2d(pictures, 16))
    centres = k_means(points, CLUSTERS, rng)
    channels = inside.generator.channels
    names = _distinct([colour_name(centre[:channels]) for centre in centres])

    def masks(pictures: Tensor) -> Tensor:
        side = pictures.shape[-1]
        return torch.cdist(_described(pictures), centres).argmin(1).unflatten(0, (-1, side, side))

    return Parts(names, masks)


def _described(pictures: Tensor) -> Tensor:
    """Of each pixel its colour and its place: (N·S·S, channels + 2), all from -1 to 1."""
    count, _, side, _ = pictures.shape
    line = torch.linspace(-1, 1, side)
    place = torch.stack(torch.meshgrid(line, line, indexing="ij")).expand(count, -1, -1, -1)
    return torch.cat([pictures, place], 1).movedim(1, -1).flatten(0, 2)


def k_means(points: Tensor, count: int, rng: torch.Generator) -> Tensor:
    """Centres (count, D) of points (N, D): Lloyd's algorithm, begun as by Arthur & Vassilvitskii 2007 (k-means++)."""
    centres = points[torch.randint(len(points), (1,), generator=rng)]
    for _ in range(count - 1):
        far = torch.cdist(points, centres).min(1).values.square()
        chosen = torch.multinomial((far + 1e-12)[: 2**24], 1, generator=rng)
        centres = torch.cat([centres, points[chosen]])
    for _ in range(ROUNDS):
        nearest = torch.cdist(points, centres).argmin(1)
        for index in range(count):
            mine = points[nearest == index]
            if len(mine):
                centres[index] = mine.mean(0)
    return centres


def colour_name(colour: Tensor) -> str:
    """The nearest of COLOURS to a colour (1,) or (3,) in [-1, 1]."""
    rgb = (colour.expand(3) + 1) * 127.5
    names = list(COLOURS)
    table = torch.tensor([COLOURS[name] for name in names], dtype=rgb.dtype)
    return names[int((table - rgb).square().sum(1).argmin())]


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Names of which none is twice: blue, blue 2, …"""
    seen: dict[str, int] = {}
    result = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        result.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return tuple(result)
