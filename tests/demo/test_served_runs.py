"""Who keeps a run alive: callers that read what it yields, and nobody else. On the real server."""

import asyncio
import json
import threading
import time
import urllib.request

import httpx
import pytest
from helpers.serving import serving_here
from helpers.waiting import PATIENCE, wait_for

from demo.backend.runs import readers
from demo.backend.runs.limits import BY_OPERATOR

GRACE = 4.0
# Without start_from, which the endpoint has got since the first programs were written.
TRAIN = ["glyphs", "quick", 604800, 0]


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """(services, URL) of a server whose readers have `GRACE` seconds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(readers, "READER_SECONDS", GRACE)
        with serving_here(tmp_path_factory.mktemp("runs"), mcp_server=True) as here:
            yield here


def post(url: str, body: dict) -> dict:
    content = json.dumps(body).encode()
    request = urllib.request.Request(url, content, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as response:
        return json.load(response)


def new_run(services, start):
    """The run that `start()` makes."""
    known = set(services.runs.known)
    start()
    wait_for(lambda: set(services.runs.known) - known)
    ((name),) = set(services.runs.known) - known
    return services.runs.known[name]


def read_events(url: str, seen: list, leave: threading.Event) -> threading.Thread:
    """Read an event stream in a thread until it ends or `leave` is set."""

    def read():
        with httpx.stream("GET", url, timeout=PATIENCE) as response:
            seen.append(response.headers)
            for line in response.iter_lines():
                seen.append(line)
                if leave.is_set():
                    return

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread


def test_a_run_that_is_read_goes_on_and_ends_with_its_reader(served):
    services, url = served
    event, leave, seen = post(f"{url}/call/train", {"data": TRAIN}), threading.Event(), []
    reading = read_events(f"{url}/call/train/{event['event_id']}", seen, leave)
    wait_for(lambda: services.runs.known)
    (run,) = services.runs.known.values()
    wait_for(lambda: run.state == "running")
    time.sleep(2 * GRACE)
    assert run.state == "running" and run.watched
    # Without it nginx would keep the numbers until its buffer is full.
    assert seen[0]["x-accel-buffering"] == "no"
    leave.set()
    reading.join(30)
    wait_for(lambda: not run.active)


def test_a_run_is_read_by_event_where_its_caller_named_a_session(served):
    services, url = served
    body = {"data": TRAIN, "session_hash": "mine"}
    events = []
    run = new_run(services, lambda: events.append(post(f"{url}/call/train", body)["event_id"]))
    leave = threading.Event()
    reading = read_events(f"{url}/call/train/{events[0]}", [], leave)
    wait_for(lambda: run.state == "running")
    time.sleep(2 * GRACE)
    assert run.state == "running"
    leave.set()
    reading.join(30)
    wait_for(lambda: not run.active)


def test_a_run_that_nobody_reads_ends(served):
    services, url = served
    called = new_run(services, lambda: post(f"{url}/call/train", {"data": TRAIN}))
    with urllib.request.urlopen(url.replace("gradio_api", "config"), timeout=PATIENCE) as response:
        events = json.load(response)["dependencies"]
    (train,) = [each["id"] for each in events if each["api_name"] == "train"]
    joined = {"data": TRAIN, "fn_index": train, "session_hash": "unread"}
    waiting = new_run(services, lambda: post(f"{url}/queue/join", joined))
    for run in (called, waiting):
        wait_for(lambda run=run: not run.active)
        assert run.state == "stopped"


def test_a_run_of_an_assistant_ends_when_its_call_timed_out(served):
    pytest.importorskip("mcp")
    services, url = served
    seen = []

    async def call():
        from mcp import ClientSession
        from mcp.client.streamable_http import streamablehttp_client

        async with (
            streamablehttp_client(f"{url}/mcp/") as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            names = ("data", "method", "seconds", "seed")
            calling = session.call_tool("train_model", dict(zip(names, TRAIN, strict=True)))
            known = set(services.runs.known)
            task = asyncio.create_task(calling)
            while not (new := set(services.runs.known) - known):
                await asyncio.sleep(0.1)
            run = services.runs.known[new.pop()]
            await asyncio.sleep(2 * GRACE)
            seen.extend([run, run.active])
            task.cancel()

    asyncio.run(call())
    run, was_active = seen
    assert was_active, "a call that is still open is read"
    wait_for(lambda: not run.active)


def test_whoever_runs_the_server_ends_runs_by_a_file(served):
    services, url = served
    leave = threading.Event()

    def start():
        event = post(f"{url}/call/train", {"data": TRAIN})["event_id"]
        read_events(f"{url}/call/train/{event}", [], leave)

    for name in ("ID", "all"):
        run = new_run(services, start)
        wait_for(lambda run=run: run.state == "running")
        (services.runs.folder / f"{run.id if name == 'ID' else name}.stop").touch()
        wait_for(lambda run=run: not run.active)
        assert (run.state, run.message) == ("stopped", BY_OPERATOR)
    # Runs that are started later are not meant.
    run = new_run(services, start)
    wait_for(lambda: run.state == "running")
    assert not run.why_stopped
    leave.set()
    services.runs.stop(run)
