"""The page's own modules (demo/web), served beside Gradio, and what their components are loaded by.

    GET …/web/DIGEST/PATH    a file of demo/web; 410 for another version's digest, 404 for no such file

The digest is of all files together: a browser may keep them for ever, and a page that is older than its
server never mixes its modules with newer ones, but says that it must be reloaded (demo/web/load.js).
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
FIRST = (
    "explore/first_load.js",
    "core/page.js",
    "uploads/weights.js",
    "explore/explore.js",
)
KINDS = {".js": "text/javascript", ".css": "text/css", ".gz": "application/gzip"}
KEPT = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
OLD = "This page is older than the server: reload it."
IMPORT = re.compile(r'^(?:import|export)\b[^;]*?from "(\.[^"]+)";', re.MULTILINE)


@functools.cache
def files() -> dict[str, bytes]:
    """Each file of demo/web by its path in it. Read once: what is served is one version."""
    found = (path for path in sorted(WEB.rglob("*")) if path.is_file())
    return {path.relative_to(WEB).as_posix(): path.read_bytes() for path in found}


@functools.cache
def digest() -> str:
    """Of all files, with their names."""
    whole = hashlib.sha256()
    for name, content in files().items():
        whole.update(json.dumps([name, len(content)]).encode() + content)
    return whole.hexdigest()[:16]


def routes() -> list[Route]:
    """What `launch(app_kwargs={"routes": …})` takes."""
    return [Route(PREFIX + "/{digest}/{path:path}", _serve, methods=["GET"])]


async def _serve(request: Request) -> Response:
    if request.path_params["digest"] != digest():
        return JSONResponse({"error": OLD}, status_code=410)
    # Only a name that was found at the start: no path leads out of demo/web.
    name = request.path_params["path"]
    if name not in files():
        return JSONResponse({"error": f"There is no file {name}."}, status_code=404)
    kind = KINDS.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(_packed(name), media_type=kind, headers={**KEPT, "Content-Encoding": "gzip"})
    return Response(files()[name], media_type=kind, headers=KEPT)


@functools.cache
def _packed(name: str) -> bytes:
    """Packed once: Gradio would pack each answer anew."""
    return gzip.compress(files()[name], mtime=0)


def text(name: str) -> str:
    """A file that goes into the page itself, as text."""
    return files()[name].decode("utf-8")


def address(name: str = "") -> str:
    """Of a file, as a path from the page's base address: that may lie below a proxy's path."""
    return f"{PREFIX}/{digest()}/{name}".lstrip("/")


def loader(module: str, event: str = "") -> str:
    """A component's js_on_load: imports a module of demo/web and calls its `mount`, or NAME of "PATH#NAME".

    `event` is one that the component triggers: Gradio looks for the name, in quotes, in js_on_load.
    """
    module, _, export = module.partition("#")
    if module not in files():
        raise ValueError(f"There is no module {module}.")
    # Not the newline at its end: what is a function must stay an expression.
    function = re.sub(r"^//.*\n", "", text("load.js"), flags=re.MULTILINE).strip().rstrip(";")
    # What it needs beside the first tab's modules is fetched with it, not one import after another.
    needed = [name for name in imported(module) if name not in first()]
    names = json.dumps([module, *(name for name in needed if name != module)])
    start = f"(loaded) => loaded.{export or 'mount'}(element, props, trigger, watch)"
    return f'{function}(element, {json.dumps(address())}, {names}, {start}) // "{event}"'


def head() -> str:
    """For the page's head: the modules of the first tab are fetched at once."""
    links = [f'<link rel="modulepreload" href="{address(name)}">' for name in first()]
    # What Explore opens on is asked for before Gradio has built the tab.
    early = f'<script type="module" src="{address("explore/first_load.js")}"></script>'
    return "\n".join([early, *links])


@functools.cache
def first() -> list[str]:
    """The modules of the header and the first tab."""
    return list(dict.fromkeys(name for start in FIRST for name in imported(start)))


def imported(name: str) -> list[str]:
    """A module and all that it imports statically, as paths in demo/web: dynamic imports are for later use."""
    found, left = [], [name]
    while left:
        name = left.pop()
        if name in found:
            continue
        found.append(name)
        folder = (WEB / name).parent
        for needed in IMPORT.findall(text(name)):
            left.append((folder / needed).resolve().relative_to(WEB.resolve()).as_posix())
    return found
