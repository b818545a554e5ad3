"""Find: the z that makes someone's picture (demo/web/find.js), searched for beside the page.

POST …/find?model=&edges=&light=&steps=&starts=&seed=    an encoded picture -> {job}, see demo/backend/jobs.py
"""

import gradio as gr

from demo.backend.services import Services
from demo.tabs import fallback
from demo.tabs.model_menu import model_tab

LEAD = "Draw a digit or bring a picture: watch the search for the latent vector that makes it."
MODEL = "digits"  # what people can draw themselves


def build(services: Services) -> gr.Column:
    """The model menu and the instrument; returns what stands in for it."""
    model_tab(services, "find", "find/find.js", LEAD, MODEL)
    return fallback.part(fallback.NO_SEARCH)
