"""The endpoint of Find: a picture in, the latent vector that makes it out."""

from collections.abc import Callable

import gradio as gr

from demo import find
from demo.services import Services, told
from gan import pictures
from gan.given import LIGHTS

TOLD = ("z", "mse", "steps", "reads")


def build(services: Services, fresh: Callable[[str, bytes], str]) -> None:
    """Register /invert; `fresh(name, content)` gives the path of a new file."""

    @told
    def invert(picture, model, steps, starts, seed, edges, light):
        content = find.read(picture)
        loaded = services.studio.open(model)
        job = find.begin(services, loaded, content, edges, light, steps, starts, seed)
        result = services.jobs.result(job)
        drawn = fresh("found.png", pictures.png(find.pixels(result)))
        facts = {"model": model} | {name: result[name] for name in TOLD if name in result}
        return drawn, facts, result["mse"]

    gr.Button(visible=False).click(
        invert,
        [
            gr.File(label="picture", visible=False),
            gr.Textbox(find.MODEL, label="model", visible=False),
            gr.Number(300, label="steps: 1 to 2,000", visible=False),
            gr.Number(4, label="starts: 1 to 32", visible=False),
            gr.Number(0, label="seed", visible=False),
            gr.Textbox("crop", label=f"edges: {', '.join(find.EDGES)}", visible=False),
            gr.Textbox("kept", label=f"light: {', '.join(LIGHTS)}", visible=False),
        ],
        [
            gr.Image(type="filepath", format="png", label="found picture", visible=False),
            gr.JSON(label="z, mse and what else is known", visible=False),
            gr.Number(label="mse", visible=False),
        ],
        api_name="invert",
        api_description="Find the latent vector z whose picture is nearest to a given one. edges: what "
        "becomes of a picture that is no square; light: paper is for a digit on paper.",
        concurrency_limit=2,
    )
