"""`PageBlocks`: Gradio's Blocks, which says why it refuses inputs, and knows whether its callers read.

Gradio answers {"error": null} to whatever goes wrong before or within a function, unless `show_error` lets
the text of every exception out. Here refused inputs get a sentence, all other exceptions one that tells
nothing of the server; what happened goes to the log.
"""

import traceback
from collections.abc import Callable, Sequence

import gradio as gr
from gradio.route_utils import FnIndexInferError
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from demo.backend.runs.readers import CALL_HEADER, Readers, caller_reads
from demo.routes.http import address_of
from demo.tabs.handlers import page_error

FAULT = "Something went wrong on the server: try again, or with other settings."
UNREADABLE = (
    "The inputs of this request cannot be read: see ?view=api for what each must be. "
    "Files must be uploaded first."
)
NO_ENDPOINT = "There is no such endpoint: see ?view=api for those that there are."
# Functions of events that start runs or jobs, or draw many pictures: they are counted (demo/backend/visitors/rates.py).
COSTLY = {
    *("train_from_form", "pause", "cure", "start_lesson", "start_comparison", "train_model"),
    *("start_training", "train_on_pictures", "film_training", "find_latent", "judge_model"),
    *("export_model", "draw_walk", "draw_walk_between_seeds", "map_latents"),
}
# What a component takes, in words, and the types of JSON that are that. Numbers may stand for text.
KINDS = {
    gr.Number: ("a number", (int, float)),
    gr.Slider: ("a number", (int, float)),
    gr.Textbox: ("text", (str, int, float)),
    gr.Dropdown: ("one of its choices", (str, int, float)),
    gr.Radio: ("one of its choices", (str, int, float)),
    gr.Checkbox: ("true or false", (bool,)),
    gr.File: ("what was uploaded", (dict, list)),
    gr.Image: ("what was uploaded", (dict,)),
}
TYPES = {
    dict: "an object",
    list: "a list",
    str: "text",
    bool: "true or false",
    int: "a number",
    float: "a number",
}


class PageBlocks(gr.Blocks):
    """Blocks whose callers are told why their inputs are refused.

    `readers` knows who reads; `spend(session, address)` counts what is costly, and raises where it was too often.
    """

    def __init__(
        self, readers: Readers, spend: Callable[[str, str], None] = lambda *caller: None, **options
    ):
        super().__init__(**options)
        self.readers, self.spend = readers, spend

    def get_config_file(self) -> dict:
        # Gradio's heartbeat keeps a connection open for each tab. A browser has six to a server (HTTP/1.1), so
        # a sixth tab would never load. Our page says itself when it is closed (demo/web/core/page.js).
        return super().get_config_file() | {"connect_heartbeat": False}

    async def process_api(self, *arguments, **options) -> dict:
        try:
            return await super().process_api(*arguments, **options)
        except gr.Error:
            raise
        except Exception:
            traceback.print_exc()
            raise page_error(FAULT) from None

    async def preprocess_data(self, block_fn, inputs, state, explicit_call=False) -> list:
        inputs = with_later_inputs(block_fn.inputs, inputs)
        check_inputs(block_fn, inputs)
        try:
            return await super().preprocess_data(block_fn, inputs, state, explicit_call)
        except gr.Error as error:
            raise page_error(error.message) from None
        except Exception:
            raise page_error(wrong_kind(block_fn.inputs, inputs) or UNREADABLE) from None

    async def call_function(
        self,
        block_fn,
        processed_input,
        iterator=None,
        requests=None,
        event_id=None,
        *arguments,
        **options,
    ) -> dict:
        request = requests[0] if isinstance(requests, list) else requests
        keys = stream_keys(request, event_id)
        caller_reads.set(lambda: self.readers.read(keys))
        try:
            if block_fn.name in COSTLY and iterator is None and request:
                self.spend(session_of(request, event_id), address_of(request))
            return await super().call_function(
                block_fn, processed_input, iterator, requests, event_id, *arguments, **options
            )
        except gr.Error:  # a ValueError as well
            raise
        except ValueError as error:  # of a generator, which `errors_as_messages` cannot wrap
            raise page_error(str(error)) from None


def session_of(request: gr.Request, event_id: str | None) -> str:
    """The session that the caller named; "" without one, where Gradio makes one of each event, or none."""
    session = request.session_hash
    return session if session and session != event_id else ""


def stream_keys(request: object, event_id: str | None) -> frozenset[str]:
    """The ids under which a caller may read what an event yields (demo/routes/streams.py)."""
    headers = getattr(request, "headers", None)
    call = headers.get(CALL_HEADER) if headers is not None else None
    keys = (call,) if call else (getattr(request, "session_hash", None), event_id)
    return frozenset(key for key in keys if key)


def with_later_inputs(taken: Sequence, inputs: Sequence) -> Sequence:
    """`inputs`, with the defaults of parameters that an endpoint has got since a program was written that calls it."""
    missing = taken[len(inputs) :]
    if all(getattr(each, "added_later", False) for each in missing):
        return [*inputs, *(each.value for each in missing)]
    return inputs


def check_inputs(block_fn, inputs: Sequence) -> None:
    """gr.Error for too few inputs; in a request of a program also for too many, and of a wrong kind."""
    taken, public = block_fn.inputs, block_fn.api_visibility == "public"
    if len(inputs) < len(taken) or (public and len(inputs) > len(taken)):
        names = ", ".join(map(input_name, taken))
        listed = f" ({names})" if names else ""
        plural = "" if len(taken) == 1 else "s"
        raise page_error(f"This takes {len(taken)} input{plural}{listed}, not {len(inputs)}.")
    if public and (words := wrong_kind(taken, inputs)):
        raise page_error(words)


def wrong_kind(components: Sequence, inputs: Sequence) -> str:
    """The input that is not of the kind that it must be, in a sentence; "" if there is none."""
    for component, value in zip(components, inputs, strict=False):
        rows = (row for known, row in KINDS.items() if isinstance(component, known))
        kind, types = next(rows, ("", (object,)))
        right = isinstance(value, types) and (kind == "true or false" or not isinstance(value, bool))
        if kind and value is not None and not right:
            return f"{input_name(component)} must be {kind}, not {TYPES.get(type(value), 'that')}."
    return ""


def input_name(component: object) -> str:
    """What an input is called: the name of an endpoint's parameter, or a field's label."""
    label = getattr(component, "label", None) or type(component).__name__
    return label.partition(":")[0]


async def no_endpoint(request: Request, error: Exception) -> Response:
    """The answer to a name that no endpoint has."""
    return JSONResponse({"error": NO_ENDPOINT}, status_code=404)


async def fault(request: Request, error: Exception) -> Response:
    """The answer to what nobody expected; Starlette logs it."""
    return JSONResponse({"error": FAULT}, status_code=500)


EXCEPTION_HANDLERS = {FnIndexInferError: no_endpoint, Exception: fault}
