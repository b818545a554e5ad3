"""`python -m gan critic`: what a generator's discriminator says of a picture, and which pixels it says so for."""

import argparse

import numpy as np

from gan.cli.arguments import add_command, add_image_file, add_picture, latent_of


def critic(options: argparse.Namespace) -> None:
    """Print the logit, and draw the picture, what each pixel adds to it (integrated gradients), and how far it falls
    when a square is hidden, side by side: orange speaks for real, blue for fake."""
    import torch

    from gan.common.files import check_output_file, write_bytes
    from gan.data.image_tensors import to_uint8
    from gan.images import encode
    from gan.inside.critic import integrated_gradients, occlusion, painted
    from gan.models.render import single_thread
    from gan.models.storage import find_generator
    from gan.training.kept_critic import critic_of, kept_discriminator

    form = encode.image_format(options.out)
    check_output_file(options.out)
    d = kept_discriminator(find_generator(options.model))
    encode.check_sheet(3, d.size, form, options.scale, 3)
    with single_thread():
        picture, label = _given(options, d) if options.picture else _drawn(options)
        judge, grey = critic_of(d, label), torch.zeros_like(picture)
        said = integrated_gradients(judge, picture, grey)
        hidden = occlusion(judge, picture, grey)
    shown = to_uint8(picture.expand(3, -1, -1)[None])[0]
    sheet = encode.grid(np.stack([shown, painted(said.pixels), painted(hidden)]), 3)
    write_bytes(options.out, encode.image_file(sheet, form, options.scale))
    print(
        f"logit {said.logit:.3f}, of grey {said.baseline:.3f}; the pixels add up to the difference but for "
        f"{said.missing:.2%} of it, in {said.steps} steps; in {options.out}"
    )


def _given(options: argparse.Namespace, d) -> tuple:
    """The picture of a file (C, S, S) in [-1, 1], and the class that d finds most real for it."""
    import torch

    from gan.data.archives import read_file
    from gan.data.image_tensors import to_float
    from gan.images.decode import decode_square
    from gan.training.kept_critic import likeliest_class

    try:
        pixels = decode_square(read_file(options.picture), d.size, d.channels)
    except ValueError as error:
        raise ValueError(f"--picture {options.picture}: {str(error).rstrip('.')}.") from error
    picture = to_float(torch.from_numpy(pixels.copy()).permute(2, 0, 1)[None])
    return picture[0], likeliest_class(d, picture)


def _drawn(options: argparse.Namespace) -> tuple:
    """The generator's picture of a seed (C, S, S) in [-1, 1], and its class."""
    import torch

    from gan.models.storage import load_generator

    generator = load_generator(options.model)
    z = latent_of(options, generator)
    with torch.no_grad():
        return generator(z)[0], int(generator.classes_of(z)) if generator.classes else 0


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        critic,
        "What a generator's discriminator says of a picture, and for which pixels.",
        "critic --model faces --seed 5 --out critic.png",
    )
    add_picture(command)
    picture = "a picture file that is judged instead, cropped to a square"
    command.add_argument("--picture", metavar="FILE", help=picture)
    add_image_file(command, "critic.png")
