"""All routes of the page beside Gradio's own."""

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
    """What `launch(app_kwargs={"routes": …})` takes."""
    parts = (rendering, runs, exports, points, jobs, breed, invert, report, uploads)
    return [*web_files.routes(), *(route for part in parts for route in part.routes(services))]
