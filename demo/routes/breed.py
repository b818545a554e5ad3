"""The route for the latents of children (gan/latent/lineage.py)."""

import asyncio
from functools import partial

import numpy as np
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo.backend.generators import GeneratorStore
from demo.backend.services import Services
from demo.routes.http import make_routes, number_or_text
from gan.latent.recipe import MAX_LETTERS


def routes(services: Services) -> list[Route]:
    """The routes of this module."""
    return make_routes({"/children": (partial(children, services.generators), "POST")})


async def children(generators: GeneratorStore, request: Request) -> Response:
    """A recipe as text (gan/latent/recipe.py) -> float32 (N, z_dim): its pictures, then `count` children."""
    # Checked before the body is read; the text is checked when it is parsed.
    if int(request.headers.get("content-length") or MAX_LETTERS + 1) > MAX_LETTERS:
        raise ValueError(f"A recipe has at most {MAX_LETTERS:,} letters.")
    recipe = (await request.body()).decode("ascii", "replace")
    query = request.query_params
    loaded = await generators.open_async(query.get("model"))
    count = number_or_text(query.get("count", "16"))
    grown = await asyncio.wrap_future(loaded.grow(recipe, count))
    body = np.concatenate(grown).astype("<f4").tobytes()
    return Response(body, media_type="application/octet-stream")
