"""The record of a run, run.json: config, metrics over time and findings. No PyTorch."""

import math

from gan.metrics.quality import TITLES, Quality
from gan.settings.config import TrainConfig

NAME = "run.json"
MAX_MOMENTS = 240
COLUMNS = (
    "step", "images", "seconds", "images_per_second", "d_loss", "g_loss", "d_real", "d_fake",
    "d_gradient", "g_gradient",
)  # fmt: skip


def thinned(moments: list) -> list:
    """Fewer than 240 moments as they are, else every other one, with the first and the last."""
    return moments if len(moments) < MAX_MOMENTS else [moments[0], *moments[2:-1:2], moments[-1]]


def record(config: TrainConfig, points: list[dict], **facts) -> dict:
    """A run as JSON-ready data: config, `facts` as they are, quality, and a column for each metric.

    `points` are Snapshots as dictionaries, without their samples. Infinite and NaN become None.
    """
    columns = {name: [_finite(point[name]) for point in points] for name in COLUMNS}
    qualities = [point["quality"] or {} for point in points]
    for name in ("distance", "floor"):
        columns[name] = [_finite(quality.get(name)) for quality in qualities]
    measured = quality_of(points)
    return {
        "config": config.to_dict(),
        **facts,
        "metric": TITLES[measured.metric] if measured else None,
        "quality": vars(measured) if measured else None,
        "numbers": columns,
    }


def points_of(content: dict) -> list[dict]:
    """The snapshots of a record as dictionaries, as `record` takes them; ValueError if it is malformed."""
    try:
        columns = content["numbers"]
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        if columns.keys() != {*COLUMNS, "distance", "floor"} or not all(map(_are_numbers, rows)):
            raise ValueError("columns are missing, or hold something else than numbers")
        for row in rows:
            distance, floor = row.pop("distance"), row.pop("floor")
            measured = distance is not None and floor is not None
            row["quality"] = (
                {"metric": content["quality"]["metric"], "distance": distance, "floor": floor}
                if measured
                else None
            )
            row["findings"] = ()
            if measured and row["quality"]["metric"] not in TITLES:
                raise ValueError("an unknown metric")
        return rows
    except (KeyError, TypeError, ValueError, AttributeError):
        raise ValueError("This is not the record of a run.") from None


def _are_numbers(row: dict) -> bool:
    """Whether a moment's values are numbers or None, its step and images numbers."""
    counted = all(type(row[name]) is int for name in ("step", "images"))
    return counted and all(value is None or type(value) in (int, float) for value in row.values())


def quality_of(points: list[dict]) -> Quality | None:
    """The last quality measured; None if there is none."""
    measured = [point["quality"] for point in points if point["quality"]]
    return Quality(**measured[-1]) if measured else None


def quality_in(content: dict) -> Quality | None:
    """The quality in a record as read from a file; None if it is missing or malformed."""
    found = content.get("quality")
    if not isinstance(found, dict) or found.keys() != {"metric", "distance", "floor"}:
        return None
    numbers = (found["distance"], found["floor"])
    valid = all(type(number) in (int, float) and math.isfinite(number) for number in numbers)
    return Quality(**found) if valid and found["metric"] in TITLES else None


def _finite(value: float | None) -> float | None:
    """JSON has no NaN."""
    return value if value is not None and math.isfinite(value) else None
