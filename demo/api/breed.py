"""The endpoints of Breed: children of pictures, and sums of what they mean."""

import numpy as np

from demo.api.expose import Answers, expose, number, picture, text
from demo.backend.generators import DEFAULT_MODEL
from demo.backend.services import Services
from demo.tabs.handlers import errors_as_messages
from gan.common import checks
from gan.images import encode
from gan.latent.recipe import litter, litter_of_sum
from gan.latent.seeds import parse_seeds


def build(services: Services, answers: Answers) -> None:
    """Register /breed and /combine."""

    def drawn(model: str, recipe: str, children: int, with_parent: bool = False) -> str:
        loaded = services.generators.open(model)
        people, born = loaded.grow(recipe, children).result()
        if not len(born):
            raise ValueError("The recipe must end in a litter, such as 42.c0d35s1.")
        z = np.concatenate([people[-1:], born]) if with_parent else born
        return answers.fresh("children.png", encode.png(encode.grid(loaded.draw(z).result())))

    @errors_as_messages
    def draw_children(model, parents, difference, children, seed):
        """Draw the children of one picture, or of two, on one sheet, as PNG; also their recipe.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            parents: One seed, or two such as 42, 7; or a recipe, as links hold it.
            difference: 0 (twins) to 1 (strangers), in hundredths. A recipe has its own.
            children: How many, 1 to 64.
            seed: Another one makes other children of the same parents. A recipe has its own.
        """
        parents = checks.text("parents", parents, max_length=60_000)
        recipe = parents
        if ".c" not in parents:
            seeds = parse_seeds(parents)
            if len(seeds) > 2:
                raise ValueError("A child has one parent or two.")
            recipe = litter([str(each) for each in seeds], difference, seed)
        return drawn(model, recipe, children), recipe

    @errors_as_messages
    def combine_pictures(model, plus, minus, onto, difference, children):
        """Draw plus - minus + onto, each averaged, and pictures near it, as PNG; also the recipe.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            plus: Seeds of pictures that have it, such as 29, 57, 83; several work best.
            minus: Seeds of pictures that lack it.
            onto: The seed of the picture that is to get it, or several.
            difference: Of the pictures near it: 0 to 1, in hundredths.
            children: How many pictures near it, 1 to 64. The sum itself stands first.
        """
        groups = [
            parse_seeds(checks.text(name, seeds, max_length=1000))
            for name, seeds in (("plus", plus), ("minus", minus), ("onto", onto))
        ]
        recipe = litter_of_sum(*groups, difference)
        return drawn(model, recipe, children, with_parent=True), recipe

    answer = [picture("children"), text("")]
    answer[1].label = "recipe"
    asked = [text(DEFAULT_MODEL), text("42"), number(0.4), number(16), number(0)]
    expose(draw_children, "breed", asked, answer)
    groups = [text("29,57,83,105,106,121"), text("2,13,62,67,68,72"), text("44")]
    added = [text(DEFAULT_MODEL), *groups, number(0.08), number(16)]
    expose(combine_pictures, "combine", added, answer)
