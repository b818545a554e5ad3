"""A good request to each route of the page, of which hostile ones are made."""

import base64
import io
from dataclasses import dataclass, field, replace

import numpy as np
from helpers.serving import TEACHER_KEY
from PIL import Image

from demo.routes.http import PREFIX

Z = np.linspace(-1, 1, 2 * 64, dtype="<f4").tobytes()  # two latents of the shipped digits


@dataclass(frozen=True)
class Example:
    """A request: `path` below the page's routes with values for its {fields}, a query, and JSON or bytes."""

    verb: str
    path: str
    fields: dict = field(default_factory=dict)
    query: dict = field(default_factory=dict)
    body: dict | bytes | None = None
    headers: dict = field(default_factory=dict)

    @property
    def url(self) -> str:
        """The path with its fields filled in."""
        return PREFIX + self.path.format(**self.fields)

    def with_(self, **changes: object) -> "Example":
        """A copy with some parts replaced."""
        return replace(self, **changes)


def png(side: int = 32) -> bytes:
    """A grey PNG picture."""
    buffer = io.BytesIO()
    Image.new("RGB", (side, side), (90, 120, 200)).save(buffer, "PNG")
    return buffer.getvalue()


def framed(content: bytes) -> bytes:
    """Content after its length, as the routes for films of points read it."""
    return len(content).to_bytes(4, "little") + content


