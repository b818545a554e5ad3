"""The catalogue in Train: the menu of methods, a card on the chosen one, and other choices."""

import base64
import re
from functools import cache
from pathlib import Path

import gradio as gr
import numpy as np
from PIL import Image

from demo.tabs.handlers import QUIET, errors_as_messages
from demo.tabs.train.fields import PICKED, spelled
from gan.images.encode import png
from gan.settings.catalogue import METHODS, find_method, groups
from gan.settings.method import AUGMENTATIONS

DEFAULT = "quick"
DIGITS = Path(__file__).parents[2] / "web" / "methods"
FORMULA = [{"left": "$$", "right": "$$", "display": True}]


def menu() -> gr.Dropdown:
    """The methods, group by group; typing finds one."""
    return gr.Dropdown(titles(), value=DEFAULT, label="Method", info=find_method(DEFAULT).summary)


def titles() -> list[tuple[str, str]]:
    """(what a menu shows, the method's name), group by group."""
    return [
        (f"{method.title} · {group}", method.name)
        for group, members in groups().items()
        for method in members
    ]


def card(method: gr.Dropdown) -> None:
    """What the chosen method is, below its menu."""
    with gr.Accordion("What this changes in the loop", open=False, elem_classes="gs-method"):
        words = gr.Markdown(_card(DEFAULT), latex_delimiters=FORMULA, elem_classes="gs-card")
    method.input(_describe, method, [method, words], queue=False, **QUIET)


def other_choices(method: gr.Dropdown) -> gr.Textbox:
    """A field of `name=value` lines, and a menu that adds one with the method's own value."""
    pick = gr.Dropdown(
        list(PICKED),
        value=None,
        label="Any other choice",
        info="Pick one to change: it is added below.",
        elem_classes="gs-whole-row",
    )
    lines = gr.Textbox(
        label="Changed",
        info="One name=value a line. What contradicts the rest is refused, with the reason.",
        placeholder="spectral_norm=true",
        lines=2,
        max_lines=8,
        elem_classes="gs-whole-row",
    )
    pick.input(_added, [pick, lines, method], [pick, lines], queue=False, **QUIET)
    return lines


@errors_as_messages
def _describe(name):
    return gr.update(info=find_method(name).summary), _card(name)


@cache
def _card(name: str) -> str:
    method = METHODS[name]
    # Each of its parts on a line of its own: the form is narrow.
    parts = [
        *(f"$${part.strip()}$$" for part in re.split(r"\\qquad|(?=\\quad\s*\+)", method.equation)),
        f"**Cures:** {method.cures}",
        f"**Risks:** {method.risks}",
        f"[{method.paper}]({method.link})",
        f"![Digits by {method.title}]({_digits(name)})",
        "*Digits by it after half a minute of one slow core: how it begins, not how far it gets.*",
    ]
    return "\n\n".join(parts)


def _digits(name: str) -> str:
    """The picture that docs/methods.md has of a method, as a data URI; folded, for forms are narrow."""
    with Image.open(DIGITS / f"{name}.png") as strip:
        folded = np.concatenate(np.split(np.asarray(strip), 2, axis=1))
    return "data:image/png;base64," + base64.b64encode(png(folded[..., None])).decode()


@errors_as_messages
def _added(name, lines, method):
    kept = [line for line in (lines or "").splitlines() if line.strip()]
    if name and all(line.partition("=")[0].strip() != name for line in kept):
        # What is empty gets an example, for it is there to be changed.
        value = getattr(find_method(method), name)
        kept.append(f"{name}={spelled(value) if value != '' else ','.join(AUGMENTATIONS)}")
    return None, "\n".join(kept)
