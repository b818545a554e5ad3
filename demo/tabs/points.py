"""Points: the whole game on two dimensions (demo/web/points/), played by processes of its own."""

import gradio as gr

from demo.tabs import fallback
from demo.tabs.theme import view

LEAD = (
    "A generator learns to turn noise into the dots that you choose or draw. See both players think, "
    "stop the game at any step, and change it while it runs."
)


def build() -> gr.Column:
    """The tab's components, whose every request goes to demo.backend.point_sessions; returns the stand-in."""
    gr.HTML(f"<p class='gs gs-lead'>{LEAD}</p>", apply_default_css=False)
    view("points", "points/points.js")
    return fallback.part(fallback.NO_GAME)
