"""The Find tab, GAN inversion: the latent whose picture is nearest to a given one (demo/web/find/)."""

import gradio as gr

from demo.backend.generators import FIND_MODEL
from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.model_menu import model_tab
from demo.tabs.theme import term

LEAD = (
    f"{term('inversion', 'GAN inversion')}: draw a digit or upload a picture, and watch the search for the "
    f"{term('latent', 'latent vector')} nearest to it."
)


def build(services: Services) -> gr.Column:
    """Build the tab; returns its fallback column."""
    model_tab(services, "find", "find/find.js", LEAD, FIND_MODEL)
    return fallback.hidden_column(fallback.NO_FIND)
