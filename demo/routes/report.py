"""The routes of Report.

GET  …/report/about?model=    what the model learnt from, if that is known, and what else there is
POST …/report                 JSON {model, data, samples, seed} -> {job}, see demo/routes/jobs.py
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.report_job import DEFAULT_SAMPLES, REQUEST_FIELDS, describe_model, start_report
from demo.backend.services import Services
from demo.backend.uploads import TOKEN_HEADER
from demo.routes.http import make_routes, read_json
from demo.routes.jobs import job_response
from gan.common import checks
from gan.data.sources import UPLOAD_PREFIX


def routes(services: Services) -> list[Route]:
    """What `launch(app_kwargs={"routes": …})` takes."""

    async def tell(request: Request) -> Response:
        loaded = await services.generators.open_async(request.query_params.get("model"))
        return JSONResponse(describe_model(loaded))

    async def judge(request: Request) -> Response:
        asked = await read_json(request)
        for name in asked:
            checks.choice("setting", name, REQUEST_FIELDS)
        loaded = await services.generators.open_async(asked.get("model"))
        data, token = asked.get("data"), request.headers.get(TOKEN_HEADER)
        # Only of pictures that were handed in does it matter whose page this is.
        handed = isinstance(data, str) and data.startswith(UPLOAD_PREFIX)
        owner = services.uploads.session_of(token) if handed else ""
        settings = asked.get("samples", DEFAULT_SAMPLES), asked.get("seed", 0)
        return job_response(start_report(services, loaded, data, *settings, owner))

    return make_routes({"/report/about": (tell, "GET"), "/report": (judge, "POST")})
