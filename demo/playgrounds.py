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
import json
import secrets
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from pathlib import Path

import numpy as np
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.animation import animated
from demo.processes import Line
from demo.runs import NICENESS
from demo.scrub import PREFIX, as_number, polite
from gan import checks
from gan.choices import CHECKS
from gan.config import TrainConfig
from gan.methods import groups
from gan.point_text import FARTHEST, check_points, fit_points, read_points
from gan.points import CLOUDS, draw_points

MOST_GAMES = 40
HORIZON = 10_000  # steps over which schedules run, where a page does not say
MOST_POINTS = 20_000  # of someone's own
MOST_TEXT = 40_000_000
MOST_JSON = 4_000_000
MOST_DEEP = 8  # lists and objects in one another
MOST_PICTURES = 40_000_000
MOST_STEPS = 1_000_000
SILENT_SECONDS = 600.0
THUMBNAIL_POINTS = 300
OWN = "own.csv"
SHOW = Path(__file__).parent / "web" / "ring.show"
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
SETTINGS = [each.name for each in fields(TrainConfig)]


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
        return [
            Route(PREFIX + path, polite(handler), methods=[verb])
            for path, (handler, verb) in named.items()
        ]

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
        asked = await _json(request)
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
        asked = await _json(request)
        arguments = [checked(each, asked.get(each)) for each in ASKED[name]]
        game.asked = time.monotonic()
        try:
            blob = await asyncio.wrap_future(game.line.ask(name, *arguments))
        except ValueError:
            self.find(key)  # which says so if it ended meanwhile
            raise
        return _blob(blob, key)

    async def read(self, request: Request) -> Response:
        text = await _body(request, MOST_TEXT)
        return await self._beside(_points_of, text)

    async def gif(self, request: Request) -> Response:
        ms = checks.integer("ms", as_number(request.query_params.get("ms", "80")), 20, 1000)
        body = await _body(request, MOST_PICTURES)
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


def config_of(settings: object) -> TrainConfig:
    """A page's settings as a checked config: `gan.config.TrainConfig`'s own and, beside them, choices.

    ValueError for what they do not know; a page may name no file of the server.
    """
    if not isinstance(settings, dict):
        raise ValueError("The settings of a game must be names with values.")
    own = {name: value for name, value in settings.items() if name in SETTINGS}
    choices = {name: value for name, value in settings.items() if name not in SETTINGS}
    changes = own.pop("changes", {})
    if not isinstance(changes, dict):
        raise ValueError("changes must map settings to values.")
    for name in changes | choices:
        checks.choice("setting", name, CHECKS)
    checks.choice("data", own.get("data", "ring"), (*CLOUDS, OWN))
    own |= {"data": own.get("data", "ring"), "seconds": None, "save_every": None}
    if own.get("steps") is None:  # a game has no budget in seconds
        own["steps"] = HORIZON
    return TrainConfig(**own, changes=changes | choices)


def own_points(values: object) -> np.ndarray:
    """[x, y, x, y, …] as float64 (N, 2); ValueError for what is no such thing, or cannot be learnt."""
    if not isinstance(values, list) or len(values) % 2:
        raise ValueError("points must be a list of numbers: x, y, x, y and so on.")
    if len(values) > 2 * MOST_POINTS:
        raise ValueError(f"There are {len(values) // 2:,} points: at most {MOST_POINTS:,} can be used.")
    numbers = [checks.number("A coordinate", value, -FARTHEST, FARTHEST) for value in values]
    return check_points(np.array(numbers, dtype=float).reshape(-1, 2))


def checked(name: str, value: object) -> object:
    """An argument of a request; ValueError says what is wrong with it."""
    if name == "settings":
        return config_of(value)
    if name == "player":
        return checks.choice("player", value, ("d", "g"))
    if value is None:
        return None
    if name == "goal":
        return checks.integer("step", value, 1, MOST_STEPS)
    return checks.number("pace", value, 0.1, 10_000)


def _points_of(text: bytes) -> Response:
    try:
        points = read_points(text.decode("utf-8"))
    except UnicodeDecodeError:
        raise ValueError("This is not a text in UTF-8: give x and y on each line.") from None
    count = len(points)
    if count > MOST_POINTS:
        # A fair choice, the same one each time.
        chosen = np.random.default_rng(0).choice(count, MOST_POINTS, replace=False)
        points = points[np.sort(chosen)]
    headers = {"X-Points": str(count)}
    return Response(fit_points(points).astype("<f4").tobytes(), headers=headers)


async def _body(request: Request, most: int) -> bytes:
    """A request's body, read no further than `most` bytes."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise ValueError(f"This is larger than {most // 1_000_000} MB.")
        parts.append(part)
    return b"".join(parts)


async def _json(request: Request) -> dict:
    body = await _body(request, MOST_JSON)
    try:
        values = json.loads(body) if body else {}
    except (ValueError, RecursionError):
        raise ValueError("The request must be JSON.") from None
    if not isinstance(values, dict):
        raise ValueError("The request must be a JSON object.")
    if _deeper(values, MOST_DEEP):
        raise ValueError("The request is nested too deeply.")
    return values


def _deeper(values: object, most: int) -> bool:
    """Whether lists and objects lie in one another more than `most` deep."""
    level = [values]
    for _ in range(most):
        held = [each.values() if isinstance(each, dict) else each for each in level]
        level = [each for some in held for each in some if isinstance(each, (dict, list))]
    return bool(level)


def _blob(content: bytes, name: str) -> Response:
    headers = {"X-Game": name, "Cache-Control": "no-store"}
    return Response(content, media_type="application/octet-stream", headers=headers)
