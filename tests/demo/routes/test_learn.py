"""The routes of the lessons: the program and its bugs, lines of gan, what the layers compute, and refusals."""

import json

import numpy as np
import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend.jobs.jobs import Jobs
from demo.lessons.bugs import program
from demo.routes import jobs as job_routes
from demo.routes import learn
from demo.routes.http import PREFIX

SQUARES = [np.arange(side * side, dtype=np.uint8).reshape(side, side) for side in (4, 8)]


class Handle:
    """A loaded generator of latents of three numbers."""

    def __init__(self):
        self.info = {"z_dim": 3}

    def layers(self, z):
        from concurrent.futures import Future

        future = Future()
        future.set_result([square + int(z[0, 0]) for square in SQUARES])
        return future


class Services:
    """What the routes use."""

    def __init__(self):
        self.jobs = Jobs()
        self.generators = self

    async def open_async(self, name):
        if name != "faces":
            raise ValueError("There is no such model.")
        return Handle()


@pytest.fixture(scope="module")
def client():
    services = Services()
    routes = [*learn.routes(services), *job_routes.routes(services)]
    with TestClient(Starlette(routes=routes)) as client:
        yield client
    services.jobs.close()


def test_the_program_and_its_files(client):
    lines = client.get(f"{PREFIX}/learn/program").json()
    assert "\n".join(line["text"] for line in lines) + "\n" == program()
    changed = [
        line for line in client.get(f"{PREFIX}/learn/program?bug=stride").json() if line["changed"]
    ]
    assert len(changed) == 1 and "nn.Conv2d(32, 1" in changed[0]["text"]
    assert ["nn.ConvTranspose2d(32, 1" in line for line in changed[0]["instead"]] == [True]
    file = client.get(f"{PREFIX}/learn/program/file?as=py")
    assert file.text == program() and "tutorial_gan.py" in file.headers["content-disposition"]
    notebook = client.get(f"{PREFIX}/learn/program/file?as=ipynb")
    assert json.loads(notebook.text)["nbformat"] == 4


def test_the_lines_of_a_function(client):
    shown = client.get(f"{PREFIX}/learn/source?name=gan.training.losses.g_minimax_loss").json()
    assert shown["file"] == "gan/training/losses.py"
    assert shown["code"].startswith("def g_minimax_loss(d_fake: Tensor) -> Tensor:")


def test_a_qr_code_is_a_picture(client):
    answer = client.get(
        f"{PREFIX}/learn/qr", params={"text": "https://example.org/?learn=what&task=" + 100 * "数"}
    )
    assert answer.headers["content-type"] == "image/svg+xml" and b"<svg" in answer.content


def test_what_the_layers_compute(client):
    body = np.array([2, 0, 0], "<f4").tobytes()
    answer = client.post(f"{PREFIX}/learn/layers?model=faces", content=body)
    assert answer.headers["x-sides"] == "4,8"
    assert answer.content == b"".join((square + 2).tobytes() for square in SQUARES)


def test_a_bug_is_run_as_a_job(client):
    job = client.post(f"{PREFIX}/learn/run", json={"bug": "stride"}).json()["job"]
    seen, state = 0, ""
    while state not in ("done", "failed", "stopped"):
        news = client.get(f"{PREFIX}/jobs/{job}?seen={seen}").json()
        seen, state = news["version"], news["state"]
    assert (state, news["latest"]["outcome"]) == ("done", "error"), news


@pytest.mark.parametrize(
    ("verb", "path", "words"),
    [
        ("GET", "learn/program?bug=none", "There is no bug 'none'"),
        ("GET", "learn/program/file?as=exe", "Unknown file type"),
        ("GET", "learn/source?name=os.system", "No lesson shows"),
        ("GET", "learn/qr", "text must be"),
        ("GET", "learn/qr?text=" + 2001 * "a", "text must be at most 2000"),
        ("POST", "learn/run", "There is no bug 7"),
        ("POST", "learn/layers?model=faces", "The body must hold 1 to"),
        ("POST", "learn/layers?model=none", "There is no such model"),
    ],
)
def test_refusals(client, verb, path, words):
    body = {"json": {"bug": 7}} if path == "learn/run" else {}
    answer = client.request(verb, f"{PREFIX}/{path}", **body)
    assert answer.status_code == 400 and words in answer.json()["error"]
