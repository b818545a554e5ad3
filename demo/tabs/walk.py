"""Walk: a path through key pictures, to scrub, play and save (demo/web/walk/walk.js)."""

import gradio as gr

from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.model_menu import model_tab

LEAD = "Choose key pictures; the generator draws everything between them."


def build(services: Services) -> gr.Column:
    """The model menu and the instrument; returns what stands in for it."""
    model_tab(services, "walk", "walk/walk.js", LEAD)
    return fallback.part(fallback.NO_WALK)
