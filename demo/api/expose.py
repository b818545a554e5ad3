"""How a function becomes a documented endpoint, for programs and as a tool of MCP.

One docstring says all: its first lines what it does, then "Args:" with a line a parameter. Gradio shows
them in its API pages, and MCP in the list of tools, where the tool has the function's name.
"""

import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import gradio as gr
from gradio.utils import get_function_description

from gan.common.files import write_bytes

# Gradio has copied an answer into its own cache long before.
KEPT_SECONDS = 600


class Answers:
    """Files that endpoints answer with."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ganscope-"))

    def fresh(self, name: str, content: bytes) -> str:
        """The path of a new file; those of ten minutes ago go."""
        for old in self.folder.iterdir():
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
        # A path of its own each time: Gradio's cache rewrites equal ones under a reader's eyes.
        path = Path(tempfile.mkdtemp(dir=self.folder)) / name
        write_bytes(path, content)
        return str(path)

    def of_job(self, result: dict) -> str:
        """The one file of a job's result."""
        ((name, content),) = result["files"].items()
        return self.fresh(name, content)


def expose(
    function: Callable, name: str, inputs: Sequence, outputs: Sequence, at_once: int | None = 2
) -> None:
    """Offer `function` as /name; nothing of it is visible on the page.

    `inputs` are components in the order of its parameters, labelled here by its docstring;
    `at_once` calls are answered at the same time, None for all.
    """
    description, told, _ = get_function_description(function)
    for component, (parameter, words) in zip(inputs, told.items(), strict=False):
        component.label = f"{parameter}: {words}"
    gr.Button(visible=False).click(
        function,
        list(inputs),
        list(outputs),
        api_name=name,
        api_description=description,
        concurrency_limit=at_once,
    )


def text(value: str) -> gr.Textbox:
    return gr.Textbox(value, visible=False)


def number(value: float) -> gr.Number:
    return gr.Number(value, visible=False)


def choice(*names: str) -> gr.Dropdown:
    """The first is what is meant where nothing is said."""
    return gr.Dropdown(list(names), value=names[0], visible=False)


def flag() -> gr.Checkbox:
    return gr.Checkbox(False, visible=False)


def picture(label: str) -> gr.Image:
    return gr.Image(type="filepath", format="png", visible=False, label=label)


def file(label: str) -> gr.File:
    return gr.File(visible=False, label=label)


def data(label: str) -> gr.JSON:
    return gr.JSON(visible=False, label=label)
