"""The routes of Report.

GET  …/report/about?model=    what the model learnt from, if that is known, and what else there is
POST …/report                 JSON {model, data, samples, seed} -> {job}, see demo/routes/jobs.py
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.report_job import ASKED, SAMPLES, about, begin
from demo.backend.services import Services
from demo.backend.uploads import TOKEN
from demo.routes.http import json_of, routed
from demo.routes.jobs import started
from gan.common import checks
from gan.data.sources import UPLOAD_PREFIX


def routes(services: Services) -> list[Route]:
    """What `launch(app_kwargs={"routes": …})` takes."""

    async def tell(request: Request) -> Response:
        loaded = await services.generators.opened(request.query_params.get("model"))
        return JSONResponse(about(loaded))

    async def judge(request: Request) -> Response:
        asked = await json_of(request)
        for name in asked:
            checks.choice("setting", name, ASKED)
        loaded = await services.generators.opened(asked.get("model"))
        data, token = asked.get("data"), request.headers.get(TOKEN)
        # Only of pictures that were handed in does it matter whose page this is.
        handed = isinstance(data, str) and data.startswith(UPLOAD_PREFIX)
        owner = services.uploads.session(token) if handed else ""
        settings = asked.get("samples", SAMPLES), asked.get("seed", 0)
        return started(begin(services, loaded, data, *settings, owner))

    return routed({"/report/about": (tell, "GET"), "/report": (judge, "POST")})
