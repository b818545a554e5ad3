"""Routes of a class (demo/backend/visitors/classroom.py).

POST …/class/join     JSON {code, nickname, browser} -> {student, nickname}
POST …/class/here     JSON {student, chapter, done, predictions} -> {code, nickname, pinned, paused, count}
POST …/class/leave    JSON {student}

Who is in no room (any more) gets status 410.

For the teacher, with the key in the header X-GANscope-Teacher:

GET  …/class/board    the room, its students and their runs, and how predictions are spread
POST …/class/open     open a room, in the place of the one that there is -> {code}
POST …/class/close
POST …/class/pin      JSON {run}: show it on all pages; "" shows none
POST …/class/pause    JSON {paused}
GET  …/class/results.csv, …/class/gallery.gif
"""

import asyncio
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.services import Services
from demo.backend.visitors.class_results import as_csv, as_film
from demo.backend.visitors.classroom import Classroom
from demo.routes.http import address_of, make_routes, read_json

TEACHER_HEADER = "x-ganscope-teacher"
MAX_BODY = 20_000
NO_STORE = {"Cache-Control": "no-store"}


def routes(services: Services) -> list[Route]:
    """The routes of this module."""
    return ClassRoutes(services.classroom).all()


class ClassRoutes:
    """Handlers for students, and for the teacher."""

    def __init__(self, classroom: Classroom):
        self.classroom = classroom

    def all(self) -> list[Route]:
        named = {
            "/class/join": (self.join, "POST"),
            "/class/here": (self.here, "POST"),
            "/class/leave": (self.leave, "POST"),
            "/class/board": (self._teacher(self.board), "GET"),
            "/class/open": (self._teacher(self.open), "POST"),
            "/class/close": (self._teacher(self.close), "POST"),
            "/class/pin": (self._teacher(self.pin), "POST"),
            "/class/pause": (self._teacher(self.pause), "POST"),
            "/class/results.csv": (self._teacher(self.results), "GET"),
            "/class/gallery.gif": (self._teacher(self.gallery), "GET"),
        }
        return make_routes(named)

    def _teacher(self, handler: Callable[[Request], Awaitable[Response]]):
        async def checked(request: Request) -> Response:
            self.classroom.check_key(request.headers.get(TEACHER_HEADER))
            return await handler(request)

        return checked

    async def join(self, request: Request) -> Response:
        body = await read_json(request, MAX_BODY)
        asked = body.get("code"), body.get("nickname"), body.get("browser")
        student = self.classroom.join(*asked, address_of(request))
        return JSONResponse({"student": student.id, "nickname": student.nickname}, headers=NO_STORE)

    async def here(self, request: Request) -> Response:
        body = await read_json(request, MAX_BODY)
        return JSONResponse(self.classroom.report(body.get("student"), body), headers=NO_STORE)

    async def leave(self, request: Request) -> Response:
        self.classroom.leave((await read_json(request, MAX_BODY)).get("student"))
        return Response(status_code=204)

    async def board(self, request: Request) -> Response:
        return JSONResponse(self.classroom.board(), headers=NO_STORE)

    async def open(self, request: Request) -> Response:
        return JSONResponse({"code": self.classroom.open().code}, headers=NO_STORE)

    async def close(self, request: Request) -> Response:
        self.classroom.close()
        return Response(status_code=204)

    async def pin(self, request: Request) -> Response:
        self.classroom.pin((await read_json(request, MAX_BODY)).get("run", ""))
        return Response(status_code=204)

    async def pause(self, request: Request) -> Response:
        self.classroom.pause((await read_json(request, MAX_BODY)).get("paused"))
        return Response(status_code=204)

    async def results(self, request: Request) -> Response:
        headers = NO_STORE | {"Content-Disposition": "attachment; filename=class.csv"}
        # With a mark by which spreadsheets know UTF-8.
        return Response("\ufeff" + as_csv(self.classroom), media_type="text/csv", headers=headers)

    async def gallery(self, request: Request) -> Response:
        film = await asyncio.to_thread(as_film, self.classroom)
        return Response(film, media_type="image/gif", headers=NO_STORE)
