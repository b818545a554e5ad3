"""Routes to what tabs show before anything is live (demo/backend/recordings.py).

GET …/recordings/NAME/DIGEST                   a recorded run or comparison as the page shows it, JSON
GET …/recordings/NAME/DIGEST/frame/SIDE/STEP   a WebP grid of samples; a run by itself is side A
GET …/recordings/NAME?model=                   what is recorded of a shipped model, JSON; null without
"""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend import recordings
from demo.backend.services import Services
from demo.routes.http import make_routes
from demo.routes.web_files import CACHE_FOREVER
from gan.common import checks


def routes(services: Services) -> list[Route]:
    """The routes of this module."""
    named = {
        "/recordings/{name}/{digest}": (show, "GET"),
        "/recordings/{name}/{digest}/frame/{side}/{step}": (frame, "GET"),
        "/recordings/{name}": (of_model, "GET"),
    }
    return make_routes(named)


async def show(request: Request) -> Response:
    name = request.path_params["name"]
    page = recordings.shown(name, recordings.find(name, request.path_params["digest"]))
    return JSONResponse(page, headers=CACHE_FOREVER)


async def frame(request: Request) -> Response:
    found = recordings.find(request.path_params["name"], request.path_params["digest"])
    place = f"{request.path_params['side']}/{request.path_params['step']}"
    if place not in found.frames:
        raise ValueError("There is no such moment in this recording.")
    return Response(found.frames[place], media_type="image/webp", headers=CACHE_FOREVER)


async def of_model(request: Request) -> Response:
    name = checks.choice("recording", request.path_params["name"], (recordings.CARD, recordings.SEARCH))
    # The weights may be replaced while a browser keeps the answer.
    headers = {"Cache-Control": "no-cache"}
    return JSONResponse(recordings.of_model(name, request.query_params.get("model")), headers=headers)
