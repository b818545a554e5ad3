"""Fallback views of the tabs, shown if the page's routes or modules are blocked, such as by a proxy.

Explore and Train work with Gradio's components only; the other tabs say what to do instead. The columns
are invisible, and so not rendered by the browser, until demo/web/fallback.js shows them.
"""

import asyncio
import base64
import html
from collections.abc import Callable

import gradio as gr
import numpy as np

from demo.backend.generators import GeneratorHandle, find_set
from demo.backend.public_text import public_text
from demo.backend.runs.payload import watch
from demo.backend.runs.run import Run
from demo.backend.services import Services
from demo.routes import web_files
from demo.tabs.handlers import QUIET, errors_as_messages
from gan.common import checks
from gan.images import encode
from gan.settings.config import MAX_SEED

REASON = "This view did not load, so here are plain controls. They do the same, a little more slowly."
# The link opens Gradio's list of endpoints.
INSTEAD = "This view did not load, so {}. {}, and so do the <a href='?view=api'>endpoints</a>."
NO_WALK = INSTEAD.format("no walk can be shown here", "python -m gan interpolate draws it")
NO_BREED = INSTEAD.format("children of pictures cannot be shown here", "python -m gan breed draws them")
NO_INSIDE = INSTEAD.format("units cannot be shown here", "python -m gan sample --edits changes them")
NO_FIND = INSTEAD.format("GAN inversion does not work here", "python -m gan invert does it")
NO_REPORT = INSTEAD.format("models cannot be evaluated here", "python -m gan report does it")
NO_COMPARE = (
    "This view did not load, so runs cannot be shown beside each other: train them one after "
    "another in Train, with the same seed."
)
NO_POINTS = (
    "This view did not load, so training on points cannot be shown here: python -m gan train --data "
    "ring does it."
)
NO_LESSONS = (
    "This view did not load, so the lessons cannot be shown here: docs/methods.md has the mathematics "
    "and the papers."
)
NO_RUN = "<p class='gs gs-quiet'>Press Train: the newest pictures of your run appear here.</p>"
DIRECTIONS, REACH, MAX_TRUNCATION = 8, 3, 2
# Pixels: the largest picture, and the source size up to which it is scaled by whole factors.
MAX_WIDTH, WHOLE_FACTOR_SIDE = 512, 256
COLUMNS = 8  # in a sample sheet
UPDATE_SECONDS = 1.0  # between two updates of a run
# Events of sliders: without the queue; of waiting events only the newest is handled.
LATEST_ONLY = {"queue": False, "trigger_mode": "always_last", **QUIET}
# As in demo/web/run/run_status.js.
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


def hidden_column(reason: str = REASON) -> gr.Column:
    """An invisible column for a tab's fallback view, which `reveal` may show; `reason` is its first line."""
    column = gr.Column(visible=False, elem_classes="gs-plain")
    with column:
        gr.HTML(f"<p class='gs gs-quiet gs-reason'>{reason}</p>", apply_default_css=False)
    return column


def reveal(page: gr.Blocks, parts: list[gr.Column]) -> None:
    """Show the fallback views if no route has answered after some seconds, without a request to Gradio."""
    code = web_files.read_text("fallback.js").strip().rstrip(";")
    page.load(None, None, parts, js=f"() => ({code})({len(parts)})")


def explore(services: Services, menu: gr.Dropdown) -> gr.Column:
    """The fallback of Explore: seed, truncation and some directions, and their picture."""

    def draw(model, seed, truncation, *moves):
        loaded = services.generators.open(model)
        z = compose_latent(loaded, seed, truncation, moves)
        content = encode.png(loaded.draw(z).result()[0])
        return picture_html(
            content, "png", loaded.info["size"], f"Picture of {model}, seed {int(seed)}"
        )

    with hidden_column() as column, gr.Row():
        with gr.Column(min_width=300, elem_classes="gs-plain-left"):
            picture = picture_box("gs-plain-picture")
            button = gr.Button("Draw", size="sm", elem_classes="gs-plain-draw")
        with gr.Column(min_width=300, elem_classes="gs-plain-sliders"):
            controls = [
                gr.Number(5, label="Seed", info="One seed, one picture.", precision=None),
                gr.Slider(
                    0,
                    MAX_TRUNCATION,
                    1,
                    step=0.01,
                    label="Truncation",
                    info="Below 1: more typical. Above 1: more varied.",
                ),
                *(
                    gr.Slider(-REACH, REACH, 0, step=0.05, label=f"Direction {k + 1}")
                    for k in range(DIRECTIONS)
                ),
            ]
    drawing = [errors_as_html(draw), [menu, *controls], picture]
    # Not the input event, because the reset button beside a slider only triggers change.
    gr.on([button.click, *(control.change for control in controls)], *drawing, **LATEST_ONLY)
    # Draw again for another model.
    menu.change(None, js=f"() => {click_script('gs-plain-draw')}")
    return column


