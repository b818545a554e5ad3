"""The Compare tab: up to four training settings on the same data and seed, side by side."""

import itertools
import json

import gradio as gr

from demo.backend.addresses import fields_of
from demo.backend.datasets import SOURCES, check_source
from demo.backend.runs import comparison
from demo.backend.runs.comparison import FIRST, FIRST_QUESTION, PRESETS, SIDE_NAMES, sides_of
from demo.backend.runs.queue import SAVE_EVERY
from demo.backend.runs.run import ACTIVE
from demo.backend.services import Services
from demo.tabs import fallback, problem
from demo.tabs.handlers import QUIET, errors_as_messages, page_error
from demo.tabs.theme import lead, view
from demo.tabs.train import method_card, own_pictures, ownership
from gan.common import checks
from gan.settings.config import TrainConfig

LEAD = (
    "Same data, same seed, same number of steps, up to four methods: see how they differ. One seed proves little, "
    "so repeat what you want to believe."
)
PREFIX = "compare"  # of the ids of the form's fields
OWN_CHOICE = "Your own settings"
NOTHING = ""
UNITS = ("steps", "seconds")


def build(services: Services, page: gr.Blocks, ready: gr.State) -> gr.Column:
    """Build the tab; returns the fallback column.

    `ready` holds the pictures uploaded in Train (demo/tabs/train/own_pictures.py).
    """
    current = gr.State(NOTHING)
    lead(LEAD)
    with gr.Row(elem_classes="gs-train-row"):
        with gr.Column(scale=3, min_width=320):
            fallback_column = fallback.hidden_column(fallback.NO_COMPARE)
            live = view("compare", "compare/compare.js", comparison.idle_payload())
            table = view("runs", "compare/runs_table.js", None, event="show")
        with gr.Column(scale=1, min_width=280, elem_classes="gs-train-form"):
            form, buttons = _form()
    form["ready"] = ready
    _wire(services, page, live, table, current, form, buttons)
    return fallback_column


def _form() -> tuple[dict[str, gr.components.Component], dict[str, gr.Button]]:
    form: dict[str, gr.components.Component] = {}
    with gr.Row(elem_classes="gs-train-buttons"):
        buttons = {"compare": gr.Button("Compare", variant="primary", elem_id="compare-button")}
        buttons["stop"] = gr.Button("Stop", interactive=False, elem_id="compare-stop")
    buttons["problem"] = problem.component()
    suggestion = gr.Dropdown(
        [*PRESETS, OWN_CHOICE],
        value=FIRST_QUESTION,
        label="Question",
        info="Fills in the sides below; change them as you like.",
    )
    form["data"] = gr.Dropdown(
        [
            *((title, name) for name, title in SOURCES.items()),
            ("Your own pictures", own_pictures.UPLOADED),
        ],
        value=FIRST["data"],
        label="Data",
        info="Or type a folder or a Hub id. Your own pictures are those uploaded in Train.",
        allow_custom_value=True,
    )
    with gr.Row():
        form["budget"] = gr.Number(
            FIRST["steps"],
            label="Training budget",
            info="Of each side, one after another. In equal seconds, cheaper steps are more steps.",
            precision=None,
            min_width=110,
        )
        form["unit"] = gr.Dropdown(
            list(UNITS), value=UNITS[0], label="Unit", info="Of the budget.", min_width=110
        )
    form["seed"] = gr.Number(
        FIRST["seed"],
        label="Seed",
        info="Networks of the same shape start with the same weights.",
        precision=None,
    )
    for name, (method, lines) in zip(SIDE_NAMES, sides_of(FIRST_QUESTION), strict=True):
        with gr.Group():
            form[f"method {name}"] = gr.Dropdown(
                [("— nothing —", NOTHING), *method_card.titles()], value=method, label=f"Side {name}"
            )
            form[f"changes {name}"] = gr.Textbox(
                lines,
                label=f"Changed in {name}",
                placeholder="name=value, one a line",
                max_lines=6,
            )
    sides = [form[f"{part} {name}"] for name in SIDE_NAMES for part in ("method", "changes")]
    problem.name_fields(form, PREFIX)
    # In the browser: Gradio sends some choices twice, and a late second answer would undo what is typed.
    suggestion.input(None, [suggestion, *sides], sides, js=_fill_script(), **QUIET)
    return form, buttons


def _fill_script() -> str:
    """JavaScript: the sides' fields for the chosen question; the user's own settings stay as they are."""
    fields = {name: list(itertools.chain(*sides_of(name))) for name in PRESETS}
    return f"(question, ...sides) => ({json.dumps(fields)})[question] ?? sides"


