"""`python -m gan sample` and `interpolate`: pictures of seeds, and the walk between them."""

import argparse

from gan.cli.arguments import add_class, add_command, add_image_file, add_truncation, class_of
from gan.images.video import film_format
from gan.latent.limits import MAX_FRAMES, MODES
from gan.latent.seeds import latents_of, parse_moves, parse_numbers, parse_seeds


def sample(options: argparse.Namespace) -> None:
    from gan.common.files import check_output_file, write_bytes
    from gan.images import encode
    from gan.latent.classes import keep_class, with_class
    from gan.latent.moves import move
    from gan.latent.vectors import seed_latents, truncate
    from gan.models.render import render
    from gan.models.storage import load_generator

    form = encode.image_format(options.out)
    moves, numbers = parse_moves(options.move), parse_numbers(options.number)
    check_output_file(options.out)
    generator = load_generator(options.model)
    chosen = class_of(options, generator)
    if options.z:
        z = latents_of(options.z, generator.z_dim)
    else:
        z = seed_latents(parse_seeds(options.seeds), generator.z_dim)
    encode.check_sheet(len(z), generator.size, form, options.scale)
    if chosen is not None:
        z = with_class(z, generator.classes, chosen)
    z = truncate(z, options.truncation)
    if moves or numbers:
        z = move(options.model, z, **moves, numbers=numbers)
    if chosen is not None:
        z = keep_class(z, generator.classes, chosen)
    images = _edited(options, generator, z) if options.edits else render(generator, z)
    write_bytes(options.out, encode.image_file(encode.grid(images), form, options.scale))
    print(f"{len(z)} pictures in {options.out}")


def _edited(options: argparse.Namespace, generator, z):
    from gan.inside.look import Look
    from gan.models.storage import find_generator

    return Look(generator, find_generator(options.model)).pictures(z, options.edits)


def interpolate(options: argparse.Namespace) -> None:
    from gan.common.files import check_output_file, write_bytes
    from gan.images.video import film
    from gan.latent.vectors import truncate_in_class, walk
    from gan.models.render import render
    from gan.models.storage import load_generator

    form = film_format(options.out)
    check_output_file(options.out)
    ends = [str(seed) for seed in (options.seed_from, options.seed_to) if seed is not None]
    if len(ends) not in (0, 2) or bool(ends) == bool(options.keys):
        raise ValueError("Give the ends with --from and --to, or all key pictures with --keys.")
    generator = load_generator(options.model)
    chosen, keys = class_of(options, generator), latents_of(options.keys or ends, generator.z_dim)
    keys = truncate_in_class(keys, options.truncation, generator.classes, chosen)
    path = walk(keys, options.frames, options.mode, options.closed)
    write_bytes(options.out, film(render(generator, path), form, options.scale))
    print(f"{options.frames} frames in {options.out}")
    if generator.classes:
        _print_changes(path, generator)


def _print_changes(path, generator) -> None:
    """Where the walk jumps, because z names another class from there on."""
    from gan.latent.classes import class_changes

    (_, before), *changes = class_changes(path, generator.classes)
    for frame, after in changes:
        titles = f"{generator.class_title(before)} to {generator.class_title(after)}"
        print(f"the class changes from {titles} at frame {frame + 1}")
        before = after


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        sample,
        "Draw the pictures of some seeds into one grid.",
        "sample --model digits --seeds 0-63 --truncation 1.0 --out grid.png",
    )
    command.add_argument("--seeds", default="0-63", help="as 7, 0-63 or 1,5,9-12 (default: 0-63)")
    latents = "in place of seeds: latents as the page's command lines hold them"
    command.add_argument("--z", nargs="+", metavar="z:TEXT", help=latents)
    add_class(command, "all pictures")
    add_truncation(command)
    move = "along a direction by its name, -3 to 3, as 'dark skin=1.5' or, of another set, sefa:3=-2; may be repeated"
    command.add_argument("--move", action="append", default=[], metavar="NAME=AMOUNT", help=move)
    number = "one number of z, by its index, as 12=0.5; may be repeated"
    command.add_argument("--number", action="append", default=[], metavar="INDEX=VALUE", help=number)
    edits = "changes as the page's links hold them, as 2.17x0,1.40only,z1.seed.42x0.7 (gan/inside/edit_text.py)"
    command.add_argument("--edits", default="", metavar="TEXT", help=edits)
    add_image_file(command, "grid.png")

    command = add_command(
        subparsers,
        interpolate,
        "Walk from the picture of one seed to that of another, or through several.",
        "interpolate --model faces --from 1 --to 2 --frames 30 --mode slerp --out walk.gif",
    )
    command.add_argument("--from", dest="seed_from", type=int, help="first seed")
    command.add_argument("--to", dest="seed_to", type=int, help="last seed")
    keys = "in place of --from and --to: two or more seeds, or latents as the page writes them"
    command.add_argument("--keys", nargs="+", metavar="KEY", help=keys)
    command.add_argument("--frames", type=int, default=30, help=f"2 to {MAX_FRAMES} (default: 30)")
    command.add_argument("--mode", default=MODES[0], help=f"{' or '.join(MODES)} (default: {MODES[0]})")
    command.add_argument("--closed", action="store_true", help="return to the first picture")
    add_class(command, "all key pictures, and so of the whole walk")
    add_truncation(command)
    add_image_file(command, "walk.gif")
