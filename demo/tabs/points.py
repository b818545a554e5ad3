"""The Points tab: GAN training on points in the plane (demo/web/points/), in processes of its own."""

import gradio as gr

from demo.tabs import fallback
from demo.tabs.theme import lead, view

LEAD = (
    "A generator learns to map noise to points that you choose or draw. See what both networks compute, "
    "pause training at any step, and change settings while it runs."
)


def build() -> gr.Column:
    """Build the tab, which sends its requests to demo/routes/points.py; returns its fallback column."""
    lead(LEAD)
    view("points", "points/points.js")
    return fallback.hidden_column(fallback.NO_POINTS)
