"""Hostile requests get a sentence; the server stays, tells nothing of itself, and leaves nothing running."""

import concurrent.futures
import json
import re
import urllib.error
import urllib.parse
import urllib.request

import pytest
from helpers.serving import ROOT, serving

from demo.backend.services import make_services
from demo.routes.all import all_routes
from demo.routes.http import PREFIX
from fuzz.examples import EXAMPLES
from fuzz.hostile import Hostile

AT_ONCE = 4
SECONDS = 120  # for an answer, on a busy machine
# What no answer may tell: where files are, and how the program failed.
TELLS = re.compile(rf"{re.escape(str(ROOT))}|site-packages|Traceback|/tmp/|/home/|/root/|object at 0x")
# Endpoints that train: one that happens to be in order would keep the machine busy.
SLOW = ("/train", "/run_start", "/compare", "/report", "/find")


@pytest.fixture(scope="module")
def attacked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("attacked")
    with serving(folder) as served:
        yield served


@pytest.fixture
def hostile(request):
    return Hostile(request.config.getoption("--fuzz-seed"))


@pytest.fixture
def count(request):
    return request.config.getoption("--requests")


def test_each_route_has_an_example(tmp_path):
    served = {
        (verb, route.path.removeprefix(PREFIX))
        for route in all_routes(make_services(folder=tmp_path))
        for verb in route.methods - {"HEAD"}
        # Those outside (routes/health.py) read nothing of a request but who asks.
        if route.path.startswith(f"{PREFIX}/") and not route.path.startswith(f"{PREFIX}/web/")
    }
    assert {(example.verb, example.path) for example in EXAMPLES} == served


def test_routes_answer_hostile_requests_with_a_sentence(attacked, hostile, count):
    requests = [hostile.request() for _ in range(count)]
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        faults = [
            fault for fault in pool.map(lambda each: fault_of_route(attacked, each), requests) if fault
        ]
    assert faults == []
    assert_sound(attacked)


def test_endpoints_answer_hostile_inputs_with_a_sentence(attacked, hostile, count):
    with urllib.request.urlopen(f"{attacked.url}/gradio_api/info", timeout=SECONDS) as answer:
        named = json.load(answer)["named_endpoints"]
    calls = []
    for _ in range(count):
        name = hostile.chance.choice(sorted(named.keys() - set(SLOW)))
        calls.append((name, hostile.arguments(named[name]["parameters"])))
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        faults = [
            fault for fault in pool.map(lambda each: fault_of_call(attacked, *each), calls) if fault
        ]
    assert faults == []
    assert_sound(attacked)


def fault_of_route(server, example) -> str | None:
    """What is wrong with the answer to a request; None for a good answer or a refusal with a sentence."""
    fields = {name: urllib.parse.quote(str(value), safe="") for name, value in example.fields.items()}
    query = urllib.parse.urlencode({name: str(value) for name, value in example.query.items()})
    body, headers = example.body, {"content-type": "application/json", **example.headers}
    if isinstance(body, dict):
        body = json.dumps(body).encode()
    url = f"{server.url}{example.with_(fields=fields).url}?{query}"
    request = urllib.request.Request(url, body, headers, method=example.verb)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            answer.read()
            return None
    except urllib.error.HTTPError as refused:
        return fault_of_refusal(example, refused.code, refused.read().decode("utf-8", "replace"))
    except (OSError, ValueError) as error:
        return f"{example}: no answer ({error})"


def fault_of_refusal(example, status: int, text: str) -> str | None:
    # A path with an odd field may be that of no route at all.
    if status in (404, 405) and text in ("Not Found", "Method Not Allowed", '{"detail":"Not Found"}'):
        return None
    # An empty last field is a slash too much: a redirect to the path without it, which urllib follows for GET alone.
    if status == 307 and not text:
        return None
    try:
        message = json.loads(text)["error"]
    except (ValueError, KeyError, TypeError):
        return f"{example}: {status} {text[:200]}"
    said = isinstance(message, str) and len(message) > 10
    return (
        None
        if status < 500 and said and not TELLS.search(message)
        else f"{example}: {status} {text[:200]}"
    )


def fault_of_call(server, name: str, values: list) -> str | None:
    """What is wrong with an endpoint's last event; None for an answer, or an error with a sentence."""
    content, shown = json.dumps({"data": values}).encode(), f"{name} {str(values)[:200]}"
    request = urllib.request.Request(
        f"{server.url}/gradio_api/call{name}", content, {"content-type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            event = json.load(answer)["event_id"]
        with urllib.request.urlopen(f"{request.full_url}/{event}", timeout=SECONDS) as stream:
            text = stream.read().decode()
    except urllib.error.HTTPError as refused:
        said = refused.read().decode("utf-8", "replace")
        good = refused.code < 500 and len(said) > 10 and not TELLS.search(said)
        return None if good else f"{shown}: {refused.code} {said[:200]}"
    except OSError as error:
        return f"{shown}: no answer ({error})"
    kind, _, data = text.strip().rpartition("event: ")[2].partition("\n")
    if kind.strip() == "complete":
        return None
    message = data.strip().removeprefix("data: ")
    good = kind.strip() == "error" and len(message) > 10 and not TELLS.search(message)
    return None if good else f"{shown}: {kind} {message[:200]}"


def assert_sound(server) -> None:
    """The server answers as before, and has failed at nothing."""
    with urllib.request.urlopen(f"{server.url}{PREFIX}/model?name=digits", timeout=SECONDS) as answer:
        assert json.load(answer)["size"] == 32
    log = (server.runs.parent / "log").read_text()
    assert "Traceback" not in log, log[-3000:]
