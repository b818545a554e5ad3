"""Middleware: routes that are costly are refused to those who have asked too often (demo/backend/visitors/rates.py)."""

import re
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from demo.backend.limits import MAX_WALK
from demo.backend.services import Services
from demo.backend.visitors.rates import TooOftenError
from demo.backend.visitors.uploads import TOKEN_HEADER
from demo.routes.http import PREFIX, address_of_scope
from gan.common import checks

# What starts a process or a job, or is computed for seconds. Bytes of uploads have limits of their own.
COSTLY = re.compile(
    "POST /(points/(open|read|gif)|own|own/[^/]+/(pictures|weights)|data/look|find|report|export|push|walk/film"
    "|runs/[^/]+/film|inside/(map|critic/own)|learn/run)"
    "|GET /inside/parts"
)
WALK = "POST /walk"


class RateLimit:
    """Answers with status 429 and a sentence, which says when to try again, as the header Retry-After does."""

    def __init__(self, app: ASGIApp, services: Services):
        self.app, self.services = app, services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (cost := cost_of(scope)):
            token = Headers(scope=scope).get(TOKEN_HEADER, "")
            try:
                self.services.spend(
                    self.services.uploads.tokens.get(token, token), address_of_scope(scope), cost
                )
            except TooOftenError as error:
                headers = {"Retry-After": str(error.seconds)}
                answer = JSONResponse({"error": str(error)}, error.status, headers)
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)


def cost_of(scope: Scope) -> float:
    """What a request costs, 0 to 1: a walk by its frames."""
    _, ours, path = scope["path"].partition(PREFIX)
    asked = f"{scope['method']} {path}" if ours else ""
    if asked == WALK:
        frames = parse_qs(scope["query_string"].decode("latin-1")).get("frames", [""])[0]
        return min(int(frames) / MAX_WALK, 1.0) if checks.is_digits(frames, 19) else 0.0
    return float(COSTLY.fullmatch(asked) is not None)
