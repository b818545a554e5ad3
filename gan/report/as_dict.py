"""A report card as plain data: numbers with labels, and the positions of their marks on a scale."""

import dataclasses
import math
from typing import TYPE_CHECKING

from gan.report.grading import MEANINGS, Measure

if TYPE_CHECKING:
    from gan.report.card import Card

# The rows of a card, in order. A card has one of the two distances.
ROWS = (
    ("precision",), ("density",), ("recall",), ("coverage",), ("classes",), ("rarest class",),
    ("sharpness",), ("copies",), ("repeats",), ("frechet", "sliced_wasserstein"),
)  # fmt: skip
WORST_RATIO = 4.0  # ends of a scale of ratios: a quarter and four times
WORST_DISTANCE = 6.0  # end of a scale of distances, as a multiple of that between real pictures
LEVELS = {"good": "like real", "fair": "weaker", "poor": "a fault"}


def as_dict(card: "Card", model: str) -> dict:
    """A card without its pictures, JSON-ready. Rows that are not measured yet have no value."""
    return {
        "model": model,
        "data": card.data,
        "samples": card.samples,
        "seed": card.seed,
        "training_pictures": card.searched,
        "learnt_from": card.trained_on,
        "unseen": card.unseen,
        "seconds": round(card.seconds, 1),
        "different": card.distinct and round(card.distinct, 1),
        "notes": notes(card),
        "measures": rows(card.measures),
        "classes": dataclasses.asdict(card.classes) if card.classes else None,
        "verdict": dataclasses.asdict(card.verdict) if card.verdict else None,
    }


def notes(card: "Card") -> list[str]:
    """How the card was measured, in sentences."""
    if not card.samples:
        return []
    found = [f"{card.samples:,} samples against as many real pictures, seed {card.seed}."]
    if card.searched < card.trained_on:
        found.append(
            f"Copies were searched among {card.searched:,} of the {card.trained_on:,} training pictures."
        )
    if not card.unseen:
        found.append(
            "There are no test pictures here: two halves of the training pictures serve as real ones, so "
            "the model may have memorised them."
        )
    if card.classes:
        found.append(
            f"Classes by {card.classes.by}, with an accuracy of {100 * card.classes.accuracy:.0f} % on real "
            "pictures; shares are corrected for its errors."
        )
    return found


def rows(measures: dict[str, Measure]) -> list[dict]:
    """One row for each measure, in the order of the card, measured or not."""
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
    largest = max(measure.real, measure.value, 1.0)
    row |= {"value": _finite(measure.value), "real": _finite(measure.real), "level": measure.level}
    row |= {"level_said": LEVELS[measure.level]}
    row |= {"said": said(measure.value, scale), "real_said": said(measure.real, scale)}
    row |= {"at": place(measure.value, scale, measure.real, largest)}
    row |= {"real_at": place(measure.real, scale, measure.real, largest)}
    row["ends"] = {
        "share": ("0 %", "100 %"),
        "ratio": ("¼", "4 ×"),
        "distance": ("0", said(WORST_DISTANCE * measure.real, scale)),
        "count": ("0", f"{largest:.0f}"),
    }[scale]
    return row


def said(value: float, scale: str) -> str:
    if not math.isfinite(value):
        return "–"
    if scale == "share":
        return f"{100 * value:.1f} %" if 0 < value < 0.1 else f"{100 * value:.0f} %"
    if scale == "count":
        return f"{value:.0f}"
    return f"{value:.2f} ×" if scale == "ratio" else f"{value:.3g}"


def place(value: float, scale: str, real: float, largest: float) -> float:
    """The position of a value on its scale, clipped to 0 to 1. `largest`: the end of a scale of counts."""
    if not math.isfinite(value):
        return 0.0
    if scale == "share":
        at = value
    elif scale == "ratio":
        at = 0.5 + math.log(max(value, 1e-6)) / (2 * math.log(WORST_RATIO))
    elif scale == "distance":
        at = value / (WORST_DISTANCE * max(real, 1e-9))
    else:
        at = value / largest
    return round(min(max(at, 0.0), 1.0), 4)


def _finite(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None
