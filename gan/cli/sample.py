"""`python -m gan sample` and `interpolate`: pictures of seeds, and the walk between them."""

import argparse

from gan.images.video import film_format
from gan.latent.seeds import latents_of, parse_seeds


def sample(options: argparse.Namespace) -> None:
    """Draw the pictures of seeds into one grid."""
    from gan.common.files import write_bytes
    from gan.images import encode
    from gan.latent.vectors import seed_latents, truncate
    from gan.models.render import render
    from gan.models.storage import load_generator

    generator = load_generator(options.model)
    if options.z:
        z = latents_of(options.z, generator.z_dim)
    else:
        z = seed_latents(parse_seeds(options.seeds), generator.z_dim)
    images = render(generator, truncate(z, options.truncation))
    write_bytes(options.out, encode.png(encode.grid(images), options.scale))
    print(f"{len(z)} pictures in {options.out}")


def interpolate(options: argparse.Namespace) -> None:
    """Write the walk through seeds or latents as an animation, GIF or MP4."""
    from gan.common.files import write_bytes
    from gan.images.video import film
    from gan.latent.vectors import truncate, walk
    from gan.models.render import render
    from gan.models.storage import load_generator

    form = film_format(options.out)
    ends = [str(seed) for seed in (options.seed_from, options.seed_to) if seed is not None]
    if len(ends) not in (0, 2) or bool(ends) == bool(options.keys):
        raise ValueError("Give the ends with --from and --to, or all key pictures with --keys.")
    generator = load_generator(options.model)
    keys = truncate(latents_of(options.keys or ends, generator.z_dim), options.truncation)
    path = walk(keys, options.frames, options.mode, options.closed)
    write_bytes(options.out, film(render(generator, path), form, options.scale))
    print(f"{options.frames} frames in {options.out}")
