"""Failure lessons in Train: one click starts a run whose settings are known to fail."""

import gradio as gr

from demo.tabs.handlers import QUIET, errors_as_messages
from gan.settings.config import TrainConfig
from gan.settings.failure_lessons import LESSONS, STEPS

FIRST = "collapse"


def menu() -> tuple[gr.Dropdown, gr.Button]:
    """(the lesson, the button that starts it)."""
    with gr.Accordion("Failure modes: break it on purpose", open=False, elem_classes="gs-lessons"):
        titled = [(lesson.title, name) for name, lesson in LESSONS.items()]
        lesson = gr.Dropdown(titled, value=FIRST, label="Failure", info=LESSONS[FIRST].promise)
        watch = gr.Markdown(_what_to_watch(FIRST), elem_classes="gs-card")
        button = gr.Button("Break it", elem_id="break-button")
    lesson.input(_describe, lesson, [lesson, watch], queue=False, **QUIET)
    return lesson, button


def config_of(name: str, save_every: int) -> TrainConfig:
    """The settings of the lesson called `name`; ValueError for any other name."""
    if name not in LESSONS:
        raise ValueError(f"There is no such lesson: choose {', '.join(LESSONS)}.")
    return TrainConfig(**LESSONS[name].settings, steps=STEPS, save_every=save_every)


@errors_as_messages
def _describe(name):
    return gr.update(info=LESSONS[name].promise), _what_to_watch(name)


def _what_to_watch(name: str) -> str:
    return f"**Watch:** {LESSONS[name].watch} When it shows, a button offers the cure."
