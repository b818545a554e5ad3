"""The model menu above a view (Explore, Walk, Breed, Find, Report)."""

import time

import gradio as gr

from demo.backend.generators import DEFAULT_MODEL
from demo.backend.services import Services
from demo.tabs import theme
from demo.tabs.handlers import QUIET, errors_as_messages
from gan.data.archives import display_name


def open_request(name: str) -> dict:
    """The value that makes a view open a model.

    Unique, so that Gradio sends it even if the model is the same: its weights may have changed.
    """
    return {"model": name, "turn": time.time_ns()}


def model_tab(
    services: Services, name: str, module: str, lead: str, model: str = DEFAULT_MODEL
) -> tuple[gr.Dropdown, gr.HTML]:
    """A line about the tab, a menu of generators, and the view of the chosen one: (menu, view)."""
    with gr.Row(equal_height=True, elem_classes="gs-top"):
        theme.lead(lead)
        menu = gr.Dropdown(
            services.models(),
            value=model,
            label="Model",
            info="Or type a folder or a Hub id.",
            allow_custom_value=True,
            elem_id=f"menu-{name}",
        )
        uploaded = theme.view("weights", "uploads/weights.js", event="chosen")
    shown = theme.view(name, module, {"model": model}, event="moved")

    # In the browser, where the newest choice wins however long an older one is loaded (demo/web/core/model_menu.js).
    menu.input(None, menu, shown, js="(model) => ({ model, turn: Date.now() })", **QUIET)

    def refresh(request: gr.Request):
        return gr.update(choices=services.models(request.session_hash))

    # Runs that ended since, and after a reload all that are this browser's.
    menu.focus(refresh, None, menu, queue=False, **QUIET)

    def follow(event: gr.EventData, request: gr.Request):
        choices = services.models(request.session_hash)
        return gr.update(choices=choices, value=event.name), {"model": event.name, "known": True}

    shown.moved(follow, None, [menu, shown], trigger_mode="always_last", **QUIET)

    @errors_as_messages
    def open_uploaded(event: gr.EventData, request: gr.Request):
        upload = services.uploads.find(event.id, request.session_hash)
        upload.title = f"your weights — {display_name(str(event.label))}"
        return gr.update(
            choices=services.models(request.session_hash), value=upload.name
        ), open_request(upload.name)

    uploaded.chosen(open_uploaded, None, [menu, shown], **QUIET)
    return menu, shown
