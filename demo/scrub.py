"""The instant slider: routes beside the page that turn latents into pixels, without Gradio's queue.

A browser composes latents itself (seed + directions, demo/web/explore/) and asks these routes for
raw pixels, which it draws on a canvas; nothing is kept on the server. Under /gradio_api/, where a
proxy or server-side rendering lets requests through to Python.

    GET  …/model?name=                            what the page says of a generator, JSON
    GET  …/latents?model=&seeds=1,2,3             float32 (N, z_dim), little endian
    POST …/pictures?model=         float32 body   uint8 (N, H, W, C); header X-Shape
    GET  …/directions?model=&set=named|pca        sets of directions, looked for when asked, JSON
    POST …/walk?model=&frames=&mode=&closed=&format=raw|gif|strip    a path through the body's keys
    GET  …/runs?ids=a,b            one row of facts for each of these runs that is still here, JSON
    GET  …/runs/ID/real, …/runs/ID/frame/K, …/runs/ID/weights.zip    a training run's pictures, files
    GET  …/data?source=            a WebP grid of a dataset's first pictures, if it is here
"""

import asyncio
import functools
import zlib
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.relay import pictured, summary
from demo.runs import Runs
from demo.studio import Loaded, Studio
from gan import checks, pictures
from gan.drawings import DRAWN
from gan.sources import HUB

PREFIX = "/gradio_api/ganscope"
MAX_PICTURES = 256
MAX_BODY = MAX_PICTURES * 1024 * 4
MAX_WALK = 240
MAX_LISTED = 100
# Below this many bytes, packing costs more time than it saves on the wire.
PACK_ABOVE = 32_768

Handler = Callable[[Request], Awaitable[Response]]


class Routes:
    """The routes' handlers around a Studio and the Runs."""

    def __init__(self, studio: Studio, runs: Runs):
        self.studio, self.runs = studio, runs
        # They pack walks into files, which takes a second.
        self.porters = ThreadPoolExecutor(max_workers=2, thread_name_prefix="porter")

    def all(self) -> list[Route]:
        """What `launch(app_kwargs={"routes": …})` takes."""
        named = {
            "/model": (self.model, "GET"),
            "/latents": (self.latents, "GET"),
            "/pictures": (self.pictures, "POST"),
            "/directions": (self.directions, "GET"),
            "/walk": (self.walk, "POST"),
            "/data": (self.data, "GET"),
            "/runs": (self.run_list, "GET"),
            "/runs/{run}/real": (self.run_real, "GET"),
            "/runs/{run}/frame/{step}": (self.run_frame, "GET"),
            "/runs/{run}/weights.zip": (self.run_weights, "GET"),
        }
        return routed(named)

    async def model(self, request: Request) -> Response:
        loaded = await self.studio.opened(request.query_params.get("name"))
        return JSONResponse(loaded.info)

    async def latents(self, request: Request) -> Response:
        seeds = request.query_params.get("seeds", "").split(",")
        if len(seeds) > MAX_PICTURES:
            raise ValueError(f"At most {MAX_PICTURES} seeds at once.")
        numbers = [as_number(seed) for seed in seeds]
        loaded = await self.studio.opened(request.query_params.get("model"))
        z = await asyncio.wrap_future(loaded.latents(numbers))
        return Response(z.astype("<f4").tobytes(), media_type="application/octet-stream")

    async def pictures(self, request: Request) -> Response:
        loaded, z = await body_latents(self.studio, request)
        return await packed(request, await asyncio.wrap_future(loaded.draw(z)))

    async def directions(self, request: Request) -> Response:
        key = checks.choice("set of directions", request.query_params.get("set"), ("named", "pca"))
        loaded = await self.studio.opened(request.query_params.get("model"))
        return JSONResponse(await asyncio.wrap_future(loaded.directions(key)))

    async def walk(self, request: Request) -> Response:
        loaded, keys = await body_latents(self.studio, request)
        query = request.query_params
        frames = as_number(query.get("frames", ""))
        count = checks.integer("frames", frames, max(2, len(keys)), MAX_WALK)
        form = checks.choice("format", query.get("format", "raw"), ("raw", "gif", "strip"))
        closed = query.get("closed") == "true"
        drawn = await asyncio.wrap_future(loaded.walk(keys, count, query.get("mode"), closed))
        if form == "raw":
            return await packed(request, drawn)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.porters, saved_walk, drawn, form)

    async def data(self, request: Request) -> Response:
        source = checks.choice("data", request.query_params.get("source"), (*DRAWN, *HUB))
        if not pictured(source):
            raise ValueError(f"{source} is on the Hugging Face Hub: its pictures come when it trains.")
        return image(await asyncio.wrap_future(self.studio.thumbnails(source)), kept=True)

    async def run_list(self, request: Request) -> Response:
        known, names = self.runs.runs, request.query_params.get("ids", "").split(",")
        return JSONResponse([summary(known[name]) for name in names[:MAX_LISTED] if name in known])

    async def run_real(self, request: Request) -> Response:
        return image(self.runs.find(request.path_params["run"]).real)

    async def run_frame(self, request: Request) -> Response:
        run, step = self.runs.find(request.path_params["run"]), request.path_params["step"]
        # By step, not by place: a long history is thinned, and places move.
        for moment in reversed(run.moments):
            if str(moment.numbers["step"]) == step:
                return image(moment.frame)
        raise ValueError("There is no such moment in this run.")

    async def run_weights(self, request: Request) -> Response:
        run = self.runs.find(request.path_params["run"])
        content = run.weights_zip()
        headers = {"Content-Disposition": f'attachment; filename="ganscope-{run.id}.zip"'}
        return Response(content, media_type="application/zip", headers=headers)


