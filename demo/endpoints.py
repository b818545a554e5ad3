"""Named endpoints for `gradio_client` and scripts: what the page does, without the page."""

import shutil
import tempfile
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import gradio as gr

from demo import endpoints_find
from demo.menu import DEFAULT_MODEL
from demo.relay import payload, watch
from demo.scrub import MAX_WALK, large_gif
from demo.services import Services, told
from demo.train import check_source
from gan import checks, pictures
from gan.config import TrainConfig
from gan.files import write_bytes
from gan.methods import METHODS

# Gradio has copied an answer into its own cache long before.
KEPT_SECONDS = 600


def build(services: Services) -> None:
    """Register /generate, /interpolate, /train, /models and /methods; nothing of it is visible."""
    studio = services.studio
    folder = Path(tempfile.mkdtemp(prefix="ganscope-"))

    def fresh(name: str, content: bytes) -> str:
        for old in folder.iterdir():
            if time.time() - old.stat().st_mtime > KEPT_SECONDS:
                shutil.rmtree(old, ignore_errors=True)
        # A path of its own each time: Gradio's cache rewrites equal ones under a reader's eyes.
        path = Path(tempfile.mkdtemp(dir=folder)) / name
        write_bytes(path, content)
        return str(path)

    @told
    def generate(model, seed, truncation):
        loaded = studio.open(model)
        z = loaded.latents([seed], truncation).result()
        return fresh("picture.png", pictures.png(loaded.draw(z).result()[0]))

    @told
    def interpolate(model, seed_from, seed_to, frames, mode):
        loaded = studio.open(model)
        keys = loaded.latents([seed_from, seed_to]).result()
        frames = checks.integer("frames", frames, 2, MAX_WALK)
        return fresh("walk.gif", large_gif(loaded.walk(keys, frames, mode).result()))

    async def train(data, method, seconds, seed, request: gr.Request) -> AsyncIterator[tuple]:
        run = told(start)(data, method, seconds, seed, request.session_hash)
        async for shown in watch(services.runs, run):
            yield progress(shown), None
        if run.state == "failed":
            raise gr.Error(run.message, print_exception=False)
        yield progress(payload(services.runs, run)), fresh("weights.zip", run.weights_zip())

    def start(data, method, seconds, seed, owner):
        config = TrainConfig(data=data, method=method, seconds=seconds, seed=seed)
        check_source(config.data, services.roots)
        return services.runs.start(config, owner)

    def models() -> list[str]:
        """Names of the shipped generators."""
        return [name for _, name in services.models()]

    def methods() -> list[dict]:
        """The training methods: what each is, cures and risks, its paper and its equation (LaTeX)."""
        shown = ("name", "title", "group", "summary", "paper", "link", "cures", "risks", "equation")
        return [{key: getattr(each, key) for key in shown} for each in METHODS.values()]

    # What a caller sees: name, inputs, outputs, one line of description.
    model = partial(_text, "model", DEFAULT_MODEL)
    _expose(
        generate,
        "generate",
        [model(), _number("seed", 0), _number("truncation", 1)],
        [gr.Image(type="filepath", format="png", visible=False)],
        "The picture of a seed, as PNG.",
    )
    seeds = [_number("seed_from", 1), _number("seed_to", 2)]
    _expose(
        interpolate,
        "interpolate",
        [model(), *seeds, _number("frames", 30), _text("mode", "slerp")],
        [gr.File(visible=False)],
        "The walk between two seeds, as GIF.",
    )
    settings = [_text("data", "faces"), _text("method", "quick")]
    _expose(
        train,
        "train",
        [*settings, _number("seconds", 60), _number("seed", 0)],
        [gr.JSON(visible=False), gr.File(visible=False)],
        "Train: a stream of numbers, and at its end the weights as a zip file.",
    )
    endpoints_find.build(services, fresh)
    gr.api(models, api_name="models")
    gr.api(methods, api_name="methods")


def progress(shown: dict) -> dict:
    """The newest numbers of a payload."""
    newest = {name: column[-1] if column else None for name, column in shown["points"].items()}
    return {"run": shown["id"], "state": shown["state"], "place": shown["place"], **newest}


def _text(label: str, value: str) -> gr.Textbox:
    return gr.Textbox(value, label=label, visible=False)


def _number(label: str, value: float) -> gr.Number:
    return gr.Number(value, label=label, visible=False)


def _expose(function, name: str, inputs: list, outputs: list, description: str) -> None:
    gr.Button(visible=False).click(
        function,
        inputs,
        outputs,
        api_name=name,
        api_description=description,
        concurrency_limit=None if name == "train" else 2,
    )
