"""The Walk tab: a path through key pictures, to scrub, play and save (demo/web/walk/)."""

import gradio as gr

from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.model_menu import model_tab
from demo.tabs.theme import term

LEAD = f"{term('interpolation', 'Latent interpolation')}: choose key pictures; the generator draws what lies between."


def build(services: Services) -> gr.Column:
    """Build the tab; returns its fallback column."""
    model_tab(services, "walk", "walk/walk.js", LEAD)
    return fallback.hidden_column(fallback.NO_WALK)
