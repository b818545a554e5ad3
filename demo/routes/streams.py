"""Middleware for event streams: notes which are open and taken, and keeps proxies from buffering them."""

import re
import secrets
import time
from urllib.parse import parse_qs

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.backend.runs.readers import CALL_HEADER, Readers, Stream

# What callers of Gradio's queue read: of one event, or of all of a session.
EVENT_PATH = re.compile(r"/gradio_api/call/(?:v2/)?[^/]+/([^/]+)$")
SESSION_PATH = "/gradio_api/queue/data"
TOOLS_PATH = "/gradio_api/mcp/"


class EventStreams:
    """Notes in `readers` who reads events now: sessions, single events, and tool calls of assistants.

    Gradio answers an assistant by a client of its own, which always reads. The call is therefore given a
    header, which that client passes on: while the assistant's request is open, the call is read.
    """

    def __init__(self, app: ASGIApp, readers: Readers):
        self.app, self.readers = app, readers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        key = self._key(scope) if scope["type"] == "http" else None
        stream = self.readers.open(key) if key else Stream()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                _forbid_buffering(message)
            stream.sending_since = time.monotonic()
            await send(message)
            stream.sending_since = None

        try:
            await self.app(scope, receive, answer)
        finally:
            if key:
                self.readers.close(key, stream)

    def _key(self, scope: Scope) -> str | None:
        """The id of what this request reads: of a session, an event or a tool call."""
        path = scope["path"]
        if scope["method"] == "GET" and path.endswith(SESSION_PATH):
            query = parse_qs(scope["query_string"].decode("latin-1"))
            return query.get("session_hash", [None])[0]
        if scope["method"] == "GET" and (event := EVENT_PATH.search(path)):
            return event[1]
        if scope["method"] == "POST" and TOOLS_PATH in path + "/":
            MutableHeaders(scope=scope)[CALL_HEADER] = key = secrets.token_hex(16)
            return key
        return None


def _forbid_buffering(message: Message) -> None:
    """Tell nginx to pass an event stream on as it comes, even where it is set to buffer."""
    headers = MutableHeaders(scope=message)
    if headers.get("content-type", "").startswith("text/event-stream"):
        headers["X-Accel-Buffering"] = "no"
