"""Routes that turn latents into pixels, without Gradio's queue, so that sliders respond at once.

The browser composes latents itself (seed + directions, demo/web/explore/) and draws the raw pixels on a
canvas; the server keeps nothing. The paths are below /gradio_api/, which proxies and server-side
rendering pass on to Python.

    GET  …/model?name=                            facts about a generator, JSON
    GET  …/latents?model=&seeds=1,2,3             float32 (N, z_dim), little endian
    POST …/pictures?model=&draft=true   float32 body   uint8 (N, H, W, C); header X-Shape; drafts are 64×64 at most
    GET  …/directions?model=&set=named|pca        sets of directions, computed on request, JSON
    POST …/walk?model=&frames=&mode=&closed=&format=raw|gif|strip    a path through the keys in the body; with raw and
                                   classes, X-Classes: 0:6,14:7, each frame that begins a class, and its class
    GET  …/data?source=            a WebP grid of a dataset's first pictures, if it is here
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.datasets import has_thumbnails
from demo.backend.generators import GeneratorHandle, GeneratorStore
from demo.backend.limits import MAX_PICTURES, MAX_WALK
from demo.backend.services import Services
from demo.routes.http import (
    MAX_BODY,
    make_routes,
    number_or_text,
    pixels_response,
    read_body,
    webp_response,
)
from gan.common import checks
from gan.data.sources import HUB
from gan.drawn.registry import DRAWN
from gan.images import encode


def routes(services: Services) -> list[Route]:
    """The routes of this module."""
    return RenderingRoutes(services.generators).all()


class RenderingRoutes:
    """Handlers that draw with the generators."""

    def __init__(self, generators: GeneratorStore):
        self.generators = generators
        # For encoding walks, which takes a second.
        self.encoders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="encoder")

    def all(self) -> list[Route]:
        """The routes of this module."""
        named = {
            "/model": (self.model, "GET"),
            "/latents": (self.latents, "GET"),
            "/pictures": (self.pictures, "POST"),
            "/directions": (self.directions, "GET"),
            "/walk": (self.walk, "POST"),
            "/data": (self.data, "GET"),
        }
        return make_routes(named)

    async def model(self, request: Request) -> Response:
        loaded = await self.generators.open_async(request.query_params.get("name"))
        return JSONResponse(loaded.info)

    async def latents(self, request: Request) -> Response:
        seeds = request.query_params.get("seeds", "").split(",")
        if len(seeds) > MAX_PICTURES:
            raise ValueError(f"At most {MAX_PICTURES} seeds at once.")
        numbers = [number_or_text(seed) for seed in seeds]
        loaded = await self.generators.open_async(request.query_params.get("model"))
        z = await asyncio.wrap_future(loaded.latents(numbers))
        return Response(z.astype("<f4").tobytes(), media_type="application/octet-stream")

    async def pictures(self, request: Request) -> Response:
        loaded, z = await body_latents(self.generators, request)
        draft = request.query_params.get("draft") == "true"
        return await pixels_response(request, await asyncio.wrap_future(loaded.draw(z, draft)))

    async def directions(self, request: Request) -> Response:
        key = checks.choice("set of directions", request.query_params.get("set"), ("named", "pca"))
        loaded = await self.generators.open_async(request.query_params.get("model"))
        return JSONResponse(await asyncio.wrap_future(loaded.directions(key)))

    async def walk(self, request: Request) -> Response:
        loaded, keys = await body_latents(self.generators, request)
        query = request.query_params
        frames = number_or_text(query.get("frames", ""))
        count = checks.integer("frames", frames, max(2, len(keys)), MAX_WALK)
        form = checks.choice("format", query.get("format", "raw"), ("raw", "gif", "strip"))
        closed = query.get("closed") == "true"
        path = keys, count, query.get("mode"), closed
        drawn = await asyncio.wrap_future(loaded.walk(*path))
        if form == "raw":
            response = await pixels_response(request, drawn)
            if loaded.info["classes"]:
                changes = await asyncio.wrap_future(loaded.class_changes(*path))
                response.headers["X-Classes"] = ",".join(f"{frame}:{label}" for frame, label in changes)
            return response
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.encoders, walk_file, drawn, form)

    async def data(self, request: Request) -> Response:
        source = checks.choice("data", request.query_params.get("source"), (*DRAWN, *HUB))
        if not has_thumbnails(source):
            raise ValueError(
                f"{source} is on the Hugging Face Hub: its pictures are shown once a run has loaded it."
            )
        return webp_response(await asyncio.wrap_future(self.generators.thumbnails(source)), cache=True)


async def body_latents(
    generators: GeneratorStore, request: Request
) -> tuple[GeneratorHandle, np.ndarray]:
    """The model that a request names, and its body as latents, float32 (N, z_dim); ValueError if invalid."""
    body = await read_body(request, MAX_BODY, f"At most {MAX_PICTURES} pictures at once.")
    loaded = await generators.open_async(request.query_params.get("model"))
    z_dim = loaded.info["z_dim"]
    if not body or len(body) % (4 * z_dim) or len(body) > MAX_PICTURES * 4 * z_dim:
        raise ValueError(
            f"The body must hold 1 to {MAX_PICTURES} latents of {z_dim} float32 numbers each."
        )
    z = np.frombuffer(body, "<f4").reshape(-1, z_dim)
    if not np.isfinite(z).all() or np.abs(z).max() > 1e3:
        raise ValueError("Latents must be finite numbers from -1000 to 1000.")
    return loaded, z.astype(np.float32)


def walk_file(frames: np.ndarray, form: str) -> Response:
    """A walk as a looping GIF ("gif"), or as a PNG strip of all frames ("strip")."""
    if form == "gif":
        content, kind = encode.large_gif(frames), "image/gif"
    else:
        content, kind = encode.strip(frames), "image/png"
    return Response(content, media_type=kind)
