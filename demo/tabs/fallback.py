"""What stands in for the tabs where our routes or modules do not get through: a proxy may block them.

Explore and Train in Gradio's own components; of the other tabs, what to do instead. None of it is built
in the browser until then: demo/web/fallback.js shows it, as an event of Gradio's.
"""

import asyncio
import base64
import html
from collections.abc import Callable

import gradio as gr
import numpy as np

from demo.backend.generators import GeneratorHandle, find_set
from demo.backend.run import Run
from demo.backend.run_payload import watch
from demo.backend.services import Services
from demo.routes import web_files
from demo.tabs.handlers import QUIET, errors_as_messages
from gan.common import checks
from gan.images import encode
from gan.settings.config import MAX_SEED

REASON = "This view did not load, so here are plain controls. They do the same, a little slower."
# The other tabs say what to do instead; the link opens Gradio's list of endpoints.
INSTEAD = "This view did not load, so {}. {}, and so do the <a href='?view=api'>endpoints</a>."
NO_WALK = INSTEAD.format("no walk can be shown here", "python -m gan interpolate draws it")
NO_CHILDREN = INSTEAD.format("nothing can be bred here", "python -m gan breed does it")
NO_SEARCH = INSTEAD.format("no picture can be looked for here", "python -m gan invert does it")
NO_REPORT = INSTEAD.format("no model can be judged here", "python -m gan report does it")
NO_COMPARISON = (
    "This view did not load, so runs cannot be shown beside each other: train them one after "
    "another in Train, with the same seed."
)
NO_GAME = (
    "This view did not load, so no game can be played here: python -m gan train --data ring plays it."
)
NO_RUN = "<p class='gs gs-quiet'>Press Train: the newest pictures of your run appear here.</p>"
DIRECTIONS, REACH, MAX_TRUNCATION = 8, 3, 2
# Of a picture on the page; a phone has room for the second.
MAX_WIDTH, MIN_WIDTH = 512, 256
COLUMNS = 8  # pictures in a row of a run's samples
LOOK_SECONDS = 1.0  # between two looks at a run
# A slider's event: its newest value counts, and nothing stands in a queue.
SLIDING = {"queue": False, "trigger_mode": "always_last", **QUIET}
# In the words of demo/web/run/run_status.js.
STATES = {
    "queued": "Waiting",
    "starting": "Starting",
    "running": "Training",
    "paused": "Paused",
    "stopping": "Stopping",
    "stopped": "Stopped",
    "finished": "Finished",
    "failed": "Failed",
}


def part(reason: str = REASON) -> gr.Column:
    """Holds a tab's plain part; it takes no room on the page before `reveal` shows it."""
    column = gr.Column(visible=False, elem_classes="gs-plain")
    with column:
        gr.HTML(f"<p class='gs gs-quiet gs-reason'>{reason}</p>", apply_default_css=False)
    return column


def reveal(page: gr.Blocks, parts: list[gr.Column]) -> None:
    """Show the plain parts if no route has answered after some seconds. It asks the server nothing."""
    code = web_files.read_text("fallback.js").strip().rstrip(";")
    page.load(None, None, parts, js=f"() => ({code})({len(parts)})")


def explore(services: Services, menu: gr.Dropdown) -> gr.Column:
    """A seed, a truncation and a few directions, and their picture."""

    def draw(model, seed, truncation, *moves):
        loaded = services.generators.open(model)
        z = compose(loaded, seed, truncation, moves)
        content = encode.png(loaded.draw(z).result()[0])
        return shown(content, "png", loaded.info["size"], f"Picture of {model}, seed {int(seed)}")

    with part() as column, gr.Row():
        with gr.Column(min_width=300, elem_classes="gs-plain-left"):
            picture = picture_box("gs-plain-picture")
            button = gr.Button("Draw", size="sm", elem_classes="gs-plain-draw")
        with gr.Column(min_width=300, elem_classes="gs-plain-sliders"):
            controls = [
                gr.Number(42, label="Seed", info="One seed, one picture.", precision=None),
                gr.Slider(
                    0,
                    MAX_TRUNCATION,
                    1,
                    step=0.01,
                    label="Truncation",
                    info="Below 1: more typical. Above 1: more daring.",
                ),
                *(
                    gr.Slider(-REACH, REACH, 0, step=0.05, label=f"Direction {k + 1}")
                    for k in range(DIRECTIONS)
                ),
            ]
    drawing = [said(draw), [menu, *controls], picture]
    # Change, not input: Gradio's own reset button beside a slider counts as well.
    gr.on([button.click, *(control.change for control in controls)], *drawing, **SLIDING)
    # Another model, or the old one after a refused name; where nothing is shown, nothing is pressed.
    menu.change(None, js=f"() => {press('gs-plain-draw')}")
    return column


