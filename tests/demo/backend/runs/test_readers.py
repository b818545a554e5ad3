"""Which streams count as read: open ones whose client takes what is sent, pulled by whoever shows them."""

import asyncio
import time

import pytest
from starlette.responses import StreamingResponse

from demo.backend.runs import readers
from demo.backend.runs.readers import CALL_HEADER, Readers, Watcher
from demo.backend.runs.run import Run
from demo.routes.streams import EventStreams
from gan.settings.config import TrainConfig

EVENTS = "/gradio_api/call/train/abc"


@pytest.fixture
def clock(monkeypatch):
    """A clock that tests set; `clock[0]` is its time."""
    now = [time.monotonic()]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    return now


def request(known: Readers, path: str, answer, method="GET", query=b"", send=None):
    """Send a request through the middleware to the app `answer`; returns what was sent."""
    sent = []

    async def receive():
        await asyncio.sleep(3600)

    async def keep(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": query, "headers": []}
    asyncio.run(EventStreams(answer, known)(scope, receive, send or keep))
    return sent


@pytest.mark.parametrize(
    ("path", "query", "key"),
    [
        (EVENTS, b"", "abc"),
        ("/below/gradio_api/call/v2/train/abc", b"", "abc"),
        ("/gradio_api/queue/data", b"session_hash=abc", "abc"),
    ],
)
def test_a_stream_counts_while_it_is_open(path, query, key):
    known, during = Readers(), []

    async def answer(scope, receive, send):
        during.append(known.read(frozenset({key, "other"})))

    request(known, path, answer, query=query)
    assert during == [True]
    assert not known.read(frozenset({key})) and not known.streams


def test_a_tool_call_counts_while_the_assistant_waits_by_a_name_that_nobody_else_knows():
    known, during = Readers(), []

    async def answer(scope, receive, send):
        (name,) = [value for key, value in scope["headers"] if key == CALL_HEADER.encode()]
        during.append((len(name), known.read(frozenset({name.decode()}))))

    request(known, "/gradio_api/mcp/", answer, method="POST")
    assert during == [(32, True)] and not known.streams


def test_a_client_that_takes_nothing_does_not_read(clock):
    known, during = Readers(), []

    async def answer(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def stuck(message):
        clock[0] += readers.READER_SECONDS - 1
        during.append(known.read(frozenset({"abc"})))
        clock[0] += 2
        during.append(known.read(frozenset({"abc"})))

    request(known, EVENTS, answer, send=stuck)
    assert during == [True, False]


def test_event_streams_are_not_buffered_by_proxies_and_other_answers_are_as_they_were():
    for kind, expected in (("text/event-stream", b"no"), ("text/html", None)):

        async def answer(scope, receive, send, kind=kind):
            await StreamingResponse(iter(()), media_type=kind)(scope, receive, send)

        headers = dict(request(Readers(), "/any", answer)[0]["headers"])
        assert headers.get(b"x-accel-buffering") == expected


def test_a_watcher_is_present_while_it_is_read_and_pulled(clock):
    reads = True
    watcher = Watcher(lambda: reads)
    clock[0] += readers.READER_SECONDS + 1
    assert not watcher.present(), "a generator that nobody pulls"
    watcher.pulled()
    assert watcher.present()
    reads = False
    clock[0] += readers.READER_SECONDS - 1
    watcher.pulled()
    assert watcher.present(), "callers may take a moment to begin to read"
    clock[0] += 2
    watcher.pulled()
    assert not watcher.present(), "a generator that nobody reads"


def test_a_run_is_abandoned_by_watchers_that_do_not_read(clock, tmp_path):
    run, reads = Run("ab", TrainConfig(), tmp_path, ""), True
    watcher = Watcher(lambda: reads)
    run.count_watcher(1, watcher)
    clock[0] += readers.READER_SECONDS + 1
    watcher.pulled()
    assert not run.unwanted
    reads = False
    clock[0] += readers.READER_SECONDS + 1
    watcher.pulled()
    assert run.unwanted
    run.count_watcher(1)
    assert not run.unwanted, "another watches"
    run.count_watcher(-1, watcher)
    assert not run.unwanted and not run.readers
