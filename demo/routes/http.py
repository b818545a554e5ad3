"""What all routes share: their prefix, ValueErrors as status 400, bodies and pictures as HTTP has them."""

import asyncio
import functools
import json
import zlib
from collections.abc import Awaitable, Callable

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.limits import MAX_PICTURES

MAX_JSON = 4_000_000
MAX_DEPTH = 8  # lists and objects in one another
PREFIX = "/gradio_api/ganscope"
MAX_BODY = MAX_PICTURES * 1024 * 4
# Below this many bytes, packing costs more time than it saves on the wire.
DEFLATE_ABOVE = 32_768
Handler = Callable[[Request], Awaitable[Response]]


async def read_body(request: Request, most: int) -> bytes:
    """A request's body, read no further than `most` bytes."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise ValueError(f"This is larger than {most / 1_000_000:g} MB.")
        parts.append(part)
    return b"".join(parts)


async def read_json(request: Request, most: int = MAX_JSON) -> dict:
    """A request's body of at most so many bytes as a JSON object; {} where it is empty."""
    body = await read_body(request, most)
    try:
        values = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        raise ValueError("The request must be JSON.") from None
    if not isinstance(values, dict):
        raise ValueError("The request must be a JSON object.")
    if _deeper(values, MAX_DEPTH):
        raise ValueError("The request is nested too deeply.")
    return values


def _deeper(values: object, most: int) -> bool:
    """Whether lists and objects lie in one another more than `most` deep."""
    level = [values]
    for _ in range(most):
        held = [each.values() if isinstance(each, dict) else each for each in level]
        level = [each for some in held for each in some if isinstance(each, (dict, list))]
    return bool(level)


def make_routes(named: dict[str, tuple[Handler, str]]) -> list[Route]:
    """Routes of errors_as_400 handlers: path below PREFIX -> (handler, verbs such as "GET DELETE")."""
    return [
        Route(PREFIX + path, errors_as_400(handler), methods=verbs.split())
        for path, (handler, verbs) in named.items()
    ]


def errors_as_400(handler: Handler) -> Handler:
    """A handler whose ValueErrors become status 400 with one sentence, as JSON."""

    @functools.wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)

    return answer


def number_or_text(text: str) -> int | str:
    """What a query holds as a number; anything else stays text, for the check to name."""
    return int(text) if text.isdecimal() and len(text) < 20 else text


async def pixels_response(request: Request, frames: np.ndarray) -> Response:
    """Raw pixels: the quickest to make, and a canvas takes them as they are."""
    body, headers = frames.tobytes(), {"X-Shape": ",".join(map(str, frames.shape))}
    if len(body) > DEFLATE_ABOVE and "deflate" in request.headers.get("accept-encoding", ""):
        # Beside the server's loop, which answers everyone else meanwhile.
        body = await asyncio.to_thread(zlib.compress, body, 1)
        headers["Content-Encoding"] = "deflate"
    return Response(body, media_type="application/octet-stream", headers=headers)


def webp_response(content: bytes, kept: bool = False) -> Response:
    """A WebP picture; `kept` ones never change, so a browser need not ask again."""
    if not content:
        raise ValueError("There is no picture yet.")
    headers = {"Cache-Control": "max-age=3600" if kept else "no-store"}
    return Response(content, media_type="image/webp", headers=headers)
