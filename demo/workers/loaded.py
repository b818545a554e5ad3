"""What the rendering process knows of a generator: the network, its facts, and its sets of directions."""

import functools
from dataclasses import asdict, dataclass
from pathlib import Path

from demo.workers.messages import GeneratorSource
from gan.common.files import digest
from gan.data.load import load_images
from gan.data.sources import natural_shape
from gan.images.encode import webp
from gan.inside.look import Look
from gan.latent.direction_files import read_directions
from gan.latent.directions import SETS, pca_set, sefa_set
from gan.latent.named_directions import find_named, trained_on
from gan.models.discriminator import Discriminator
from gan.models.flops import multiply_adds, parameter_count
from gan.models.generator import Generator
from gan.models.registry import WEIGHTS_FILE, kept_steps
from gan.models.render import DRAFT, ReproducibleRenderer
from gan.models.storage import find_generator, load_generator
from gan.training.kept_critic import kept_discriminator

MAX_THUMBNAILS = 64


@dataclass(frozen=True)
class LoadedGenerator:
    """A generator, and the facts that the page shows about it."""

    generator: Generator
    info: dict
    folder: Path

    @functools.cached_property
    def renderer(self) -> ReproducibleRenderer:
        return ReproducibleRenderer(self.generator)

    @functools.cached_property
    def draft(self) -> ReproducibleRenderer:
        """Draws at most 64×64, which costs less; of smaller generators the renderer itself."""
        small = self.generator.size <= DRAFT
        return self.renderer if small else ReproducibleRenderer(self.generator, draft=True)

    @functools.cached_property
    def look(self) -> Look:
        """Looks into the generator; ValueError where there is nothing to look at. For one thread (inside.py)."""
        return Look(self.generator, self.folder, finds=False)

    @functools.cached_property
    def discriminator(self) -> Discriminator:
        """The one that was kept with the generator; ValueError where there is none."""
        return kept_discriminator(self.folder)

    @functools.cached_property
    def judged(self) -> dict[int, dict]:
        """What it said of real pictures, by their place (inside.py)."""
        return {}


def load_source(source: GeneratorSource) -> LoadedGenerator:
    """Load a generator and collect its facts; ValueError says why it cannot be loaded."""
    generator = load_generator(source.location, source.roots)
    folder = find_generator(source.location, source.roots)
    info = {
        "name": source.name,
        "size": generator.size,
        "channels": generator.channels,
        "z_dim": generator.z_dim,
        "classes": generator.classes,
        "class_names": list(generator.class_names),
        "parameters": parameter_count(generator),
        "multiply_adds": multiply_adds(generator),
        "weights": digest(folder / WEIGHTS_FILE)[:12],
        "sets": list_direction_sets(generator, folder),
        "kept_steps": kept_steps(folder),
    }
    return LoadedGenerator(generator, info, folder)


def list_direction_sets(generator: Generator, folder: Path) -> list[dict]:
    """The stored sets of directions, and placeholders (directions: None) for those that can be computed."""
    try:
        stored = read_directions(folder, generator.z_dim)
    except ValueError:  # made for other weights, or damaged: treated as absent
        stored = ()
    sets = {each.key: asdict(each) for each in (*stored, sefa_set(generator))}
    for key in ("named", "pca"):
        title, hint = SETS[key]
        sets.setdefault(key, {"key": key, "title": title, "hint": hint, "directions": None})
    return [sets[key] for key in SETS if key in sets]


def find_direction_sets(loaded: LoadedGenerator, key: str) -> list[dict]:
    """Compute the set `key` ("pca"), or all sets of named directions (any other key)."""
    generator = loaded.generator
    sets = [pca_set(generator)] if key == "pca" else find_named(generator, trained_on(loaded.folder))
    return [asdict(each) for each in sets]


@functools.cache
def thumbnails(source: str) -> bytes:
    """A WebP grid of a local dataset's first pictures."""
    size, channels = natural_shape(source)
    images = load_images(source, size, channels, MAX_THUMBNAILS)
    return webp(images.pixels.permute(0, 2, 3, 1).numpy())
