"""Helpers for HTTP routes: prefix, request bodies, ValueErrors as status 400, images as responses."""

import asyncio
import functools
import json
import zlib
from collections.abc import Awaitable, Callable

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Scope

from demo.backend.limits import MAX_PICTURES
from demo.backend.public_text import public_text
from gan.common import checks

MAX_JSON = 4_000_000
MAX_DEPTH = 8  # nested lists and objects
PREFIX = "/gradio_api/ganscope"
MAX_BODY = MAX_PICTURES * 1024 * 4
# Bytes. Below, compressing takes longer than it saves in transfer.
DEFLATE_ABOVE = 32_768
Handler = Callable[[Request], Awaitable[Response]]


async def read_body(request: Request, most: int, too_large: str = "") -> bytes:
    """Read a request's body; ValueError above `most` bytes, with the sentence `too_large`.

    One that announces more is refused before it is read, one of unknown length (chunked) when it is.
    """
    too_large = too_large or f"This is larger than {most / 1_000_000:g} MB."
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > most:
        raise ValueError(too_large)
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise ValueError(too_large)
        parts.append(part)
    return b"".join(parts)


async def read_json(request: Request, most: int = MAX_JSON) -> dict:
    """Read a request's body as a JSON object, {} if it is empty; ValueError if it is too large or invalid."""
    body = await read_body(request, most)
    try:
        values = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        raise ValueError("The request must be JSON.") from None
    if not isinstance(values, dict):
        raise ValueError("The request must be a JSON object.")
    if _is_deeper(values, MAX_DEPTH):
        raise ValueError("The request is nested too deeply.")
    return values


def _is_deeper(values: object, most: int) -> bool:
    """Whether lists and objects are nested more than `most` levels deep."""
    level = [values]
    for _ in range(most):
        held = [each.values() if isinstance(each, dict) else each for each in level]
        level = [each for some in held for each in some if isinstance(each, (dict, list))]
    return bool(level)


def make_routes(named: dict[str, tuple[Handler, str]]) -> list[Route]:
    """Routes from {path below PREFIX: (handler, methods such as "GET DELETE")}, with errors_as_json."""
    return [
        Route(PREFIX + path, errors_as_json(handler), methods=verbs.split())
        for path, (handler, verbs) in named.items()
    ]


def errors_as_json(handler: Handler) -> Handler:
    """Wrap a handler: its ValueErrors become their `status`, else 400, with {"error": message}."""

    @functools.wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except ValueError as error:
            status = getattr(error, "status", 400)
            return JSONResponse({"error": public_text(str(error))}, status_code=status)

    return answer


def address_of(request) -> str:
    """The network address that a request of Starlette or Gradio comes from; "" if that is not known."""
    return request.client.host if request.client else ""


def address_of_scope(scope: Scope) -> str:
    """The network address of a request that is no object yet; "" if that is not known."""
    return scope["client"][0] if scope.get("client") else ""


def number_or_text(text: str) -> int | str:
    """An integer from a query; any other text is returned as it is, for the check to refuse."""
    return int(text) if checks.is_digits(text, 19) else text


async def pixels_response(request: Request, frames: np.ndarray) -> Response:
    """A response of raw uint8 pixels, with their shape in X-Shape; deflated if they are large."""
    body, headers = frames.tobytes(), {"X-Shape": ",".join(map(str, frames.shape))}
    if len(body) > DEFLATE_ABOVE and "deflate" in request.headers.get("accept-encoding", ""):
        # In a thread, so that the event loop is not blocked.
        body = await asyncio.to_thread(zlib.compress, body, 1)
        headers["Content-Encoding"] = "deflate"
    return Response(body, media_type="application/octet-stream", headers=headers)


def webp_response(content: bytes, cache: bool = False) -> Response:
    """A WebP response; with `cache`, browsers may keep it for an hour. ValueError if it is empty."""
    if not content:
        raise ValueError("There is no picture yet.")
    headers = {"Cache-Control": "max-age=3600" if cache else "no-store"}
    return Response(content, media_type="image/webp", headers=headers)
