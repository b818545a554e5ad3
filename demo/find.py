"""Find: the z that makes someone's picture (demo/web/find/find.js), searched for beside the page.

POST …/find?model=&edges=&light=&steps=&starts=&seed=    an encoded picture -> {job}, see demo/jobs.py
"""

import base64
from pathlib import Path

import gradio as gr
import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo import plain
from demo.asked import body_of
from demo.jobs import Job, started
from demo.menu import instrument
from demo.scrub import as_number, routed
from demo.services import Services
from demo.studio import Loaded
from gan import checks
from gan.config import MAX_SEED
from gan.given import EDGES, LIGHTS

LEAD = "Draw a digit or bring a picture: watch the search for the latent vector that makes it."
MODEL = "digits"  # what people can draw themselves
MOST_BYTES = 20_000_000
# What a visitor may ask for; gan.inversion itself allows more.
MOST_STEPS, MOST_STARTS = 2000, 32


def build(services: Services) -> gr.Column:
    """The model menu and the instrument; returns what stands in for it."""
    instrument(services, "find", "find/find.js", LEAD, MODEL)
    return plain.part(plain.NO_SEARCH)


def read(path: object) -> bytes:
    """An uploaded picture; ValueError if there is none, or if it is too large."""
    if not path:
        raise ValueError("There is no picture yet: give a file.")
    if Path(path).stat().st_size > MOST_BYTES:
        raise ValueError(f"This is larger than {MOST_BYTES // 1_000_000} MB.")
    return Path(path).read_bytes()


def pixels(told: dict) -> np.ndarray:
    """The found picture of a search's result: uint8 (size, size, channels)."""
    raw = np.frombuffer(base64.b64decode(told["picture"]), np.uint8)
    return raw.reshape(told["size"], told["size"], told["channels"])


def begin(
    services: Services,
    loaded: Loaded,
    content: bytes,
    edges: object,
    light: object,
    steps: object,
    starts: object,
    seed: object,
) -> Job:
    """Start a search (demo.tasks.find.search); ValueError for choices that there are not."""
    if not content:
        raise ValueError("There is no picture yet: draw or choose one.")
    arguments = {
        "content": content,
        "source": loaded.place.source,
        "roots": loaded.place.roots,
        "edges": checks.choice("edges", edges, EDGES),
        "light": checks.choice("light", light, LIGHTS),
        "steps": checks.integer("steps", steps, 1, MOST_STEPS),
        "starts": checks.integer("starts", starts, 1, MOST_STARTS),
        "seed": checks.integer("seed", seed, 0, MAX_SEED),
    }
    return services.jobs.start("demo.tasks.find.search", arguments)


def routes(services: Services) -> list[Route]:
    """What `launch(app_kwargs={"routes": …})` takes."""

    async def find(request: Request) -> Response:
        asked = request.query_params
        content = await body_of(request, MOST_BYTES)
        loaded = await services.studio.opened(asked.get("model"))
        numbers = [as_number(asked.get(name, "")) for name in ("steps", "starts", "seed")]
        job = begin(services, loaded, content, asked.get("edges"), asked.get("light"), *numbers)
        return started(job)

    return routed({"/find": (find, "POST")})
