"""Routes for exports (demo/web/export/export_panel.js).

    POST …/again             JSON {kind: "picture" | "walk" | "report", …} -> {python, command, needs} that reproduce it
    GET  …/runs/ID/again     the same for a run
    GET  …/runs/ID/run.json  a run's settings and measurements
    POST …/export?model=&format=folder|onnx|card                   a job; its file is the model
    POST …/walk/film?model=&frames=&mode=&closed=&format=gif|mp4   a job; its file is the animation
    POST …/runs/ID/film?format=gif|mp4                             a job; its file is the run's history
    POST …/push              JSON {model, to, token, private}: a job that puts the model on the Hub

The token of a push is sent in the body, and kept only in the process of its job.
"""

import asyncio
import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.jobs.exports import Exports, run_record, snippet, training_snippet
from demo.backend.limits import MAX_WALK
from demo.backend.services import Services
from demo.routes.http import make_routes, number_or_text, read_json
from demo.routes.jobs import job_response
from demo.routes.rendering import body_latents
from gan.common import checks
from gan.export import hub
from gan.images.video import FORMATS as FILMS

MAX_JSON = 400_000  # bytes: enough for 24 packed latents of 1,024 numbers


def routes(services: Services) -> list[Route]:
    """The routes of this module."""
    return ExportRoutes(services).all()


class ExportRoutes:
    """Handlers that export models, walks and runs."""

    def __init__(self, services: Services):
        self.generators, self.runs, self.exports = services.generators, services.runs, Exports(services)

    def all(self) -> list[Route]:
        """The routes of this module."""
        named = {
            "/again": (self.again, "POST"),
            "/export": (self.export, "POST"),
            "/push": (self.push, "POST"),
            "/walk/film": (self.walk_film, "POST"),
            "/runs/{run}/again": (self.run_again, "GET"),
            "/runs/{run}/run.json": (self.run_json, "GET"),
            "/runs/{run}/film": (self.run_film, "POST"),
        }
        return make_routes(named)

    async def again(self, request: Request) -> Response:
        body = await read_json(request, MAX_JSON)
        kind = checks.choice("kind", body.pop("kind", None), ("picture", "walk", "report"))
        return JSONResponse(snippet(kind, body)._asdict())

    async def run_again(self, request: Request) -> Response:
        run = self.runs.find(request.path_params["run"])
        return JSONResponse(training_snippet(run)._asdict())

    async def run_json(self, request: Request) -> Response:
        run = self.runs.find(request.path_params["run"])
        content = json.dumps(run_record(run), indent=2)
        headers = {"Content-Disposition": f'attachment; filename="ganscope-{run.id}.json"'}
        return Response(content, media_type="application/json", headers=headers)

    async def export(self, request: Request) -> Response:
        query = request.query_params
        # An unknown model is refused at once, not by the job.
        await self.generators.open_async(query.get("model"))
        return job_response(self.exports.start_export(query.get("model"), query.get("format")))

    async def walk_film(self, request: Request) -> Response:
        loaded, keys = await body_latents(self.generators, request)
        query = request.query_params
        count = checks.integer("frames", number_or_text(query.get("frames", "")), 2, MAX_WALK)
        form = checks.choice("format", query.get("format"), FILMS)
        closed = query.get("closed") == "true"
        drawn = await asyncio.wrap_future(loaded.walk(keys, count, query.get("mode"), closed))
        return job_response(self.exports.start_walk(drawn, form))

    async def run_film(self, request: Request) -> Response:
        run = self.runs.find(request.path_params["run"])
        return job_response(self.exports.start_history(run, request.query_params.get("format")))

    async def push(self, request: Request) -> Response:
        body = await read_json(request, MAX_JSON)
        repo, token = hub.check_repo(body.get("to")), hub.check_token(body.get("token"))
        private = checks.flag("private", body.get("private", True))
        await self.generators.open_async(body.get("model"))
        return job_response(self.exports.start_push(body.get("model"), repo, token, private))
