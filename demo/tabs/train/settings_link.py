"""Links to Train's settings: write one, and fill the form from one that is opened.

The query holds the settings that differ from the defaults as JSON; they are checked like typed ones.
"""

import json
from collections.abc import Callable, Mapping
from urllib.parse import quote

import gradio as gr

from demo.backend.addresses import fields_of
from demo.backend.datasets import SOURCES
from demo.backend.runs.payload import idle_payload
from demo.backend.runs.run import Run
from demo.tabs import problem
from demo.tabs.handlers import QUIET
from demo.tabs.theme import view
from demo.tabs.train import start
from demo.tabs.train.fields import AS_SUGGESTED, UNTYPED, as_text
from demo.tabs.train.own_pictures import MODES, NAMED, UPLOADED, component_value
from gan.common import checks
from gan.data.sources import UPLOAD_PREFIX
from gan.settings.config import TrainConfig

QUERY = "train"
PREFIX = "train"  # of the ids of the form's fields
MAX_LENGTH = 4000
SLIDER_SECONDS = (10, 600)  # the ends of the form's slider; other programs may train for 1 to 604,800
READY = "ready"  # the form holds what the address says
NOT_LINKED = ("save_every",)  # the page decides how often it saves


def components() -> tuple[gr.Button, gr.HTML]:
    """(the button, the component that copies the link that the server made)."""
    button = gr.Button("Copy link to these settings", size="sm", elem_classes="gs-whole-row")
    return button, view("settings-link", "train/settings_link.js")


def fills_form(fields: Mapping[str, str]) -> bool:
    """Whether an address fills the form when the page is opened: by a run's id, or by settings."""
    return bool(fields.get("run") or fields.get(QUERY))


def wire(
    page: gr.Blocks,
    form: dict,
    live: gr.HTML,
    pictures: gr.HTML,
    shown_problem: gr.HTML,
    ready: gr.Textbox,
    offered: tuple,
    read: Callable,
) -> None:
    """Connect the events: the button copies a link, and an opened link fills the form, which `ready` then says."""
    button, copied = offered
    names = list(form)

    def write(*values):
        filled = dict(zip(names, values, strict=True))
        try:
            return link_query(read(dict(filled))), problem.NONE
        except ValueError as error:
            return gr.skip(), problem.of(error, PREFIX, filled)

    def fill(request: gr.Request):
        fields = fields_of(request.query_params)
        text = fields.get(QUERY)
        if text is None:
            return [*unchanged(names), gr.skip(), gr.skip()]
        now = gr.skip() if fields.get("run") else READY
        try:
            config = parse_settings(text)
        except ValueError as error:
            return [*unchanged(names), problem.of(error, PREFIX, dict.fromkeys(names)), now]
        seen = gr.skip() if fields.get("run") else idle_payload(config.data)
        return [*_updates(names, config), seen, gr.skip(), now]

    button.click(write, list(form.values()), [copied, shown_problem], **QUIET)
    page.load(fill, None, [*form.values(), pictures, live, shown_problem, ready], **QUIET)


def shown_settings(names: list[str], run: Run, owned: bool) -> list:
    """Updates of the form's fields, of the component of own pictures and of the button that makes the fields
    editable: a run's settings, read-only for all but its owner."""
    return [*_updates(names, run.config, interactive=owned), gr.update(visible=not owned)]


def unchanged(names: list[str]) -> list:
    """As `shown_settings`, where nothing changes; as many as `_updates` and one more."""
    return [gr.skip()] * (len(names) + 2)


def editable(names: list[str]) -> list:
    """Updates that make the form's fields editable, and hide the button that did it."""
    free = [gr.skip() if name == "ready" else gr.update(interactive=True) for name in names]
    return [*free, gr.update(visible=False)]


def _updates(names: list[str], config: TrainConfig, **more) -> list:
    """Updates of the form's fields, and of the component of own pictures."""
    values = form_values(config)
    updates = [gr.update(value=values[name], **more) if name in values else gr.skip() for name in names]
    updates[names.index("seconds")] |= _range_with(values["seconds"])
    updates[names.index("other")] |= {"visible": values["data"] == NAMED}
    for name in ("size", "channels"):
        updates[names.index(name)] |= {"visible": values["data"] not in MODES}
    return [*updates, component_value(values["data"], values["other"], config)]


def _range_with(seconds: float) -> dict:
    """The ends of the slider, moved where they must to reach a value that was typed elsewhere."""
    least, most = SLIDER_SECONDS
    return {"minimum": min(least, seconds), "maximum": max(most, seconds)}


def link_query(config: TrainConfig) -> str:
    """The query of a link to a config, such as "train=%7B…%7D"."""
    defaults = TrainConfig().to_dict()
    linked = {
        name: value
        for name, value in config.to_dict().items()
        if name not in NOT_LINKED and (value != defaults[name] or name == "data")
    }
    if config.steps is not None:
        del linked["seconds"]  # None with a budget in steps
    return f"{QUERY}={quote(json.dumps(linked, separators=(',', ':')))}"


def parse_settings(text: str) -> TrainConfig:
    """The checked config of a link; ValueError says what is wrong."""
    text = checks.text("settings of this link", text, max_length=MAX_LENGTH)
    try:
        values = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("The settings of this link are cut off: copy the whole link.") from None
    if not isinstance(values, dict):
        raise ValueError("The settings of this link must be a JSON object.")
    return TrainConfig.from_dict(values)


def form_values(config: TrainConfig) -> dict:
    """The values of the form's fields for a config."""
    choice = data_choice(config.data)
    shown = {name: _field_value(value) for name, value in config.to_dict().items()}
    # Settings without a field are listed among the changes.
    others = {name: getattr(config, name) for name in UNTYPED}
    changes = config.changes | {name: value for name, value in others.items() if value is not None}
    return {
        **shown,
        "size": config.size or AS_SUGGESTED,
        "channels": config.channels or AS_SUGGESTED,
        "seconds": config.seconds or TrainConfig().seconds,
        "seed": config.seed,
        "data": choice,
        "other": config.data if choice == NAMED else "",
        "start_from": start.value_of(config.start_from),
        "changes": "\n".join(f"{name}={as_text(value)}" for name, value in changes.items()),
    }


def data_choice(data: str) -> str:
    """What is chosen in the form for these data."""
    if data.startswith(UPLOAD_PREFIX):
        return UPLOADED
    return data if data in SOURCES else NAMED


def _field_value(value: object) -> object:
    return "" if value is None else as_text(value) if isinstance(value, int | float) else value
