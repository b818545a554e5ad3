"""Errors of a form, shown beside the field that they are about (demo/web/run/problem.js)."""

import time

import gradio as gr

from demo.tabs.theme import view
from gan.settings.config import SETTINGS

NONE: dict = {}  # no error


def component() -> gr.HTML:
    """What shows a form's errors: beside the field, else where it is built."""
    return view("problem", "run/problem.js")


def name_fields(form: dict, prefix: str) -> None:
    """Give the fields of a form, by name, the ids by which they are found in the page."""
    for name, field in form.items():
        field.elem_id = _id_of(prefix, name)


def of(error: ValueError, prefix: str, values: dict) -> dict:
    """The value that makes the component show an error of a form with these values by name."""
    message = str(error)
    field = _field_of(message, values)
    # Unique, so that the same error is shown again.
    return {"message": message, "field": field and _id_of(prefix, field), "turn": time.time_ns()}


def _field_of(message: str, values: dict) -> str | None:
    """The field whose name or heading an error begins with, or whose text it repeats."""
    begins = message.casefold()
    for name in values:
        heading = SETTINGS[name].heading if name in SETTINGS else name
        if begins.startswith((f"{name} ", f"{heading.casefold()} ")):
            return name
    # Compare: "A: …" is about side A, and a budget has the name of its unit.
    if (side := f"changes {message[:1]}") in values and message[1:2] == ":":
        return side
    if "budget" in values and begins.startswith((f"{values['unit']} ", "enter a training budget")):
        return "budget"
    typed = values.get("other")
    return "other" if isinstance(typed, str) and typed and typed in message else None


def _id_of(prefix: str, name: str) -> str:
    return f"{prefix}-{name.replace(' ', '-')}"
