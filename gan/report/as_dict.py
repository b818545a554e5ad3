"""A report card as plain data: numbers with their words, and where their marks stand on a scale."""

import dataclasses
import math
from typing import TYPE_CHECKING

from gan.report.grading import MEANINGS, Measure

if TYPE_CHECKING:
    from gan.report.card import Card

# The rows of a card, in order. Both distances share one row.
ROWS = (
    ("precision",), ("density",), ("recall",), ("coverage",), ("classes",), ("rarest class",),
    ("sharpness",), ("copies",), ("repeats",), ("frechet", "sliced_wasserstein"),
)  # fmt: skip
WORST_RATIO = 4.0  # the ends of a scale of ratios: a quarter and four times
WORST_DISTANCE = 6.0  # the end of a scale of distances, as a multiple of the real pictures' own
LEVELS = {"good": "like real", "fair": "weaker", "poor": "a fault"}


def as_dict(card: "Card", model: str) -> dict:
    """All of a card but its pictures; only what JSON knows. Rows not measured yet have no value."""
    return {
        "model": model,
        "data": card.data,
        "samples": card.samples,
        "seed": card.seed,
        "training_pictures": card.looked_at,
        "learnt_from": card.of,
        "unseen": card.unseen,
        "seconds": round(card.seconds, 1),
        "different": card.distinct and round(card.distinct, 1),
        "notes": notes(card),
        "measures": rows(card.measures),
        "classes": dataclasses.asdict(card.classes) if card.classes else None,
        "verdict": dataclasses.asdict(card.verdict) if card.verdict else None,
    }


def notes(card: "Card") -> list[str]:
    """What a reader must know of how it was measured."""
    if not card.samples:
        return []
    found = [f"{card.samples:,} samples against as many real pictures, seed {card.seed}."]
    if card.looked_at < card.of:
        found.append(
            f"Copies were looked for among {card.looked_at:,} of the {card.of:,} pictures that it "
            "learnt from."
        )
    if not card.unseen:
        found.append(
            "There are no test pictures here: halves of the training pictures stand for real ones, so "
            "the model may know them."
        )
    if card.classes:
        found.append(
            f"Classes by {card.classes.by}, which names {100 * card.classes.accuracy:.0f} % of real "
            "pictures rightly; its mistakes are taken back."
        )
    return found


def rows(measures: dict[str, Measure]) -> list[dict]:
    """One row a measure, in the order of the card, measured or not."""
    found = []
    for names in ROWS:
        name = next((name for name in names if name in measures), names[-1])
        found.append(_row(name, measures.get(name)))
    return found


def _row(name: str, measure: Measure | None) -> dict:
    row = {"name": name, **vars(MEANINGS[name]), "value": None}
    if measure is None:
        return row
    scale = row["scale"]
    most = max(measure.real, measure.value, 1.0)
    row |= {"value": _finite(measure.value), "real": _finite(measure.real), "level": measure.level}
    row |= {"level_said": LEVELS[measure.level]}
    row |= {"said": said(measure.value, scale), "real_said": said(measure.real, scale)}
    row |= {"at": place(measure.value, scale, measure.real, most)}
    row |= {"real_at": place(measure.real, scale, measure.real, most)}
    row["ends"] = {
        "share": ("0 %", "100 %"),
        "ratio": ("¼", "4 ×"),
        "distance": ("0", said(WORST_DISTANCE * measure.real, scale)),
        "count": ("0", f"{most:.0f}"),
    }[scale]
    return row


def said(value: float, scale: str) -> str:
    """A number as it is read."""
    if not math.isfinite(value):
        return "–"
    if scale == "share":
        return f"{100 * value:.1f} %" if 0 < value < 0.1 else f"{100 * value:.0f} %"
    if scale == "count":
        return f"{value:.0f}"
    return f"{value:.2f} ×" if scale == "ratio" else f"{value:.3g}"


def place(value: float, scale: str, real: float, most: float) -> float:
    """Where on its scale a value stands, 0 to 1; beyond an end, at the end."""
    if not math.isfinite(value):
        return 0.0
    if scale == "share":
        at = value
    elif scale == "ratio":
        at = 0.5 + math.log(max(value, 1e-6)) / (2 * math.log(WORST_RATIO))
    elif scale == "distance":
        at = value / (WORST_DISTANCE * max(real, 1e-9))
    else:
        at = value / most
    return round(min(max(at, 0.0), 1.0), 4)


def _finite(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None
