"""The route that starts a search for the latent of a picture.

POST …/find?model=&edges=&light=&steps=&starts=&seed=    an encoded picture -> {job}, see demo/routes/jobs.py
"""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo.backend.inversion_job import MOST_BYTES, begin
from demo.backend.services import Services
from demo.routes.http import as_number, body_of, routed
from demo.routes.jobs import started


def routes(services: Services) -> list[Route]:
    """What `launch(app_kwargs={"routes": …})` takes."""

    async def find(request: Request) -> Response:
        asked = request.query_params
        content = await body_of(request, MOST_BYTES)
        loaded = await services.generators.opened(asked.get("model"))
        numbers = [as_number(asked.get(name, "")) for name in ("steps", "starts", "seed")]
        job = begin(services, loaded, content, asked.get("edges"), asked.get("light"), *numbers)
        return started(job)

    return routed({"/find": (find, "POST")})
