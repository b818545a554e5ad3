"""The Explore tab: one picture, and sliders that move its latent vector (demo/web/explore/)."""

import gradio as gr

from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.model_menu import model_tab
from demo.tabs.theme import term

LEAD = (
    f"Drag a slider: the {term('generator', 'generator')} redraws the picture from its changed "
    f"{term('latent', 'latent vector')} z."
)


def build(services: Services) -> tuple[gr.Dropdown, gr.Column]:
    """Build the tab; returns the model menu and the fallback column."""
    menu, _ = model_tab(services, "explore", "explore/explore.js", LEAD)
    return menu, fallback.explore(services, menu)
