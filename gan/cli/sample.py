"""`python -m gan sample` and `interpolate`: pictures of seeds, and the walk between them."""

import argparse

from gan.images.video import film_form
from gan.latent.seeds import latents_of, parse_seeds

AT_ONCE = 8


def sample(options: argparse.Namespace) -> None:
    """Draw the pictures of seeds into one grid."""
    import torch

    from gan.common.files import write_bytes
    from gan.data.image_tensors import to_uint8
    from gan.images import encode
    from gan.latent.vectors import seed_latents, truncate
    from gan.models.storage import load_generator

    generator = load_generator(options.model)
    if options.z:
        z = latents_of(options.z, generator.z_dim)
    else:
        z = seed_latents(parse_seeds(options.seeds), generator.z_dim)
    z = truncate(z, options.truncation)
    with torch.inference_mode():
        images = to_uint8(torch.cat([generator(batch) for batch in z.split(256)]))
    write_bytes(options.out, encode.png(encode.grid(images), options.scale))
    print(f"{len(z)} pictures in {options.out}")


def interpolate(options: argparse.Namespace) -> None:
    """Write the walk through seeds or latents as an animation, GIF or MP4."""
    import torch

    from gan.common.files import write_bytes
    from gan.data.image_tensors import to_uint8
    from gan.images.video import film
    from gan.latent.vectors import truncate, walk
    from gan.models.storage import load_generator

    form = film_form(options.out)
    ends = [str(seed) for seed in (options.seed_from, options.seed_to) if seed is not None]
    if len(ends) not in (0, 2) or bool(ends) == bool(options.keys):
        raise ValueError("Give the ends with --from and --to, or all key pictures with --keys.")
    generator = load_generator(options.model)
    keys = truncate(latents_of(options.keys or ends, generator.z_dim), options.truncation)
    path = walk(keys, options.frames, options.mode, options.closed)
    with torch.inference_mode():
        # As the page draws them: a sum may depend on the size of a batch in its last digit.
        images = to_uint8(torch.cat([generator(batch) for batch in path.split(AT_ONCE)]))
    write_bytes(options.out, film(images, form, options.scale))
    print(f"{options.frames} frames in {options.out}")
