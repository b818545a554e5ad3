"""What the arguments of several commands have in common."""

import argparse
from collections.abc import Callable

from gan.common import checks
from gan.models.class_names import class_index
from gan.settings.config import MAX_SEED


def add_command(
    subparsers,
    run: Callable[[argparse.Namespace], None],
    summary: str,
    example: str,
    model: bool = True,
) -> argparse.ArgumentParser:
    """The parser of a command that is called as the function which runs it; `example` ends its help.

    With `model` it has the option --model, which must be given.
    """
    command = subparsers.add_parser(
        run.__name__,
        help=summary,
        description=summary,
        epilog=f"example:\n  python -m gan {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.set_defaults(run=run)
    if model:
        named = "a shipped name (digits, faces, photos), a folder, or a Hub id"
        command.add_argument("--model", required=True, help=named)
    return command


def add_seed(command: argparse.ArgumentParser) -> None:
    command.add_argument("--seed", type=int, default=0, help=f"0 to {MAX_SEED:,} (default: 0)")


def add_image_file(command: argparse.ArgumentParser, out: str, scale: int = 2) -> None:
    """--scale and --out of the image or film that a command writes."""
    pixels = f"draw each pixel this large (default: {scale})"
    command.add_argument("--scale", type=int, default=scale, help=pixels)
    command.add_argument("--out", default=out, help=f"file to write (default: {out})")


def add_class(command: argparse.ArgumentParser, what: str) -> None:
    words = f"the class of {what}, by name or index, of a generator that was trained with classes"
    command.add_argument("--class", dest="class_name", metavar="CLASS", help=words)


def class_of(options: argparse.Namespace, generator) -> int | None:
    """The index of the class that --class names; None without it. ValueError if the generator does not have it."""
    if options.class_name is None:
        return None
    return class_index(options.class_name, generator.classes, generator.class_names, options.model)


def add_picture(command: argparse.ArgumentParser) -> None:
    """--seed and --class of one picture."""
    command.add_argument("--seed", type=int, default=42, help="seed of the picture (default: 42)")
    add_class(command, "the picture")


def latent_of(options: argparse.Namespace, generator):
    """The latent (1, z_dim) of --seed, of the class that --class names if it does."""
    from gan.latent.classes import with_class
    from gan.latent.vectors import seed_latents

    seed, chosen = checks.integer("seed", options.seed, 0, MAX_SEED), class_of(options, generator)
    z = seed_latents([seed], generator.z_dim)
    return z if chosen is None else with_class(z, generator.classes, chosen)


def add_truncation(command: argparse.ArgumentParser) -> None:
    truncation = "0 to 2: below 1 more typical, above 1 more varied (default: 1)"
    command.add_argument("--truncation", type=float, default=1.0, help=truncation)
