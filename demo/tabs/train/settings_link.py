"""A link to Train's settings: its query, and the form that it fills when it is opened.

It holds, as JSON, the settings that are not those of a new form; each is checked as if it were typed.
"""

import json
from collections.abc import Callable
from urllib.parse import quote

import gradio as gr

from demo.backend.datasets import SOURCES
from demo.backend.run_payload import idle_payload
from demo.tabs.handlers import QUIET, errors_as_messages
from demo.tabs.theme import view
from demo.tabs.train.fields import AS_SUGGESTED, UNTYPED, spelled
from demo.tabs.train.own_pictures import NAMED, asked
from gan.common import checks
from gan.settings.config import TrainConfig

QUERY = "train"
MAX_LENGTH = 4000
NOT_LINKED = ("save_every",)  # the page decides how often it saves


def offer() -> tuple[gr.Button, gr.HTML]:
    """The button, and what copies the link that the server has written."""
    button = gr.Button("Copy link to these settings", size="sm", elem_classes="gs-whole-row")
    return button, view("settings-link", "train/settings_link.js")


def wire(
    page: gr.Blocks, form: dict, live: gr.HTML, pictures: gr.HTML, offered: tuple, read: Callable
) -> None:
    """Let the button copy a link, and a link that is opened fill the form."""
    button, copied = offered
    names = list(form)

    @errors_as_messages
    def write(*values):
        return query_of(read(dict(zip(names, values, strict=True))))

    @errors_as_messages
    def fill(request: gr.Request):
        text = request.query_params.get(QUERY)
        if text is None:
            return [gr.skip()] * (len(form) + 2)
        config = config_in(text)
        values = form_values(config)
        updates = [gr.update(value=values[name]) if name in values else gr.skip() for name in names]
        updates[names.index("other")] = gr.update(
            value=values["other"], visible=values["data"] == NAMED
        )
        seen = gr.skip() if request.query_params.get("run") else idle_payload(shown_data(values))
        return [*updates, seen, asked(values["data"], values["other"], config)]

    button.click(write, list(form.values()), copied, **QUIET)
    page.load(fill, None, [*form.values(), live, pictures], **QUIET)


def query_of(config: TrainConfig) -> str:
    """The query of a link to these settings, such as "train=%7B…%7D"."""
    usual = TrainConfig().to_dict()
    linked = {
        name: value
        for name, value in config.to_dict().items()
        if name not in NOT_LINKED and (value != usual[name] or name == "data")
    }
    if config.steps is not None:
        del linked["seconds"]  # None, where it is usually a number
    return f"{QUERY}={quote(json.dumps(linked, separators=(',', ':')))}"


def config_in(text: str) -> TrainConfig:
    """The settings that a link holds; ValueError says what is wrong with them."""
    text = checks.text("settings of this link", text, max_length=MAX_LENGTH)
    try:
        values = json.loads(text)
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("The settings of this link are cut off: ask for the whole link.") from None
    if not isinstance(values, dict):
        raise ValueError("The settings of this link are not such as this page writes.")
    return TrainConfig.from_dict(values)


def form_values(config: TrainConfig) -> dict:
    """What each field of the form shows for a config."""
    known = config.data in SOURCES
    shown = {name: _field(value) for name, value in config.to_dict().items()}
    # Settings without a field of their own stand among the changes.
    others = {name: getattr(config, name) for name in UNTYPED}
    changes = config.changes | {name: value for name, value in others.items() if value is not None}
    return {
        **shown,
        "size": config.size or AS_SUGGESTED,
        "channels": config.channels or AS_SUGGESTED,
        "seconds": config.seconds or TrainConfig().seconds,
        "seed": config.seed,
        "data": config.data if known else NAMED,
        "other": "" if known else config.data,
        "changes": "\n".join(f"{name}={spelled(value)}" for name, value in changes.items()),
    }


def shown_data(values: dict) -> str:
    """The data that a form with these values names."""
    return values["other"] if values["data"] == NAMED else values["data"]


def _field(value: object) -> object:
    return "" if value is None else spelled(value) if isinstance(value, int | float) else value
