"""What an endpoint refuses, it refuses in a sentence: never null, and never with a path of the server."""

import json
import urllib.error
import urllib.request

import gradio as gr
import pytest
from helpers.serving import ROOT, serving_here
from helpers.waiting import PATIENCE

from demo.tabs.page_blocks import FAULT, NO_ENDPOINT, PageBlocks, stream_keys

MISSING_FILE = {"path": str(ROOT / "README.md"), "meta": {"_type": "gradio.FileData"}}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving_here(tmp_path_factory.mktemp("runs")) as here:
        yield here


@pytest.fixture(scope="module")
def api(served):
    return served[1]


def ask(url: str, body: object) -> tuple[int, dict]:
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(url, json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, json.load(response)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def endpoints(api: str) -> dict[str, list]:
    """The parameters of each endpoint."""
    with urllib.request.urlopen(f"{api}/info", timeout=PATIENCE) as response:
        found = json.load(response)["named_endpoints"]
    return {name: each["parameters"] for name, each in found.items()}


def test_every_endpoint_says_why_it_refuses_inputs(api):
    asked = 0
    for name, parameters in endpoints(api).items():
        names = [each["label"].partition(":")[0] for each in parameters]
        defaults = [each.get("parameter_default") for each in parameters]
        wrong = {"too many": [*defaults, 1]}
        if defaults:
            wrong["none"] = []
        for place, parameter in enumerate(names):
            for bad in ({"bad": 1}, [[1]]):
                wrong[parameter] = [*defaults[:place], bad, *defaults[place + 1 :]]
                status, answer = ask(f"{api}/run{name}", {"data": wrong[parameter]})
                assert status == 500, (name, parameter, bad, answer)
                assert answer["error"] and str(ROOT) not in answer["error"], (name, answer)
                asked += 1
        for kind in ("too many", "none"):
            if kind in wrong:
                _, answer = ask(f"{api}/run{name}", {"data": wrong[kind]})
                assert answer["error"].startswith(f"This takes {len(names)} input"), answer
                assert all(each in answer["error"] for each in names)
    assert asked > 100


def test_calls_from_before_there_were_classes_are_answered(api):
    status, answer = ask(f"{api}/run/snippet", {"data": ["digits", 3, 1]})
    assert status == 200 and "--class" not in answer["data"][0]["command"]
    status, answer = ask(f"{api}/run/snippet", {"data": ["digits", 3]})
    assert status == 500 and answer["error"].startswith("This takes 4 inputs (model, seed, truncation,")


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("generate", [7, 0, 1], "There is no model called"),
        ("generate", ["digits", "soon", 1], "seed must be a number, not text."),
        ("generate", ["digits", True, 1], "seed must be a number, not true or false."),
        ("snippet", [["digits"], 0, 1], "model must be text, not a list."),
        ("walk", ["digits", "1, 2", 9, "slerp", "yes", "gif"], "closed must be true or false"),
        ("invert", [MISSING_FILE, "digits", 9, 1, 0, "crop", "kept"], "Files must be uploaded first."),
        ("generate", ["run:" + "a" * 300, 0, 1], "There are no weights of this run"),
        ("generate", ["run:abc@64", 0, 1], "There are no weights of this run"),
        ("generate", ["run:abc@../..", 0, 1], "There are no weights of this run"),
        ("sample", ["own:" + "a" * 300, "0-3", 1], "no longer here"),
        ("run_look", ["a" * 300], "There is no such run"),
        ("report", ["run:" + "../" * 40, "", 64, 0], "There are no weights of this run"),
    ],
)
def test_the_sentence_says_what_would_be_right(api, name, data, words):
    status, answer = ask(f"{api}/run/{name}", {"data": data})
    assert status == 500 and words in answer["error"], answer
    assert str(ROOT) not in answer["error"]


