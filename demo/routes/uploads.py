"""Routes to upload files and read them, and for a page to say that it is closed.

Each request sends its page's token in a header; the last one has no header of its own, and sends it as its body.

POST   …/own                     {"id": …} of a new, empty upload
POST   …/own/ID/files            a pack of files as the body (demo/workers/upload_format.py)
POST   …/own/ID/pictures         preprocessing, JSON -> {"job": …} (demo/workers/tasks/uploads.py)
POST   …/own/ID/weights          read them as a generator -> {"job": …}
DELETE …/own/ID                  remove them
POST   …/data/look               as /pictures for a folder or Hub id: {"source": …, …}
POST   …/page/closed             the token, as text
"""

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import BinaryIO

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.backend.jobs.jobs import Jobs
from demo.backend.services import Services
from demo.backend.visitors.owners import Owners
from demo.backend.visitors.uploads import MAX_BYTES, TOKEN_HEADER, Upload, Uploads, read_preprocessing
from demo.routes.http import make_routes, read_body, read_json
from demo.routes.jobs import job_response
from demo.workers.upload_format import DAMAGED, PACK_SUFFIX
from gan.common import checks
from gan.data.sources import find_place

MAX_TOKEN = 100
WRITE_BYTES = 2**20  # written to disk at a time
MAX_SECONDS = 900  # the longest request
SILENT_SECONDS = 30  # without a byte
MAX_PACKS = 2000
TASKS = "demo.workers.tasks.uploads"


def routes(services: Services) -> list[Route]:
    """The routes of this module."""
    return UploadRoutes(services.uploads, services.jobs, services.roots, services.owners).all()


class UploadRoutes:
    """Handlers for uploads and the jobs that read them."""

    def __init__(self, uploads: Uploads, jobs: Jobs, roots: tuple[Path, ...], owners: Owners):
        self.uploads, self.jobs, self.roots, self.owners = uploads, jobs, roots, owners

    def all(self) -> list[Route]:
        """The routes of this module."""
        named = {
            "/own": (self.open, "POST"),
            "/own/{id}/files": (self.take, "POST"),
            "/own/{id}/pictures": (self.pictures, "POST"),
            "/own/{id}/weights": (self.weights, "POST"),
            "/own/{id}": (self.remove, "DELETE"),
            "/data/look": (self.look, "POST"),
            "/page/closed": (self.page_closed, "POST"),
        }
        return make_routes(named)

    async def open(self, request: Request) -> Response:
        return JSONResponse({"id": self.uploads.create(self._session(request)).id})

    async def take(self, request: Request) -> Response:
        upload = self._find_upload(request)
        length = request.headers.get("content-length", "0")
        if length.isdecimal() and int(length) > MAX_BYTES:
            self.uploads.reserve(upload, int(length))  # raises ValueError with the reason
        if upload.count >= MAX_PACKS:
            raise ValueError("These files come in too many requests: upload them as a zip.")
        upload.count += 1
        path = upload.packs / f"{upload.count:05}.part"
        with upload.hold():
            try:
                with path.open("wb") as file:
                    await self._write(request, upload, file)
                path.rename(path.with_suffix(PACK_SUFFIX))
            except BaseException:  # asyncio.CancelledError, of a closed connection, is no Exception
                path.unlink(missing_ok=True)
                raise
        return JSONResponse({"bytes": upload.bytes})

    async def _write(self, request: Request, upload: Upload, file: BinaryIO) -> None:
        waiting, parts, reserved = bytearray(), request.stream(), 0
        until = time.monotonic() + MAX_SECONDS
        try:
            while part := await asyncio.wait_for(_next(parts), SILENT_SECONDS):
                if time.monotonic() > until:
                    raise TimeoutError
                self.uploads.reserve(upload, len(part))
                reserved += len(part)
                waiting += part
                if len(waiting) >= WRITE_BYTES:
                    await asyncio.to_thread(file.write, bytes(waiting))
                    waiting.clear()
            await asyncio.to_thread(file.write, bytes(waiting))
            reserved = 0
        except TimeoutError:
            raise ValueError("The upload took too long: try again, with less at once.") from None
        except ClientDisconnect:
            raise ValueError(DAMAGED) from None
        except OSError:
            raise ValueError("There is no room for these files at the moment: try later.") from None
        finally:
            # What broke off, in whatever way, is not kept.
            self.uploads.release(upload, reserved)

    async def pictures(self, request: Request) -> Response:
        upload = self._find_upload(request)
        preprocessing = read_preprocessing(await read_json(request))
        return self._start_job("decode_pictures", upload, preprocessing)

    async def weights(self, request: Request) -> Response:
        return self._start_job("import_weights", self._find_upload(request), {})

    async def remove(self, request: Request) -> Response:
        await asyncio.to_thread(self.uploads.remove, self._find_upload(request))
        return Response(status_code=204)

    async def look(self, request: Request) -> Response:
        self._session(request)
        body = await read_json(request)
        source = checks.text("data", body.pop("source", None), 500)
        arguments = {"source": source, **read_preprocessing(body)}
        find_place(source, self.roots)
        return job_response(self.jobs.start(f"{TASKS}.preview_source", arguments))

    async def page_closed(self, request: Request) -> Response:
        token = (await read_body(request, MAX_TOKEN)).decode("latin-1")
        session = self.uploads.session_of(token)
        self.uploads.page_closed(session)
        self.owners.forget(session)
        return Response(status_code=204)

    def _start_job(self, task: str, upload: Upload, arguments: dict) -> Response:
        job = self.jobs.start(f"{TASKS}.{task}", {"source": upload.name, **arguments})
        upload.jobs = [each for each in (*upload.jobs, job) if not each.over]
        return job_response(job)

    def _session(self, request: Request) -> str:
        return self.uploads.session_of(request.headers.get(TOKEN_HEADER))

    def _find_upload(self, request: Request) -> Upload:
        return self.uploads.find(request.path_params["id"], self._session(request))


async def _next(parts: AsyncIterator[bytes]) -> bytes:
    """The next chunk that is not empty; b"" at the end."""
    async for part in parts:
        if part:
            return part
    return b""
