"""Report cards as files: JSON, a self-contained HTML page, or one PNG."""

import base64
import json
import textwrap
from pathlib import Path

import jinja2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from gan.common.files import write_bytes
from gan.images import encode
from gan.report.as_dict import as_dict
from gan.report.card import Card

KINDS = (".json", ".html", ".png")
# Sets of pictures: title and columns of each.
SHEETS = {
    "samples": ("Samples", 12),
    "copied": ("Closest pairs: a sample, then the nearest training picture", 8),
    "alike": ("Samples most alike, in pairs", 8),
    "unreal": ("Samples farthest from any real picture", 8),
    "missed": ("Real pictures farthest from any sample", 8),
}
COLOURS = {"good": "#18794e", "fair": "#b45309", "poor": "#c2255c"}
TEMPLATE = Path(__file__).parent / "card.html.j2"


def write_card(path: str | Path, card: Card, model: str) -> None:
    """Write a finished card as .json, .html or .png; ValueError for any other ending."""
    kind = Path(path).suffix.lower()
    if kind not in KINDS:
        raise ValueError(f"A report card is written as {', '.join(KINDS)}, not as {Path(path).name!r}.")
    makers = {".json": as_json, ".html": as_html, ".png": as_png}
    write_bytes(path, makers[kind](card, model))


def as_json(card: Card, model: str) -> bytes:
    """The card without its pictures, UTF-8."""
    return json.dumps(as_dict(card, model), indent=2, ensure_ascii=False).encode()


def sheet(card: Card, name: str, small: bool = False) -> np.ndarray:
    """One of the card's sets of pictures, or with `small` their previews, as a grid, uint8 (H, W, C)."""
    images = arrays(card.pictures[name])
    return encode.grid(encode.previews(images) if small else images, SHEETS[name][1])


def arrays(pixels: Tensor) -> np.ndarray:
    """uint8 (N, C, H, W) -> (N, H, W, C)."""
    return pixels.permute(0, 2, 3, 1).contiguous().numpy()


def as_html(card: Card, model: str) -> bytes:
    """One page, UTF-8, with its pictures inside; names that users chose are escaped."""
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined
    )
    sheets = [
        (title, base64.b64encode(encode.png(sheet(card, name), _scale(card, name))).decode())
        for name, (title, _) in SHEETS.items()
        if name in card.pictures
    ]
    template = environment.from_string(TEMPLATE.read_text(encoding="utf-8"))
    return template.render(card=as_dict(card, model), sheets=sheets, colours=COLOURS).encode()


def _scale(card: Card, name: str) -> int:
    return encode.sheet_scale(card.pictures[name].shape[-1])


def as_png(card: Card, model: str) -> bytes:
    """The verdict, the numbers and the pictures on one sheet, 900 pixels wide."""
    data, page = as_dict(card, model), _Sheet()
    page.write(f"{model} against {card.data}", 26)
    page.write(data["verdict"]["headline"], 19)
    page.write(data["verdict"]["good"], 17, COLOURS["good"])
    for finding in data["verdict"]["findings"]:
        page.write(f"{finding['title']}: {finding['evidence']}", 17, COLOURS[finding["level"]])
    page.y += 12
    for row in data["measures"]:
        if row["value"] is not None:
            page.write_row(row)
    for name, (title, _) in SHEETS.items():
        if name in card.pictures:
            page.y += 14
            page.write(title, 17)
            page.paste(sheet(card, name, small=True))
    page.write("", 8)
    page.write(" ".join(data["notes"]), 14, "#5a606b")
    return page.png()


class _Sheet:
    """A white page that is filled from the top; `y` is where the next line begins."""

    WIDTH, MAX_HEIGHT, MARGIN = 900, 4000, 24

    def __init__(self):
        self.image = Image.new("RGB", (self.WIDTH, self.MAX_HEIGHT), "white")
        self.draw = ImageDraw.Draw(self.image)
        self.y = self.MARGIN

    def write(self, text: str, size: int, colour: str = "#16181d", x: int = MARGIN) -> None:
        font = ImageFont.load_default(size)
        text = text.replace("×", "x")  # which Pillow's built-in font lacks
        for line in textwrap.wrap(text, int(1600 / size)) or [""]:
            self.draw.text((x, self.y), line, colour, font)
            self.y += int(1.45 * size)

    def write_row(self, row: dict) -> None:
        top = self.y
        columns = [(self.MARGIN, row["title"]), (330, row["said"]), (450, f"real: {row['real_said']}")]
        for x, text in columns:
            self.write(text, 17, x=x)
            self.y = top
        self.write(row["level_said"], 17, COLOURS[row["level"]], 640)

    def paste(self, pixels: np.ndarray) -> None:
        picture = encode.to_image(pixels, max(1, 852 // pixels.shape[1])).convert("RGB")
        self.image.paste(picture, (self.MARGIN, self.y))
        self.y += picture.height

    def png(self) -> bytes:
        height = min(self.y + 20, self.MAX_HEIGHT)
        return encode.png(np.asarray(self.image.crop((0, 0, self.WIDTH, height))))
