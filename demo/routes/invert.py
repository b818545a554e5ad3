"""The route that starts a search for the latent of a picture.

POST …/find?model=&edges=&light=&steps=&starts=&seed=    an encoded picture -> {job}, see demo/routes/jobs.py
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo.backend.jobs.inversion import MAX_BYTES, start_inversion
from demo.backend.services import Services
from demo.routes.http import make_routes, number_or_text, read_body
from demo.routes.jobs import job_response


def routes(services: Services) -> list[Route]:
    """The routes of this module."""

    async def find(request: Request) -> Response:
        query = request.query_params
        content = await read_body(request, MAX_BYTES)
        loaded = await services.generators.open_async(query.get("model"))
        numbers = [number_or_text(query.get(name, "")) for name in ("steps", "starts", "seed")]
        job = start_inversion(
            services, loaded, content, query.get("edges"), query.get("light"), *numbers
        )
        return job_response(job)

    return make_routes({"/find": (find, "POST")})
