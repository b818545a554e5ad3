"""The endpoints of Breed: children of pictures, and latent vector arithmetic."""

import numpy as np

from demo.api.expose import AnswerFiles, expose, later_text, number, picture, text
from demo.backend.generators import DEFAULT_MODEL
from demo.backend.services import Services
from demo.tabs.handlers import errors_as_messages
from gan.common import checks
from gan.images import encode
from gan.latent.recipe import litter, litter_of_sum
from gan.latent.seeds import parse_seeds


def build(services: Services, answers: AnswerFiles) -> None:
    """Register /breed and /combine."""

    def draw_grown(model: str, recipe: str, children: int, with_parent: bool = False) -> str:
        loaded = services.generators.open(model)
        ancestors, grown = loaded.grow(recipe, children).result()
        if not len(grown):
            raise ValueError("The recipe must end in children, such as 42.c0d35s1.")
        z = np.concatenate([ancestors[-1:], grown]) if with_parent else grown
        return answers.save("children.png", encode.png(encode.grid(loaded.draw(z).result())))

    def label_of(model: str, class_name: str) -> int | None:
        return services.generators.open(model).class_of(class_name)

    @errors_as_messages
    def draw_children(model, parents, difference, children, seed, class_name=""):
        """Draw the children of one picture, or of two, on one sheet, as PNG; also their recipe.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            parents: One seed, or two such as 42, 7; or a recipe, as links hold it.
            difference: 0 (same as the parent) to 1 (unrelated), in steps of 0.01. Ignored with a recipe.
            children: How many, 1 to 64.
            seed: Of the random differences between the children. Ignored with a recipe.
            class_name: Of a model with classes, that of the children, by name or index; empty for any. Not with a
                recipe, which holds it.
        """
        parents = checks.text("parents", parents, max_length=60_000)
        recipe = parents
        if ".c" not in parents:
            seeds = parse_seeds(parents)
            if len(seeds) > 2:
                raise ValueError("A child has one parent or two.")
            label = label_of(model, class_name)
            recipe = litter([str(each) for each in seeds], difference, seed, label)
        elif class_name != "":
            raise ValueError(
                "class_name belongs to seeds: a recipe holds its class itself, as 42.c0d35s1k3."
            )
        return draw_grown(model, recipe, children), recipe

    @errors_as_messages
    def combine_pictures(model, plus, minus, onto, difference, children, class_name=""):
        """Draw the latent arithmetic plus - minus + onto, each averaged, and variations, as PNG; also the recipe.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            plus: Seeds of pictures that have an attribute, such as 29, 57, 83; several work best.
            minus: Seeds of pictures that lack the attribute.
            onto: The seed of the picture to add the attribute to, or several.
            difference: Of the variations: 0 to 1, in steps of 0.01.
            children: How many variations, 1 to 64. The result itself comes first.
            class_name: Of a model with classes, that of the variations, by name or index; empty for any.
        """
        groups = [
            parse_seeds(checks.text(name, seeds, max_length=1000))
            for name, seeds in (("plus", plus), ("minus", minus), ("onto", onto))
        ]
        recipe = litter_of_sum(*groups, difference, label=label_of(model, class_name))
        return draw_grown(model, recipe, children, with_parent=True), recipe

    answer = [picture("children"), text("")]
    answer[1].label = "recipe"
    inputs = [text(DEFAULT_MODEL), text("42"), number(0.4), number(16), number(0), later_text()]
    expose(draw_children, "breed", inputs, answer)
    groups = [text("29,57,83,105,106,121"), text("2,13,62,67,68,72"), text("44")]
    inputs = [text(DEFAULT_MODEL), *groups, number(0.08), number(16), later_text()]
    expose(combine_pictures, "combine", inputs, answer)
