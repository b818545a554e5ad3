"""The Inside tab: how a picture is built, which unit draws what, and painting with units (demo/web/inside/)."""

import gradio as gr

from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.model_menu import model_tab
from demo.tabs.theme import term

LEAD = (
    f"How the generator builds a picture, {term('layer', 'layer')} by layer. Switch {term('unit', 'units')} off, or "
    "paint with those that draw a part."
)


def build(services: Services) -> gr.Column:
    """Build the tab; returns its fallback column."""
    model_tab(services, "inside", "inside/inside.js", LEAD)
    return fallback.hidden_column(fallback.NO_INSIDE)
