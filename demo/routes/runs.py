"""Routes to training runs: their images and files, and a table of several.

GET  …/runs?ids=a,b            one row for each of these runs that exists, JSON
GET  …/runs/ID/real            a WebP grid of real pictures
GET  …/runs/ID/frame/STEP      a WebP grid of the samples at that step
GET  …/runs/ID/weights.zip     the trained generator

`WatcherExpected` is middleware for GET /?run=ID, the page itself.
"""

from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from demo.backend.run_payload import summary
from demo.backend.run_queue import Runs
from demo.backend.services import Services
from demo.routes.http import make_routes, webp_response

MAX_LISTED = 100


def routes(services: Services) -> list[Route]:
    """The routes of this module."""
    return RunRoutes(services.runs).all()


class WatcherExpected:
    """Notes requests for pages that show a run (`Run.expect_watcher`).

    A reload requests the page within milliseconds, and watches the run again seconds later; a closed
    page requests nothing. So a reload keeps its run alive, and a closed page ends it.
    """

    def __init__(self, app: ASGIApp, runs: Runs):
        self.app, self.runs = app, runs

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        page = scope["type"] == "http" and "/gradio_api/" not in scope["path"]
        if page and scope["query_string"]:
            query = parse_qs(scope["query_string"].decode("latin-1"))
            if run := self.runs.known.get(query.get("run", [""])[0]):
                run.expect_watcher()
        await self.app(scope, receive, send)


class RunRoutes:
    """Handlers for runs."""

    def __init__(self, runs: Runs):
        self.runs = runs

    def all(self) -> list[Route]:
        named = {
            "/runs": (self.table, "GET"),
            "/runs/{run}/real": (self.real, "GET"),
            "/runs/{run}/frame/{step}": (self.frame, "GET"),
            "/runs/{run}/weights.zip": (self.weights, "GET"),
        }
        return make_routes(named)

    async def table(self, request: Request) -> Response:
        known, names = self.runs.known, request.query_params.get("ids", "").split(",")
        return JSONResponse([summary(known[name]) for name in names[:MAX_LISTED] if name in known])

    async def real(self, request: Request) -> Response:
        return webp_response(self.runs.find(request.path_params["run"]).real)

    async def frame(self, request: Request) -> Response:
        run, step = self.runs.find(request.path_params["run"]), request.path_params["step"]
        # By step, not by index: thinning a long history changes the indices.
        for moment in reversed(run.moments):
            if str(moment.numbers["step"]) == step:
                return webp_response(moment.frame)
        raise ValueError("There is no such moment in this run.")

    async def weights(self, request: Request) -> Response:
        run = self.runs.find(request.path_params["run"])
        content = run.weights_zip()
        headers = {"Content-Disposition": f'attachment; filename="ganscope-{run.id}.zip"'}
        return Response(content, media_type="application/zip", headers=headers)