def train(services: Services, current: gr.State) -> gr.Column:
    """Numbers and newest pictures of the run whose id is in `current`, until it ends."""

    async def follow(name):
        if not name:
            yield NO_RUN
            return
        run = errors_as_messages(services.runs.find)(name)
        async for payload in watch(services.runs, run):
            yield news(run, payload["place"], payload["size"])
            await asyncio.sleep(LOOK_SECONDS)

    with part() as column:
        view = picture_box("gs-plain-news", NO_RUN)
        button = gr.Button("Show the newest pictures", size="sm", elem_classes="gs-plain-follow")
    button.click(follow, current, view, concurrency_limit=None, **QUIET)
    # Another run, or none: shown without being asked.
    current.change(None, js=f"() => {press('gs-plain-follow')}")
    return column


def compose(loaded: GeneratorHandle, seed: object, truncation: object, moves: tuple) -> np.ndarray:
    """float32 (1, z_dim), the very numbers that demo/web/explore.js makes of the same controls."""
    seed = checks.integer("seed", seed, 0, MAX_SEED)
    truncation = checks.number("truncation", truncation, 0, MAX_TRUNCATION)
    rows = [each["vector"] for each in find_set(loaded.info, "sefa")["directions"]]
    z = loaded.latents([seed]).result()
    # As a browser does: computed in float64, and rounded to float32 after each step.
    z = (z.astype(np.float64) * truncation).astype(np.float32)
    for k, move in enumerate(moves):
        amount = checks.number(f"direction {k + 1}", move, -REACH, REACH)
        if amount and k >= len(rows):
            raise ValueError(f"This model has {len(rows)} directions: put direction {k + 1} back to 0.")
        if amount:
            z = (z + amount * np.array(rows[k])).astype(np.float32)
    return z


def said(handler: Callable) -> Callable:
    """A handler whose ValueErrors stand in place of the picture.

    Gradio does not show errors of events outside of its queue.
    """

    def answer(*values):
        try:
            return handler(*values)
        except ValueError as error:
            return f"<p class='gs gs-error' role='alert'>{html.escape(str(error))}</p>"

    return answer


def press(name: str) -> str:
    """A script that presses the button of a plain part; where none is shown, it does nothing."""
    return f"document.querySelector('body:not(.gs-fast) .{name}')?.click()"


def picture_box(name: str, value: str = "") -> gr.HTML:
    return gr.HTML(value, elem_classes=name, apply_default_css=False)


def shown(content: bytes, kind: str, side: int, words: str) -> str:
    """A picture as HTML that needs no further request; `side` is its source's, in pixels."""
    data = base64.b64encode(content).decode("ascii")
    most = max(1, MAX_WIDTH // side) * side
    width = f"width: min({most}px, 100%)"
    if side <= MIN_WIDTH:
        # Whole squares for source pixels, where the browser can count so.
        width += f"; width: min({most}px, round(down, 100%, {side}px))"
    return f"<img alt='{html.escape(words)}' style='{width}' src='data:image/{kind};base64,{data}'>"


def news(run: Run, place: int, size: int) -> str:
    """One line of numbers on a run, and its newest pictures."""
    facts = [STATES[run.state] + (f": you are number {place}" if place else "")]
    picture = ""
    if run.moments:
        numbers, frame = run.moments[-1]
        facts += [
            f"step {numbers['step']:,}",
            f"{numbers['seconds']:.1f} s",
            f"{numbers['progress']:.0%}",
        ]
        words = f"Newest pictures of this run, step {numbers['step']:,}"
        picture = shown(frame, "webp", COLUMNS * size, words)
    line = html.escape(" · ".join(facts))
    message = f"<p class='gs gs-error'>{html.escape(run.message)}</p>" if run.message else ""
    return f"<p class='gs gs-status'>{line}</p>{message}{picture}"
