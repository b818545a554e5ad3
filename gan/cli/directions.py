"""What `python -m gan directions` does: look for a generator's named directions and keep them."""

import argparse
from pathlib import Path

from gan.common import checks


def directions(options: argparse.Namespace) -> None:
    """Write the named directions of a model, where the page finds them: beside its weights."""
    from gan.latent.direction_files import NAME, write_directions
    from gan.latent.named_directions import find_named, trained_on
    from gan.models.storage import find_generator, load_generator

    samples = checks.integer("samples", options.samples, 8, 4096)
    generator = load_generator(options.model)
    folder = find_generator(options.model)
    sets = find_named(generator, options.data or trained_on(folder), samples)
    out = Path(options.out or folder / NAME)
    write_directions(out, sets, folder / "model.safetensors")
    for each in sets:
        print(f"{each.title}: {', '.join(one.name for one in each.directions)}")
    print(f"in {out}")
