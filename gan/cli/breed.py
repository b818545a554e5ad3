"""`python -m gan breed` and `combine`: children of pictures, and sums of what they mean."""

import argparse

from gan.latent.recipe import litter, litter_of_sum


def breed(options: argparse.Namespace) -> None:
    """Draw the children of one seed, of two, or of a recipe from the page, into one grid."""
    recipe = options.recipe
    if (options.seed is None) == (recipe is None):
        raise ValueError("Say either --seed, perhaps with --other, or --recipe.")
    if recipe is None:
        roots = [options.seed] if options.other is None else [options.seed, options.other]
        recipe = litter([str(root) for root in roots], options.difference, options.litter)
    born = _draw(options, recipe)
    print(f"{born} children in {options.out}, recipe {recipe}")


def combine(options: argparse.Namespace) -> None:
    """Draw a sum of pictures, first, and pictures near it, into one grid."""
    from gan.latent.seeds import parse_seeds

    groups = [parse_seeds(text) for text in (options.plus, options.minus, options.onto)]
    recipe = litter_of_sum(*groups, options.difference, options.litter)
    born = _draw(options, recipe, with_parent=True)
    print(f"the sum and {born} pictures near it in {options.out}, recipe {recipe}")


def _draw(options: argparse.Namespace, recipe: str, with_parent: bool = False) -> int:
    import torch

    from gan.common.files import write_bytes
    from gan.images import encode
    from gan.latent.lineage import grow
    from gan.models.render import render
    from gan.models.storage import load_generator

    generator = load_generator(options.model)
    family = grow(recipe, generator.z_dim, options.children)
    if not len(family.litter):
        raise ValueError("The recipe must end in a litter, such as 42.c0d35s1.")
    z = torch.cat([family.people[-1:], family.litter]) if with_parent else family.litter
    images = render(generator, z)
    write_bytes(options.out, encode.png(encode.grid(images), options.scale))
    return len(family.litter)
