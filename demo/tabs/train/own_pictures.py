"""Your own pictures in Train: the component that uploads and previews them, and their settings for a run."""

import gradio as gr
from gradio.events import Dependency

from demo.backend.visitors.uploads import PREPROCESSING, Uploads
from demo.tabs.handlers import QUIET, errors_as_messages
from demo.tabs.theme import view
from gan.data.sources import UPLOAD_PREFIX
from gan.settings.config import TrainConfig

UPLOADED = "own"  # the choice "Your own pictures"
NAMED = "other"  # the choice "Folder or Hub id"
MODES = {UPLOADED: "own", NAMED: "named"}  # choice of data -> mode of the component


def build(uploads: Uploads) -> tuple[gr.HTML, gr.State, Dependency]:
    """(the component, hidden at first; the state of the chosen pictures, {data, **preprocessing} or {}; its event).

    The component is demo/web/train/own_pictures.js.
    """
    ready = gr.State({})
    shown = view("yours", "train/own_pictures.js", component_value("", ""), event="chosen")

    @errors_as_messages
    def choose(event: gr.EventData, request: gr.Request):
        if not event.mode:
            return {}
        preprocessing = {name: event.how[name] for name in PREPROCESSING}
        if event.mode == MODES[NAMED]:
            return {"data": event.source, **preprocessing}
        return {"data": uploads.find(event.id, request.session_hash).name, **preprocessing}

    happens = shown.chosen(choose, None, ready, queue=False, trigger_mode="multiple", **QUIET)
    return shown, ready, happens


def component_value(data: str, source: str, config: TrainConfig | None = None) -> dict:
    """The component's value for a choice of data and a typed source; a config sets the preprocessing."""
    shown = {"mode": MODES.get(data), "source": (source or "").strip()}
    if config:
        shown["how"] = {name: getattr(config, name) for name in PREPROCESSING if getattr(config, name)}
    return shown


def link_values(values: dict) -> dict:
    """The form's values for a link; ValueError for uploads, which a link cannot contain."""
    ready = values.pop("ready")
    if values["data"] == UPLOADED:
        raise ValueError("Your own pictures do not go into a link: choose other data, or copy a run's.")
    if (values["start_from"] or "").startswith(UPLOAD_PREFIX):
        raise ValueError(
            "Your own weights do not go into a link: start from another model, or from nothing."
        )
    return values | _preprocessing(ready) if _is_ready(ready, values) else values


def ready_by(config: TrainConfig) -> dict:
    """What a preview would have said of a config's data and how they are fitted."""
    return {"data": config.data, **{name: getattr(config, name) for name in PREPROCESSING}}


def _preprocessing(ready: dict) -> dict:
    return {name: ready[name] for name in PREPROCESSING}


def _is_ready(ready: dict, values: dict) -> bool:
    """Whether the typed folder or Hub id has been previewed."""
    typed = (values["other"] or "").strip()
    return bool(ready) and values["data"] == NAMED and ready["data"] == typed


def fill_in(values: dict, ready: dict, uploads: Uploads, owner: str) -> tuple[dict, str]:
    """(the form's values with the settings of the chosen pictures, a title for uploads or "").

    ValueError if the uploads are not ready. A source without a preview stays as it is.
    """
    if values["data"] != UPLOADED:
        return (values | _preprocessing(ready) if _is_ready(ready, values) else values), ""
    settings, title = upload_settings(ready, uploads, owner)
    return values | settings, title


def upload_settings(ready: dict, uploads: Uploads, owner: str) -> tuple[dict, str]:
    """(data and preprocessing of the owner's uploaded pictures, a title); ValueError if none are ready."""
    if not (ready and ready["data"].startswith(UPLOAD_PREFIX)):
        raise ValueError(
            "In Train, choose Your own pictures, drop them, and wait until they have been read."
        )
    uploads.check(ready["data"], owner)
    preprocessing = _preprocessing(ready)
    count = uploads.count_pictures(ready["data"], *preprocessing.values())
    return {"data": ready["data"], **preprocessing}, f"your pictures ({count:,})"
