"""The map of a latent space: thousands of its pictures, and real ones among them, with a place in the plane each."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gan.common import checks
from gan.data.load import load_images
from gan.images.encode import previews
from gan.latent.vectors import seed_latents
from gan.maps.tsne import EVERY, STEPS, tsne
from gan.metrics import feature_spaces as spaces
from gan.models.generator import Generator
from gan.models.render import DRAFT, ReproducibleRenderer

SAMPLES, MIN_SAMPLES, MAX_SAMPLES = 1000, 50, 4000
REALS = 500
REAL_SEED = 88_001  # of drawn pictures that no run trains on
SIDE = 32  # of a thumbnail, at most
BATCH = 64
COMPONENTS = 40  # of the features, by which pictures are compared


@dataclass(frozen=True)
class LatentMap:
    """`places` float32 (N, 2) from 0 to 1; `pictures` uint8 (N, side, side, channels).

    The first `fakes` are those of seeds 0, 1, …, the rest are real. `classes` int64 (fakes,) are those that the
    generator draws, and `names` what they are called; None and () for one without classes.
    """

    places: np.ndarray
    pictures: np.ndarray
    fakes: int
    classes: np.ndarray | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Progress:
    """What is being done, how far it is (0 to 1), and at the end the map."""

    doing: str
    part: float
    made: LatentMap | None = None


def draw_map(
    generator: Generator,
    data: str = "",
    samples: int = SAMPLES,
    reals: int = REALS,
    **how: str,
) -> Iterator[Progress]:
    """The map of seeds 0 to `samples` - 1; the last Progress has it.

    `data`: what the generator was trained on, if known: its classifier's features tell what is alike, and `reals` of
    its test pictures (those of the training set, where there is no other) lie on the map too, as many as there are, cut
    as `how` says, as `load_images` has it (fit, background). Without, features are those of random convolutions.
    ValueError for `samples` outside 50 to 4,000, `reals` outside 0 to 4,000, or data that cannot be read.
    """
    samples = checks.integer("samples", samples, MIN_SAMPLES, MAX_SAMPLES)
    reals = checks.integer("reals", reals, 0, MAX_SAMPLES)
    z = seed_latents(range(samples), generator.z_dim)
    real = real_pictures(generator, data, reals, **how)
    drawn = []
    renderer = ReproducibleRenderer(generator, draft=True)
    for part in z.split(BATCH):
        yield Progress(f"Drawing {samples:,} pictures", 0.5 * BATCH * len(drawn) / samples)
        drawn.append(renderer(part))
    pictures = np.concatenate([*drawn, real])
    yield Progress("Comparing them", 0.5)
    pixels = torch.from_numpy(pictures).permute(0, 3, 1, 2).contiguous()
    features = features_of(pixels, data, generator)
    for turn, places in enumerate(tsne(features), 1):  # noqa: B007, the last ones are used
        yield Progress("Laying out the map", 0.6 + 0.4 * min(1.0, EVERY * turn / STEPS))
    classes = generator.classes_of(z).numpy() if generator.classes else None
    names = tuple(generator.class_names or ())
    made = LatentMap(in_square(places.numpy()), previews(pictures, SIDE), samples, classes, names)
    yield Progress("Done", 1.0, made)


def real_pictures(generator: Generator, data: str, count: int, **how: str) -> np.ndarray:
    """Pictures of `data` as large as drafts of the generator, uint8 (count, side, side, C), or as many as there are."""
    if not data or not count:
        side = min(generator.size, DRAFT)
        return np.empty((0, side, side, generator.channels), np.uint8)
    shape = (generator.size, generator.channels)
    images = load_images(data, *shape, max(count, 2), "test", REAL_SEED, **how)
    return previews(images.pixels.permute(0, 2, 3, 1).numpy())[:count]


def features_of(pixels: Tensor, data: str, generator: Generator) -> Tensor:
    """What pictures, uint8 (N, C, S, S), are compared by: float32 (N, d)."""
    space = spaces.space_for(data, generator.channels, generator.size)
    return spaces.principal_components(spaces.cached(space), pixels, COMPONENTS)(pixels)


def in_square(y: np.ndarray) -> np.ndarray:
    """Positions (N, 2) moved and scaled, both axes alike, into the square from 0 to 1."""
    low, high = y.min(0), y.max(0)
    side = max(float((high - low).max()), 1e-12)
    return ((y - (low + high) / 2) / side + 0.5).clip(0.0, 1.0).astype(np.float32)


def laid_out(made: LatentMap, cells: int = 48) -> np.ndarray:
    """The map as one picture of cells × cells thumbnails, (H, W, C): in each cell its first picture, drawn before real;
    white where there is none."""
    side, channels = made.pictures.shape[1], made.pictures.shape[3]
    sheet = np.full((cells, cells, side, side, channels), 255, np.uint8)
    rows = np.minimum((made.places * cells).astype(int), cells - 1)
    for index in reversed(range(len(rows))):
        x, y = rows[index]
        sheet[y, x] = made.pictures[index]
    return sheet.swapaxes(1, 2).reshape(cells * side, cells * side, channels)
