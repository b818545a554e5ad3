"""Whether the server works, for those who run it.

GET /healthz   {"status": "ok"} or, with status 503, what is wrong, JSON: for containers and proxies
GET /metrics   sessions, runs, jobs, times of drawing, memory, in the text form of Prometheus

Both lie at the root, outside of the page's own routes. Numbers are for programs on this machine or, if
GANSCOPE_METRICS_KEY is set, for whoever sends it: `Authorization: Bearer KEY`.
"""

import asyncio
import os
import secrets
import time
from collections import Counter
from collections.abc import Iterable, Iterator

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from demo.backend.runs.run import ACTIVE
from demo.backend.services import Services
from demo.routes.http import PREFIX, address_of, errors_as_json

HERE = ("127.0.0.1", "::1")
# What a proxy on this machine adds to what others ask.
PROXIED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
PATIENCE = 5.0  # seconds until the process that draws must have answered
DRAWING = tuple(
    f"{PREFIX}/{path}" for path in ("pictures", "walk", "inside/picture", "inside/pull", "inside/mix")
)
SECONDS = (0.01, 0.02, 0.04, 0.06, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
SECRET = (
    "The numbers are for programs on this machine, or for whoever has the key (GANSCOPE_METRICS_KEY)."
)


class NotAllowedError(ValueError):
    """Somebody asks for what is not for him."""

    status = 403


def routes(services: Services) -> list[Route]:
    """The routes of this module, and what `DrawingTimes` counts into is known to them."""
    health = Health(services)
    return [
        Route("/healthz", errors_as_json(health.healthz)),
        Route("/metrics", errors_as_json(health.metrics)),
    ]


class Health:
    """Handlers, and the numbers that they are asked for."""

    def __init__(self, services: Services):
        self.services = services
        self.registry = CollectorRegistry()
        self.registry.register(Numbers(services))
        ProcessCollector("ganscope_server", registry=self.registry)
        ProcessCollector("ganscope_renderer", self._renderer, registry=self.registry)

    def _renderer(self) -> int | str:
        child = self.services.generators.renderer.child
        return child.process.pid if child and child.alive else "none"

    async def healthz(self, request: Request) -> Response:
        wrong = self.services.why_unwritable() or await self._why_silent()
        return JSONResponse({"status": wrong or "ok"}, status_code=503 if wrong else 200)

    async def _why_silent(self) -> str:
        """Why the process that draws does not answer, as a sentence; "" if it does."""
        asked = self.services.generators.renderer.call("latents", [0], 1, 1.0, 0, None)
        try:
            await asyncio.wait_for(asyncio.wrap_future(asked), PATIENCE)
        except TimeoutError:
            return "The process that draws does not answer."
        except (ValueError, RuntimeError) as error:
            return str(error)
        return ""

    async def metrics(self, request: Request) -> Response:
        if not may_read(request):
            raise NotAllowedError(SECRET)
        content = generate_latest(self.registry) + generate_latest(TIMES)
        return Response(content, media_type=CONTENT_TYPE_LATEST)


def may_read(request: Request) -> bool:
    """Whether the numbers are for this caller: by the key if there is one, else by being on this machine."""
    if key := os.environ.get("GANSCOPE_METRICS_KEY"):
        given = request.headers.get("authorization", "")
        return secrets.compare_digest(given.encode(), f"Bearer {key}".encode())
    return address_of(request) in HERE and not any(name in request.headers for name in PROXIED)


class Numbers(Collector):
    """What is counted when somebody asks."""

    def __init__(self, services: Services):
        self.services = services

    def collect(self) -> Iterator[Metric]:
        services = self.services
        yield _gauge(
            "sessions",
            "Sessions of pages that have not said that they were closed",
            len(services.owners.sessions),
        )
        runs = list(services.runs.known.values())
        yield _by_state("runs", "Training runs", (run.state for run in runs if run.state in ACTIVE))
        jobs = (job.state for job in list(services.jobs.known.values()) if not job.over)
        yield _by_state("jobs", "Films, reports, searches and other jobs", jobs)
        yield _gauge("runs_kept", "Runs in the list, ended ones too", len(runs))


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"ganscope_{name}", words, value)


def _by_state(name: str, words: str, states: Iterable[str]) -> Metric:
    found = GaugeMetricFamily(f"ganscope_{name}", words, labels=["state"])
    for state, count in {**dict.fromkeys(ACTIVE, 0), **Counter(states)}.items():
        found.add_metric([state], count)
    return found


# One for all servers of a process: there is one, but in tests.
TIMES = CollectorRegistry()
DRAWN = Histogram(
    "ganscope_drawing_seconds",
    "From a request for pictures to their first byte",
    registry=TIMES,
    buckets=SECONDS,
)


class DrawingTimes:
    """Middleware that measures how long pictures take."""

    def __init__(self, app: ASGIApp):
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith(DRAWING):
            await self.app(scope, receive, send)
            return
        started = time.perf_counter()

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 200:
                DRAWN.observe(time.perf_counter() - started)
            await send(message)

        await self.app(scope, receive, answer)
