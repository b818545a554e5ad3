"""Points: the whole game on two dimensions (demo/web/points.js), played by processes of its own."""

import gradio as gr

from demo.theme import view

LEAD = (
    "A generator learns to turn noise into the dots that you choose or draw. See both players think, "
    "stop the game at any step, and change it while it runs."
)


def build() -> None:
    """The tab's components; all that happens in them goes through demo.playgrounds."""
    gr.HTML(f"<p class='gs gs-lead'>{LEAD}</p>", apply_default_css=False)
    view("points", "points")