def test_a_refusal_in_the_queue_is_the_same_sentence(api):
    event = ask(f"{api}/call/generate", {"data": ["digits", "soon", 1]})[1]["event_id"]
    with urllib.request.urlopen(f"{api}/call/generate/{event}", timeout=PATIENCE) as response:
        assert "seed must be a number, not text." in response.read().decode()
    event = ask(f"{api}/call/train", {"data": ["nothing", "quick", 60, 0]})[1]["event_id"]
    with urllib.request.urlopen(f"{api}/call/train/{event}", timeout=PATIENCE) as response:
        assert "nothing" in response.read().decode().split("error", 1)[1]


@pytest.mark.parametrize("path", ["run/nope", "call/nope"])
def test_an_unknown_endpoint_is_called_that(api, path):
    assert ask(f"{api}/{path}", {"data": []}) == (404, {"error": NO_ENDPOINT})


def test_callers_without_a_session_are_told_apart_by_their_address(served):
    services, api = served
    settings, body = ["glyphs", "quick", 600, 0], {}
    first = ask(f"{api}/run/run_start", {"data": settings})[1]["data"][0]["run"]
    second = ask(f"{api}/run/run_start", {"data": settings})[1]["data"][0]["run"]
    for way in ("run", "call"):
        body = ask(f"{api}/{way}/run_start", {"data": settings})[1]
        if way == "call":
            event = f"{api}/call/run_start/{body['event_id']}"
            with urllib.request.urlopen(event, timeout=PATIENCE) as response:
                body = {"error": response.read().decode()}
        assert "You have 2 runs already" in body["error"]
    # Another session stops nothing, and who started them stops them by either way.
    stranger = {"data": [first], "session_hash": "stranger"}
    assert "Only the owner" in ask(f"{api}/run/run_stop", stranger)[1]["error"]
    assert services.runs.known[first].requested != "stop"
    ask(f"{api}/run/run_stop", {"data": [first]})
    event = ask(f"{api}/call/run_stop", {"data": [second]})[1]["event_id"]
    with urllib.request.urlopen(f"{api}/call/run_stop/{event}", timeout=PATIENCE) as response:
        assert "error" not in response.read().decode()
    assert {services.runs.known[name].requested for name in (first, second)} == {"stop"}


def test_a_program_in_a_session_whose_browser_is_known_calls_for_the_browser(served):
    services, api = served
    browser = services.register("a page", "ab" * 16, 0)
    called = {"data": ["glyphs", "quick", 600, 0], "session_hash": "a page"}
    started = ask(f"{api}/run/run_start", called)[1]["data"][0]["run"]
    assert services.runs.known[started].owner == browser
    # Another page of that browser stops it.
    services.register("another page", "ab" * 16, 0)
    ask(f"{api}/run/run_stop", {"data": [started], "session_hash": "another page"})
    assert services.runs.known[started].requested == "stop"


def test_what_nobody_expected_tells_nothing_of_the_server(api):
    body = {"data": [], "fn_index": 99999, "session_hash": "x"}
    assert ask(f"{api}/queue/join", body) == (500, {"error": FAULT})


@pytest.mark.parametrize(
    ("problem", "told"),
    [
        (ValueError("seed must be 1."), "seed must be 1."),
        (gr.Error("Once."), "Once."),
        (RuntimeError("/srv/secret"), FAULT),
        (OSError(28, "No space left", "/srv/secret"), FAULT),
    ],
)
def test_exceptions_of_streams_are_told_as_those_of_functions(problem, told):
    import asyncio

    async def fail():
        yield 1
        raise problem

    with PageBlocks(None) as page:
        gr.Button().click(fail, None, gr.Number())
    function = page.fns[0]

    async def pull():
        state = None
        first = await page.process_api(function, [], state, None, event_id="a", root_path=None)
        await page.process_api(
            function, [], state, None, iterator=first["iterator"], event_id="a", root_path=None
        )

    with pytest.raises(gr.Error) as caught:
        asyncio.run(pull())
    assert caught.value.message == told


def test_a_caller_is_known_by_session_and_event_or_by_the_call_of_its_assistant():
    class Asked:
        session_hash, headers = "session", {}

    assert stream_keys(Asked(), "event") == {"session", "event"}
    Asked.headers = {"x-ganscope-call": "call"}
    assert stream_keys(Asked(), "event") == {"call"}
    assert stream_keys(None, None) == frozenset()
