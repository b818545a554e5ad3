"""The endpoints for latent directions: list those of a model, and move a picture along one."""

import numpy as np

from demo.api.expose import AnswerFiles, choice, data, expose, later_text, number, picture, text
from demo.backend.generators import DEFAULT_MODEL, GeneratorHandle
from demo.backend.services import Services
from demo.tabs.handlers import errors_as_messages
from gan.common import checks
from gan.images import encode
from gan.latent.classes import keep_class
from gan.latent.limits import REACH, SET_KEYS


def build(services: Services, answers: AnswerFiles) -> None:
    """Register /directions and /move."""
    generators = services.generators

    @errors_as_messages
    def list_directions(model, set):
        """List the directions of a model: each one's name, what it does, and the vector it adds to z.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            set: named (dark skin, thickness, ...), classes (of digits), sefa or pca.
        """
        found = find(generators.open(model), set)
        return {**found, "directions": [each for each in found["directions"] if not each["former"]]}

    @errors_as_messages
    def draw_moved(model, seed, set, direction, amount, class_name=""):
        """Draw the picture of a seed moved along one direction, as PNG.

        Args:
            model: A name such as faces or digits, run:ID, a folder that is allowed, or a Hub id.
            seed: 0 to 4,294,967,295.
            set: named, classes, sefa or pca.
            direction: Its name in that set, such as sunglasses; for sefa and pca a number from 1.
            amount: -3 to 3; positive is more of the named attribute.
            class_name: Of a model with classes, the class to hold, by name or index; empty for any.
        """
        loaded = generators.open(model)
        vectors = {each["name"]: each["vector"] for each in find(loaded, set)["directions"]}
        vector = vectors[checks.choice("direction", direction, vectors)]
        step = checks.number("amount", amount, -REACH, REACH) * np.array(vector)
        z = (loaded.latents([seed], 1.0, class_name).result() + step).astype(np.float32)
        if (chosen := loaded.class_of(class_name)) is not None:
            z = keep_class(z, loaded.info["classes"], chosen)
        return answers.save("moved.png", encode.png(loaded.draw(z).result()[0]))

    model = text(DEFAULT_MODEL)
    expose(list_directions, "directions", [model, choice(*SET_KEYS)], [data("directions")])
    moved = [text(DEFAULT_MODEL), number(42), choice(*SET_KEYS), text("sunglasses"), number(2)]
    moved.append(later_text())
    expose(draw_moved, "move", moved, [picture("picture")])


def find(loaded: GeneratorHandle, key: str) -> dict:
    """A model's set of directions, computed if necessary; ValueError if it has no such set."""
    key = checks.choice("set of directions", key, SET_KEYS)
    known = {each["key"]: each for each in loaded.info["sets"]}
    if known.get(key, {}).get("directions"):
        return known[key]
    group = "pca" if key == "pca" else "named"
    found = {each["key"]: each for each in loaded.directions(group).result()}
    if key not in found:
        raise ValueError(f"This model has no directions called {key}.")
    return found[key]
