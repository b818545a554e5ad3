"""Routes to training runs: their images and files, and a table of several.

GET  …/runs?ids=a,b            one row for each of these runs that exists, JSON
GET  …/runs/ID/real            a WebP grid of real pictures; of uploads, with ?key=, which the owner's pages know
GET  …/runs/ID/frame/STEP      a WebP grid of the samples at that step
GET  …/runs/ID/weights.zip     the trained generator
"""

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.runs.payload import summary
from demo.backend.runs.queue import Runs
from demo.backend.services import Services
from demo.routes.http import make_routes, webp_response

MAX_LISTED = 100


def routes(services: Services) -> list[Route]:
    """The routes of this module."""
    return RunRoutes(services.runs).all()


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
        run, key = self.runs.find(request.path_params["run"]), request.query_params.get("key", "")
        if run.private and not secrets.compare_digest(key.encode(), run.real_key.encode()):
            raise ValueError("Only the owner of these pictures sees them.")
        return webp_response(run.real)

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
