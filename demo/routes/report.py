"""Routes of the Report tab.

GET  …/report/about?model=    the model's training data, if known, and the datasets to choose from
POST …/report                 JSON {model, data, samples, seed} -> {job}, see demo/routes/jobs.py
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.jobs.report import DEFAULT_SAMPLES, REQUEST_FIELDS, describe_model, start_report
from demo.backend.services import Services
from demo.backend.visitors.uploads import TOKEN_HEADER
from demo.routes.http import make_routes, read_json
from demo.routes.jobs import job_response
from gan.common import checks
from gan.data.sources import UPLOAD_PREFIX


def routes(services: Services) -> list[Route]:
    """The routes of this module."""

    async def about(request: Request) -> Response:
        loaded = await services.generators.open_async(request.query_params.get("model"))
        return JSONResponse(describe_model(loaded))

    async def evaluate(request: Request) -> Response:
        body = await read_json(request)
        for name in body:
            checks.choice("setting", name, REQUEST_FIELDS)
        loaded = await services.generators.open_async(body.get("model"))
        data, token = body.get("data"), request.headers.get(TOKEN_HEADER)
        # Only uploads have an owner to check.
        uploaded = isinstance(data, str) and data.startswith(UPLOAD_PREFIX)
        owner = services.uploads.session_of(token) if uploaded else ""
        settings = body.get("samples", DEFAULT_SAMPLES), body.get("seed", 0)
        return job_response(start_report(services, loaded, data, *settings, owner))

    return make_routes({"/report/about": (about, "GET"), "/report": (evaluate, "POST")})
