"""A report card to take away: JSON, one page of HTML that needs nothing else, or one picture."""

import base64
import html
import json
import textwrap
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from torch import Tensor

from gan.common.files import write_bytes
from gan.images import encode
from gan.report.as_dict import as_dict
from gan.report.card import Card

KINDS = (".json", ".html", ".png")
SHEETS = {
    "samples": ("Samples", 12),
    "copied": ("Closest pairs: a sample, then the nearest training picture", 8),
    "alike": ("Samples most alike, in pairs", 8),
    "unreal": ("Samples farthest from any real picture", 8),
    "missed": ("Real pictures farthest from any sample", 8),
}
COLOURS = {"good": "#18794e", "fair": "#b45309", "poor": "#c2255c"}
STYLE = """body{font:16px/1.5 system-ui,sans-serif;color:#16181d}
body{max-width:52rem;margin:2rem auto;padding:0 1rem}
td,th{padding:.3rem .8rem .3rem 0;text-align:left;vertical-align:top}
td.n{text-align:right;white-space:nowrap}
img{image-rendering:pixelated;max-width:100%}small{color:#5a606b}h1{font-size:1.4rem}h2{font-size:1.1rem}"""


def write_card(path: str | Path, card: Card, model: str) -> None:
    """Write a finished card as .json, .html or .png; ValueError for any other ending."""
    kind = Path(path).suffix.lower()
    if kind not in KINDS:
        raise ValueError(f"A report card is written as {', '.join(KINDS)}, not as {Path(path).name!r}.")
    makers = {".json": as_json, ".html": as_html, ".png": as_png}
    write_bytes(path, makers[kind](card, model))


def as_json(card: Card, model: str) -> bytes:
    """The card without its pictures."""
    return json.dumps(as_dict(card, model), indent=2, ensure_ascii=False).encode()


def sheet(card: Card, name: str) -> np.ndarray:
    """One of the card's sets of pictures as one picture, uint8 (H, W, C)."""
    return encode.grid(arrays(card.pictures[name]), SHEETS[name][1])


def arrays(pixels: Tensor) -> np.ndarray:
    """uint8 (N, C, H, W) -> (N, H, W, C)."""
    return pixels.permute(0, 2, 3, 1).contiguous().numpy()


def as_html(card: Card, model: str) -> bytes:
    """One page; what users named is escaped."""
    data = as_dict(card, model)
    verdict, safe = data["verdict"], html.escape
    findings = "".join(
        f"<li><b style='color:{COLOURS[each['level']]}'>{safe(each['title'])}.</b> "
        f"{safe(each['evidence'])} <i>{safe(each['advice'])}</i></li>"
        for each in verdict["findings"]
    )
    table = "".join(
        f"<tr><td><b>{safe(row['title'])}</b><br><small>{safe(row['meaning'])}</small></td>"
        f"<td class=n>{safe(row['said'])}</td><td class=n>{safe(row['real_said'])}</td>"
        f"<td style='color:{COLOURS[row['level']]}'>{safe(row['level_said'])}</td></tr>"
        for row in data["measures"]
        if row["value"] is not None
    )
    shown = "".join(
        f"<h2>{safe(title)}</h2><img alt='{safe(title)}' src='data:image/png;base64,"
        f"{base64.b64encode(encode.png(sheet(card, name), 2)).decode()}'>"
        for name, (title, _) in SHEETS.items()
        if name in card.pictures
    )
    page = (
        f"<!doctype html><html lang=en><meta charset=utf-8><title>{safe(model)}: report card</title>"
        f"<style>{STYLE}</style><h1>How good is {safe(model)}, measured against {safe(card.data)}?</h1>"
        f"<p><b>{safe(verdict['headline'])}</b> {safe(verdict['good'])}</p><ul>{findings}</ul>"
        f"<table><tr><th>Measure<th>Model<th>Real pictures<th></tr>{table}</table>{shown}"
        f"<p><small>{safe(' '.join(data['notes']))}</small></p></html>"
    )
    return page.encode()


def as_png(card: Card, model: str) -> bytes:
    """The verdict, the numbers and the pictures on one sheet, 900 pixels wide."""
    data, y = as_dict(card, model), 24
    image = Image.new("RGB", (900, 4000), "white")
    draw = ImageDraw.Draw(image)

    def write(text: str, size: int, colour: str = "#16181d", x: int = 24, across: int = 0) -> None:
        nonlocal y
        font = ImageFont.load_default(size)
        text = text.replace("×", "x")  # which Pillow's own font does not have
        for line in textwrap.wrap(text, across or int(1600 / size)) or [""]:
            draw.text((x, y), line, colour, font)
            y += int(1.45 * size)

    write(f"{model} against {card.data}", 26)
    write(data["verdict"]["headline"], 19)
    write(data["verdict"]["good"], 17, COLOURS["good"])
    for each in data["verdict"]["findings"]:
        write(f"{each['title']}: {each['evidence']}", 17, COLOURS[each["level"]])
    y += 12
    for row in data["measures"]:
        if row["value"] is None:
            continue
        top = y
        columns = [(24, row["title"]), (330, row["said"]), (450, f"real: {row['real_said']}")]
        for x, text in [*columns, (640, row["level_said"])]:
            y = top
            write(text, 17, COLOURS[row["level"]] if x == 640 else "#16181d", x)
    for name, (title, _) in SHEETS.items():
        if name in card.pictures:
            y += 14
            write(title, 17)
            drawn = sheet(card, name)
            picture = encode.to_image(drawn, max(1, 852 // drawn.shape[1])).convert("RGB")
            image.paste(picture, (24, y))
            y += picture.height
    write("", 8)
    write(" ".join(data["notes"]), 14, "#5a606b")
    return encode.png(np.asarray(image.crop((0, 0, 900, min(y + 20, 4000)))))
