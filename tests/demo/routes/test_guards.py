"""Requests of other sites, and bodies that never end."""

import asyncio
import json

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from demo.routes import guards
from demo.routes.guards import ENDING, FOREIGN, SLOW, RequestGuards, is_foreign
from demo.routes.http import PREFIX

PATH = PREFIX + "/own"


def scope(headers: dict[str, str], method="POST", path=PATH) -> dict:
    listed = [(name.encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": listed}


@pytest.mark.parametrize(
    ("headers", "foreign"),
    [
        ({}, False),  # programs
        ({"sec-fetch-site": "same-origin", "origin": "https://proxy.example"}, False),
        ({"sec-fetch-site": "cross-site"}, True),
        ({"sec-fetch-site": "same-site", "origin": "http://evil.example.org"}, True),
        ({"origin": "http://evil.example", "host": "localhost:7860"}, True),
        ({"origin": "null", "host": "localhost:7860"}, True),
        ({"origin": "http://localhost:7860", "host": "localhost:7860"}, False),
        ({"origin": "http://localhost:7861", "host": "localhost:7860"}, True),
        ({"origin": "http://10.0.0.2:7860", "host": "10.0.0.2:7860"}, False),
        (
            {"origin": "http://a.example", "host": "127.0.0.1:7860", "x-forwarded-host": "a.example"},
            False,
        ),
        ({"origin": "https://root.example", "host": "127.0.0.1:7860"}, False),
    ],
)
def test_only_our_own_page_and_programs_change_something(monkeypatch, headers, foreign):
    monkeypatch.setenv("GRADIO_ROOT_PATH", "https://root.example/ganscope")
    assert is_foreign(scope(headers)) == foreign
    assert is_foreign(scope(headers, "DELETE", "/below" + PATH)) == foreign
    assert not is_foreign(scope(headers, "GET"))
    assert is_foreign(scope(headers, path="/gradio_api/queue/join")) == foreign


def ask(headers: dict, parts: list[dict], handler=None) -> list[dict]:
    """Send the parts of a body and nothing more, through a whole Starlette app; what was answered."""
    sent, waiting = [], list(parts)

    async def read(request: Request) -> JSONResponse:
        return JSONResponse({"bytes": len(await request.body())})

    async def receive():
        if not waiting:
            await asyncio.sleep(3600)
        return waiting.pop(0)

    async def send(message):
        sent.append(message)

    app = Starlette(routes=[Route(PATH, handler or read, methods=["POST"])])
    app.add_middleware(RequestGuards)
    asyncio.run(app(scope(headers), receive, send))
    return sent


def part(content: bytes, more: bool) -> dict:
    return {"type": "http.request", "body": content, "more_body": more}


def test_a_body_that_does_not_come_is_waited_for_with_a_limit(monkeypatch):
    assert ask({}, [part(b"ab", True), part(b"c", False)])[1]["body"] == b'{"bytes":3}'
    monkeypatch.setattr(guards, "SILENT_SECONDS", 0.05)
    start, body = ask({}, [part(b"ab", True)])
    assert start["status"] == 408 and SLOW.encode() in body["body"]
    # The connection is given up: the rest is not waited for.
    assert (b"connection", b"close") in start["headers"]


def test_a_body_that_trickles_ends_as_well(monkeypatch):
    monkeypatch.setattr(guards, "BODY_SECONDS", 0.0)
    assert ask({}, [part(b"a", True)] * 5)[0]["status"] == 408


def test_a_client_that_leaves_is_no_error():
    assert ask({}, [part(b"ab", True), {"type": "http.disconnect"}]) == []


def test_who_is_waiting_when_the_server_ends_is_told():
    async def cancelled(request):
        raise asyncio.CancelledError

    start, body = ask({}, [part(b"", False)], cancelled)
    assert start["status"] == 503 and ENDING.encode() in body["body"]


def test_who_reads_a_stream_when_the_server_ends_is_told_in_a_sentence():
    """Gradio's streams send what ended them, as here: the words of asyncio, with a place in a file."""
    sent, ended = [], []

    async def words():
        yield b'data: {"msg": "estimation"}\n\n'
        try:
            await asyncio.sleep(3600)
        except BaseException as error:
            yield f"data: {json.dumps({'msg': 'unexpected_error', 'message': str(error)})}\n\n".encode()
            raise

    async def read(request: Request) -> StreamingResponse:
        return StreamingResponse(words(), media_type="text/event-stream")

    async def send(message):
        sent.append(message.get("body", b""))
        ended.append(message["type"] == "http.response.body" and not message.get("more_body"))

    async def receive():
        await asyncio.sleep(3600)

    async def end_the_server():
        app = Starlette(routes=[Route(PATH, read)])
        app.add_middleware(RequestGuards)
        task = asyncio.create_task(app(scope({}, "GET"), receive, send))
        while not any(sent):
            await asyncio.sleep(0)
        task.cancel(msg="Task cancelled, timeout graceful shutdown exceeded")
        await task

    asyncio.run(end_the_server())
    first, last, *_ = [json.loads(body.removeprefix(b"data: ")) for body in sent if body]
    assert first == {"msg": "estimation"}
    assert last == {"msg": "unexpected_error", "message": ENDING}
    assert ended[-1]


def test_other_errors_are_still_seen():
    async def fail(request):
        raise RuntimeError("seen")

    with pytest.raises(RuntimeError, match="seen"):
        ask({}, [part(b"", False)], fail)


def test_waiting_for_the_end_of_a_connection_has_no_limit(monkeypatch):
    monkeypatch.setattr(guards, "SILENT_SECONDS", 0.01)

    async def stream(request):
        await request.body()
        # Event streams wait so until their client leaves.
        waiting = asyncio.create_task(request.receive())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        waiting.cancel()
        return JSONResponse({})

    assert ask({}, [part(b"", False)], stream)[0]["status"] == 200


def test_a_foreign_page_is_told():
    start, body = ask({"origin": "http://evil.example", "host": "here"}, [part(b"", False)])
    assert start["status"] == 403 and FOREIGN.encode() in body["body"]