async def body_latents(studio: Studio, request: Request) -> tuple[Loaded, np.ndarray]:
    """The model that a request names, and its body as float32 (N, z_dim)."""
    if int(request.headers.get("content-length") or MAX_BODY + 1) > MAX_BODY:
        raise ValueError(f"At most {MAX_PICTURES} pictures at once.")
    body = await request.body()
    loaded = await studio.opened(request.query_params.get("model"))
    z_dim = loaded.info["z_dim"]
    if not body or len(body) % (4 * z_dim) or len(body) > MAX_PICTURES * 4 * z_dim:
        raise ValueError(
            f"The body must hold 1 to {MAX_PICTURES} latents of {z_dim} float32 numbers each."
        )
    z = np.frombuffer(body, "<f4").reshape(-1, z_dim)
    if not np.isfinite(z).all() or np.abs(z).max() > 1e3:
        raise ValueError("Latents must be finite numbers from -1000 to 1000.")
    return loaded, z.astype(np.float32)


def routed(named: dict[str, tuple[Handler, str]]) -> list[Route]:
    """Routes of polite handlers: path below PREFIX -> (handler, verbs such as "GET DELETE")."""
    return [
        Route(PREFIX + path, polite(handler), methods=verbs.split())
        for path, (handler, verbs) in named.items()
    ]


def polite(handler: Handler) -> Handler:
    """A handler whose ValueErrors become status 400 with one sentence, as JSON."""

    @functools.wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return answer


def as_number(text: str) -> int | str:
    """What a query holds as a number; anything else stays text, for the check to name."""
    return int(text) if text.isdecimal() and len(text) < 20 else text


async def packed(request: Request, frames: np.ndarray) -> Response:
    """Raw pixels: the quickest to make, and a canvas takes them as they are."""
    body, headers = frames.tobytes(), {"X-Shape": ",".join(map(str, frames.shape))}
    if len(body) > PACK_ABOVE and "deflate" in request.headers.get("accept-encoding", ""):
        # Beside the server's loop, which answers everyone else meanwhile.
        body = await asyncio.to_thread(zlib.compress, body, 1)
        headers["Content-Encoding"] = "deflate"
    return Response(body, media_type="application/octet-stream", headers=headers)


def saved_walk(frames: np.ndarray, form: str) -> Response:
    """A walk as a file to keep: an endless GIF, or all frames side by side as a PNG strip."""
    if form == "gif":
        content, kind = large_gif(frames), "image/gif"
    else:
        content, kind = strip(frames), "image/png"
    return Response(content, media_type=kind)


def strip(frames: np.ndarray) -> bytes:
    """All frames side by side, as a PNG."""
    return pictures.png(pictures.grid(frames, columns=len(frames)), 2)


def large_gif(frames: np.ndarray) -> bytes:
    """A GIF of about 256 pixels a side, each source pixel a whole square."""
    return pictures.gif(frames, max(1, 256 // frames.shape[1]))


def image(content: bytes, kept: bool = False) -> Response:
    """A WebP picture; `kept` ones never change, so a browser need not ask again."""
    if not content:
        raise ValueError("There is no picture yet.")
    headers = {"Cache-Control": "max-age=3600" if kept else "no-store"}
    return Response(content, media_type="image/webp", headers=headers)
