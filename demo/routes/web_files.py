"""Serves the page's JavaScript modules and style sheets (demo/web), and makes the code that loads them.

    GET …/web/DIGEST/PATH    a file of demo/web; 410 for another version's digest, 404 for no such file

The digest covers all files, so browsers may cache them for ever. A page that is older than the server
never mixes its modules with newer ones, but asks to be reloaded (demo/web/load.js).
"""

import functools
import gzip
import hashlib
import json
import mimetypes
import re
from pathlib import Path

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

WEB = Path(__file__).parents[1] / "web"
PREFIX = "/gradio_api/ganscope/web"
FIRST_TAB = (
    "explore/first_load.js",
    "core/page.js",
    "uploads/weights.js",
    "explore/explore.js",
)
MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".gz": "application/gzip"}
CACHE_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
OUTDATED = "This page is older than the server: reload it."
IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from "(\.[^"]+)";', re.MULTILINE)


@functools.cache
def files() -> dict[str, bytes]:
    """All files of demo/web by their relative paths. Read once, so that one version is served."""
    found = (path for path in sorted(WEB.rglob("*")) if path.is_file())
    return {path.relative_to(WEB).as_posix(): path.read_bytes() for path in found}


@functools.cache
def digest() -> str:
    """SHA-256 of all names and contents, shortened to 16 digits."""
    whole = hashlib.sha256()
    for name, content in files().items():
        whole.update(json.dumps([name, len(content)]).encode() + content)
    return whole.hexdigest()[:16]


def routes() -> list[Route]:
    """The routes of this module."""
    return [Route(PREFIX + "/{digest}/{path:path}", _serve, methods=["GET"])]


async def _serve(request: Request) -> Response:
    if request.path_params["digest"] != digest():
        return JSONResponse({"error": OUTDATED}, status_code=410)
    # Only names read at the start, so no path leads out of demo/web.
    name = request.path_params["path"]
    if name not in files():
        return JSONResponse({"error": f"There is no file {name}."}, status_code=404)
    kind = (
        MEDIA_TYPES.get(Path(name).suffix)
        or mimetypes.guess_type(name)[0]
        or "application/octet-stream"
    )
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(
            _gzipped(name), media_type=kind, headers={**CACHE_FOREVER, "Content-Encoding": "gzip"}
        )
    return Response(files()[name], media_type=kind, headers=CACHE_FOREVER)


@functools.cache
def _gzipped(name: str) -> bytes:
    """Compressed once: Gradio would compress every response."""
    return gzip.compress(files()[name], mtime=0)


def read_text(name: str) -> str:
    """A file of demo/web as text, to be inlined in the page."""
    return files()[name].decode("utf-8")


def file_url(name: str = "") -> str:
    """The URL of a file, relative to the page, which may be below a proxy's path."""
    return f"{PREFIX}/{digest()}/{name}".lstrip("/")


def js_on_load(module: str, event: str = "") -> str:
    """A component's js_on_load: imports a module of demo/web and calls its `mount`, or NAME of "PATH#NAME".

    `event` is an event that the component triggers: Gradio searches js_on_load for its quoted name.
    """
    module, _, export = module.partition("#")
    if module not in files():
        raise ValueError(f"There is no module {module}.")
    # Without comments and the last semicolon: the function must be an expression.
    function = re.sub(r"^//.*\n", "", read_text("load.js"), flags=re.MULTILINE).strip().rstrip(";")
    # Its imports are fetched in parallel with it, except those that the first tab has loaded.
    needed = [name for name in imported_modules(module) if name not in first_modules()]
    names = json.dumps([module, *(name for name in needed if name != module)])
    start = f"(loaded) => loaded.{export or 'mount'}(element, props, trigger, watch)"
    return f'{function}(element, {json.dumps(file_url())}, {names}, {start}) // "{event}"'


def head() -> str:
    """HTML for the page's head that preloads the modules of the first tab."""
    links = [f'<link rel="modulepreload" href="{file_url(name)}">' for name in first_modules()]
    # Requests what Explore shows first, before Gradio has built the tab.
    early = f'<script type="module" src="{file_url("explore/first_load.js")}"></script>'
    return "\n".join([early, *links])


@functools.cache
def first_modules() -> list[str]:
    """The modules of the header and the first tab, with their imports."""
    return list(dict.fromkeys(name for start in FIRST_TAB for name in imported_modules(start)))


def imported_modules(name: str) -> list[str]:
    """A module and all that it imports statically, as paths in demo/web: dynamic imports are for later use."""
    found, left = [], [name]
    while left:
        name = left.pop()
        if name in found:
            continue
        found.append(name)
        folder = (WEB / name).parent
        for needed in IMPORT.findall(read_text(name)):
            left.append((folder / needed).resolve().relative_to(WEB.resolve()).as_posix())
    return found
