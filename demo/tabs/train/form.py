"""The Train tab: choose data and method, press Train, watch the training (demo/web/train/)."""

import functools
from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from demo.backend.datasets import SOURCES, check_source
from demo.backend.runs.payload import idle_payload
from demo.backend.runs.queue import SAVE_EVERY
from demo.backend.services import Services
from demo.tabs import fallback, problem
from demo.tabs.handlers import QUIET
from demo.tabs.theme import lead, term, view
from demo.tabs.train import (
    cure,
    failure_lessons,
    method_card,
    own_pictures,
    ownership,
    settings_link,
    start,
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

LEAD = (
    f"Train a {term('gan', 'GAN')}, from nothing or from a model: watch its {term('generator', 'generator')} learn "
    f"against a {term('discriminator', 'discriminator')}."
)
RADIOS = ("size", "channels")
# Fields whose label and info come from their declarations.
DECLARED = ("seconds", "seed", *RADIOS, *TYPED)


def build(services: Services, page: gr.Blocks) -> tuple[gr.Column, gr.State]:
    """Build the tab; returns the fallback column, and the state of uploaded pictures
    (demo/tabs/train/own_pictures.py)."""
    current = gr.State("")
    lead(LEAD)
    with gr.Row(elem_classes="gs-train-row"):
        with gr.Column(scale=3, min_width=320):
            # Above the view, whose charts stay visible below the samples.
            fallback_column = fallback.train(services, current)
            live = view("train", "train/train.js", idle_payload("faces"), event="pinned")
        with gr.Column(scale=1, min_width=280, elem_classes="gs-train-form"):
            form, buttons, link, pictures = _form(services)
            lesson, buttons["break"] = failure_lessons.menu()
    # In the browser, as the form is: a state would be known to the server before the form is.
    ready = gr.Textbox("", visible="hidden")
    _wire(services, page, live, current, ready, form, pictures, buttons, lesson)
    _wire_preview(form, pictures)
    settings_link.wire(
        page,
        form,
        live,
        pictures,
        buttons["problem"],
        ready,
        link,
        lambda values: read_form(own_pictures.link_values(values), services.roots),
    )
    return fallback_column, form["ready"]


def _form(services: Services) -> tuple[dict, dict[str, gr.Button], tuple, gr.HTML]:
    """(fields by name, buttons by name, (link button, link component), component of uploaded pictures)."""
    form: dict[str, gr.components.Component] = {}
    with gr.Row(elem_classes="gs-train-buttons"):
        buttons = {"train": gr.Button("Train", variant="primary", elem_id="train-button", min_width=90)}
        buttons["pause"] = gr.Button("Pause", interactive=False, min_width=90)
        buttons["stop"] = gr.Button("Stop", interactive=False, min_width=90)
    buttons["problem"] = problem.component()
    buttons["unlock"] = gr.Button("Change these settings", visible=False, elem_id="unlock-button")
    buttons["cure"], buttons["words"] = cure.components()
    form["data"] = gr.Radio(
        [
            *((title, name) for name, title in SOURCES.items()),
            ("Your own pictures", UPLOADED),
            ("Folder or Hub id", NAMED),
        ],
        value="faces",
        label="Data",
        info="What the generator learns to imitate.",
        elem_classes="gs-data",
    )
    form["other"] = gr.Textbox(
        label="Folder or Hub id",
        info=f"Such as ylecun/mnist or a folder on the server; {label('limit')}, below, uses only the first.",
        visible=False,
    )
    pictures, form["ready"], chosen = own_pictures.build(services.uploads)
    form["start_from"], fold = start.build()
    form["method"] = method_card.menu()
    method_card.card(form["method"])
    words = {name: {"label": label(name), "info": info(name)} for name in DECLARED}
    form["seconds"] = gr.Slider(
        *settings_link.SLIDER_SECONDS, value=DEFAULT_SECONDS, step=5, **words["seconds"]
    )
    form["seed"] = gr.Number(TrainConfig.seed, precision=None, **words["seed"])
    with gr.Accordion("More settings", open=False, elem_classes="gs-more"):
        for name in RADIOS:
            form[name] = gr.Radio(options(name), value=AS_SUGGESTED, **words[name])
        for name in TYPED:
            # Not gr.Number: an empty one turns into 0 when the accordion opens.
            form[name] = gr.Textbox(placeholder=AS_SUGGESTED, max_lines=1, **words[name])
        form["changes"] = method_card.other_choices(form["method"])
        link = settings_link.components()
    problem.name_fields(form, settings_link.PREFIX)
    start.wire(services, form, fold, chosen)
    return form, buttons, link, pictures


def read_form(values: dict, roots: Sequence[Path]) -> TrainConfig:
    """The form's values as a checked config; ValueError says what is wrong.

    The caller checks the owner of uploads.
    """
    values = {key: None if value in (AS_SUGGESTED, "") else value for key, value in values.items()}
    if values["data"] == NAMED and not values["other"]:
        raise ValueError("Type a folder or a Hub id to train on, or choose other data.")
    values["start_from"] = start.read(values.pop("start_from", None))
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
    ready: gr.Textbox,
    form: dict,
    pictures: gr.HTML,
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
        return field, idle_payload(data), "", *button_states("idle"), *cure.updates(None)

    streaming = {"concurrency_limit": None, **QUIET}
    told = [*outputs, buttons["problem"]]
    buttons["train"].click(handlers.train_from_form, [ready, *form.values()], told, **streaming)
    buttons["pause"].click(handlers.pause, current, outputs, **streaming)
    buttons["cure"].click(handlers.cure, current, outputs, **streaming)
    buttons["break"].click(handlers.start_lesson, lesson, outputs, **streaming)
    # Through the queue: Gradio does not show errors of events outside of it.
    buttons["stop"].click(handlers.stop, current, None, **streaming)
    settings = [*form.values(), pictures, buttons["unlock"]]
    filled = [*outputs, *settings, ready]
    page.load(handlers.rejoin, outputs=filled, **ownership.token_input(), **streaming)
    # "multiple": another run may be pinned while the stream of the last one goes on.
    live.pinned(handlers.show_pinned, None, [*outputs, *settings], trigger_mode="multiple", **streaming)
    free = functools.partial(settings_link.editable, list(form))
    buttons["unlock"].click(free, None, [*form.values(), buttons["unlock"]], queue=False, **QUIET)
    form["data"].input(
        choose_data, [form["data"], current], [form["other"], *outputs], queue=False, **QUIET
    )


def _wire_preview(form: dict, pictures: gr.HTML) -> None:
    """Preview chosen pictures; their component replaces the fields for size and channels."""
    shape = [form["size"], form["channels"]]

    def show(data, typed):
        hidden = gr.update(visible=data not in own_pictures.MODES)
        return own_pictures.component_value(data, typed), hidden, hidden

    preview = {"inputs": [form["data"], form["other"]], "outputs": [pictures, *shape]}
    form["data"].input(show, **preview, queue=False, **QUIET)
    for happens in (form["other"].submit, form["other"].blur):
        happens(show, **preview, queue=False, **QUIET)
