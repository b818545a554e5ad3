"""Train: choose data and method, press Train, watch a generator learn (demo/web/train.js)."""

from collections.abc import Sequence
from pathlib import Path

import gradio as gr

from demo import breaking, catalogue, own_choice, plain, remedy, settings_link
from demo.own_choice import HANDED, NAMED
from demo.relay import SOURCES, idle, watch
from demo.run import ACTIVE
from demo.services import QUIET, Services, told
from demo.settings_link import AS_SUGGESTED
from demo.theme import view
from gan.config import TrainConfig
from gan.drawings import DRAWN
from gan.points import are_points
from gan.sources import find_place

LEAD = "A new generator learns to draw from nothing, before your eyes."
CONTINUE_SECONDS = 30
# So that a run whose process had to be killed keeps nearly all that it learned.
SAVE_EVERY = 200
# What the accordion offers: (setting, label, what it is). Empty fields mean "as suggested".
DETAILS = [
    ("width", "Width", "Channels beside the picture: wider is abler and slower (4 to 128)."),
    ("batch", "Batch", "Pictures in one update (2 to 1,024)."),
    ("g_lr", "Generator's learning rate", "Too large: it jumps about. Too small: nothing moves."),
    ("d_lr", "Discriminator's learning rate", "Larger makes the critic stronger."),
    ("n_critic", "D updates a step", "How often D learns before G does once (1 to 20)."),
    ("z_dim", "Length of z", "How many numbers make a picture (1 to 1,024)."),
    ("ema_images", "Average's half-life", "In images; 0 shows the raw generator."),
    ("limit", "Pictures used", "The first so many of the data."),
    ("steps", "Budget in steps", "Instead of seconds: the same weights on every run."),
]


def build(services: Services, page: gr.Blocks) -> tuple[gr.HTML, gr.Column, gr.State]:
    """The tab's components; returns the live view, whose "explore" event names a finished run, what
    stands in for its pictures, and what is ready of someone's own (demo/own_choice.py)."""
    current = gr.State("")
    gr.HTML(f"<p class='gs gs-lead'>{LEAD}</p>", apply_default_css=False)
    with gr.Row(elem_classes="gs-train-row"):
        with gr.Column(scale=3, min_width=320):
            # Above the view, for pictures come first; of the view only charts stay then.
            stand_in = plain.train(services, current)
            live = view("train", "train", idle("faces"), event="explore")
        with gr.Column(scale=1, min_width=280, elem_classes="gs-train-form"):
            form, buttons, link, pictures = _form(services)
            lesson, buttons["break"] = breaking.menu()
    _wire(services, page, live, current, form, buttons, lesson)
    _wire_pictures(form, pictures)
    settings_link.wire(
        page,
        form,
        live,
        pictures,
        link,
        lambda values: read_form(own_choice.linked(values), services.roots),
    )
    return live, stand_in, form["ready"]


def _form(services: Services) -> tuple[dict, dict[str, gr.Button], tuple, gr.HTML]:
    """The fields by name, the buttons, what copies a link, and what shows someone's own pictures."""
    form: dict[str, gr.components.Component] = {}
    with gr.Row(elem_classes="gs-train-buttons"):
        buttons = {"train": gr.Button("Train", variant="primary", elem_id="train-button", min_width=90)}
        buttons["pause"] = gr.Button("Pause", interactive=False, min_width=90)
        buttons["stop"] = gr.Button("Stop", interactive=False, min_width=90)
    buttons["cure"], buttons["words"] = remedy.offer()
    form["data"] = gr.Radio(
        [
            *((title, name) for name, title in SOURCES.items()),
            ("Your own pictures", HANDED),
            ("Folder or Hub id", NAMED),
        ],
        value="faces",
        label="Data",
        info="What to learn.",
        elem_classes="gs-data",
    )
    form["other"] = gr.Textbox(
        label="Folder or Hub id",
        info="Such as ylecun/mnist or a folder on the server; Pictures used, below, takes the first.",
        visible=False,
    )
    pictures, form["ready"] = own_choice.build(services.own)
    form["method"] = catalogue.menu()
    catalogue.card(form["method"])
    form["seconds"] = gr.Slider(
        10, 600, value=60, step=5, label="Seconds", info="How long it may learn."
    )
    form["seed"] = gr.Number(
        0, label="Seed", info="Same seed and settings: the same start.", precision=None
    )
    with gr.Accordion("More settings", open=False, elem_classes="gs-more"):
        sizes = [AS_SUGGESTED, 32, 64]
        form["size"] = gr.Radio(sizes, value=AS_SUGGESTED, label="Size", info="Side of the pictures.")
        colours = [AS_SUGGESTED, ("grey", 1), ("colour", 3)]
        form["channels"] = gr.Radio(
            colours, value=AS_SUGGESTED, label="Colour", info="Grey is quicker."
        )
        for name, label, info in DETAILS:
            # Not gr.Number: an empty one turns into 0 when the accordion opens.
            form[name] = gr.Textbox(label=label, info=info, placeholder=AS_SUGGESTED, max_lines=1)
        form["changes"] = catalogue.other_choices(form["method"])
        link = settings_link.offer()
    return form, buttons, link, pictures


