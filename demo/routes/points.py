"""Routes of the Points tab to the processes of training sessions (demo/backend/point_sessions.py).

GET  …/points/about              the datasets and methods to choose from, JSON
GET  …/points/show               the recorded session: a blob
POST …/points/open               {settings, points?} -> the new session's blob; its name in X-Game
POST …/points/ID/NAME            a request of demo.workers.points.SessionServer, its arguments as JSON -> blob
POST …/points/read               points as text -> float32 (N, 2), fitted into a square
POST …/points/gif?ms=            PNG images, each after its uint32 length -> a GIF
"""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.point_sessions import PointSessions
from demo.backend.services import Services
from demo.routes.http import address_of, make_routes, number_or_text, read_body, read_json
from demo.routes.point_requests import (
    MAX_TEXT,
    UPLOADED,
    check_argument,
    make_gif,
    points_response,
    read_config,
    read_uploaded_points,
)
from demo.workers.messages import RECORDED_SESSION
from gan.common import checks
from gan.data.point_clouds import CLOUDS, draw_points
from gan.data.point_csv import fit_points
from gan.settings.catalogue import groups

MAX_GIF_BYTES = 40_000_000
THUMBNAIL_POINTS = 300
# Requests that pages may send to a session, and their arguments, in order.
ALLOWED_REQUESTS = {
    "play": ("pace", "goal"),
    "pause": (),
    "look": (),
    "step": (),
    "step_of": ("player",),
    "slowly": (),
    "change": ("settings",),
    "samples": (),
    "close": (),
}


def routes(services: Services) -> list[Route]:
    """The routes of this module."""
    return PointRoutes(services.point_sessions).all()


class PointRoutes:
    """Handlers of the Points tab."""

    def __init__(self, sessions: PointSessions):
        self.sessions = sessions
        # For parsing points and encoding GIFs, which take seconds, and memory: two at a time.
        self.encoders = ThreadPoolExecutor(max_workers=2, thread_name_prefix="encoder")

    def all(self) -> list[Route]:
        named = {
            "/points/about": (self.about, "GET"),
            "/points/show": (self.recorded, "GET"),
            "/points/open": (self.open, "POST"),
            "/points/read": (self.read, "POST"),
            "/points/gif": (self.gif, "POST"),
            "/points/{session}/{name}": (self.send_request, "POST"),
        }
        return make_routes(named)

    async def about(self, request: Request) -> Response:
        return JSONResponse(describe_choices(), headers={"Cache-Control": "max-age=600"})

    async def recorded(self, request: Request) -> Response:
        # A visitor of the tab may soon start a session.
        self.sessions.start_spare()
        headers = {"Content-Encoding": "gzip", "Cache-Control": "max-age=600"}
        return Response(
            RECORDED_SESSION.read_bytes(), headers=headers, media_type="application/octet-stream"
        )

    async def open(self, request: Request) -> Response:
        body = await read_json(request)
        config = read_config(body.get("settings"))
        points = read_uploaded_points(body.get("points")) if config.data == UPLOADED else None
        name, session = self.sessions.acquire(body.get("instead"), address_of(request))
        try:
            blob = await asyncio.wrap_future(session.client.call("open", config, points))
        except BaseException:  # asyncio.CancelledError, of a closed connection, is no Exception
            if not session.opened:
                self.sessions.end(name)
            raise
        session.opened = True
        return _blob(blob, name)

    async def send_request(self, request: Request) -> Response:
        name = checks.choice("request", request.path_params["name"], ALLOWED_REQUESTS)
        key = request.path_params["session"]
        if name == "close":
            self.sessions.end(key)
            return Response(status_code=204)
        session = self.sessions.find(key)
        body = await read_json(request)
        arguments = [check_argument(each, body.get(each)) for each in ALLOWED_REQUESTS[name]]
        session.last_request = time.monotonic()
        try:
            blob = await asyncio.wrap_future(session.client.call(name, *arguments))
        except ValueError:
            self.sessions.find(key)  # raises a clearer error if the process has ended
            raise
        return _blob(blob, key)

    async def read(self, request: Request) -> Response:
        text = await read_body(request, MAX_TEXT)
        return await self._in_thread(points_response, text)

    async def gif(self, request: Request) -> Response:
        ms = checks.integer("ms", number_or_text(request.query_params.get("ms", "80")), 20, 1000)
        body = await read_body(request, MAX_GIF_BYTES)
        content = await self._in_thread(make_gif, body, ms)
        return Response(content, media_type="image/gif")

    async def _in_thread(self, work: Callable, *arguments: object):
        return await asyncio.get_running_loop().run_in_executor(self.encoders, work, *arguments)


@cache
def describe_choices() -> dict:
    """The clouds, with a few of their points, and the methods for points by group."""
    clouds = [
        {
            "name": name,
            "title": cloud.title,
            "description": cloud.description,
            "points": thumbnail(draw_points(name, THUMBNAIL_POINTS)),
        }
        for name, cloud in CLOUDS.items()
    ]
    methods = [
        {
            "group": group,
            "methods": [
                {"name": each.name, "title": each.title, "summary": each.summary}
                for each in members
                if each.points is not None
            ],
        }
        for group, members in groups().items()
    ]
    return {"clouds": clouds, "methods": [each for each in methods if each["methods"]]}


def thumbnail(points: np.ndarray) -> list[int]:
    """Points as integers from 0 to 99: [x, y, x, y, …]."""
    fitted = fit_points(points)
    return ((fitted + 1) * 49.5).round().astype(int).ravel().tolist()


def _blob(content: bytes, name: str) -> Response:
    headers = {"X-Game": name, "Cache-Control": "no-store"}
    return Response(content, media_type="application/octet-stream", headers=headers)
