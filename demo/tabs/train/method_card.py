"""The catalogue in Train: the menu of methods, a card about the chosen one, and other settings."""

import base64
import re
from functools import cache
from pathlib import Path

import gradio as gr
import numpy as np
from PIL import Image

from demo.tabs.handlers import QUIET, errors_as_messages
from demo.tabs.theme import term
from demo.tabs.train.fields import OTHER_SETTINGS, as_text
from gan.images.encode import png
from gan.settings.catalogue import METHODS, find_method, groups
from gan.settings.hyperparameters import AUGMENTATIONS

DEFAULT = "quick"
PREVIEWS = Path(__file__).parents[2] / "web" / "methods"
# Terms that the cards use.
TERMS = {
    "r1": "R1",
    "ema": "EMA",
    "batch_norm": "batch normalisation",
    "spectral_norm": "spectral normalisation",
    "collapse": "mode collapse",
    "overfitting": "overfitting",
}
FORMULA = [{"left": "$$", "right": "$$", "display": True}]


def menu() -> gr.Dropdown:
    """The menu of methods, by group."""
    return gr.Dropdown(titles(), value=DEFAULT, label="Method", info=find_method(DEFAULT).summary)


def titles() -> list[tuple[str, str]]:
    """(label, name) of all methods, by group."""
    return [
        (f"{method.title} · {group}", method.name)
        for group, members in groups().items()
        for method in members
    ]


def card(method: gr.Dropdown) -> None:
    """A description of the chosen method, below its menu."""
    with gr.Accordion("What this changes in the training loop", open=False, elem_classes="gs-method"):
        words = gr.Markdown(_card(DEFAULT), latex_delimiters=FORMULA, elem_classes="gs-card")
        terms = " · ".join(term(key, text) for key, text in TERMS.items())
        gr.HTML(f"<p class='gs gs-quiet'>Terms: {terms}</p>", apply_default_css=False)
    method.input(_describe, method, [method, words], queue=False, **QUIET)


def other_choices(method: gr.Dropdown) -> gr.Textbox:
    """A field of `name=value` lines, and a menu that adds a line with the method's value."""
    pick = gr.Dropdown(
        list(OTHER_SETTINGS),
        value=None,
        label="Any other setting",
        info="Choose one to change: it is added below.",
        elem_classes="gs-whole-row",
    )
    lines = gr.Textbox(
        label="Changed",
        info="One name=value per line. Contradicting settings are refused, with the reason.",
        placeholder="spectral_norm=true",
        lines=2,
        max_lines=8,
        elem_classes="gs-whole-row",
    )
    pick.input(_add_change, [pick, lines, method], [pick, lines], queue=False, **QUIET)
    return lines


@errors_as_messages
def _describe(name):
    return gr.update(info=find_method(name).summary), _card(name)


@cache
def _card(name: str) -> str:
    method = METHODS[name]
    # One line for each part of the equation: the form is narrow.
    parts = [
        *(f"$${part.strip()}$$" for part in re.split(r"\\qquad|(?=\\quad\s*\+)", method.equation)),
        f"**Cures:** {method.cures}",
        f"**Risks:** {method.risks}",
        f"[{method.paper}]({method.link})",
        f"![Digits by {method.title}]({_preview(name)})",
        "*Samples after 30 s of training on one slow core: an early stage, not the final quality.*",
    ]
    return "\n\n".join(parts)


def _preview(name: str) -> str:
    """The sample strip of a method as a data URI, in two rows, because the form is narrow."""
    with Image.open(PREVIEWS / f"{name}.png") as strip:
        folded = np.concatenate(np.split(np.asarray(strip), 2, axis=1))
    return "data:image/png;base64," + base64.b64encode(png(folded[..., None])).decode()


@errors_as_messages
def _add_change(name, lines, method):
    kept = [line for line in (lines or "").splitlines() if line.strip()]
    if name and all(line.partition("=")[0].strip() != name for line in kept):
        # An empty value gets an example.
        value = getattr(find_method(method), name)
        kept.append(f"{name}={as_text(value) if value != '' else ','.join(AUGMENTATIONS)}")
    return None, "\n".join(kept)
