"""Start from: the model whose networks a run in Train begins with, or nothing."""

from typing import NamedTuple

import gradio as gr
from gradio.events import Dependency

from demo.backend.generators import list_shipped
from demo.backend.runs.starting import fitting, suggested
from demo.backend.services import Services
from demo.backend.visitors.uploads import PREPROCESSING
from demo.tabs.handlers import QUIET
from demo.tabs.train.fields import AS_SUGGESTED
from demo.tabs.train.own_pictures import MODES, UPLOADED
from gan.data.sources import UPLOAD_PREFIX, natural_shape
from gan.training.small_data import SMALL

NOTHING = "nothing"  # the choice of new networks; a folder of that name is ./nothing
NEW = ("nothing: new networks", NOTHING)
PLAIN = (
    "Nothing, or a model whose networks go on learning, with their size. Only those that fit are listed; "
    "a folder or a Hub id may be typed."
)
FEW = (
    "Suggested for {count:,} pictures: networks that have learned before need fewer and less time. "
    "Choose nothing to see the difference."
)


class Choice(NamedTuple):
    """What the menu depends on: the form's values."""

    data: str
    other: str
    size: object
    channels: object
    ready: dict

    @property
    def shape(self) -> tuple[int, int]:
        """Size and channels of the pictures that are chosen."""
        if self.data in MODES and self.ready:
            return self.ready["size"], self.ready["channels"]
        natural = natural_shape(self.other or "" if self.data in MODES else self.data)
        chosen = [
            None if value in (AS_SUGGESTED, "") else value for value in (self.size, self.channels)
        ]
        return chosen[0] or natural[0], chosen[1] or natural[1]


def build() -> tuple[gr.Dropdown, gr.Accordion]:
    """(the menu, the fold that it is in)."""
    with gr.Accordion(_heading(NOTHING), open=False, elem_classes="gs-start") as fold:
        menu = gr.Dropdown(
            [NEW, *list_shipped()],
            value=NOTHING,
            label="Model to start from",
            info=PLAIN,
            allow_custom_value=True,
        )
    return menu, fold


def read(name: str | None) -> str:
    """The menu's value as the setting start_from."""
    return "" if name in (None, NOTHING) else name


def value_of(start_from: str) -> str:
    """The menu's value for a setting; of uploaded weights, which only one page may name, that of nothing."""
    return NOTHING if not start_from or start_from.startswith(UPLOAD_PREFIX) else start_from


def wire(services: Services, form: dict, fold: gr.Accordion, chosen: Dependency) -> None:
    """Keep the menu to models that fit, and suggest one where uploaded pictures are few.

    `chosen`: the event after which other pictures are ready.
    """
    menu = form["start_from"]
    inputs = [form[name] for name in Choice._fields]
    touched = gr.State(False)  # whether the visitor has chosen here

    def follow(request: gr.Request, name, touched, *values):
        return follow_data(services, request.session_hash, name, touched, Choice(*values))

    def refresh(request: gr.Request, *values):
        models = fitting(services, request.session_hash, *Choice(*values).shape)
        return gr.update(choices=[NEW, *models])

    def choose(name):
        return gr.update(info=PLAIN), gr.update(label=_heading(name)), True

    for field in ("data", "size", "channels"):
        form[field].input(follow, [menu, touched, *inputs], [menu, fold], queue=False, **QUIET)
    # Not "change" of the state: events outside of the queue do not bring it about.
    chosen.success(follow, [menu, touched, *inputs], [menu, fold], queue=False, **QUIET)
    # Runs that ended since.
    menu.focus(refresh, inputs, menu, queue=False, **QUIET)
    menu.input(choose, menu, [menu, fold, touched], queue=False, **QUIET)
    menu.change(lambda name: gr.update(label=_heading(name)), menu, fold, queue=False, **QUIET)


def follow_data(
    services: Services, session: str, name: str, touched: bool, choice: Choice
) -> tuple[dict, dict]:
    """Updates of the menu and of its fold after the pictures have changed."""
    models = fitting(services, session, *choice.shape)
    kept = touched and (name == NOTHING or name in dict(models).values())
    count = _small(services, choice)
    now = name if kept else (suggested(models) if count else "") or NOTHING
    info = FEW.format(count=count) if count and now != NOTHING and not kept else PLAIN
    menu = gr.update(choices=[NEW, *models], value=now, info=info)
    return menu, gr.update(label=_heading(now), open=now != NOTHING)


def _small(services: Services, choice: Choice) -> int:
    """The number of uploaded pictures, if they are few; else 0."""
    if choice.data != UPLOADED or not choice.ready.get("data", "").startswith(UPLOAD_PREFIX):
        return 0
    shape = [choice.ready[name] for name in PREPROCESSING]
    try:
        count = services.uploads.count_pictures(choice.ready["data"], *shape)
    except ValueError:  # removed meanwhile
        return 0
    return count if count < SMALL else 0


def _heading(name: str) -> str:
    return f"Start from: {name or NOTHING}"
