"""Costly routes and events are refused to who asks too often: in one sentence, and it says when to come again."""

import httpx
import pytest
from fuzz.examples import EXAMPLES
from helpers.serving import serving_here
from helpers.waiting import PATIENCE

from demo.backend.visitors.rates import TOO_OFTEN
from demo.backend.visitors.uploads import TOKEN_HEADER
from demo.page import build
from demo.routes.http import PREFIX
from demo.routes.rates import cost_of
from demo.tabs.page_blocks import COSTLY

# They draw few pictures, as sliders do, or have limits of their own.
FREE = {
    *(
        "POST /pictures",
        "POST /children",
        "POST /inside/picture",
        "POST /inside/pull",
        "POST /inside/film",
    ),
    *(
        "POST /inside/critic",
        "POST /inside/critic/drawn",
        "POST /inside/mix",
        "POST /again",
        "POST /learn/layers",
        "POST /page/closed",
    ),
    *("POST /own/{id}/files", "POST /points/{session}/{name}"),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving_here(tmp_path_factory.mktemp("runs")) as (services, api):
        services.rates.per_minute = 3
        with httpx.Client(base_url=api.removesuffix("/gradio_api"), timeout=PATIENCE) as client:
            yield services, client


@pytest.fixture
def client(served):
    services, client = served
    services.rates.full_at.clear()
    return client


def test_what_changes_something_costs_something_or_is_known_to_be_cheap():
    costs = {
        f"{each.verb} {each.path}": cost_of(
            {"method": each.verb, "path": "/below" + each.url, "query_string": b"frames=240"}
        )
        for each in EXAMPLES
        if each.verb == "POST" and not each.path.startswith("/class/")
    }
    assert {asked for asked, cost in costs.items() if not cost} == FREE
    assert set(costs.values()) == {0.0, 1.0}


@pytest.mark.parametrize(
    ("asked", "cost"),
    [
        ("frames=60", 0.25),
        ("frames=99999", 1.0),
        ("frames=two", 0.0),  # refused by the route itself
        ("", 0.0),
    ],
)
def test_a_walk_costs_by_its_frames(asked, cost):
    scope = {"method": "POST", "path": f"{PREFIX}/walk", "query_string": asked.encode()}
    assert cost_of(scope) == cost


def test_a_loop_gets_429_one_sentence_and_a_time_and_others_go_on(client):
    mine, other = ({TOKEN_HEADER: 32 * digit} for digit in "ab")
    answers = [client.post(f"{PREFIX}/learn/run", json={"bug": "none"}, headers=mine) for _ in range(5)]
    assert [each.status_code for each in answers] == [400] * 3 + [429] * 2
    seconds = answers[-1].headers["retry-after"]
    assert answers[-1].json() == {"error": TOO_OFTEN.format(seconds)} and 0 < int(seconds) <= 20
    assert client.post(f"{PREFIX}/learn/run", json={"bug": "none"}, headers=other).status_code == 400
    # Sliders go on whatever was spent.
    answer = client.get(f"{PREFIX}/latents", params={"model": "digits", "seeds": "1"}, headers=mine)
    drawn = client.post(
        f"{PREFIX}/pictures", params={"model": "digits"}, content=answer.content, headers=mine
    )
    assert (answer.status_code, drawn.status_code) == (200, 200)


def test_pages_of_one_browser_are_one_visitor(client, served):
    services, _ = served
    tokens = [services.uploads.issue_token(session) for session in ("one", "two")]
    for session in ("one", "two"):
        services.register(session, "0123456789abcdef" * 2, 0)
    asked = [
        client.post(f"{PREFIX}/learn/run", json={"bug": "none"}, headers={TOKEN_HEADER: token})
        for token in (*tokens, *tokens)
    ]
    assert [each.status_code for each in asked] == [400, 400, 400, 429]


def test_endpoints_say_the_same(client):
    def film(session):
        body = {"data": ["ab12cd34", "gif"], "session_hash": session}
        return client.post("/gradio_api/run/run_film", json=body).json()["error"]

    told = [film("mine") for _ in range(4)]
    assert all("no such run" in words for words in told[:3])
    assert told[3].startswith(TOO_OFTEN.split("{")[0])
    assert "no such run" in film("another")
    # A program that names no session is its address.
    assert [("no such run" in film(None)) for _ in range(4)] == [True, True, True, False]


def test_the_events_that_are_counted_are_those_of_the_page(served):
    services, _ = served
    assert COSTLY - {each.name for each in build(services).fns.values()} == set()
