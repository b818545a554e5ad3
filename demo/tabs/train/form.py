"""Train: choose data and method, press Train, watch a generator learn (demo/web/train.js)."""

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from demo.backend.datasets import SOURCES, check_source
from demo.backend.run_payload import idle
from demo.backend.run_queue import SAVE_EVERY
from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.handlers import QUIET
from demo.tabs.theme import view
from demo.tabs.train import (
    cure,
    failure_lessons,
    method_card,
    own_pictures,
    ownership,
    settings_link,
)
from demo.tabs.train.buttons import FILLED, UNCHANGED, Buttons, button_states
from demo.tabs.train.own_pictures import HANDED, NAMED
from demo.tabs.train.settings_link import AS_SUGGESTED
from gan.settings.command_line import read_changes
from gan.settings.config import TrainConfig

LEAD = "A new generator learns to draw from nothing, before your eyes."
# What the accordion offers: (setting, label, what it is). Empty fields mean "as suggested".
DETAILS = [
    ("width", "Width", "Channels beside the picture: wider is abler and slower (4 to 128)."),
    ("batch", "Batch", "Pictures in one update (2 to 1,024)."),
    ("g_lr", "Generator's learning rate", "Too large: it jumps about. Too small: nothing moves."),
    ("d_lr", "Discriminator's learning rate", "Larger makes the critic stronger."),
    ("n_critic", "D updates a step", "How often D learns before G does once (1 to 20)."),
    ("z_dim", "Length of z", "How many numbers make a picture (1 to 1,024)."),
    ("ema_images", "Average's half-life", "In images; 0 shows the raw generator."),
    ("limit", "Pictures used", "The first so many of the data."),
    ("steps", "Budget in steps", "Instead of seconds: the same weights on every run."),
]


def build(services: Services, page: gr.Blocks) -> tuple[gr.HTML, gr.Column, gr.State]:
    """The tab's components; returns the live view, whose "explore" event names a finished run, what
    stands in for its pictures, and what is ready of someone's own (demo/tabs/train/own_pictures.py)."""
    current = gr.State("")
    gr.HTML(f"<p class='gs gs-lead'>{LEAD}</p>", apply_default_css=False)
    with gr.Row(elem_classes="gs-train-row"):
        with gr.Column(scale=3, min_width=320):
            # Above the view, for pictures come first; of the view only charts stay then.
            stand_in = fallback.train(services, current)
            live = view("train", "train", idle("faces"), event="explore")
        with gr.Column(scale=1, min_width=280, elem_classes="gs-train-form"):
            form, buttons, link, pictures = _form(services)
            lesson, buttons["break"] = failure_lessons.menu()
    _wire(services, page, live, current, form, buttons, lesson)
    _wire_pictures(form, pictures)
    settings_link.wire(
        page,
        form,
        live,
        pictures,
        link,
        lambda values: read_form(own_pictures.linked(values), services.roots),
    )
    return live, stand_in, form["ready"]


def _form(services: Services) -> tuple[dict, dict[str, gr.Button], tuple, gr.HTML]:
    """The fields by name, the buttons, what copies a link, and what shows someone's own pictures."""
    form: dict[str, gr.components.Component] = {}
    with gr.Row(elem_classes="gs-train-buttons"):
        buttons = {"train": gr.Button("Train", variant="primary", elem_id="train-button", min_width=90)}
        buttons["pause"] = gr.Button("Pause", interactive=False, min_width=90)
        buttons["stop"] = gr.Button("Stop", interactive=False, min_width=90)
    buttons["cure"], buttons["words"] = cure.offer()
    form["data"] = gr.Radio(
        [
            *((title, name) for name, title in SOURCES.items()),
            ("Your own pictures", HANDED),
            ("Folder or Hub id", NAMED),
        ],
        value="faces",
        label="Data",
        info="What to learn.",
        elem_classes="gs-data",
    )
    form["other"] = gr.Textbox(
        label="Folder or Hub id",
        info="Such as ylecun/mnist or a folder on the server; Pictures used, below, takes the first.",
        visible=False,
    )
    pictures, form["ready"] = own_pictures.build(services.uploads)
    form["method"] = method_card.menu()
    method_card.card(form["method"])
    form["seconds"] = gr.Slider(
        10, 600, value=60, step=5, label="Seconds", info="How long it may learn."
    )
    form["seed"] = gr.Number(
        0, label="Seed", info="Same seed and settings: the same start.", precision=None
    )
    with gr.Accordion("More settings", open=False, elem_classes="gs-more"):
        sizes = [AS_SUGGESTED, 32, 64]
        form["size"] = gr.Radio(sizes, value=AS_SUGGESTED, label="Size", info="Side of the pictures.")
        colours = [AS_SUGGESTED, ("grey", 1), ("colour", 3)]
        form["channels"] = gr.Radio(
            colours, value=AS_SUGGESTED, label="Colour", info="Grey is quicker."
        )
        for name, label, info in DETAILS:
            # Not gr.Number: an empty one turns into 0 when the accordion opens.
            form[name] = gr.Textbox(label=label, info=info, placeholder=AS_SUGGESTED, max_lines=1)
        form["changes"] = method_card.other_choices(form["method"])
        link = settings_link.offer()
    return form, buttons, link, pictures


