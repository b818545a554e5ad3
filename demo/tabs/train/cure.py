"""The cure that a run's diagnosis has, in Train: one button that trains again with it."""

import gradio as gr

from demo.backend.run import Run
from gan.settings.config import TrainConfig
from gan.settings.diff import differences
from gan.training.diagnosis import Finding, cured


def offer() -> tuple[gr.Button, gr.Markdown]:
    """(the button, what the cure changes); both hidden until something is found."""
    button = gr.Button("Train again, cured", visible=False, elem_id="cure-button")
    return button, gr.Markdown(visible=False, elem_id="cure-words", elem_classes="gs-card")


def finding_of(run: Run) -> Finding | None:
    """The newest finding of a run that has a cure."""
    found = run.moments[-1].numbers["findings"] if run.moments else []
    for values in reversed(found):
        if values["cure"]:
            return Finding(**{name: value for name, value in values.items() if name != "words"})
    return None


def shown(run: Run | None) -> tuple[dict, dict]:
    """Updates of the button and its text: visible where there is a cure, with what it changes."""
    finding = finding_of(run) if run else None
    changes = words(run.config, finding) if finding else ""
    return gr.update(visible=bool(changes)), gr.update(visible=bool(changes), value=changes)


def words(config: TrainConfig, finding: Finding) -> str:
    """What the cure changes, as a list in Markdown; empty where nothing is left that it could."""
    changes = differences(cured(config, finding), config)
    heading = ["**The cure changes**", ""] if changes else []
    return "\n".join([*heading, *(f"- {change}" for change in changes)])


def cure(run: Run) -> TrainConfig:
    """The settings of a run with the cure of what was found; ValueError if it is well by now."""
    finding = finding_of(run)
    if finding is None:
        raise ValueError("Nothing is wrong with this run any more: there is nothing to cure.")
    return cured(run.config, finding)
