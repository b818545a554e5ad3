"""Explore: one picture, and sliders over the latent vector behind it (demo/web/explore/explore.js)."""

import gradio as gr

from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.model_menu import model_tab

LEAD = "Drag a slider: the picture is drawn anew from the few numbers of its latent vector."


def build(services: Services) -> tuple[gr.Dropdown, gr.HTML, gr.Column]:
    """The model menu, the instrument, and what stands in for it."""
    menu, shown = model_tab(services, "explore", "explore/explore.js", LEAD)
    return menu, shown, fallback.explore(services, menu)
