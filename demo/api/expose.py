"""Turns functions into documented endpoints, for programs and as MCP tools.

The documentation is the function's docstring: a description, then "Args:" with a line per parameter.
Gradio shows it in its API pages, and MCP in the list of tools, by the function's name.
"""

import contextlib
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import gradio as gr
from gradio.context import LocalContext
from gradio.utils import get_function_description

from demo.backend.owned_folder import owned_folder
from demo.backend.services import Services
from demo.routes.http import address_of
from demo.tabs.page_blocks import session_of
from gan.common.files import write_bytes

# Gradio copies an answer into its own cache within seconds.
KEPT_SECONDS = 600
NO_ROOM = "The answer is a file, and the server has no room for it at the moment: try again later."


class AnswerFiles:
    """Temporary files that endpoints return."""

    def __init__(self):
        self.folder = owned_folder("ganscope-answers-")

    def save(self, name: str, content: bytes) -> str:
        """Write a new file and return its path; files older than `KEPT_SECONDS` go. ValueError without room."""
        # Whoever cleans temporary folders may have removed it.
        self.folder.mkdir(mode=0o700, exist_ok=True)
        for old in self.folder.iterdir():
            # Another caller may be removing it at the same time.
            with contextlib.suppress(FileNotFoundError):
                if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                    shutil.rmtree(old, ignore_errors=True)
        # A new path each time: Gradio's cache overwrites equal ones while they may be read.
        try:
            path = Path(tempfile.mkdtemp(dir=self.folder)) / name
            write_bytes(path, content)
        except (OSError, ValueError):
            raise ValueError(NO_ROOM) from None
        return str(path)

    def save_job_file(self, result: dict) -> str:
        """Write the one file of a job's result and return its path."""
        ((name, content),) = result["files"].items()
        return self.save(name, content)


def caller_of(request: gr.Request) -> str:
    """Who calls: the session that the caller named, else the network address that it calls from.

    Without a session nobody could be told from others.
    """
    session = session_of(request, LocalContext.event_id.get(None))
    return session or f"address {address_of(request)}"


def owner_calling(services: Services, request: gr.Request) -> str:
    """The owner of what is called for: the browser of the caller's session where it is known, else the caller."""
    return services.owners.owner_of(caller_of(request))


def expose(
    function: Callable, name: str, inputs: Sequence, outputs: Sequence, at_once: int | None = 2
) -> None:
    """Offer `function` as the endpoint /name, with invisible components.

    `inputs` are in the order of its parameters; their labels are set from its docstring. At most
    `at_once` calls run in parallel, None: any number.
    """
    description, parameters, _ = get_function_description(function)
    for component, (parameter, words) in zip(inputs, parameters.items(), strict=False):
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


def later_text(value: str = "") -> gr.Textbox:
    """Text that callers may leave out: a last parameter of an endpoint that had fewer before."""
    component = text(value)
    component.added_later = True
    return component


def later_file(label: str) -> gr.File:
    """A file that callers may leave out, as `later_text`."""
    component = file(label)
    component.added_later = True
    return component


def number(value: float) -> gr.Number:
    return gr.Number(value, visible=False)


def choice(*names: str) -> gr.Dropdown:
    """A choice of names; the first is the default."""
    return gr.Dropdown(list(names), value=names[0], visible=False)


def flag() -> gr.Checkbox:
    return gr.Checkbox(False, visible=False)


def picture(label: str) -> gr.Image:
    return gr.Image(type="filepath", format="png", visible=False, label=label)


def file(label: str) -> gr.File:
    return gr.File(visible=False, label=label)


def data(label: str) -> gr.JSON:
    return gr.JSON(visible=False, label=label)
