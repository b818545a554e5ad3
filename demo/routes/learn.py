"""Routes of the lessons.

GET  …/learn/program?bug=          the tutorial's program, JSON: a list of {text, changed, instead}, line by line
GET  …/learn/program/file?as=      the program as py or ipynb
GET  …/learn/source?name=          {file, line, code} of a function of `gan` that a lesson shows
GET  …/learn/qr?text=              a QR code as SVG
POST …/learn/run                   JSON {bug} -> {job}, see demo/routes/jobs.py: runs the program, with a bug or without
POST …/learn/layers?model=         one float32 latent -> uint8 squares one after another; header X-Sides
"""

import asyncio
import io

import segno
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.services import Services
from demo.lessons.bugs import changed_lines, program
from demo.lessons.notebook import as_notebook
from demo.lessons.sources import source_of
from demo.routes.http import make_routes, read_json
from demo.routes.jobs import job_response
from demo.routes.rendering import body_latents
from gan.common import checks

FILES = {"py": "text/x-python", "ipynb": "application/x-ipynb+json"}
MAX_QR = 2000  # letters: about what a QR code holds
TASK = "demo.workers.tasks.lesson_program.run"


def routes(services: Services) -> list[Route]:
    """The routes of this module."""

    async def layers(request: Request) -> Response:
        loaded, z = await body_latents(services.generators, request)
        squares = await asyncio.wrap_future(loaded.layers(z))
        headers = {"X-Sides": ",".join(str(len(square)) for square in squares)}
        content = b"".join(square.tobytes() for square in squares)
        return Response(content, media_type="application/octet-stream", headers=headers)

    async def run(request: Request) -> Response:
        bug = (await read_json(request)).get("bug", "")
        return job_response(services.jobs.start(TASK, {"source": program(bug)}))

    named = {
        "/learn/program": (show_program, "GET"),
        "/learn/program/file": (program_file, "GET"),
        "/learn/source": (show_source, "GET"),
        "/learn/qr": (qr_code, "GET"),
        "/learn/run": (run, "POST"),
        "/learn/layers": (layers, "POST"),
    }
    return make_routes(named)


async def show_program(request: Request) -> Response:
    return JSONResponse(changed_lines(request.query_params.get("bug", "")))


async def show_source(request: Request) -> Response:
    return JSONResponse(source_of(request.query_params.get("name", "")))


async def qr_code(request: Request) -> Response:
    text = checks.text("text", request.query_params.get("text"), max_length=MAX_QR)
    buffer = io.BytesIO()
    segno.make(text, micro=False, error="l").save(buffer, kind="svg", border=4, scale=4, light="#fff")
    return Response(
        buffer.getvalue(), media_type="image/svg+xml", headers={"Cache-Control": "no-store"}
    )


async def program_file(request: Request) -> Response:
    kind = checks.choice("file type", request.query_params.get("as"), tuple(FILES))
    content = program() if kind == "py" else as_notebook(program())
    disposition = f"attachment; filename=tutorial_gan.{kind}"
    return Response(content, media_type=FILES[kind], headers={"Content-Disposition": disposition})
