"""The job of the Report tab: evaluate a generator against real pictures, metric by metric."""

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


def evaluate(
    name: str,
    source: str,
    roots: list[Path] | None,
    data: str,
    samples: int,
    seed: int,
    training: TrainConfig | None,
) -> Iterator[dict]:
    """Evaluate the generator at `source`, called `name`; yields the report card as it grows.

    `data` names the real pictures, `training` is the config it was trained with, if known.

    The dicts hold {doing, part (0 to 1), card (gan.report.as_dict), pictures}; pictures are {name: {title,
    count, size, columns, sheet}}, each sheet a WebP grid in base64. The last one has
    "files" as well: the card as JSON, HTML and PNG. ValueError for what cannot be evaluated.
    """
    generator = load_generator(source, roots)
    sheets: dict[str, dict] = {}
    for progress in report(generator, data, samples, seed, training):
        card = progress.card
        for each in card.pictures.keys() - sheets.keys():
            sheets[each] = _sheet(card, each)
        update = {"doing": progress.doing, "part": progress.part, "pictures": dict(sheets)}
        update["card"] = as_dict(card, name)
        if card.verdict:
            renderers = {"report.json": as_json, "report.html": as_html, "report.png": as_png}
            update["files"] = {path: make(card, name) for path, make in renderers.items()}
        yield update


def _sheet(card: Card, name: str) -> dict:
    images = encode.previews(arrays(card.pictures[name]))
    columns = min(SHEETS[name][1], len(images))
    sheet = encode.grid(images, columns)
    return {
        "title": SHEETS[name][0],
        "count": len(images),
        "size": images.shape[1],
        "columns": columns,
        "sheet": base64.b64encode(encode.webp(sheet[None])).decode(),
    }
