"""All HTTP routes besides those of Gradio."""

from starlette.middleware import Middleware
from starlette.routing import Route

from demo.backend.services import Services
from demo.routes import (
    breed,
    classroom,
    exports,
    guards,
    health,
    inside,
    invert,
    jobs,
    learn,
    link_preview,
    login,
    points,
    rates,
    recordings,
    rendering,
    report,
    runs,
    streams,
    uploads,
    web_files,
)


def all_routes(services: Services) -> list[Route]:
    """All routes, for `launch(app_kwargs={"routes": …})`."""
    parts = (
        rendering,
        runs,
        recordings,
        exports,
        points,
        jobs,
        breed,
        inside,
        invert,
        report,
        uploads,
        learn,
        classroom,
        health,
    )
    return [*web_files.routes(), *(route for part in parts for route in part.routes(services))]


def all_middleware(services: Services) -> list[Middleware]:
    """All middleware, the outermost first, for `launch(app_kwargs={"middleware": …})`."""
    return [
        Middleware(guards.SecurityHeaders),
        Middleware(guards.RequestGuards),
        Middleware(login.LoginRequired),
        Middleware(rates.RateLimit, services=services),
        Middleware(health.DrawingTimes),
        Middleware(streams.EventStreams, readers=services.readers),
        Middleware(link_preview.LinkPreview),
    ]
