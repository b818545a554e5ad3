"""Breed: children of pictures, and sums of what they mean (demo/web/breed/), with their route."""

import gradio as gr

from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.model_menu import model_tab

LEAD = "Press the child you like best: it becomes the parent of the next ones."


def build(services: Services) -> gr.Column:
    """The model menu and the instrument; returns what stands in for it."""
    model_tab(services, "breed", "breed/breed.js", LEAD)
    return fallback.part(fallback.NO_CHILDREN)
