"""Slow work beside the page: searches, report cards, the reading of uploads.

A job is one generator function of demo/tasks, run in a process of its own (demo/task.py): niced, one
thread, limited memory, killed when it is stopped or when nobody asks about it any more. It yields plain
dicts; the newest is what pages see, the last is its result.

    GET    …/jobs/ID?seen=VERSION    {id, state, place, version, message, latest}; waits up to a second
                                     for something newer than `seen`
    GET    …/jobs/ID/files/NAME      a file of the result
    DELETE …/jobs/ID                 stop it

An id is a secret of its page: whoever does not know it cannot reach the job. A dict's "files" (name to
bytes) stay here until they are asked for; the JSON has their names and lengths.
"""

import asyncio
import secrets
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from demo.processes import CONTEXT, start
from demo.scrub import as_number, routed

AT_ONCE = 2
MOST_WAITING = 30
MOST_KEPT = 60
NICENESS = 5  # below the page, above the runs, which take minutes
ABANDONED_SECONDS = 15.0
LONGEST_SECONDS = 600.0
PATIENCE = 1.0  # seconds that a question waits for news
LOOK_SECONDS = 0.05
OVER = ("done", "failed", "stopped")
DIED = (
    "The process that worked on this ended unexpectedly (perhaps out of memory): try something smaller."
)


@dataclass
class Job:
    """One piece of slow work, as pages see it."""

    id: str
    task: str
    arguments: dict = field(repr=False)
    state: str = "queued"  # then running; at its end done, failed or stopped
    latest: dict | None = field(default=None, repr=False)
    message: str = ""  # why it failed
    version: int = 0
    wish_to_stop: bool = False
    asked: float = field(default_factory=time.monotonic)

    @property
    def over(self) -> bool:
        return self.state in OVER

    @property
    def unwanted(self) -> bool:
        return self.wish_to_stop or time.monotonic() - self.asked > ABANDONED_SECONDS

    def changed(self, **values) -> None:
        """Set some fields, and let whoever waits know."""
        for name, value in values.items():
            setattr(self, name, value)
        self.version += 1


class Jobs:
    """All jobs of this server, two of them at work; the rest wait in order."""

    def __init__(self):
        self.jobs: dict[str, Job] = {}
        self.workers = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="job")
        self.lock = threading.Lock()
        self.closed = False

    def start(self, task: str, arguments: dict) -> Job:
        """Begin `task`, such as "demo.tasks.find.search", with keyword arguments that can be pickled.

        ValueError when too many wait already.
        """
        with self.lock:
            if len(self._waiting()) >= MOST_WAITING:
                raise ValueError(f"{MOST_WAITING} pieces of work are waiting: try again in a minute.")
            over = [job.id for job in self.jobs.values() if job.over]
            for old in over[: max(0, len(self.jobs) - MOST_KEPT)]:
                del self.jobs[old]
            job = Job(secrets.token_hex(16), task, arguments)
            self.jobs[job.id] = job
        self.workers.submit(self._serve, job)
        return job

    def find(self, name: object) -> Job:
        """The job of that id, which counts as asked for; ValueError if there is none (any more)."""
        job = self.jobs.get(name) if isinstance(name, str) else None
        if job is None:
            raise ValueError("There is no such piece of work (any more): start it again.")
        job.asked = time.monotonic()
        return job

    def result(self, job: Job) -> dict:
        """What the job gives in the end; waits in this thread. ValueError if it came to nothing."""
        while not job.over:
            self.find(job.id)
            time.sleep(LOOK_SECONDS)
        if job.state != "done" or job.latest is None:
            raise ValueError(job.message or "This was stopped before it was done.")
        return job.latest

    def stop(self, job: Job) -> None:
        """End a job; one that still waits never begins."""
        job.wish_to_stop = True

    def close(self) -> None:
        """End all; called when the server stops."""
        self.closed = True
        self.workers.shutdown(wait=False, cancel_futures=True)

    def _waiting(self) -> list[Job]:
        return [job for job in self.jobs.values() if job.state == "queued" and not job.unwanted]

    def _serve(self, job: Job) -> None:
        if job.unwanted or self.closed:
            job.changed(state="stopped")
            return
        job.changed(state="running")
        pipe, theirs = CONTEXT.Pipe()
        process = None
        try:
            process = start("demo.task.main", theirs, NICENESS)
            pipe.send((job.task, job.arguments))
            self._follow(job, pipe)
        except Exception:  # the process is gone, or could not be started at all
            job.changed(state="failed", message=DIED)
        finally:
            job.arguments = {}  # perhaps a picture of megabytes
            pipe.close()
            if process:
                process.kill()
                process.join()

    def _follow(self, job: Job, pipe) -> None:
        began = time.monotonic()
        while not job.over:
            while pipe.poll(LOOK_SECONDS):
                kind, value = pipe.recv()
                if kind != "latest":
                    job.changed(state=kind, message=value or "")
                    return
                job.changed(latest=value)
            if job.unwanted or self.closed:
                job.changed(state="stopped")
            elif time.monotonic() - began > LONGEST_SECONDS:
                message = f"Stopped after {LONGEST_SECONDS / 60:.0f} minutes: try something smaller."
                job.changed(state="failed", message=message)

    def routes(self) -> list[Route]:
        """What `launch(app_kwargs={"routes": …})` takes."""
        named = {
            "/jobs/{job}": (self.ask, "GET DELETE"),
            "/jobs/{job}/files/{name}": (self.file, "GET"),
        }
        return routed(named)

    async def ask(self, request: Request) -> Response:
        job = self.find(request.path_params["job"])
        if request.method == "DELETE":
            self.stop(job)
            return Response(status_code=204)
        seen, until = as_number(request.query_params.get("seen", "")), time.monotonic() + PATIENCE
        while job.version == seen and not job.over and time.monotonic() < until:
            await asyncio.sleep(LOOK_SECONDS)
        return JSONResponse(self.told(job), headers={"Cache-Control": "no-store"})

    def told(self, job: Job) -> dict:
        """All that a page is told of a job."""
        latest = dict(job.latest) if job.latest else None
        if latest and "files" in latest:
            latest["files"] = {name: len(content) for name, content in latest["files"].items()}
        waiting = self._waiting()
        return {
            "id": job.id,
            "state": job.state,
            "place": waiting.index(job) + 1 if job in waiting else 0,
            "version": job.version,
            "message": job.message,
            "latest": latest,
        }

    async def file(self, request: Request) -> Response:
        job, name = self.find(request.path_params["job"]), request.path_params["name"]
        content = ((job.latest or {}).get("files") or {}).get(name)
        if content is None:
            raise ValueError("There is no such file (yet).")
        disposition = f"attachment; filename*=UTF-8''{quote(name)}"
        headers = {"Content-Disposition": disposition, "Cache-Control": "no-store"}
        return Response(content, media_type="application/octet-stream", headers=headers)


def started(job: Job) -> Response:
    """The answer to a request that began a job: what a page follows it by."""
    return JSONResponse({"job": job.id})
