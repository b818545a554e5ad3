"""The model menu above an instrument (Explore, Walk, Find)."""

import time

import gradio as gr

from demo.backend.generators import DEFAULT_MODEL
from demo.backend.services import Services
from demo.tabs.handlers import QUIET, errors_as_messages
from demo.tabs.theme import view
from gan.data.archives import display_name


def open_request(name: str) -> dict:
    """What makes an instrument open a model.

    Never the same twice: its script may have gone to another meanwhile, or the run have learned more.
    """
    return {"model": name, "turn": time.time_ns()}


def model_tab(
    services: Services, name: str, module: str, lead: str, model: str = DEFAULT_MODEL
) -> tuple[gr.Dropdown, gr.HTML]:
    """A line on what can be done, a menu of generators, and our component, which shows the chosen."""
    with gr.Row(equal_height=True, elem_classes="gs-top"):
        gr.HTML(f"<p class='gs gs-lead'>{lead}</p>", apply_default_css=False)
        menu = gr.Dropdown(
            services.models(),
            value=model,
            label="Model",
            info="Or type a folder or a Hub id.",
            allow_custom_value=True,
            elem_id=f"menu-{name}",
        )
        handed = view("weights", "uploads/weights.js", event="chosen")
    shown = view(name, module, {"model": model}, event="moved")

    @errors_as_messages
    def choose(name):
        services.generators.open(name)
        return open_request(name)

    chosen = menu.input(choose, menu, shown, **QUIET)
    # A name that was refused must not stand over another model's picture.
    chosen.failure(lambda value: value["model"], shown, menu, **QUIET)

    def follow(event: gr.EventData, request: gr.Request):
        choices = services.models(request.session_hash)
        return gr.update(choices=choices, value=event.name), {"model": event.name, "known": True}

    shown.moved(follow, None, [menu, shown], **QUIET)

    @errors_as_messages
    def take(event: gr.EventData, request: gr.Request):
        own = services.uploads.find(event.id, request.session_hash)
        own.title = f"your weights — {display_name(str(event.label))}"
        return gr.update(choices=services.models(request.session_hash), value=own.name), open_request(
            own.name
        )

    handed.chosen(take, None, [menu, shown], **QUIET)
    return menu, shown
