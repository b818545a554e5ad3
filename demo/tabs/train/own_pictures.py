"""The choice of someone's own pictures, made in Train: the component, and what a run learns from."""

import gradio as gr

from demo.backend.uploads import PREPROCESSING, Uploads
from demo.tabs.handlers import QUIET, errors_as_messages
from demo.tabs.theme import view
from gan.data.sources import UPLOAD_PREFIX
from gan.settings.config import TrainConfig

UPLOADED = "own"  # the choice of pictures that are handed in
NAMED = "other"  # of a folder or Hub id that is typed
MODES = {UPLOADED: "own", NAMED: "named"}


def build(own: Uploads) -> tuple[gr.HTML, gr.State]:
    """The component (demo/web/train/own_pictures.js); hidden at first. What it said is ready."""
    ready = gr.State({})
    shown = view("yours", "train/own_pictures.js", asked("", ""), event="chosen")

    @errors_as_messages
    def choose(event: gr.EventData, request: gr.Request):
        if not event.mode:
            return {}
        how = {name: event.how[name] for name in PREPROCESSING}
        if event.mode == MODES[NAMED]:
            return {"data": event.source, **how}
        return {"data": own.find(event.id, request.session_hash).name, **how}

    shown.chosen(choose, None, ready, queue=False, trigger_mode="multiple", **QUIET)
    return shown, ready


def asked(data: str, source: str, config: TrainConfig | None = None) -> dict:
    """What the component is to show for a choice of data and what is typed beside it.

    With a config, its squares are made as that says.
    """
    shown = {"mode": MODES.get(data), "source": (source or "").strip()}
    if config:
        shown["how"] = {name: getattr(config, name) for name in PREPROCESSING if getattr(config, name)}
    return shown


def linked(values: dict) -> dict:
    """The form's values as a link may hold them; ValueError for pictures that no link can."""
    ready = values.pop("ready")
    if values["data"] == UPLOADED:
        raise ValueError("Your own pictures do not go into a link: choose other data, or copy a run's.")
    return values | _how(ready) if _is_of(ready, values) else values


def _how(ready: dict) -> dict:
    return {name: ready[name] for name in PREPROCESSING}


def _is_of(ready: dict, values: dict) -> bool:
    """Whether what is ready is the folder or Hub id that is typed."""
    typed = (values["other"] or "").strip()
    return bool(ready) and values["data"] == NAMED and ready["data"] == typed


def read(values: dict, ready: dict, own: Uploads, owner: str) -> tuple[dict, str]:
    """The form's values with the chosen pictures in them, and what a run on them is called.

    ValueError where none are ready. A typed name that nothing is known of stays as it is.
    """
    if values["data"] != UPLOADED:
        return (values | _how(ready) if _is_of(ready, values) else values), ""
    settings, title = handed(ready, own, owner)
    return values | settings, title


def handed(ready: dict, own: Uploads, owner: str) -> tuple[dict, str]:
    """The settings that name the pictures which `owner` handed in, and what a run on them is called.

    ValueError where none are ready.
    """
    if not (ready and ready["data"].startswith(UPLOAD_PREFIX)):
        raise ValueError(
            "In Train, choose Your own pictures, drop them, and wait until they have been read."
        )
    own.check(ready["data"], owner)
    how = _how(ready)
    count = own.count_pictures(ready["data"], *how.values())
    return {"data": ready["data"], **how}, f"your pictures ({count:,})"
