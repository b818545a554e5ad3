"""All HTTP routes besides those of Gradio."""

from starlette.routing import Route

from demo.backend.services import Services
from demo.routes import (
    breed,
    exports,
    invert,
    jobs,
    points,
    rendering,
    report,
    runs,
    uploads,
    web_files,
)


def all_routes(services: Services) -> list[Route]:
    """All routes, for `launch(app_kwargs={"routes": …})`."""
    parts = (rendering, runs, exports, points, jobs, breed, invert, report, uploads)
    return [*web_files.routes(), *(route for part in parts for route in part.routes(services))]
