"""The routes by which what is on the page is taken away (demo/web/export/export_panel.js).

    POST …/again             JSON {kind: "picture" | "walk", …} -> {python, command} that make it again
    GET  …/runs/ID/again     the same for a run
    GET  …/runs/ID/run.json  a run's settings and all its numbers
    POST …/export?model=&format=folder|onnx|card                   a job; its file is the model
    POST …/walk/film?model=&frames=&mode=&closed=&format=gif|mp4   a job; its file is the film
    POST …/runs/ID/film?format=gif|mp4                             a job; its file is the run's history
    POST …/push              JSON {model, to, token, private}: a job that puts the model on the Hub

The token of a push travels in the body alone, to the process of its job, which ends with it.
"""

import asyncio
import json

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.exports import Exports, portable_name, run_record, without_upload_id
from demo.backend.limits import MAX_WALK
from demo.backend.services import Services
from demo.routes.http import make_routes, number_or_text, read_json
from demo.routes.jobs import job_response
from demo.routes.rendering import body_latents
from gan.common import checks
from gan.export import hub, snippets
from gan.images.video import FORMATS as FILMS

MAX_JSON = 400_000  # bytes: 24 packed latents of 1,024 numbers, and more


def routes(services: Services) -> list[Route]:
    """What `launch(app_kwargs={"routes": …})` takes."""
    return ExportRoutes(services).all()


class ExportRoutes:
    """The handlers around models, runs and jobs."""

    def __init__(self, services: Services):
        self.generators, self.runs, self.exports = services.generators, services.runs, Exports(services)

    def all(self) -> list[Route]:
        """What `launch(app_kwargs={"routes": …})` takes."""
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
        asked = await read_json(request, MAX_JSON)
        kind = checks.choice("kind", asked.pop("kind", None), ("picture", "walk"))
        asked["model"] = portable_name(asked.get("model"))
        try:
            made = getattr(snippets, kind)(**asked)
        except TypeError as error:
            raise ValueError(
                f"Something is missing, or unknown, in what describes a {kind}."
            ) from error
        return JSONResponse(made._asdict())

    async def run_again(self, request: Request) -> Response:
        run = self.runs.find(request.path_params["run"])
        return JSONResponse(snippets.training(without_upload_id(run.config))._asdict())

    async def run_json(self, request: Request) -> Response:
        run = self.runs.find(request.path_params["run"])
        content = json.dumps(run_record(run), indent=2)
        headers = {"Content-Disposition": f'attachment; filename="ganscope-{run.id}.json"'}
        return Response(content, media_type="application/json", headers=headers)

    async def export(self, request: Request) -> Response:
        query = request.query_params
        # Told at once, not by the job, if there is no such model.
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
        asked = await read_json(request, MAX_JSON)
        repo, token = hub.check_repo(asked.get("to")), hub.check_token(asked.get("token"))
        private = checks.flag("private", asked.get("private", True))
        await self.generators.open_async(asked.get("model"))
        return job_response(self.exports.start_push(asked.get("model"), repo, token, private))
