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
import re

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.asked import json_of
from demo.jobs import Job, started
from demo.run import Run
from demo.scrub import MAX_WALK, as_number, body_latents, routed
from demo.services import Services
from demo.studio import RUN_PREFIX, Place
from gan import cards, checks, hub, record, snippets
from gan.config import TrainConfig
from gan.films import FORMATS as FILMS
from gan.snapshots import Quality
from gan.sources import OWN

EXPORTS = ("folder", "onnx", "card")
TASKS = "demo.tasks.takeaway"
MAX_JSON = 400_000  # bytes: 24 packed latents of 1,024 numbers, and more
SIDE = 512  # about how large a walk's film is


class Takeaway:
    """The routes' handlers, and what the endpoints share with them."""

    def __init__(self, services: Services):
        self.studio, self.runs, self.jobs = services.studio, services.runs, services.jobs

    def routes(self) -> list[Route]:
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
        return routed(named)

    async def again(self, request: Request) -> Response:
        asked = await json_of(request, MAX_JSON)
        kind = checks.choice("kind", asked.pop("kind", None), ("picture", "walk"))
        asked["model"] = at_home(asked.get("model"))
        try:
            made = getattr(snippets, kind)(**asked)
        except TypeError as error:
            raise ValueError(
                f"Something is missing, or unknown, in what describes a {kind}."
            ) from error
        return JSONResponse(made._asdict())

    async def run_again(self, request: Request) -> Response:
        run = self.runs.find(request.path_params["run"])
        return JSONResponse(snippets.training(shown(run.config))._asdict())

    async def run_json(self, request: Request) -> Response:
        run = self.runs.find(request.path_params["run"])
        content = json.dumps(run_record(run), indent=2)
        headers = {"Content-Disposition": f'attachment; filename="ganscope-{run.id}.json"'}
        return Response(content, media_type="application/json", headers=headers)

    async def export(self, request: Request) -> Response:
        query = request.query_params
        # Told at once, not by the job, if there is no such model.
        await self.studio.opened(query.get("model"))
        return started(self.start_export(query.get("model"), query.get("format")))

    def start_export(self, model: object, form: object) -> Job:
        """Begin to make one file of a model."""
        checks.choice("format", form, EXPORTS)
        place = self.studio.open(model).place
        arguments = {"place": place, "form": form, "name": short(model), "quality": self.quality(place)}
        return self.jobs.start(f"{TASKS}.export", arguments)

    async def walk_film(self, request: Request) -> Response:
        loaded, keys = await body_latents(self.studio, request)
        query = request.query_params
        count = checks.integer("frames", as_number(query.get("frames", "")), 2, MAX_WALK)
        form = checks.choice("format", query.get("format"), FILMS)
        closed = query.get("closed") == "true"
        drawn = await asyncio.wrap_future(loaded.walk(keys, count, query.get("mode"), closed))
        return started(self.start_walk(drawn, form))

    def start_walk(self, frames, form: str) -> Job:
        """Begin to make a film of the frames of a walk."""
        scale = max(1, SIDE // frames.shape[1])
        return self.jobs.start(f"{TASKS}.walk", {"frames": frames, "form": form, "scale": scale})

    async def run_film(self, request: Request) -> Response:
        run = self.runs.find(request.path_params["run"])
        return started(self.start_history(run, request.query_params.get("format")))

    def start_history(self, run: Run, form: object) -> Job:
        """Begin to make a film of the moments that a run has kept."""
        checks.choice("format", form, FILMS)
        sheets = [moment.frame for moment in run.moments]
        if not sheets:
            raise ValueError("This run has no pictures yet.")
        arguments = {"sheets": sheets, "form": form, "name": f"ganscope-{run.id}-history"}
        return self.jobs.start(f"{TASKS}.history", arguments)

    async def push(self, request: Request) -> Response:
        asked = await json_of(request, MAX_JSON)
        repo, token = hub.check_repo(asked.get("to")), hub.check_token(asked.get("token"))
        private = checks.flag("private", asked.get("private", True))
        place = (await self.studio.opened(asked.get("model"))).place
        arguments = {"place": place, "repo": repo, "token": token, "private": private}
        return started(self.jobs.start(f"{TASKS}.push", arguments | {"quality": self.quality(place)}))

    def quality(self, place: Place) -> Quality | None:
        """What a run on this server has measured of its model."""
        run = self.runs.runs.get(place.name.removeprefix(RUN_PREFIX))
        return record.quality_of(run.points) if run else None


def run_record(run: Run) -> dict:
    """A run as run.json has it."""
    findings = run.points[-1]["findings"] if run.moments else []
    facts = {"run": run.id, "state": run.state, "message": run.message, "findings": findings}
    return record.record(shown(run.config), run.points, **facts)


def shown(config: TrainConfig) -> TrainConfig:
    """The config, but for the id of files that someone handed in: who knows it may read them."""
    return cards.public(config) if config.data.startswith(OWN) else config


def short(model: str) -> str:
    """A model's name as that of a file: run:ab12 -> ganscope-ab12, owner/cats -> cats."""
    last = re.split(r"[/\\]", at_home(model).rstrip("/\\"))[-1]
    return re.sub(r"[^\w.-]+", "-", last).strip(".-") or "model"


def at_home(model: object) -> str:
    """What loads a model elsewhere: of a run or of handed-in weights, what its zip unpacks into."""
    name = checks.text("model", model, longest=500)
    if name.startswith(OWN):
        return "my-model"  # its id is a secret of its page
    return f"ganscope-{name[len(RUN_PREFIX) :]}" if name.startswith(RUN_PREFIX) else name
