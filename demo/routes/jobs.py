"""Routes to follow jobs (demo/backend/jobs/jobs.py).

GET    …/jobs/ID?seen=VERSION    {id, state, place, version, message, latest}; waits up to a second
                                 for something newer than `seen`
GET    …/jobs/ID/files/NAME      a file of the result
DELETE …/jobs/ID                 stop it, unless others may wait for it too
"""

import asyncio
import time
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.jobs.jobs import Job, Jobs
from demo.backend.services import Services
from demo.backend.work.queue import POLL_SECONDS
from demo.routes.http import make_routes, number_or_text

LONG_POLL_SECONDS = 1.0  # a request waits so long for a newer version


def routes(services: Services) -> list[Route]:
    """The routes of this module."""
    return JobRoutes(services.jobs).all()


class JobRoutes:
    """Handlers for jobs."""

    def __init__(self, jobs: Jobs):
        self.jobs = jobs

    def all(self) -> list[Route]:
        named = {
            "/jobs/{job}": (self.state, "GET DELETE"),
            "/jobs/{job}/files/{name}": (self.file, "GET"),
        }
        return make_routes(named)

    async def state(self, request: Request) -> Response:
        job = self.jobs.find(request.path_params["job"])
        if request.method == "DELETE":
            if not job.key:
                self.jobs.stop(job)
            return Response(status_code=204)
        seen = number_or_text(request.query_params.get("seen", ""))
        until = time.monotonic() + LONG_POLL_SECONDS
        while job.version == seen and not job.over and time.monotonic() < until:
            await asyncio.sleep(POLL_SECONDS)
        return JSONResponse(self.payload(job), headers={"Cache-Control": "no-store"})

    def payload(self, job: Job) -> dict:
        """What a page sees of a job; of its files, names and lengths."""
        latest = dict(job.latest) if job.latest else None
        if latest and "files" in latest:
            latest["files"] = {name: len(content) for name, content in latest["files"].items()}
        return {
            "id": job.id,
            "state": job.state,
            "place": self.jobs.place(job),
            "version": job.version,
            "message": job.message,
            "latest": latest,
        }

    async def file(self, request: Request) -> Response:
        job, name = self.jobs.find(request.path_params["job"]), request.path_params["name"]
        content = ((job.latest or {}).get("files") or {}).get(name)
        if content is None:
            raise ValueError("There is no such file (yet).")
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return Response(content, media_type="application/octet-stream", headers=headers)


def job_response(job: Job) -> Response:
    """The response to a request that started a job: its id."""
    return JSONResponse({"job": job.id})
