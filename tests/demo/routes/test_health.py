"""What those who run the server are told: whether it works, and its numbers."""

from concurrent.futures import Future
from types import SimpleNamespace

import pytest
from prometheus_client.parser import text_string_to_metric_families
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from demo.backend.work.rpc import ENDED
from demo.routes import health
from demo.routes.http import PREFIX


def services(tmp_path, answer=None, writable=True):
    """Services whose renderer answers with `answer`, a future; by default at once."""
    done = Future()
    done.set_result(None)
    renderer = SimpleNamespace(child=None, call=lambda *arguments: answer or done)
    made = SimpleNamespace(
        generators=SimpleNamespace(renderer=renderer),
        runs=SimpleNamespace(
            folder=tmp_path,
            known={name: SimpleNamespace(state=name) for name in ("running", "queued", "finished")},
        ),
        jobs=SimpleNamespace(known={"a": SimpleNamespace(state="running", over=False)}),
        owners=SimpleNamespace(sessions={"one": "", "two": ""}),
    )
    made.why_unwritable = lambda: "" if writable else "The folder of runs cannot be written."
    return made


def client(made, address="127.0.0.1"):
    async def drawn(request):
        return PlainTextResponse("pixels")

    route = Route(f"{PREFIX}/pictures", drawn, methods=["POST"])
    app = Starlette(routes=[*health.routes(made), route], middleware=[Middleware(health.DrawingTimes)])
    return TestClient(app, client=(address, 50000))


def numbers(text):
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_server_that_works_says_ok_and_one_that_does_not_says_why(tmp_path, monkeypatch):
    assert client(services(tmp_path)).get("/healthz").json() == {"status": "ok"}
    died = Future()
    died.set_exception(ValueError(ENDED))
    monkeypatch.setattr(health, "PATIENCE", 0.05)
    for made, words in (
        (services(tmp_path, Future()), "does not answer"),
        (services(tmp_path, died), "ended unexpectedly"),
        (services(tmp_path, writable=False), "cannot be written"),
    ):
        answer = client(made).get("/healthz")
        assert answer.status_code == 503 and words in answer.json()["status"]


def test_numbers_are_those_of_the_server(tmp_path):
    seen = client(services(tmp_path))
    before = numbers(seen.get("/metrics").text)
    assert before["ganscope_sessions",] == 2
    assert before["ganscope_runs", "running"] == before["ganscope_runs", "queued"] == 1
    assert before["ganscope_runs", "paused"] == 0
    assert before["ganscope_runs_kept",] == 3
    assert before["ganscope_jobs", "running"] == 1
    for _ in range(3):
        seen.post(f"{PREFIX}/pictures")
    seen.get(f"{PREFIX}/pictures")  # is refused, and counts for nothing
    after = numbers(seen.get("/metrics").text)
    assert after["ganscope_drawing_seconds_count",] - before["ganscope_drawing_seconds_count",] == 3


@pytest.mark.parametrize(
    ("address", "headers", "key", "status"),
    [
        ("127.0.0.1", {}, "", 200),
        ("10.0.0.7", {}, "", 403),
        ("127.0.0.1", {"x-forwarded-for": "10.0.0.7"}, "", 403),
        ("127.0.0.1", {"x-real-ip": "10.0.0.7"}, "", 403),
        ("127.0.0.1", {"x-forwarded-proto": "https"}, "", 403),
        ("10.0.0.7", {"authorization": "Bearer secret"}, "secret", 200),
        ("127.0.0.1", {}, "secret", 403),
        ("127.0.0.1", {"authorization": "Bearer secreT"}, "secret", 403),
    ],
)
def test_numbers_are_for_this_machine_or_by_the_key(
    tmp_path, monkeypatch, address, headers, key, status
):
    monkeypatch.setenv("GANSCOPE_METRICS_KEY", key)
    answer = client(services(tmp_path), address).get("/metrics", headers=headers)
    assert answer.status_code == status
    # Whether it works is no secret: a proxy asks.
    assert client(services(tmp_path), address).get("/healthz").status_code == 200
