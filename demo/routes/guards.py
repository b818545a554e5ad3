"""Middleware that guards all routes: requests of other sites, bodies that never end, headers that browsers heed."""

import asyncio
import json
import os
import re
import time
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
FOREIGN = "This request comes from a page of another site: open GANscope itself."
SLOW = "The rest of this request did not come: try again."
ENDING = "The server is being stopped: try again in a minute."
# Why a stream was cancelled, in asyncio's words, which Gradio sends as an error's: by the end of the server.
CANCELLED = re.compile(rb'"(?:Cancelled via cancel scope|Task cancelled)(?:[^"\\]|\\.)*"')
SILENT_SECONDS = 40.0  # without a byte of a body; uploads say sooner why they end
BODY_SECONDS = 900.0  # for all of it: an upload over a slow line


# Files are what their type says; a link to elsewhere does not tell which run or class was open.
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin"}


class BodyTimeoutError(Exception):
    """The client sends nothing more of a body that it announced."""


class SecurityHeaders:
    """Adds `HEADERS`, and who may show the page in a frame, if GANSCOPE_FRAMES says: "'self' https://school.example".

    Without it anybody may, as Spaces and pages of courses do.
    """

    def __init__(self, app: ASGIApp):
        self.app = app
        frames = os.environ.get("GANSCOPE_FRAMES", "").strip()
        self.headers = HEADERS | (
            {"Content-Security-Policy": f"frame-ancestors {frames}"} if frames else {}
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, answer)


class RequestGuards:
    """Refuses what other sites make a visitor's browser send, and waits for bodies with a limit."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if is_foreign(scope):
            await JSONResponse({"error": FOREIGN}, status_code=403)(scope, receive, send)
            return
        body, answer = _Body(receive), _Answer(send)
        try:
            await self.app(scope, body.receive, answer.send)
        except ClientDisconnect:
            pass  # nobody is there to be answered, and nothing went wrong
        except BodyTimeoutError:
            if not answer.started:
                await _too_slow(scope, receive, send)
        except asyncio.CancelledError:
            # By the end of the server, which waits for nobody longer than a second.
            if answer.streams:
                await answer.end()
            elif answer.started:
                raise
            else:
                await JSONResponse({"error": ENDING}, status_code=503)(scope, receive, send)


class _Answer:
    """A request's `send`, which knows what has been sent, and has visitors told in words why a stream ends."""

    def __init__(self, send: Send):
        self._send, self.started, self.streams = send, False, False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.started = True
            kind = Headers(raw=message.get("headers", [])).get("content-type", "")
            self.streams = kind.startswith("text/event-stream")
        elif self.streams and b"ancelled" in message.get("body", b""):
            said = CANCELLED.sub(lambda _: json.dumps(ENDING).encode(), message["body"])
            message = {**message, "body": said}
        await self._send(message)

    async def end(self) -> None:
        """End a stream: the client sees that nothing more comes, and the log no traceback."""
        await self._send({"type": "http.response.body", "body": b""})


class _Body:
    """A request's `receive`, which waits for each part of the body for a limited time."""

    def __init__(self, receive: Receive):
        self._receive, self.complete = receive, False
        self.until = time.monotonic() + BODY_SECONDS

    async def receive(self) -> Message:
        if self.complete:  # what follows is the end of the connection, for which streams wait
            return await self._receive()
        seconds = min(SILENT_SECONDS, max(self.until - time.monotonic(), 0.0))
        try:
            message = await asyncio.wait_for(self._receive(), seconds)
        except TimeoutError:
            raise BodyTimeoutError from None
        self.complete = message["type"] != "http.request" or not message.get("more_body", False)
        return message


async def _too_slow(scope: Scope, receive: Receive, send: Send) -> None:
    headers = {"Connection": "close"}  # or the rest would still be waited for
    await JSONResponse({"error": SLOW}, status_code=408, headers=headers)(scope, receive, send)


def is_foreign(scope: Scope) -> bool:
    """Whether another site's page sends this to change something: to our routes or to Gradio's.

    Gradio's take forms as well (uploads, the login), and allow any site to send JSON where the page is not on
    localhost. Programs send neither header. Browsers send Sec-Fetch-Site over https and to localhost, Origin always.
    """
    if scope["method"] in SAFE_METHODS:
        return False
    headers = Headers(scope=scope)
    if site := headers.get("sec-fetch-site"):
        return site not in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is not None and urlsplit(origin).netloc not in _own_hosts(headers)


def _own_hosts(headers: Headers) -> set[str]:
    """The hosts under which this page is opened: what the browser or the proxy calls it."""
    forwarded = headers.get("x-forwarded-host", "").split(",")[0].strip()
    root = urlsplit(os.environ.get("GRADIO_ROOT_PATH", "")).netloc
    return {name for name in (headers.get("host"), forwarded, root) if name}