def read_form(values: dict, roots: Sequence[Path]) -> TrainConfig:
    """The form's values as a checked config; ValueError says what is wrong.

    Data that were handed in are the caller's to check.
    """
    values = {key: None if value in (AS_SUGGESTED, "") else value for key, value in values.items()}
    if values["data"] == NAMED and not values["other"]:
        raise ValueError("Type a folder or a Hub id to learn from, or choose other data.")
    other = values.pop("other")
    if values["data"] == NAMED:
        values["data"] = other
        check_source(other, roots)
    for name, label, _ in DETAILS:
        values[name] = typed_number(label, values[name])
    own, values["changes"] = catalogue.read_changes(values["changes"])
    values |= own
    if values["steps"] is not None:
        values["seconds"] = None
    try:
        config = TrainConfig(**values, save_every=SAVE_EVERY)
    except ValueError as error:
        raise ValueError(as_labelled(str(error))) from None
    return config


def as_labelled(sentence: str) -> str:
    """A sentence of `gan` on a setting, with the form's label in place of the setting's name."""
    for name, label, _ in DETAILS:
        if sentence.startswith(f"{name} "):
            return label + sentence[len(name) :]
    return sentence


def typed_number(label: str, text: str | None) -> float | None:
    """What was typed into a field of numbers; None if it was left empty."""
    try:
        return float(text) if text else None
    except (TypeError, ValueError):
        raise ValueError(f"{label} must be a number, or empty for what suits the data.") from None


def check_source(data: str, roots: Sequence[Path]) -> None:
    """ValueError for data that does not exist, that visitors may not read, or that is no pictures."""
    if are_points(data):
        raise ValueError("Pictures are learnt here: points have a tab of their own, Points.")
    if data not in DRAWN:
        find_place(data, roots)


