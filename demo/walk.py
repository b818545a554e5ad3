"""Walk: a path through key pictures, to scrub, play and save (demo/web/walk.js)."""

import gradio as gr

from demo.menu import instrument
from demo.services import Services

LEAD = "Choose key pictures; the generator draws everything between them."


def build(services: Services) -> tuple[gr.Dropdown, gr.HTML]:
    """The model menu and the instrument."""
    return instrument(services, "walk", "walk_tab", LEAD)
