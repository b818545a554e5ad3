"""A run in numbers, as plain data: run.json. No PyTorch.

A long history is thinned, so that it stays small however long the run was.
"""

import math

from gan.metrics.quality import TITLES, Quality
from gan.settings.config import TrainConfig

NAME = "run.json"
MOST = 240
COLUMNS = (
    "step", "images", "seconds", "images_per_second", "d_loss", "g_loss", "d_real", "d_fake",
    "d_gradient", "g_gradient",
)  # fmt: skip


def thinned(moments: list) -> list:
    """Below 240 moments all of them, else every other one, the first and the last kept."""
    return moments if len(moments) < MOST else [moments[0], *moments[2:-1:2], moments[-1]]


def record(config: TrainConfig, points: list[dict], **facts) -> dict:
    """A run as JSON-ready data: config, facts, a column for each number, and the findings.

    `points` are Snapshots as dictionaries, without their samples. What is not finite becomes None.
    """
    columns = {name: [_plain(point[name]) for point in points] for name in COLUMNS}
    qualities = [point["quality"] or {} for point in points]
    for name in ("distance", "floor"):
        columns[name] = [_plain(quality.get(name)) for quality in qualities]
    measured = quality_of(points)
    return {
        "config": config.to_dict(),
        **facts,
        "metric": TITLES[measured.metric] if measured else None,
        "quality": vars(measured) if measured else None,
        "numbers": columns,
    }


def quality_of(points: list[dict]) -> Quality | None:
    """The newest quality that was measured."""
    measured = [point["quality"] for point in points if point["quality"]]
    return Quality(**measured[-1]) if measured else None


def quality_in(read: dict) -> Quality | None:
    """The quality in what `record` made; None if there is none that makes sense."""
    found = read.get("quality")
    if not isinstance(found, dict) or found.keys() != {"metric", "distance", "floor"}:
        return None
    numbers = (found["distance"], found["floor"])
    sound = all(type(number) in (int, float) and math.isfinite(number) for number in numbers)
    return Quality(**found) if sound and found["metric"] in TITLES else None


def _plain(value: float | None) -> float | None:
    """JSON knows no NaN."""
    return value if value is not None and math.isfinite(value) else None
