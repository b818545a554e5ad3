"""What a page asks of its game on points, read with care: settings, points, text and JSON.

ValueError says what is wrong with any of it.
"""

import json
from dataclasses import fields

import numpy as np
from starlette.requests import Request
from starlette.responses import Response

from gan import checks
from gan.choices import CHECKS, HORIZON
from gan.config import TrainConfig
from gan.point_text import FARTHEST, check_points, fit_points, read_points
from gan.points import CLOUDS

MOST_POINTS = 20_000  # of someone's own
MOST_TEXT = 40_000_000
MOST_JSON = 4_000_000
MOST_DEEP = 8  # lists and objects in one another
MOST_STEPS = 1_000_000
OWN = "own.csv"
SETTINGS = [each.name for each in fields(TrainConfig)]


def config_of(settings: object) -> TrainConfig:
    """A page's settings as a checked config: `gan.config.TrainConfig`'s own and, beside them, choices.

    ValueError for what they do not know; a page may name no file of the server.
    """
    if not isinstance(settings, dict):
        raise ValueError("The settings of a game must be names with values.")
    own = {name: value for name, value in settings.items() if name in SETTINGS}
    choices = {name: value for name, value in settings.items() if name not in SETTINGS}
    changes = own.pop("changes", {})
    if not isinstance(changes, dict):
        raise ValueError("changes must map settings to values.")
    for name in changes | choices:
        checks.choice("setting", name, CHECKS)
    checks.choice("data", own.get("data", "ring"), (*CLOUDS, OWN))
    own |= {"data": own.get("data", "ring"), "seconds": None, "save_every": None}
    if own.get("steps") is None:  # a game has no budget in seconds
        own["steps"] = HORIZON
    return TrainConfig(**own, changes=changes | choices)


def own_points(values: object) -> np.ndarray:
    """[x, y, x, y, …] as float64 (N, 2); ValueError for what is no such thing, or cannot be learnt."""
    if not isinstance(values, list) or len(values) % 2:
        raise ValueError("points must be a list of numbers: x, y, x, y and so on.")
    if len(values) > 2 * MOST_POINTS:
        raise ValueError(f"There are {len(values) // 2:,} points: at most {MOST_POINTS:,} can be used.")
    numbers = [checks.number("A coordinate", value, -FARTHEST, FARTHEST) for value in values]
    return check_points(np.array(numbers, dtype=float).reshape(-1, 2))


def checked(name: str, value: object) -> object:
    """An argument of a request; ValueError says what is wrong with it."""
    if name == "settings":
        return config_of(value)
    if name == "player":
        return checks.choice("player", value, ("d", "g"))
    if value is None:
        return None
    if name == "goal":
        return checks.integer("step", value, 1, MOST_STEPS)
    return checks.number("pace", value, 0.1, 10_000)


def points_of(text: bytes) -> Response:
    """A text's points, fitted into a square, as float32; of too many a fair choice."""
    try:
        points = read_points(text.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("This is not a text in UTF-8: give x and y on each line.") from None
    count = len(points)
    if count > MOST_POINTS:
        # A fair choice, the same one each time.
        chosen = np.random.default_rng(0).choice(count, MOST_POINTS, replace=False)
        points = points[np.sort(chosen)]
    headers = {"X-Points": str(count)}
    return Response(fit_points(points).astype("<f4").tobytes(), headers=headers)


async def body_of(request: Request, most: int) -> bytes:
    """A request's body, read no further than `most` bytes."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise ValueError(f"This is larger than {most / 1_000_000:g} MB.")
        parts.append(part)
    return b"".join(parts)


async def json_of(request: Request, most: int = MOST_JSON) -> dict:
    """A request's body of at most so many bytes as a JSON object; {} where it is empty."""
    body = await body_of(request, most)
    try:
        values = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        raise ValueError("The request must be JSON.") from None
    if not isinstance(values, dict):
        raise ValueError("The request must be a JSON object.")
    if _deeper(values, MOST_DEEP):
        raise ValueError("The request is nested too deeply.")
    return values


def _deeper(values: object, most: int) -> bool:
    """Whether lists and objects lie in one another more than `most` deep."""
    level = [values]
    for _ in range(most):
        held = [each.values() if isinstance(each, dict) else each for each in level]
        level = [each for some in held for each in some if isinstance(each, (dict, list))]
    return bool(level)
