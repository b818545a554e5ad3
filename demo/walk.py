"""Walk: a path through key pictures, to scrub, play and save (demo/web/walk/walk.js)."""

import gradio as gr

from demo import plain
from demo.menu import instrument
from demo.services import Services

LEAD = "Choose key pictures; the generator draws everything between them."


def build(services: Services) -> gr.Column:
    """The model menu and the instrument; returns what stands in for it."""
    instrument(services, "walk", "walk/walk.js", LEAD)
    return plain.part(plain.NO_WALK)
