"""A server with all switched on: its tools for assistants (MCP), and a Hub, which is one of our own."""

import asyncio
import json
import time
import urllib.error
import urllib.request

import pytest
from helpers.fake_hub import TOKEN, fake_hub, sent_files
from helpers.serving import ROOT, serving
from helpers.waiting import PATIENCE

from demo.arguments import mcp_requested
from demo.routes.http import PREFIX

mcp = pytest.importorskip("mcp")


@pytest.fixture(scope="module")
def hub():
    with fake_hub() as server:
        yield server


@pytest.fixture(scope="module")
def connected(hub, tmp_path_factory):
    switches = {"GANSCOPE_MCP": "1", "HF_HUB_OFFLINE": "0", "HF_ENDPOINT": hub.url}
    with serving(tmp_path_factory.mktemp("connected"), **switches) as served:
        yield served


def talk(url: str, *calls):
    """(tools by name, the answers to `calls`) of the MCP server at `url`."""
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async def speak():
        async with (
            streamablehttp_client(f"{url}/gradio_api/mcp/") as (reading, writing, _),
            ClientSession(reading, writing) as session,
        ):
            await session.initialize()
            tools = (await session.list_tools()).tools
            return {tool.name: tool for tool in tools}, [
                await session.call_tool(*call) for call in calls
            ]

    return asyncio.run(speak())


def test_tools_are_named_for_what_they_do_and_answer(connected):
    picture = ("draw_picture", {"model": "digits", "seed": 3, "truncation": 1})
    wrong = ("draw_picture", {"model": "nope", "seed": 3, "truncation": 1})
    tools, (drawn, refused) = talk(connected.url, picture, wrong)
    assert {
        "draw_picture",
        "draw_walk",
        "train_model",
        "look_at_training",
        "export_model",
    } <= tools.keys()
    verbs = {name.split("_")[0] for name in tools}
    assert not any(name.startswith(("lambda", "api", "predict")) for name in tools), verbs
    # Of the page's own events none is a tool.
    assert (
        not {"learn", "pause", "stop", "rejoin", "choose", "choose_data", "follow_link", "go"}
        & tools.keys()
    )
    for tool in tools.values():
        assert len(tool.description) > 20, tool.name
        for name, schema in tool.inputSchema["properties"].items():
            assert len(schema.get("description", "")) > 8, (tool.name, name)
    assert not drawn.isError and drawn.content[0].type == "image"
    assert refused.isError and "no model called" in refused.content[0].text


def test_without_the_flag_there_is_no_such_door(server):
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"{server.url}/gradio_api/mcp/schema", timeout=PATIENCE)
    assert caught.value.code == 404


def test_the_switch(monkeypatch):
    monkeypatch.delenv("GANSCOPE_MCP", raising=False)
    assert not mcp_requested([]) and mcp_requested(["--mcp"])
    for value, expected in (("1", True), ("true", True), ("0", False), ("", False)):
        monkeypatch.setenv("GANSCOPE_MCP", value)
        assert mcp_requested([]) == expected
    with pytest.raises(SystemExit, match=r"app\.py takes --mcp"):
        mcp_requested(["--mcpp"])
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="pip install mcp=="):
        mcp_requested(["--mcp"])


def test_the_named_version_is_the_one_that_is_tested():
    from demo.arguments import MISSING

    (pin,) = [
        line
        for line in (ROOT / "requirements-dev.txt").read_text().splitlines()
        if line.startswith("mcp")
    ]
    assert pin in MISSING


def ask(url: str, body: dict | None = None) -> dict:
    content = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url, content), timeout=PATIENCE) as response:
        return json.load(response)


def test_a_push_from_the_page_arrives_and_leaves_no_trace(connected, hub):
    routes = connected.url + PREFIX
    job = ask(f"{routes}/push", {"model": "digits", "to": "anna/digits", "token": TOKEN})["job"]
    deadline = time.monotonic() + PATIENCE
    while (told := ask(f"{routes}/jobs/{job}"))["state"] not in ("done", "failed", "stopped"):
        assert time.monotonic() < deadline
    assert told["latest"]["address"] == f"{hub.url}/anna/digits", told
    sent = sent_files(hub)
    assert sent["model.safetensors"] == (ROOT / "weights/digits/model.safetensors").read_bytes()
    assert "config.json" in sent and "README.md" in sent
    for _, headers, _ in hub.asked:
        assert {key.lower(): value for key, value in headers.items()}[
            "authorization"
        ] == f"Bearer {TOKEN}"
    log = (connected.runs.parent / "log").read_text()
    assert TOKEN not in log and TOKEN not in json.dumps(told)
    assert all(TOKEN not in path and TOKEN.encode() not in body for path, _, body in hub.asked)
