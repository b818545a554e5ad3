"""What the diagnosis of a run offers in Train: one button that trains again with the cure."""

import gradio as gr

from demo.run import Run
from gan.config import TrainConfig
from gan.diagnosis import Finding, cured


def button() -> gr.Button:
    """Hidden until something is found."""
    return gr.Button("Train again, cured", visible=False, elem_id="cure-button", elem_classes="gs-cure")


def finding_of(run: Run) -> Finding | None:
    """What the newest moment of a run shows, if there is a cure for it."""
    found = run.moments[-1].numbers["findings"] if run.moments else []
    for values in reversed(found):
        if values["cure"]:
            return Finding(**{name: value for name, value in values.items() if name != "words"})
    return None


def shown(run: Run) -> dict:
    """The button's update: there where there is a cure, and saying what it changes."""
    finding = finding_of(run)
    if finding is None:
        return gr.update(visible=False)
    return gr.update(visible=True, value=f"Train again, cured: {difference(run.config, finding)}")


def difference(config: TrainConfig, finding: Finding) -> str:
    """What the cure changes, as name=value; a setting that goes back to the method's own is named."""
    before, after = (_flat(each) for each in (config, cured(config, finding)))
    names = sorted(name for name in before | after if before.get(name) != after.get(name))
    return ", ".join(
        name + (" as the method has it" if after.get(name) is None else f"={_plain(after[name])}")
        for name in names
    )


def cure(run: Run) -> TrainConfig:
    """The settings of a run with the cure of what was found; ValueError if it is well by now."""
    finding = finding_of(run)
    if finding is None:
        raise ValueError("Nothing is wrong with this run any more: there is nothing to cure.")
    return cured(run.config, finding)


def _flat(config: TrainConfig) -> dict:
    values = config.to_dict()
    changes = values.pop("changes")
    return values | changes


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value).lower()
