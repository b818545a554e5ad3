"""The work of Report: a generator is judged against pictures, measure by measure."""

import base64
from collections.abc import Iterator
from pathlib import Path

from gan.images import encode
from gan.models.storage import load_generator
from gan.report.as_dict import as_dict
from gan.report.card import Card
from gan.report.pipeline import report
from gan.report.render import SHEETS, arrays, as_html, as_json, as_png
from gan.settings.config import TrainConfig


def judge(
    name: str,
    source: str,
    roots: list[Path] | None,
    data: str,
    samples: int,
    seed: int,
    learnt: TrainConfig | None,
) -> Iterator[dict]:
    """Judge the generator at `source`, called `name`; yields the card as it grows.

    The dicts hold {doing, part (0 to 1), card (gan.report.as_dict), pictures}; pictures are {name: {title,
    count, size, columns, sheet}}, each sheet a WebP grid in base64. The last one has the card as files
    as well. ValueError, a sentence, for what cannot be judged.
    """
    generator = load_generator(source, roots)
    sheets: dict[str, dict] = {}
    for progress in report(generator, data, samples, seed, learnt):
        card = progress.card
        for each in card.pictures.keys() - sheets.keys():
            sheets[each] = _sheet(card, each)
        shown = {"doing": progress.doing, "part": progress.part, "pictures": dict(sheets)}
        shown["card"] = as_dict(card, name)
        if card.verdict:
            makers = {"report.json": as_json, "report.html": as_html, "report.png": as_png}
            shown["files"] = {path: make(card, name) for path, make in makers.items()}
        yield shown


def _sheet(card: Card, name: str) -> dict:
    drawn = arrays(card.pictures[name])
    columns = min(SHEETS[name][1], len(drawn))
    wide = encode.grid(drawn, columns)
    return {
        "title": SHEETS[name][0],
        "count": len(drawn),
        "size": drawn.shape[1],
        "columns": columns,
        "sheet": base64.b64encode(encode.webp(wide[None])).decode(),
    }