def _wire(
    services: Services,
    page: gr.Blocks,
    live: gr.HTML,
    current: gr.State,
    form: dict,
    buttons: dict,
    lesson: gr.Dropdown,
) -> None:
    runs, names = services.runs, list(form)
    outputs = [live, current, *(buttons[name] for name in ("train", "pause", "stop", "cure", "words"))]

    newest = {}  # by visitor: the run that is shown

    async def stream(run, visitor, stay=False):
        last, newest[visitor] = None, run
        try:
            async for shown in watch(runs, run, stay):
                # An older run, which may end only now, goes on being watched and says no more.
                if newest.get(visitor) is not run:
                    yield [gr.skip()] * len(outputs)
                    continue
                # Buttons are sent only when they change: a redrawn button loses the keyboard's focus.
                states, now = [gr.skip()] * len(outputs[2:]), (run.state, remedy.finding_of(run))
                if now != last:
                    states = [*button_states(run.state, mine=run.owner == visitor), *remedy.shown(run)]
                last = now
                yield (shown, run.id, *states)
        finally:
            if newest.get(visitor) is run:
                del newest[visitor]

    # Not called "train": Gradio would take that name from the endpoint (demo/endpoints.py).
    async def learn(request: gr.Request, *values):
        run = begin(dict(zip(names, values, strict=True)), request.session_hash)
        async for shown in stream(run, request.session_hash):
            yield shown

    async def pause(name, request: gr.Request):
        run = own(name, request.session_hash)
        if run.active:
            run.wish = "go on" if run.wish == "pause" else "pause"
            yield [gr.skip()] * len(outputs)
            return
        told(runs.extend)(run, CONTINUE_SECONDS)
        async for shown in stream(run, run.owner):
            yield shown

    async def cure(name, request: gr.Request):
        run = begin_cured(name, request.session_hash)
        async for shown in stream(run, request.session_hash):
            yield shown

    async def break_it(name, request: gr.Request):
        config = told(breaking.config_of)(name, SAVE_EVERY)
        run = told(runs.start)(config, request.session_hash)
        async for shown in stream(run, request.session_hash):
            yield shown

    def stop(name, request: gr.Request):
        runs.stop(own(name, request.session_hash))

    async def rejoin(request: gr.Request):
        name = request.query_params.get("run")
        if name:
            async for shown in stream(told(runs.find)(name), request.session_hash, stay=True):
                yield shown
        else:
            yield [gr.skip()] * len(outputs)

    @told
    def begin(values, owner):
        values, title = own_choice.read(values, values.pop("ready"), services.own, owner)
        return runs.start(read_form(values, services.roots), owner, title)

    @told
    def begin_cured(name, owner):
        run = runs.find(name)
        config = remedy.cure(run)
        services.own.check(config.data, owner)
        # The cured run waits for this one's place.
        if run.active and run.owner == owner:
            runs.stop(run)
        return runs.start(config, owner, run.title)

    @told
    def own(name, owner):
        run = runs.find(name)
        if run.owner != owner:
            raise ValueError("Only who started this run may stop or pause it.")
        return run

    def choose_data(data, name):
        field = gr.update(visible=data == NAMED)
        if name and name in runs.runs and runs.runs[name].active:
            return [field] + [gr.skip()] * len(outputs)
        return field, idle(data), "", *button_states("idle"), *remedy.shown(None)

    streaming = {"concurrency_limit": None, **QUIET}
    buttons["train"].click(learn, list(form.values()), outputs, **streaming)
    buttons["pause"].click(pause, current, outputs, **streaming)
    buttons["cure"].click(cure, current, outputs, **streaming)
    buttons["break"].click(break_it, lesson, outputs, **streaming)
    # Through the queue, because errors of an event outside of it are not shown.
    buttons["stop"].click(stop, current, None, **streaming)
    page.load(rejoin, None, outputs, **streaming)
    form["data"].input(
        choose_data, [form["data"], current], [form["other"], *outputs], queue=False, **QUIET
    )


def _wire_pictures(form: dict, pictures: gr.HTML) -> None:
    """What is chosen or typed is looked at, and has its size and colour there."""
    shape = [form["size"], form["channels"]]

    def show(data, typed):
        hidden = gr.update(visible=data not in own_choice.MODES)
        return own_choice.asked(data, typed), hidden, hidden

    look = {"inputs": [form["data"], form["other"]], "outputs": [pictures, *shape]}
    form["data"].input(show, **look, queue=False, **QUIET)
    for happens in (form["other"].submit, form["other"].blur):
        happens(show, **look, queue=False, **QUIET)


def button_states(state: str, mine: bool = True) -> list[dict]:
    """What Train, Pause and Stop offer in a run's state; Pause says Continue where it goes on.

    Who watches someone else's run may start one of their own, and nothing else.
    """
    if not mine:
        return [gr.update(), gr.update(interactive=False), gr.update(interactive=False)]
    active, over = state in ACTIVE, state in ("stopped", "finished")
    going_on = state == "paused" or over
    return [
        gr.update(interactive=not active),
        gr.update(
            value="Continue" if going_on else "Pause", interactive=state == "running" or going_on
        ),
        gr.update(interactive=active and state != "stopping"),
    ]