def read_form(values: dict, roots: Sequence[Path]) -> TrainConfig:
    """The form's values as a checked config; ValueError says what is wrong.

    Data that were handed in are the caller's to check.
    """
    values = {key: None if value in (AS_SUGGESTED, "") else value for key, value in values.items()}
    if values["data"] == NAMED and not values["other"]:
        raise ValueError("Type a folder or a Hub id to learn from, or choose other data.")
    other = values.pop("other")
    if values["data"] == NAMED:
        values["data"] = other
        check_source(other, roots)
    for name, label, _ in DETAILS:
        values[name] = typed_number(label, values[name])
    own, values["changes"] = read_changes(values["changes"])
    values |= own
    if values["steps"] is not None:
        values["seconds"] = None
    try:
        config = TrainConfig(**values, save_every=SAVE_EVERY)
    except ValueError as error:
        raise ValueError(as_labelled(str(error))) from None
    return config


def as_labelled(sentence: str) -> str:
    """A sentence of `gan` on a setting, with the form's label in place of the setting's name."""
    for name, label, _ in DETAILS:
        if sentence.startswith(f"{name} "):
            return label + sentence[len(name) :]
    return sentence


def typed_number(label: str, text: str | None) -> float | None:
    """What was typed into a field of numbers; None if it was left empty."""
    try:
        return float(text) if text else None
    except (TypeError, ValueError):
        raise ValueError(f"{label} must be a number, or empty for what suits the data.") from None


def _wire(
    services: Services,
    page: gr.Blocks,
    live: gr.HTML,
    current: gr.State,
    form: dict,
    buttons: dict,
    lesson: gr.Dropdown,
) -> None:
    runs = services.runs
    does = Buttons(services, list(form), read_form, SAVE_EVERY)
    outputs = [live, current, *(buttons[name] for name in FILLED)]

    def choose_data(data, name):
        field = gr.update(visible=data == NAMED)
        if name and name in runs.known and runs.known[name].active:
            return [field, *UNCHANGED]
        return field, idle(data), "", *button_states("idle"), *cure.shown(None)

    streaming = {"concurrency_limit": None, **QUIET}
    buttons["train"].click(does.learn, list(form.values()), outputs, **streaming)
    buttons["pause"].click(does.pause, current, outputs, **streaming)
    buttons["cure"].click(does.cure, current, outputs, **streaming)
    buttons["break"].click(does.break_it, lesson, outputs, **streaming)
    # Through the queue, because errors of an event outside of it are not shown.
    buttons["stop"].click(does.stop, current, None, **streaming)
    page.load(does.rejoin, outputs=outputs, **ownership.shown(), **streaming)
    form["data"].input(
        choose_data, [form["data"], current], [form["other"], *outputs], queue=False, **QUIET
    )


def _wire_pictures(form: dict, pictures: gr.HTML) -> None:
    """What is chosen or typed is looked at, and has its size and colour there."""
    shape = [form["size"], form["channels"]]

    def show(data, typed):
        hidden = gr.update(visible=data not in own_pictures.MODES)
        return own_pictures.asked(data, typed), hidden, hidden

    look = {"inputs": [form["data"], form["other"]], "outputs": [pictures, *shape]}
    form["data"].input(show, **look, queue=False, **QUIET)
    for happens in (form["other"].submit, form["other"].blur):
        happens(show, **look, queue=False, **QUIET)
