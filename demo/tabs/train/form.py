"""Train: choose data and method, press Train, watch a generator learn (demo/web/train/train.js)."""

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from demo.backend.datasets import SOURCES, check_source
from demo.backend.run_payload import idle_payload
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
from demo.tabs.train.buttons import STREAM_OUTPUTS, UNCHANGED, Buttons, button_states
from demo.tabs.train.fields import (
    AS_SUGGESTED,
    TYPED,
    as_labelled,
    info,
    label,
    options,
    typed_number,
)
from demo.tabs.train.own_pictures import NAMED, UPLOADED
from gan.settings.command_line import read_changes
from gan.settings.config import DEFAULT_SECONDS, TrainConfig

LEAD = "A new generator learns to draw from nothing, before your eyes."
CHOSEN = ("size", "channels")
# Fields whose words are those of their declarations.
DECLARED = ("seconds", "seed", *CHOSEN, *TYPED)


def build(services: Services, page: gr.Blocks) -> tuple[gr.HTML, gr.Column, gr.State]:
    """The tab's components; returns the live view, whose "explore" event names a finished run, what
    stands in for its pictures, and what is ready of someone's own (demo/tabs/train/own_pictures.py)."""
    current = gr.State("")
    gr.HTML(f"<p class='gs gs-lead'>{LEAD}</p>", apply_default_css=False)
    with gr.Row(elem_classes="gs-train-row"):
        with gr.Column(scale=3, min_width=320):
            # Above the view, for pictures come first; of the view only charts stay then.
            stand_in = fallback.train(services, current)
            live = view("train", "train/train.js", idle_payload("faces"), event="explore")
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
            ("Your own pictures", UPLOADED),
            ("Folder or Hub id", NAMED),
        ],
        value="faces",
        label="Data",
        info="What to learn.",
        elem_classes="gs-data",
    )
    form["other"] = gr.Textbox(
        label="Folder or Hub id",
        info=f"Such as ylecun/mnist or a folder on the server; {label('limit')}, below, takes the first.",
        visible=False,
    )
    pictures, form["ready"] = own_pictures.build(services.uploads)
    form["method"] = method_card.menu()
    method_card.card(form["method"])
    words = {name: {"label": label(name), "info": info(name)} for name in DECLARED}
    form["seconds"] = gr.Slider(10, 600, value=DEFAULT_SECONDS, step=5, **words["seconds"])
    form["seed"] = gr.Number(TrainConfig.seed, precision=None, **words["seed"])
    with gr.Accordion("More settings", open=False, elem_classes="gs-more"):
        for name in CHOSEN:
            form[name] = gr.Radio(options(name), value=AS_SUGGESTED, **words[name])
        for name in TYPED:
            # Not gr.Number: an empty one turns into 0 when the accordion opens.
            form[name] = gr.Textbox(placeholder=AS_SUGGESTED, max_lines=1, **words[name])
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
    for name in TYPED:
        values[name] = typed_number(name, values[name])
    overrides, values["changes"] = read_changes(values["changes"])
    values |= overrides
    if values["steps"] is not None:
        values["seconds"] = None
    try:
        return TrainConfig(**values, save_every=SAVE_EVERY)
    except ValueError as error:
        raise ValueError(as_labelled(str(error))) from None


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
    handlers = Buttons(services, list(form), read_form, SAVE_EVERY)
    outputs = [live, current, *(buttons[name] for name in STREAM_OUTPUTS)]

    def choose_data(data, name):
        field = gr.update(visible=data == NAMED)
        if name and name in runs.known and runs.known[name].active:
            return [field, *UNCHANGED]
        return field, idle_payload(data), "", *button_states("idle"), *cure.shown(None)

    streaming = {"concurrency_limit": None, **QUIET}
    buttons["train"].click(handlers.learn, list(form.values()), outputs, **streaming)
    buttons["pause"].click(handlers.pause, current, outputs, **streaming)
    buttons["cure"].click(handlers.cure, current, outputs, **streaming)
    buttons["break"].click(handlers.break_it, lesson, outputs, **streaming)
    # Through the queue, because errors of an event outside of it are not shown.
    buttons["stop"].click(handlers.stop, current, None, **streaming)
    page.load(handlers.rejoin, outputs=outputs, **ownership.shown(), **streaming)
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
