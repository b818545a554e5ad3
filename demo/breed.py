"""Breed: children of pictures, and sums of what they mean (demo/web/breed/); their route."""

import asyncio
from functools import partial

import gradio as gr
import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo import plain
from demo.menu import instrument
from demo.scrub import as_number, routed
from demo.services import Services
from demo.studio import Studio
from gan.recipes import MAX_LETTERS

LEAD = "Press the child you like best: it becomes the parent of the next ones."


def build(services: Services) -> gr.Column:
    """The model menu and the instrument; returns what stands in for it."""
    instrument(services, "breed", "breed/breed.js", LEAD)
    return plain.part(plain.NO_CHILDREN)


def routes(studio: Studio) -> list[Route]:
    """What the page asks for latents of children."""
    return routed({"/children": (partial(children, studio), "POST")})


async def children(studio: Studio, request: Request) -> Response:
    """A recipe as text (gan/recipes.py) -> float32 rows: its pictures', then `count` children's."""
    # Before it is read: the check of the text itself comes later.
    if int(request.headers.get("content-length") or MAX_LETTERS + 1) > MAX_LETTERS:
        raise ValueError(f"A recipe has at most {MAX_LETTERS:,} letters.")
    recipe = (await request.body()).decode("ascii", "replace")
    query = request.query_params
    loaded = await studio.opened(query.get("model"))
    count = as_number(query.get("count", "16"))
    grown = await asyncio.wrap_future(loaded.grow(recipe, count))
    body = np.concatenate(grown).astype("<f4").tobytes()
    return Response(body, media_type="application/octet-stream")