def read_form(values: dict, services: Services, owner: str) -> tuple[list[TrainConfig], str]:
    """The form's values as a checked config per side, and a title for uploaded data.

    ValueError says what is wrong.
    """
    data, title = {"data": values["data"]}, ""
    if not values["data"]:
        raise ValueError("Choose training data.")
    if values["budget"] is None:
        raise ValueError("Enter a training budget.")
    if values["data"] == own_pictures.UPLOADED:
        data, title = own_pictures.upload_settings(values["ready"], services.uploads, owner)
    else:
        check_source(values["data"], services.roots)
    shared = {**data, "seed": values["seed"], "save_every": SAVE_EVERY}
    shared[checks.choice("unit", values["unit"], UNITS)] = values["budget"]
    sides = [(values[f"method {name}"], values[f"changes {name}"]) for name in SIDE_NAMES]
    return comparison.read_sides(shared, sides), title


def _wire(
    services: Services,
    page: gr.Blocks,
    live: gr.HTML,
    table: gr.HTML,
    current: gr.State,
    form: dict,
    buttons: dict,
) -> None:
    runs, names = services.runs, list(form)
    outputs = [live, current, buttons["compare"], buttons["stop"]]

    # Session -> its newest stream, which replaces older ones; and sessions with a comparison in progress.
    newest, comparing = {}, set()

    async def stream(updates, session, owned):
        newest[session] = turn = object()
        was_over = None
        try:
            async for shown in updates:
                if newest.get(session) is not turn:
                    return
                over, states = _is_over(shown), [gr.skip(), gr.skip()]
                # Buttons are updated only on change: a rerendered button loses the keyboard focus.
                if over != was_over:
                    states = [gr.update(interactive=over), gr.update(interactive=owned and not over)]
                    was_over = over
                yield shown, _current_run(shown), *states
        except ValueError as error:
            raise page_error(str(error)) from None
        finally:
            if newest.get(session) is turn:
                del newest[session]
            await updates.aclose()

    # Not called "compare": Gradio would make an endpoint of that name.
    async def start_comparison(request: gr.Request, *values):
        session, filled = request.session_hash, dict(zip(names, values, strict=True))
        try:
            configs, title = read_form(filled, services, session)
            needed = services.uploads.hold(configs[0].data, session)
        except ValueError as error:
            yield (*[gr.skip()] * len(outputs), problem.of(error, PREFIX, filled))
            return
        comparing.add(session)
        try:
            updates = comparison.compare(runs, configs, services.owners.owner_of(session), title)
            # Between two sides no run keeps the upload from being removed.
            with needed:
                told = problem.NONE
                async for shown in stream(updates, session, True):
                    yield (*shown, told)
                    told = gr.skip()
        finally:
            comparing.discard(session)

    @errors_as_messages
    def stop(name, request: gr.Request):
        runs.stop(runs.find_owned(name, services.owners.owner_of(request.session_hash)))

    @errors_as_messages
    def find(chosen, session):
        if session in comparing:
            raise ValueError(
                "A comparison is in progress on this page: stop it first, or wait for its end."
            )
        return comparison.find_runs(runs, chosen)

    async def choose(event: gr.EventData, request: gr.Request):
        async for shown in show(event.ids, request.session_hash):
            yield shown

    async def rejoin(token, minutes, request: gr.Request):
        chosen, session = fields_of(request.query_params).get("compare"), request.session_hash
        services.register(session, token, minutes)
        if not chosen:
            yield [gr.skip()] * len(outputs)
            return
        async for shown in show(chosen, session):
            yield shown

    async def show(chosen, session):
        found, owner = find(chosen, session), services.owners.owner_of(session)
        owned = all(run.owner == owner for run in found)
        async for shown in stream(comparison.watch_runs(runs, found), session, owned):
            yield shown

    streaming = {"concurrency_limit": None, **QUIET}
    told = [*outputs, buttons["problem"]]
    buttons["compare"].click(start_comparison, list(form.values()), told, **streaming)
    buttons["stop"].click(stop, current, None, **streaming)
    # "multiple": another choice may come while a stream is running.
    table.show(choose, None, outputs, trigger_mode="multiple", **streaming)
    page.load(rejoin, outputs=outputs, **ownership.token_input(), **streaming)


def _current_run(shown: dict) -> str:
    """The id of the run in progress, or "" if all are done."""
    going = [side["id"] for side in shown["sides"] if side["state"] in ACTIVE]
    return going[-1] if going else NOTHING


def _is_over(shown: dict) -> bool:
    return not any(side["state"] in (*ACTIVE, "planned") for side in shown["sides"])
