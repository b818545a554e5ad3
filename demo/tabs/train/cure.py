"""The button in Train that starts a run again with the cure of a diagnosed failure."""

from dataclasses import replace

import gradio as gr

from demo.backend.runs.run import Run
from gan.settings.config import TrainConfig
from gan.settings.diff import differences
from gan.training.diagnosis import Finding, cured


def components() -> tuple[gr.Button, gr.Markdown]:
    """(the button, the list of changes); both hidden until there is a finding with a cure."""
    button = gr.Button("Train again, cured", visible=False, elem_id="cure-button")
    return button, gr.Markdown(visible=False, elem_id="cure-words", elem_classes="gs-card")


def finding_of(run: Run) -> Finding | None:
    """The newest finding of a run that has a cure."""
    found = run.moments[-1].numbers["findings"] if run.moments else []
    for values in reversed(found):
        if values["cure"]:
            return Finding(**{name: value for name, value in values.items() if name != "words"})
    return None


def updates(run: Run | None) -> tuple[dict, dict]:
    """Updates of the button and the list of changes: visible if there is a cure."""
    finding = finding_of(run) if run else None
    changes = changes_as_markdown(run.config, finding) if finding else ""
    return gr.update(visible=bool(changes)), gr.update(visible=bool(changes), value=changes)


def changes_as_markdown(config: TrainConfig, finding: Finding) -> str:
    """The changes of the cure as a Markdown list; empty if it changes nothing."""
    changes = differences(cured(config, finding), config)
    heading = ["**The cure changes**", ""] if changes else []
    return "\n".join([*heading, *(f"- {change}" for change in changes)])


def cure(run: Run) -> TrainConfig:
    """A run's config with the cure of its finding; ValueError if there is none (any more)."""
    finding = finding_of(run)
    if finding is None:
        raise ValueError("This run has no finding any more: there is nothing to cure.")
    # What it starts from may have learned on since.
    return replace(cured(run.config, finding), start_weights=None)
