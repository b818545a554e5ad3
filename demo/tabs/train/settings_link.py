"""A link to Train's settings: what it says, and the form that it fills when it is opened.

It holds, as JSON, the settings that are not those of a new form; each is checked as if it were typed.
"""

import json
from collections.abc import Callable
from urllib.parse import quote

import gradio as gr

from demo.backend.datasets import SOURCES
from demo.backend.run_payload import idle
from demo.tabs.handlers import QUIET, errors_as_messages
from demo.tabs.theme import view
from demo.tabs.train.own_pictures import NAMED, asked
from gan.common import checks
from gan.settings.config import TrainConfig

QUERY = "train"
LONGEST = 4000
NOT_LINKED = ("save_every",)  # the page's own business
AS_SUGGESTED = "as suggested"  # what fields of the form show where nothing was chosen


def offer() -> tuple[gr.Button, gr.HTML]:
    """The button, and what copies the link that the server has written."""
    button = gr.Button("Copy link to these settings", size="sm", elem_classes="gs-whole-row")
    return button, view("settings-link", "settings_link")


def wire(
    page: gr.Blocks, form: dict, live: gr.HTML, pictures: gr.HTML, offered: tuple, read: Callable
) -> None:
    """Let the button copy a link, and a link that is opened fill the form."""
    button, copied = offered
    names = list(form)

    @errors_as_messages
    def write(*values):
        return written(read(dict(zip(names, values, strict=True))))

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
        seen = gr.skip() if request.query_params.get("run") else idle(shown_data(values))
        return [*updates, seen, asked(values["data"], values["other"], config)]

    button.click(write, list(form.values()), copied, **QUIET)
    page.load(fill, None, [*form.values(), live, pictures], **QUIET)


def written(config: TrainConfig) -> str:
    """The query of a link to these settings, such as "train=%7B…%7D"."""
    usual = TrainConfig().to_dict()
    told_ones = {
        name: value
        for name, value in config.to_dict().items()
        if name not in NOT_LINKED and (value != usual[name] or name == "data")
    }
    if config.steps is not None:
        del told_ones["seconds"]  # None, where it is usually a number
    return f"{QUERY}={quote(json.dumps(told_ones, separators=(',', ':')))}"


def config_in(text: str) -> TrainConfig:
    """The settings that a link holds; ValueError says what is wrong with them."""
    text = checks.text("settings of this link", text, max_length=LONGEST)
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
    changes = [f"{name}={_spelled(value)}" for name, value in config.changes.items()]
    # Settings without a field of their own stand among the changes.
    for name in ("model", "d_width", "precision"):
        if (value := getattr(config, name)) is not None:
            changes.append(f"{name}={_spelled(value)}")
    return {
        **shown,
        "size": config.size or AS_SUGGESTED,
        "channels": config.channels or AS_SUGGESTED,
        "seconds": config.seconds or TrainConfig().seconds,
        "seed": config.seed,
        "data": config.data if known else NAMED,
        "other": "" if known else config.data,
        "changes": "\n".join(changes),
    }


def shown_data(values: dict) -> str:
    """The data that a form with these values names."""
    return values["other"] if values["data"] == NAMED else values["data"]


def _field(value: object) -> object:
    return "" if value is None else _spelled(value) if isinstance(value, int | float) else value


def _spelled(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.10g}" if isinstance(value, float) else str(value)
