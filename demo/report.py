"""Report: how good a model is, and what is wrong with it (demo/web/report/), judged beside the page.

GET  …/report/about?model=    what the model learnt from, if that is known, and what else there is
POST …/report                 JSON {model, data, samples, seed} -> {job}, see demo/jobs.py
"""

import gradio as gr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo import plain
from demo.asked import json_of
from demo.jobs import Job, started
from demo.menu import instrument
from demo.own_routes import TOKEN
from demo.relay import SOURCES
from demo.scrub import routed
from demo.services import Services
from demo.studio import Loaded
from demo.train import check_source
from gan import checks
from gan.config import MAX_SEED
from gan.origins import learnt_from
from gan.report_told import rows
from gan.sources import OWN

LEAD = "How good is a model? Its samples are measured, and real pictures beside them."
SAMPLES, FEWEST, MOST = 2000, 10, 5000
ASKED = ("model", "data", "samples", "seed")


def build(services: Services) -> gr.Column:
    """The model menu and the card; returns what stands in for it."""
    instrument(services, "report", "report/report.js", LEAD)
    return plain.part(plain.NO_REPORT)


def about(loaded: Loaded) -> dict:
    """What the page needs to know of a model before it is judged."""
    learnt = learnt_from(loaded.place.source)
    data = learnt.data if learnt else None
    titles = dict(SOURCES)
    if data and data not in titles:
        titles[data] = "your pictures" if data.startswith(OWN) else data
    return {"data": data, "sources": list(titles.items()), "measures": rows({})}


def begin(
    services: Services, loaded: Loaded, data: object, samples: object, seed: object, owner: str
) -> Job:
    """Start the work (demo.tasks.report.judge); ValueError for data that `owner` may not read."""
    data = checks.text("data", data, longest=500)
    if data.startswith(OWN):
        services.own.check(data, owner)
    else:
        check_source(data, services.roots)
    arguments = {
        "name": loaded.place.name,
        "source": loaded.place.source,
        "roots": loaded.place.roots,
        "data": data,
        "samples": checks.integer("samples", samples, FEWEST, MOST),
        "seed": checks.integer("seed", seed, 0, MAX_SEED),
        "learnt": learnt_from(loaded.place.source),
    }
    return services.jobs.start("demo.tasks.report.judge", arguments)


def routes(services: Services) -> list[Route]:
    """What `launch(app_kwargs={"routes": …})` takes."""

    async def tell(request: Request) -> Response:
        loaded = await services.studio.opened(request.query_params.get("model"))
        return JSONResponse(about(loaded))

    async def judge(request: Request) -> Response:
        asked = await json_of(request)
        for name in asked:
            checks.choice("setting", name, ASKED)
        loaded = await services.studio.opened(asked.get("model"))
        data, token = asked.get("data"), request.headers.get(TOKEN)
        # Only of pictures that were handed in does it matter whose page this is.
        handed = isinstance(data, str) and data.startswith(OWN)
        owner = services.own.session(token) if handed else ""
        settings = asked.get("samples", SAMPLES), asked.get("seed", 0)
        return started(begin(services, loaded, data, *settings, owner))

    return routed({"/report/about": (tell, "GET"), "/report": (judge, "POST")})
