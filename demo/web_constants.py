"""What Python and the page's modules must agree on.

`make constants` writes it to demo/web/core/constants.js; tests/demo/test_web_files.py fails where that
file says anything else.
"""

import json

from demo import endpoints, find, own, plain, scrub
from demo.own_routes import TOKEN
from demo.run import ACTIVE
from demo.web_files import WEB
from gan import direction_files, own_pictures, recipes
from gan.choices import ACTIVATIONS, LOSSES, NOISES, OPTIMISERS
from gan.config import MAX_SEED

FILE = WEB / "core" / "constants.js"
HEAD = "// Written by `make constants` from Python (demo/web_constants.py): do not edit."
VALUES = {
    "MAX_SEED": MAX_SEED,
    # Explore and Walk
    "REACH": plain.REACH,
    "MAX_TRUNCATION": plain.MAX_TRUNCATION,
    "MAX_DIRECTIONS": direction_files.MOST_DIRECTIONS,
    "MAX_KEYS": endpoints.MAX_KEYS,
    "MAX_FRAMES": scrub.MAX_WALK,
    # Breed
    "MAX_RECIPE_PICTURES": recipes.MAX_PICTURES,
    "MAX_RECIPE_LETTERS": recipes.MAX_LETTERS,
    # Find
    "MAX_GIVEN_BYTES": find.MOST_BYTES,
    "MAX_SEARCH_STEPS": find.MOST_STEPS,
    "MAX_SEARCH_STARTS": find.MOST_STARTS,
    # Uploads
    "MAX_UPLOAD_FILES": own_pictures.MOST_FILES,
    "MAX_UPLOAD_BYTES": own.MOST_BYTES,
    "UPLOAD_TOKEN": TOKEN,
    # Runs and games
    "ACTIVE_STATES": ACTIVE,
    "LOSSES": LOSSES,
    "ACTIVATIONS": ACTIVATIONS,
    "NOISES": NOISES,
    "OPTIMISERS": OPTIMISERS,
}


def module() -> str:
    """The text of constants.js."""
    lines = [f"export const {name} = {json.dumps(value)};" for name, value in VALUES.items()]
    return "\n".join([HEAD, *lines, ""])


if __name__ == "__main__":
    FILE.write_text(module(), encoding="utf-8")