def train(services: Services, current: gr.State) -> gr.Column:
    """The fallback of Train: numbers and newest samples of the run whose id is in `current`."""

    async def follow(name):
        if not name:
            yield NO_RUN
            return
        run = errors_as_messages(services.runs.find)(name)
        async for payload in watch(services.runs, run):
            yield run_html(run, payload["place"], payload["preview"])
            await asyncio.sleep(UPDATE_SECONDS)

    with hidden_column() as column:
        view = picture_box("gs-plain-news", NO_RUN)
        button = gr.Button("Show the newest pictures", size="sm", elem_classes="gs-plain-follow")
    button.click(follow, current, view, concurrency_limit=None, **QUIET)
    # Follow another run at once.
    current.change(None, js=f"() => {click_script('gs-plain-follow')}")
    return column


def compose_latent(
    loaded: GeneratorHandle, seed: object, truncation: object, moves: tuple
) -> np.ndarray:
    """The latent of the controls, float32 (1, z_dim), bit for bit as demo/web/explore/ computes it."""
    seed = checks.integer("seed", seed, 0, MAX_SEED)
    truncation = checks.number("truncation", truncation, 0, MAX_TRUNCATION)
    rows = [each["vector"] for each in find_set(loaded.info, "sefa")["directions"]]
    z = loaded.latents([seed]).result()
    # As JavaScript does: computed in float64, rounded to float32 after each step.
    z = (z.astype(np.float64) * truncation).astype(np.float32)
    for k, move in enumerate(moves):
        amount = checks.number(f"direction {k + 1}", move, -REACH, REACH)
        if amount and k >= len(rows):
            raise ValueError(f"This model has {len(rows)} directions: set direction {k + 1} to 0.")
        if amount:
            z = (z + amount * np.array(rows[k])).astype(np.float32)
    return z


def errors_as_html(handler: Callable) -> Callable:
    """Wrap a handler: it returns ValueErrors as HTML in place of the picture.

    Gradio does not show the errors of events outside of its queue.
    """

    def answer(*values):
        try:
            return handler(*values)
        except ValueError as error:
            return f"<p class='gs gs-error' role='alert'>{html.escape(public_text(str(error)))}</p>"

    return answer


def click_script(name: str) -> str:
    """A script that clicks the button of a fallback view, if that is shown."""
    return f"document.querySelector('body:not(.gs-fast) .{name}')?.click()"


def picture_box(name: str, value: str = "") -> gr.HTML:
    return gr.HTML(value, elem_classes=name, apply_default_css=False)


def picture_html(content: bytes, kind: str, side: int, words: str) -> str:
    """An <img> with the picture as a data URI; `side` is the width of the source in pixels."""
    data = base64.b64encode(content).decode("ascii")
    width_px = max(1, MAX_WIDTH // side) * side
    width = f"width: min({width_px}px, 100%)"
    if side <= WHOLE_FACTOR_SIDE:
        # Scales by a whole factor, where the browser supports round().
        width += f"; width: min({width_px}px, round(down, 100%, {side}px))"
    return f"<img alt='{html.escape(words)}' style='{width}' src='data:image/{kind};base64,{data}'>"


def run_html(run: Run, place: int, size: int) -> str:
    """A line of numbers about a run, and its newest samples, whose previews are `size` pixels wide, as HTML."""
    facts = [STATES[run.state] + (f": number {place} in line" if place else "")]
    picture = ""
    if run.moments:
        numbers, frame = run.moments[-1]
        facts += [
            f"step {numbers['step']:,}",
            f"{numbers['seconds']:.1f} s",
            f"{numbers['progress']:.0%}",
        ]
        words = f"Newest pictures of this run, step {numbers['step']:,}"
        picture = picture_html(frame, "webp", COLUMNS * size, words)
    line = html.escape(" · ".join(facts))
    message = f"<p class='gs gs-error'>{html.escape(run.message)}</p>" if run.message else ""
    return f"<p class='gs gs-status'>{line}</p>{message}{picture}"
