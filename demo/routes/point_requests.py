"""Checks and conversions of the Points tab's requests: settings, points, text and PNG frames.

ValueError says what is wrong with a request.
"""

import io
import warnings

import numpy as np
from PIL import Image
from starlette.responses import Response

from gan.common import checks
from gan.data.point_clouds import CLOUDS
from gan.data.point_csv import MAX_COORDINATE, check_points, fit_points, read_points
from gan.images.encode import gif
from gan.settings.config import TrainConfig, split
from gan.settings.hyperparameters import CHOICES, HORIZON

MAX_POINTS = 20_000  # in one request
MAX_TEXT = 40_000_000
MAX_FRAMES = 120
MAX_SIDE = 800
END_SECONDS = 1.5  # how long the last frame is shown before the GIF repeats
MAX_STEPS = 1_000_000
UPLOADED = "own.csv"  # the name of the data if the page sends the points


def read_config(settings: object) -> TrainConfig:
    """A checked config from a page's settings: fields of `TrainConfig`, and choices of a method.

    ValueError for unknown names, and for data that are files of the server.
    """
    if not isinstance(settings, dict):
        raise ValueError("The settings of a session must be a JSON object.")
    fields, choices = split(settings)
    changes = choices.pop("changes", {})
    if not isinstance(changes, dict):
        raise ValueError("changes must map settings to values.")
    for name in changes | choices:
        checks.choice("setting", name, CHOICES)
    checks.choice("data", fields.get("data", "ring"), (*CLOUDS, UPLOADED))
    fields |= {"data": fields.get("data", "ring"), "seconds": None, "save_every": None}
    if fields.get("steps") is None:  # a session has no budget in seconds
        fields["steps"] = HORIZON
    return TrainConfig(**fields, changes=changes | choices)


def read_uploaded_points(values: object) -> np.ndarray:
    """[x, y, x, y, …] -> float64 (N, 2); ValueError for anything else, and for degenerate points."""
    if not isinstance(values, list) or len(values) % 2:
        raise ValueError("points must be a list of numbers: x, y, x, y and so on.")
    if len(values) > 2 * MAX_POINTS:
        raise ValueError(f"There are {len(values) // 2:,} points: at most {MAX_POINTS:,} can be used.")
    numbers = [
        checks.number("A coordinate", value, -MAX_COORDINATE, MAX_COORDINATE) for value in values
    ]
    return check_points(np.array(numbers, dtype=float).reshape(-1, 2))


def check_argument(name: str, value: object) -> object:
    """Check and convert the argument `name` of a request."""
    if name == "settings":
        return read_config(value)
    if name == "player":
        return checks.choice("player", value, ("d", "g"))
    if value is None:
        return None
    if name == "goal":
        return checks.integer("step", value, 1, MAX_STEPS)
    return checks.number("pace", value, 0.1, 10_000)


def points_response(text: bytes) -> Response:
    """Parse points and fit them into a square: a response of float32 (N, 2).

    Of more than `MAX_POINTS` a random sample. X-Points has their number in the text.
    """
    try:
        points = read_points(text.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("This is not text in UTF-8: it needs x and y on each line.") from None
    count = len(points)
    if count > MAX_POINTS:
        # Seeded: the same sample each time.
        sample = np.random.default_rng(0).choice(count, MAX_POINTS, replace=False)
        points = points[np.sort(sample)]
    headers = {"X-Points": str(count)}
    return Response(fit_points(points).astype("<f4").tobytes(), headers=headers)


def make_gif(body: bytes, ms: int) -> bytes:
    """Encode PNG images as a looping GIF. The body has each after its uint32 length, little endian.

    ValueError for anything else, different sizes, more than 120 images, or more than 800 × 800 pixels.
    """
    frames = [_decode_frame(png) for png in _split_frames(body)]
    if not frames:
        raise ValueError("There are no pictures to animate.")
    if len({frame.size for frame in frames}) > 1:
        raise ValueError("All pictures of an animation must be of one size.")
    return gif(np.stack(frames), 1, 1000 / ms, END_SECONDS)


def _split_frames(body: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(body):
        length = int.from_bytes(body[at : at + 4], "little")
        part = body[at + 4 : at + 4 + length]
        if len(part) != length or not length:
            raise ValueError("The pictures are cut off.")
        parts.append(part)
        at += 4 + length
        if len(parts) > MAX_FRAMES:
            raise ValueError(f"At most {MAX_FRAMES} pictures can be make_gif.")
    return parts


def _decode_frame(content: bytes) -> Image.Image:
    # Besides OSError for what is no PNG, Pillow's parsers raise SyntaxError and ValueError.
    large = f"Pictures may be at most {MAX_SIDE} × {MAX_SIDE}."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=["PNG"])
        if max(image.size) <= MAX_SIDE:
            return image.convert("RGB")
    except Image.DecompressionBombError:
        raise ValueError(large) from None
    except (OSError, SyntaxError, ValueError):
        raise ValueError("The pictures must be PNG.") from None
    raise ValueError(large)
