"""Constants that Python shares with the page's JavaScript modules.

`make constants` writes them to demo/web/core/constants.js; tests/demo/routes/test_web_files.py fails if that
file is out of date.
"""

import json

from demo.api import models
from demo.backend import addresses, limits
from demo.backend.jobs import inversion as inversion_job
from demo.backend.runs.run import ACTIVE
from demo.backend.visitors import uploads
from demo.backend.visitors.uploads import TOKEN_HEADER
from demo.routes.web_files import WEB
from demo.tabs import fallback
from gan.data import image_collection
from gan.export import needs
from gan.inside import limits as inside_limits
from gan.latent import direction_files, recipe
from gan.maps import map_file
from gan.models import render
from gan.settings.config import MAX_SEED
from gan.settings.hyperparameters import ACTIVATIONS, LOSSES, NOISES, OPTIMISERS

FILE = WEB / "core" / "constants.js"
HEAD = "// Written by `make constants` from Python (demo/web_constants.py): do not edit."
MAX_LINE = 120
VALUES = {
    "MAX_SEED": MAX_SEED,
    "TABS": addresses.TABS,
    "OPENING_FIELDS": addresses.OPENING,
    "EARLIER_WEIGHTS": addresses.EARLIER_WEIGHTS,
    # Explore and Walk
    "REACH": fallback.REACH,
    "MAX_TRUNCATION": fallback.MAX_TRUNCATION,
    "MAX_DIRECTIONS": direction_files.MAX_DIRECTIONS,
    "DRAFT": render.DRAFT,
    "MAX_KEYS": models.MAX_KEYS,
    "MAX_FRAMES": limits.MAX_WALK,
    # Code that the page offers
    "PACKAGE_NEEDED": needs.PACKAGE,
    # Inside
    "MASK_GRID": inside_limits.GRID,
    "MAX_UNIT_FACTOR": inside_limits.MAX_FACTOR,
    "HOLD_SHARE": inside_limits.HOLD_SHARE,
    "MAX_PULL_POINTS": inside_limits.MAX_POINTS,
    "MAX_PULLS": inside_limits.MAX_PULLS,
    "MAX_HOLDS": inside_limits.MAX_HOLDS,
    "MAX_PULL_STEPS": inside_limits.MAX_STEPS,
    "MAX_TOTAL_PULL_STEPS": inside_limits.MAX_TOTAL_STEPS,
    "MAP_PLACES": map_file.PLACES,
    # Breed
    "MAX_RECIPE_PICTURES": recipe.MAX_PICTURES,
    "MAX_RECIPE_LETTERS": recipe.MAX_LETTERS,
    # Find
    "MAX_TARGET_BYTES": inversion_job.MAX_BYTES,
    "MAX_SEARCH_STEPS": inversion_job.MAX_STEPS,
    "MAX_SEARCH_STARTS": inversion_job.MAX_STARTS,
    # Uploads
    "MAX_UPLOAD_FILES": image_collection.MAX_FILES,
    "MAX_UPLOAD_BYTES": uploads.MAX_BYTES,
    "UPLOAD_TOKEN": TOKEN_HEADER,
    # Training runs and sessions on points
    "ACTIVE_STATES": ACTIVE,
    "LOSSES": LOSSES,
    "ACTIVATIONS": ACTIVATIONS,
    "NOISES": NOISES,
    "OPTIMISERS": OPTIMISERS,
}


def module() -> str:
    """The text of constants.js."""
    return "\n".join([HEAD, *(_line(*each) for each in VALUES.items()), ""])


def _line(name: str, value: object) -> str:
    line = f"export const {name} = {json.dumps(value)};"
    if len(line) <= MAX_LINE:
        return line
    # A list of rows, as a formatter writes it.
    return line.replace("[[", "[\n  [").replace("], [", "],\n  [").replace("]];", "],\n];")


if __name__ == "__main__":
    FILE.write_text(module(), encoding="utf-8")
