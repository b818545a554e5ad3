"""Routes that look into a generator, and draw with changed units (gan/inside, demo/workers/inside.py).

    GET  …/inside?model=            its layers, what these cost, and the parts that units draw, as far as known, JSON
    GET  …/inside/parts?model=      the same parts, looked for if need be, which takes up to half a minute
    POST …/inside/picture?model=    {z, edits} -> the picture with these edits, uint8 (1, H, W, C); header X-Shape
    POST …/inside/pull?model=       {z, edits} -> the same where edits pull points, and where these are, JSON
    POST …/inside/film?model=       {z, edits, layer, part, count} -> how it is built: guesses and units, JSON
    POST …/inside/critic?model=     {z, edits, seed} -> what its discriminator says of it, and of a real picture, JSON
    POST …/inside/critic/own?model=    an encoded picture -> {job}, see demo/routes/jobs.py: {own}, the same of it
    POST …/inside/critic/drawn?model=  a drawing, size · size · channels bytes -> {own}, JSON
    POST …/inside/mix?model=        {columns, rows, share, level, draft}: seeds -> forms of columns in the colours of
                                    rows, row by row, uint8 (N, H, W, C); header X-Shape; drafts are 64×64 at most
    POST …/inside/map?model=        -> {job}, see demo/routes/jobs.py: the map of its latent space (gan.maps)

`edits` is text, see gan/inside/edit_text.py, pull_text.py and stage_latents.py.
"""

import asyncio

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.generators import GeneratorHandle, edits_text
from demo.backend.jobs.inside import start_critic, start_map
from demo.backend.jobs.inversion import MAX_BYTES
from demo.backend.services import Services
from demo.routes.http import make_routes, pixels_response, read_body, read_json
from demo.routes.jobs import job_response
from gan.common import checks
from gan.images.encode import previews
from gan.settings.config import MAX_SEED, SIZES

MAX_BODY = 64_000
MAX_DRAWN = 3 * max(SIZES) ** 2  # bytes of a drawing
MAX_MIXED = 8  # columns, and rows, of a matrix


def routes(services: Services) -> list[Route]:
    """The routes of this module."""
    return InsideRoutes(services).all()


class InsideRoutes:
    """Handlers that look into the generators."""

    def __init__(self, services: Services):
        self.services, self.generators = services, services.generators

    def all(self) -> list[Route]:
        """The routes of this module."""
        named = {
            "/inside": (self.facts, "GET"),
            "/inside/parts": (self.parts, "GET"),
            "/inside/picture": (self.picture, "POST"),
            "/inside/pull": (self.pull, "POST"),
            "/inside/film": (self.film, "POST"),
            "/inside/critic": (self.critic, "POST"),
            "/inside/critic/own": (self.own, "POST"),
            "/inside/critic/drawn": (self.drawn, "POST"),
            "/inside/mix": (self.mix, "POST"),
            "/inside/map": (self.map, "POST"),
        }
        return make_routes(named)

    async def facts(self, request: Request) -> Response:
        loaded = await self._opened(request)
        return JSONResponse(await asyncio.wrap_future(loaded.inside("facts")))

    async def parts(self, request: Request) -> Response:
        loaded = await self._opened(request)
        return JSONResponse(await asyncio.wrap_future(loaded.find_parts()))

    async def picture(self, request: Request) -> Response:
        loaded, z, edits, _ = await self._asked(request)
        drawn = await asyncio.wrap_future(loaded.edited(z, edits))
        return await pixels_response(request, drawn)

    async def pull(self, request: Request) -> Response:
        loaded, z, edits, _ = await self._asked(request)
        return JSONResponse(await asyncio.wrap_future(loaded.inside("pull", z, edits)))

    async def film(self, request: Request) -> Response:
        loaded, z, edits, values = await self._asked(request)
        part = values.get("part", "")
        if not isinstance(part, str):
            raise ValueError("part must be a name.")
        wanted = values.get("layer", 0), part, values.get("count", 24)
        return JSONResponse(await asyncio.wrap_future(loaded.inside("film", z, edits, *wanted)))

    async def critic(self, request: Request) -> Response:
        loaded, z, edits, values = await self._asked(request)
        seed = checks.integer("seed", values.get("seed", 0), 0, MAX_SEED)
        drawn = await asyncio.wrap_future(loaded.edited(z, edits))
        said = await asyncio.wrap_future(loaded.critic(drawn, z, seed))
        return JSONResponse(said)

    async def mix(self, request: Request) -> Response:
        values = await read_json(request, MAX_BODY)
        loaded = await self._opened(request)
        seeds = [mixed_seeds(name, values.get(name)) for name in ("columns", "rows")]
        draft = checks.flag("draft", values.get("draft", False))
        z = [await asyncio.wrap_future(loaded.latents(each)) for each in seeds]
        wanted = values.get("share", 1.0), values.get("level", 0)
        drawn = await asyncio.wrap_future(loaded.mix(*z, *wanted))
        return await pixels_response(request, previews(drawn) if draft else drawn)

    async def own(self, request: Request) -> Response:
        content = await read_body(request, MAX_BYTES)
        return job_response(start_critic(self.services, await self._opened(request), content))

    async def drawn(self, request: Request) -> Response:
        pixels = await read_body(request, MAX_DRAWN)
        loaded = await self._opened(request)
        return JSONResponse(await asyncio.wrap_future(loaded.critic_of_drawing(pixels)))

    async def map(self, request: Request) -> Response:
        return job_response(start_map(self.services, await self._opened(request)))

    async def _opened(self, request: Request) -> GeneratorHandle:
        return await self.generators.open_async(request.query_params.get("model"))

    async def _asked(self, request: Request) -> tuple[GeneratorHandle, np.ndarray, str, dict]:
        """The model, z (1, z_dim), edits and all values of a request; ValueError for wrong ones."""
        values = await read_json(request, MAX_BODY)
        loaded = await self._opened(request)
        edits = edits_text(values.get("edits", ""))
        return loaded, latent_of(values.get("z"), loaded.info["z_dim"]), edits, values


def latent_of(numbers: object, z_dim: int) -> np.ndarray:
    """A list of z_dim numbers as float32 (1, z_dim); ValueError for anything else."""
    if not isinstance(numbers, list) or len(numbers) != z_dim:
        raise ValueError(f"z must be a list of {z_dim} numbers.")
    z = [checks.number("z", each, -1e3, 1e3) for each in numbers]
    return np.array([z], np.float32)


def mixed_seeds(name: str, seeds: object) -> list[int]:
    """Seeds of the columns or rows of a matrix; ValueError for anything else."""
    if not isinstance(seeds, list) or not 1 <= len(seeds) <= MAX_MIXED:
        raise ValueError(f"{name} must be a list of 1 to {MAX_MIXED} seeds.")
    return [checks.integer("seed", seed, 0, MAX_SEED) for seed in seeds]
