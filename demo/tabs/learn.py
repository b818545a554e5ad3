"""The Learn tab: lessons with figures that are alive (demo/web/learn/)."""

import gradio as gr

from demo.backend import recordings
from demo.backend.generators import DEFAULT_MODEL
from demo.tabs import fallback
from demo.tabs.theme import lead, view

LEAD = (
    "Eleven short lessons: each has a figure to touch, a prediction to make, and a way into the page."
)
DATA = "faces"  # of the recorded run that the first lesson shows


def build() -> gr.Column:
    """Build the tab; returns its fallback column."""
    lead(LEAD)
    value = {
        "model": DEFAULT_MODEL,
        "run": recordings.address(recordings.run_name(DATA)),
        "reals": f"data?source={DATA}",
        "critic": recordings.address(recordings.CRITIC),
        "compare": recordings.address(recordings.COMPARISON),
    }
    view("learn", "learn/learn.js", value)
    return fallback.hidden_column(fallback.NO_LESSONS)
