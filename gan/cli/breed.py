"""`python -m gan breed` and `combine`: children of pictures, and sums of what they mean."""

import argparse
from collections.abc import Callable

from gan.cli.arguments import add_class, add_command, add_image_file, class_of
from gan.latent.recipe import litter, litter_of_sum


def breed(options: argparse.Namespace) -> None:
    """Draw the children of one seed, of two, or of a recipe from the page, into one grid."""
    if (options.seed is None) == (options.recipe is None):
        raise ValueError("Say either --seed, perhaps with --other, or --recipe.")
    if options.recipe is not None and options.class_name is not None:
        raise ValueError(
            "--class belongs to --seed: a recipe holds its class itself, as in 42.c0d35s1k3."
        )
    roots = [str(root) for root in (options.seed, options.other) if root is not None]

    def recipe_of(label: int | None) -> str:
        return options.recipe or litter(roots, options.difference, options.litter, label)

    born, recipe = _draw(options, recipe_of)
    print(f"{born} children in {options.out}, recipe {recipe}")


def combine(options: argparse.Namespace) -> None:
    """Draw a sum of pictures, first, and pictures near it, into one grid."""
    from gan.latent.seeds import parse_seeds

    groups = [parse_seeds(text) for text in (options.plus, options.minus, options.onto)]

    def recipe_of(label: int | None) -> str:
        return litter_of_sum(*groups, options.difference, options.litter, label)

    born, recipe = _draw(options, recipe_of, with_parent=True)
    print(f"the sum and {born} pictures near it in {options.out}, recipe {recipe}")


def _draw(
    options: argparse.Namespace, recipe_of: Callable[[int | None], str], with_parent: bool = False
) -> tuple[int, str]:
    """Draw what `recipe_of(class)` grows into: (number of children, recipe)."""
    import torch

    from gan.common.files import check_output_file, write_bytes
    from gan.images import encode
    from gan.latent.lineage import grow
    from gan.models.render import render
    from gan.models.storage import load_generator

    form = encode.image_format(options.out)
    check_output_file(options.out)
    recipe_of(None)  # checked before the model is loaded
    generator = load_generator(options.model)
    recipe = recipe_of(class_of(options, generator))
    family = grow(recipe, generator.z_dim, options.children, generator.classes)
    if not len(family.litter):
        raise ValueError("The recipe must end in a litter, such as 42.c0d35s1.")
    z = torch.cat([family.latents[-1:], family.litter]) if with_parent else family.litter
    images = render(generator, z)
    write_bytes(options.out, encode.image_file(encode.grid(images), form, options.scale))
    return len(family.litter), recipe


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        breed,
        "Draw the children of a picture, or of two, into one grid.",
        "breed --model faces --seed 42 --difference 0.5 --children 16 --out children.png",
    )
    command.add_argument("--seed", type=int, help="the parent's seed")
    command.add_argument("--other", type=int, help="a second parent's seed: the children are mixtures")
    command.add_argument("--recipe", help="or a recipe from the page, such as 42.c0d35s1i7.c1d35s2")
    _add_litter(command, 0.4, "children.png")

    command = add_command(
        subparsers,
        combine,
        "Add what some pictures have and others lack to one: plus - minus + onto, each averaged.",
        "combine --model faces --plus 29,57,83,105 --minus 2,13,62,67 --onto 44 --out sum.png",
    )
    for name, role in (("plus", "have it"), ("minus", "lack it"), ("onto", "are to get it")):
        seeds = f"seeds of pictures that {role}, as 3,14"
        command.add_argument(f"--{name}", required=True, help=seeds)
    _add_litter(command, 0.1, "sum.png")


def _add_litter(command: argparse.ArgumentParser, difference: float, out: str) -> None:
    between = f"0 (twins) to 1 (strangers), in hundredths (default: {difference:g})"
    command.add_argument("--difference", type=float, default=difference, help=between)
    command.add_argument("--children", type=int, default=16, help="1 to 64 (default: 16)")
    command.add_argument("--litter", type=int, default=0, help="another number, others (default: 0)")
    add_class(command, "all children")
    add_image_file(command, out)