MODEL, RUN = {"model": "digits"}, {"run": "ab12cd34"}
TEACHER = {"X-GANscope-Teacher": TEACHER_KEY}
EXAMPLES = [
    Example("GET", "/model", query={"name": "digits"}),
    Example("GET", "/latents", query={**MODEL, "seeds": "1,2,3"}),
    Example("POST", "/pictures", query=MODEL, body=Z),
    Example("GET", "/directions", query={**MODEL, "set": "pca"}),
    Example("POST", "/walk", query={**MODEL, "frames": "4", "mode": "spherical", "format": "gif"}, body=Z),
    Example("GET", "/data", query={"source": "faces"}),
    Example("POST", "/children", query={**MODEL, "count": "4"}, body=b"seed:1"),
    Example("GET", "/inside", query=MODEL),
    Example("GET", "/inside/parts", query=MODEL),
    Example("POST", "/inside/picture", query=MODEL, body={"z": [0.5] * 64, "edits": "1.3x0.5,2.4only,z1.seed.7x0.5"}),
    Example("POST", "/inside/pull", query=MODEL, body={"z": [0.5] * 64, "edits": "pull.10.10.14.10x2h20.20"}),
    Example("POST", "/inside/film", query=MODEL, body={"z": [0.5] * 64, "edits": "", "layer": 1,
                                                       "part": "ink", "count": 3}),
    Example("POST", "/inside/critic", query={"model": "faces"}, body={"z": [0.5] * 64, "edits": "",
                                                                      "seed": 1}),
    Example("POST", "/inside/critic/own", query={"model": "faces"}, body=png()),
    Example("POST", "/inside/critic/drawn", query={"model": "faces"}, body=b"\0" * 3 * 128**2),
    Example("POST", "/inside/mix", query={"model": "faces"}, body={"columns": [1, 2], "rows": [3], "share": 0.5,
                                                                   "level": 0, "draft": True}),
    Example("POST", "/inside/map", query={"model": "faces"}),
    Example("POST", "/find", query={**MODEL, "edges": "crop", "light": "kept", "steps": "1",
                                    "starts": "1", "seed": "0"}, body=png()),
    Example("GET", "/report/about", query=MODEL),
    Example("POST", "/report", body={**MODEL, "data": "glyphs", "samples": 100, "seed": 0}),
    Example("POST", "/again", body={"kind": "picture", **MODEL, "seed": 3, "truncation": 1.0}),
    Example("POST", "/export", query={**MODEL, "format": "card"}),
    Example("POST", "/push", body={**MODEL, "to": "nobody/nothing", "token": "hf_x", "private": True}),
    Example("POST", "/walk/film", query={**MODEL, "frames": "2", "format": "gif"}, body=Z),
    Example("GET", "/runs", query={"ids": "ab12cd34,ef"}),
    Example("GET", "/recordings/{name}", {"name": "find"}, query=MODEL),
    Example("GET", "/recordings/{name}/{digest}", {"name": "compare", "digest": "ab12cd34"}),
    Example("GET", "/recordings/{name}/{digest}/frame/{side}/{step}",
            {"name": "compare", "digest": "ab12cd34", "side": "A", "step": "0"}),
    Example("GET", "/runs/{run}/real", RUN),
    Example("GET", "/runs/{run}/frame/{step}", RUN | {"step": "0"}),
    Example("GET", "/runs/{run}/weights.zip", RUN),
    Example("GET", "/runs/{run}/again", RUN),
    Example("GET", "/runs/{run}/run.json", RUN),
    Example("POST", "/runs/{run}/film", RUN, query={"format": "gif"}),
    Example("GET", "/jobs/{job}", {"job": "ab12cd34"}),
    Example("DELETE", "/jobs/{job}", {"job": "ab12cd34"}),
    Example("GET", "/jobs/{job}/files/{name}", {"job": "ab12cd34", "name": "walk.gif"}),
    Example("GET", "/learn/program", query={"bug": "uint8"}),
    Example("GET", "/learn/program/file", query={"as": "ipynb"}),
    Example("GET", "/learn/source", query={"name": "gan.training.losses.g_minimax_loss"}),
    Example("GET", "/learn/qr", query={"text": "http://host/?learn=what"}),
    Example("POST", "/learn/run", body={"bug": "stride"}),
    Example("POST", "/learn/layers", query=MODEL, body=Z[: 4 * 64]),
    Example("POST", "/class/join", body={"code": "ABCD", "nickname": "Ada", "browser": "0" * 32}),
    Example("POST", "/class/here", body={"student": "0" * 32, "chapter": "what", "done": 1, "predictions": {}}),
    Example("POST", "/class/leave", body={"student": "0" * 32}),
    Example("GET", "/class/board", headers=TEACHER),
    Example("POST", "/class/open", headers=TEACHER),
    Example("POST", "/class/close", headers=TEACHER),
    Example("POST", "/class/pin", body={"run": "ab12cd34"}, headers=TEACHER),
    Example("POST", "/class/pause", body={"paused": True}, headers=TEACHER),
    Example("GET", "/class/results.csv", headers=TEACHER),
    Example("GET", "/class/gallery.gif", headers=TEACHER),
    Example("GET", "/points/about"),
    Example("GET", "/points/show"),
    Example("POST", "/points/open", body={"settings": {"data": "ring", "method": "nonsaturating"}}),
    Example("POST", "/points/read", body=b"0,0\n1,1\n2,0\n"),
    Example("POST", "/points/gif", query={"ms": "80"}, body=framed(png())),
    Example("POST", "/points/{session}/{name}", {"session": "ab12cd34", "name": "look"}, body={}),
    Example("POST", "/own"),
    Example("POST", "/own/{id}/files", {"id": "ab12cd34"}, body=b"pack"),
    Example("POST", "/own/{id}/pictures", {"id": "ab12cd34"}, body={"size": 32}),
    Example("POST", "/own/{id}/weights", {"id": "ab12cd34"}),
    Example("DELETE", "/own/{id}", {"id": "ab12cd34"}),
    Example("POST", "/page/closed", body=b"0" * 32),
    Example("POST", "/data/look", body={"source": "nobody/nothing", "size": 32}),
]  # fmt: skip

# One value for each input of an endpoint, by the type that Gradio documents.
GOOD_VALUES = {
    "string": "digits",
    "number": 1,
    "integer": 1,
    "boolean": False,
    "object": {},
    "array": [],
    "picture": {"url": "data:image/png;base64," + base64.b64encode(png()).decode()},
}
