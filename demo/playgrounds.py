"""The games on points of all pages: routes from a browser to the process that plays its game.

    GET  …/points/about              clouds and methods, JSON
    GET  …/points/show               a finished game with its history: a blob
    POST …/points/open               {settings, points?} -> a game's blob, with its name in X-Game
    POST …/points/ID/NAME            a request of demo.playground.Table, its arguments as JSON -> blob
    POST …/points/read               text of points -> float32 (N, 2) that fit a square
    POST …/points/gif?ms=            PNG pictures, each behind its uint32 length -> an animation

A name is a secret of its page: whoever does not know it cannot reach the game.
"""

import asyncio
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.animation import animated
from demo.asked import MOST_TEXT, OWN, body_of, checked, config_of, json_of, own_points, points_of
from demo.processes import Line
from demo.runs import NICENESS
from demo.scrub import as_number, routed
from gan import checks
from gan.methods import groups
from gan.point_text import fit_points
from gan.points import CLOUDS, draw_points

MOST_GAMES = 40
MOST_PICTURES = 40_000_000
SILENT_SECONDS = 600.0
THUMBNAIL_POINTS = 300
SHOW = Path(__file__).parent / "web" / "points" / "demo_ring.bin.gz"
# What a page may ask of its game, and the arguments that it may give.
ASKED = {
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


@dataclass
class Game:
    """The line to a game's process, and when it was last asked for anything."""

    line: Line
    asked: float = field(default_factory=time.monotonic)
    opened: bool = False

    @property
    def ended(self) -> bool:
        """Whether its process has ended, by itself or by another hand."""
        return self.line.pipe is None


class Playgrounds:
    """All games of this server."""

    def __init__(self):
        self.games: dict[str, Game] = {}
        self.spare: Game | None = None  # ready for whoever plays next
        self.lock = threading.Lock()
        # Reading points and packing pictures take seconds, and memory.
        self.porters = ThreadPoolExecutor(max_workers=2, thread_name_prefix="porter")

    def routes(self) -> list[Route]:
        """What `launch(app_kwargs={"routes": …})` takes."""
        named = {
            "/points/about": (self.about, "GET"),
            "/points/show": (self.show, "GET"),
            "/points/open": (self.open, "POST"),
            "/points/read": (self.read, "POST"),
            "/points/gif": (self.gif, "POST"),
            "/points/{game}/{name}": (self.ask, "POST"),
        }
        return routed(named)

    def close(self) -> None:
        """End all games; called when the server stops."""
        for game in [*self.games.values(), *([self.spare] if self.spare else [])]:
            game.line.close()

    async def about(self, request: Request) -> Response:
        return JSONResponse(about(), headers={"Cache-Control": "max-age=600"})

    async def show(self, request: Request) -> Response:
        # Who looks may soon play.
        self._prepare()
        headers = {"Content-Encoding": "gzip", "Cache-Control": "max-age=600"}
        kind = "application/octet-stream"
        return Response(SHOW.read_bytes(), headers=headers, media_type=kind)

    async def open(self, request: Request) -> Response:
        asked = await json_of(request)
        config = config_of(asked.get("settings"))
        points = own_points(asked.get("points")) if config.data == OWN else None
        name, game = self._reused(asked.get("instead")) or self._add()
        try:
            blob = await asyncio.wrap_future(game.line.ask("open", config, points))
        except BaseException:  # that nobody waits any more is none of Exception
            if not game.opened:
                self._end(name)
            raise
        game.opened = True
        return _blob(blob, name)

    async def ask(self, request: Request) -> Response:
        name = checks.choice("request", request.path_params["name"], ASKED)
        key = request.path_params["game"]
        if name == "close":
            self._end(key)
            return Response(status_code=204)
        game = self.find(key)
        asked = await json_of(request)
        arguments = [checked(each, asked.get(each)) for each in ASKED[name]]
        game.asked = time.monotonic()
        try:
            blob = await asyncio.wrap_future(game.line.ask(name, *arguments))
        except ValueError:
            self.find(key)  # which says so if it ended meanwhile
            raise
        return _blob(blob, key)

    async def read(self, request: Request) -> Response:
        text = await body_of(request, MOST_TEXT)
        return await self._beside(points_of, text)

    async def gif(self, request: Request) -> Response:
        ms = checks.integer("ms", as_number(request.query_params.get("ms", "80")), 20, 1000)
        body = await body_of(request, MOST_PICTURES)
        content = await self._beside(animated, body, ms)
        return Response(content, media_type="image/gif")

    async def _beside(self, work: Callable, *arguments: object):
        return await asyncio.get_running_loop().run_in_executor(self.porters, work, *arguments)

    def find(self, name: object) -> Game:
        """The game of that name; one whose process has ended is forgotten."""
        game = self.games.get(name) if isinstance(name, str) else None
        if game and not game.ended:
            return game
        self._end(name)
        raise ValueError("This game has ended here: press Reset to begin it anew.")

    def _add(self) -> tuple[str, Game]:
        with self.lock:
            silent = time.monotonic() - SILENT_SECONDS
            for name, game in list(self.games.items()):
                if game.asked < silent or game.ended:
                    self._end(name)
            if len(self.games) >= MOST_GAMES:
                raise ValueError(f"{MOST_GAMES} people play already: try again in a minute.")
            name, game = secrets.token_urlsafe(12), self._take_spare() or _begun()
            self.games[name] = game
        self._prepare()
        return name, game

    def _reused(self, name: object) -> tuple[str, Game] | None:
        """A page's own game, whose process plays its next one as well."""
        game = self.games.get(name) if isinstance(name, str) else None
        if game is None or game.ended:
            self._end(name)
            return None
        game.asked = time.monotonic()
        return name, game

    def _take_spare(self) -> Game | None:
        spare, self.spare = self.spare, None
        return spare if spare and not spare.ended else None

    def _prepare(self) -> None:
        """Start a process for whoever plays next: its first game costs seconds of imports."""
        with self.lock:
            if (self.spare is None or self.spare.ended) and len(self.games) < MOST_GAMES:
                self.spare = _begun()

    def _end(self, name: object) -> None:
        if isinstance(name, str) and (game := self.games.pop(name, None)):
            game.line.close()


def _begun() -> Game:
    game = Game(Line("demo.playground.main", NICENESS))
    game.line.begin()
    return game


@cache
def about() -> dict:
    """What the page offers: clouds with a few of their points, and methods, group by group."""
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
    """Points as x and y from 0 to 99, one after another."""
    fitted = fit_points(points)
    return ((fitted + 1) * 49.5).round().astype(int).ravel().tolist()


def _blob(content: bytes, name: str) -> Response:
    headers = {"X-Game": name, "Cache-Control": "no-store"}
    return Response(content, media_type="application/octet-stream", headers=headers)
