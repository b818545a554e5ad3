"""The Breed tab: children of pictures, and latent vector arithmetic (demo/web/breed/)."""

import gradio as gr

from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.model_menu import model_tab

LEAD = "Interactive evolution: press the child you like best; it becomes the next parent."


def build(services: Services) -> gr.Column:
    """Build the tab; returns its fallback column."""
    model_tab(services, "breed", "breed/breed.js", LEAD)
    return fallback.hidden_column(fallback.NO_BREED)
