"""`python -m gan mix`: the form of one picture in the colours of another."""

import argparse

from gan.cli.arguments import add_command, add_image_file

MAX_PICTURES = 1000


def mix(options: argparse.Namespace) -> None:
    """A grid of all mixtures: above it the pictures of --forms, left of it those of --colours."""
    import numpy as np

    from gan.common.files import check_output_file, write_bytes
    from gan.data.image_tensors import to_uint8
    from gan.images import encode
    from gan.inside.mixing import matrix
    from gan.latent.seeds import parse_seeds
    from gan.latent.vectors import seed_latents
    from gan.models.render import render
    from gan.models.storage import load_generator

    form = encode.image_format(options.out)
    forms, colours = parse_seeds(options.forms), parse_seeds(options.colours)
    check_output_file(options.out)
    generator = load_generator(options.model)
    count = (len(forms) + 1) * (len(colours) + 1)
    if count > MAX_PICTURES:
        raise ValueError(f"The grid would have {count:,} pictures, of at most {MAX_PICTURES:,}.")
    encode.check_sheet(count, generator.size, form, options.scale, len(forms) + 1)
    columns, rows = (seed_latents(seeds, generator.z_dim) for seeds in (forms, colours))
    mixed = to_uint8(matrix(generator, columns, rows, options.share, options.level))
    above, left = render(generator, columns), render(generator, rows)
    lines = [np.full_like(above[:1], 255), above]
    for head, line in zip(left, np.split(mixed, len(rows)), strict=True):
        lines += [head[None], line]
    pictures = np.concatenate(lines)
    write_bytes(
        options.out, encode.image_file(encode.grid(pictures, len(columns) + 1), form, options.scale)
    )
    print(f"{len(mixed)} mixtures in {options.out}")


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        mix,
        "Draw the forms of some seeds in the colours of others.",
        "mix --model faces --forms 5,7,11 --colours 23,42 --out mixed.png",
    )
    command.add_argument("--forms", required=True, help="seeds of the columns, as 7, 0-7 or 1,5,9-12")
    command.add_argument(
        "--colours", required=True, help="seeds of the rows, which give colours or details"
    )
    share = "how much of these, 0 to 1 (default: 1)"
    command.add_argument("--share", type=float, default=1.0, help=share)
    level = "from which later use of z on they count, 0 is the first (default: 0)"
    command.add_argument("--level", type=int, default=0, help=level)
    add_image_file(command, "mixed.png", scale=1)
