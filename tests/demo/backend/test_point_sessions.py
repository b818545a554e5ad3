"""The routes of Points: sessions in processes of their own, and one sentence for anything hostile."""

import contextlib
import json
import os
import signal
import time

import numpy as np
import pytest
from helpers.serving import alive
from helpers.unpacking import unpacked
from helpers.waiting import PATIENCE
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend import point_sessions
from demo.backend.point_sessions import MAX_SESSIONS, PointSessions, Session
from demo.backend.work.rpc import RpcClient
from demo.routes import point_requests
from demo.routes.http import PREFIX
from demo.routes.points import THUMBNAIL_POINTS, PointRoutes
from gan.data.point_clouds import CLOUDS
from gan.settings.catalogue import METHODS
from gan.settings.hyperparameters import HORIZON
from tests.demo.routes.test_point_requests import framed, png

SMALL = {"data": "ring", "width": 16, "batch": 32, "limit": 400}
SQUARE = [10, 20, 30, 20, 30, 40, 10, 40]
GONE = "This session has ended on the server: press Reset to start again."


@contextlib.contextmanager
def serving():
    sessions = PointSessions()
    try:
        with TestClient(Starlette(routes=PointRoutes(sessions).all())) as client:
            yield client, sessions
    finally:
        sessions.close()


@pytest.fixture(scope="module")
def house():
    with serving() as served:
        yield served


def post(client, path, values=None, **options):
    content = options.pop("content", json.dumps(values or {}))
    return client.post(f"{PREFIX}/points/{path}", content=content, **options)


def opened(client, settings=SMALL, **more) -> tuple[str, dict]:
    response = post(client, "open", {"settings": settings, **more})
    assert response.status_code == 200, response.text
    return response.headers["x-game"], unpacked(response.content)


def asked(client, game, name, **values) -> dict:
    response = post(client, f"{game}/{name}", values)
    assert response.status_code == 200, response.text
    return unpacked(response.content)


def refused(response) -> str:
    assert response.status_code == 400, response.text
    sentence = json.loads(response.content)["error"]
    assert sentence.endswith(".") and "\n" not in sentence and "Traceback" not in sentence
    assert len(sentence) < 1200
    return sentence


@pytest.fixture(scope="module")
def game(house):
    """The name of a game that others leave as it is."""
    return opened(house[0])[0]


def test_the_page_is_told_what_there_is(house):
    about = house[0].get(f"{PREFIX}/points/about").json()
    assert [cloud["name"] for cloud in about["clouds"]] == list(CLOUDS)
    for cloud in about["clouds"]:
        assert len(cloud["points"]) == 2 * THUMBNAIL_POINTS
        assert {0, 99} <= set(cloud["points"]) <= set(range(100))
    told = [method["name"] for group in about["methods"] for method in group["methods"]]
    assert told == [name for name, method in METHODS.items() if method.points is not None]


def test_a_finished_game_is_shown(house):
    show = unpacked(house[0].get(f"{PREFIX}/points/show").content)
    assert show["frames"][0]["step"] == 0 and show["frames"][-1]["step"] >= 1000
    assert show["running"] is False


def test_a_game_is_opened_played_changed_and_closed():
    with serving() as (client, sessions):
        name, told = opened(client, {**SMALL, "seed": 5, "r1": 0.3})
        assert (told["settings"]["seed"], told["chosen"]["r1"]) == (5, 0.3)
        assert told["settings"]["steps"] == HORIZON
        assert told["settings"]["seconds"] is None
        assert asked(client, name, "step")["frames"][0]["step"] == 1
        assert [frame["half"] for frame in asked(client, name, "slowly")["frames"]] == ["", "d", ""]
        assert asked(client, name, "step_of", player="g")["frames"][0]["half"] == "g"
        assert asked(client, name, "play", goal=20, pace=5000)["running"]
        deadline = time.monotonic() + PATIENCE
        while (told := asked(client, name, "look"))["running"]:
            assert time.monotonic() < deadline
        assert told["frames"][0]["step"] == 20
        told = asked(client, name, "change", settings={**SMALL, "seed": 5, "r1": 0.3, "g_lr": 0.01})
        assert told["changed"] and told["frames"][0]["step"] == 20
        assert post(client, f"{name}/samples").text.startswith("x,y\n")
        process = sessions.sessions[name].client.child.process.pid
        assert post(client, f"{name}/close").status_code == 204
        assert not sessions.sessions and not alive(process)
        assert refused(post(client, f"{name}/look")) == GONE


def test_a_game_takes_the_place_of_another():
    with serving() as (client, sessions):
        first, _ = opened(client)
        second, _ = opened(client, instead=first)
        assert list(sessions.sessions) == [second]


def test_own_points_are_learnt_and_kept_from_the_server(house):
    client, _ = house
    name, told = opened(client, {"data": "own.csv", "width": 16, "batch": 32}, points=SQUARE)
    assert told["arrays"]["real"].tolist() == [[-1, -1], [1, -1], [1, 1], [-1, 1]]
    assert asked(client, name, "step")["frames"][0]["step"] == 1
    post(client, f"{name}/close")


def test_text_is_read_into_a_square(house, monkeypatch):
    client, _ = house
    response = post(client, "read", content="x;y\n1,5;2\n3,5;2\n")
    assert np.frombuffer(response.content, "<f4").tolist() == [-1, 0, 1, 0]
    assert response.headers["x-points"] == "2"
    monkeypatch.setattr(point_requests, "MAX_POINTS", 10)
    response = post(client, "read", content="\n".join(f"{n},0" for n in range(1000)))
    xs = np.frombuffer(response.content, "<f4")[::2]
    assert len(xs) == 10 and np.all(np.diff(xs) > 0)
    assert response.headers["x-points"] == "1000"


def test_pictures_become_an_animation(house):
    response = post(house[0], "gif?ms=50", content=framed(png(), png(colour="blue")))
    assert response.status_code == 200 and response.content[:3] == b"GIF"
    assert response.headers["content-type"] == "image/gif"


BAD_SETTINGS = [
    (None, "must be a JSON object"), ([], "must be a JSON object"), ("ring", "must be a JSON object"),
    ({"data": "/etc/passwd.csv"}, "Unknown data"), ({"data": "../own.csv"}, "Unknown data"),
    ({"data": "shapes"}, "Unknown data"), ({"data": ["ring"]}, "Unknown data"),
    ({"data": None}, "Unknown data"),
    ({"method": "magic"}, "Unknown method"), ({"method": None}, "Unknown method"),
    ({"method": "biggan"}, "makes no sense for points"),
    ({"x" * 10**5: 1}, "Unknown setting"), ({"a\nb": 1}, "Unknown setting"),
    ({"changes": {"x" * 10**5: 1}}, "Unknown setting"), ({"__class__": 1}, "Unknown setting"),
    ({"changes": [1, 2]}, "changes must map"), ({"changes": None}, "changes must map"),
    ({"changes": {"g_lr": 1}}, "g_lr is a setting of its own"),
    ({"depth": 0}, "depth must be from 1 to 8, not 0"), ({"depth": True}, "whole number, not True"),
    ({"depth": 2.5}, "whole number"), ({"width": 10**5}, "width must be from 4 to 128"),
    ({"width": 10**400}, "width must be from"), ({"width": "16"}, "whole number"),
    ({"g_lr": 0}, "g_lr must be from 1e-07 to 1, not 0"), ({"g_lr": 1e9}, "g_lr must be from"),
    ({"g_lr": float("nan")}, "g_lr must be a number"),
    ({"d_lr": float("inf")}, "d_lr must be a number"), ({"d_lr": True}, "d_lr must be a number"),
    ({"z_dim": 10**6}, "z_dim must be from 1 to 1,024"), ({"batch": 10**9}, "batch must be from"),
    ({"n_critic": 10**6}, "n_critic must be from"), ({"n_critic": 0}, "n_critic must be from"),
    ({"unroll": 10**5, "method": "nonsaturating"}, "choose 0 to 20"),
    ({"unroll": -1, "method": "nonsaturating"}, "unroll must be from"),
    ({"seed": -1}, "seed must be from"), ({"seed": 2**32}, "seed must be from"),
    ({"steps": 0}, "steps must be from"), ({"limit": 1}, "limit must be from"),
    ({"activation": "sine"}, "Unknown activation"), ({"model": "dcgan"}, "model dcgan is not for ring"),
    ({"spectral_norm": 1}, "must be true or false"), ({"augment": "flip"}, "Unknown augment"),
    ({"loss": {"a": [1] * 1000}}, "Unknown loss"),
    ({"batch": 1024, "method": "minibatch_discrimination", "minibatch_discrimination": 200},
     "takes gigabytes"),
]  # fmt: skip


@pytest.mark.parametrize(("settings", "words"), BAD_SETTINGS, ids=lambda value: str(value)[:50])
def test_settings_that_make_no_game_are_refused(house, game, settings, words):
    client, sessions = house
    before = set(sessions.sessions)
    assert words in refused(post(client, "open", {"settings": settings}))
    assert words in refused(post(client, f"{game}/change", {"settings": settings}))
    assert set(sessions.sessions) == before


@pytest.mark.parametrize(
    ("points", "words"),
    [
        (None, "list of numbers"), ({}, "list of numbers"), ("1,2", "list of numbers"),
        ([1, 2, 3], "list of numbers"),
        ([], "There are no points"), ([1, 2], "All points are the same"),
        ([1, 2] * 5000, "All points are the same"), ([0, 0, 1e-300, 0], "too close together"),
        ([0] * 40_002, "There are 20,001 points"), ([0] * 10**6, "There are 500,000 points"),
        ([float("nan"), 0, 1, 1], "must be a number"), ([float("inf"), 0, 1, 1], "must be a number"),
        ([1e31, 0, 1, 1], "must be from"), ([10**400, 0, 1, 1], "must be from"),
        ([True, False, 1, 1], "must be a number"), (["1", "2", 3, 4], "must be a number"),
        ([None] * 4, "must be a number"), ([[1, 2], [3, 4]], "must be a number"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_points_that_cannot_be_learnt_are_refused(house, game, points, words):
    client, sessions = house
    before = set(sessions.sessions)
    values = {"settings": {"data": "own.csv"}, "points": points, "instead": game}
    assert words in refused(post(client, "open", values))
    # And the game that was to be left goes on.
    assert set(sessions.sessions) == before


@pytest.mark.parametrize(
    "settings",
    [
        {"limit": 2}, {"z_dim": 1024, "width": 4}, {"z_dim": 1}, {"depth": 8, "activation": "tanh"},
        {"g_lr": 1, "d_lr": 1}, {"batch": 2}, {"seed": 2**32 - 1}, {"steps": None}, {"width": 16.0},
        {"unroll": 20, "method": "unrolled"}, {"n_critic": 20, "g_steps": 20, "r1": 1000},
        {"method": "minibatch_discrimination", "batch": 4},
        {"method": "nonsaturating", "d_norm": "batch"},
    ],
    ids=str,
)  # fmt: skip
def test_extreme_settings_are_played(house, settings):
    client, _ = house
    name, _ = opened(client, {**SMALL, **settings})
    (frame,) = asked(client, name, "step")["frames"]
    assert frame["step"] == 1 and np.isfinite(frame["arrays"]["fakes"]).all()
    post(client, f"{name}/close")


def test_extreme_points_are_played(house):
    client, _ = house
    for points in ([1e30, -1e30, -1e30, 1e30], [0, 0, 1e-20, 0], list(range(40_000))):
        name, told = opened(client, {"data": "own.csv", "batch": 4, "width": 4}, points=points)
        assert np.abs(told["arrays"]["real"]).max() <= 1
        assert asked(client, name, "slowly")["frames"][-1]["step"] == 1
        post(client, f"{name}/close")


@pytest.mark.parametrize(
    ("name", "values", "words"),
    [
        ("play", {"goal": -1}, "step must be from 1 to 1,000,000"), ("play", {"goal": 0}, "step must"),
        ("play", {"goal": 10**12}, "step must be from"), ("play", {"goal": 1.5}, "whole number"),
        ("play", {"goal": True}, "whole number"), ("play", {"goal": "9"}, "whole number"),
        ("play", {"pace": 0}, "pace must be from 0.1 to 10000, not 0"),
        ("play", {"pace": -1}, "pace must be from"), ("play", {"pace": 1e300}, "pace must be from"),
        ("play", {"pace": float("nan")}, "pace must be a number"),
        ("play", {"pace": float("-inf")}, "pace must be a number"),
        ("play", {"pace": False}, "pace must be a number"), ("play", {"pace": []}, "pace must be"),
        ("step_of", {"player": "x"}, "Unknown player"), ("step_of", {}, "Unknown player"),
        ("step_of", {"player": ["d"]}, "Unknown player"), ("change", {}, "must be a JSON object"),
        ("open", {}, "Unknown request"), ("__init__", {}, "Unknown request"),
        ("x" * 5000, {}, "Unknown request"),
    ],
    ids=lambda value: str(value)[:40],
)  # fmt: skip
def test_senseless_requests_are_refused(house, game, name, values, words):
    assert words in refused(post(house[0], f"{game}/{name}", values))


NOT_JSON = {
    "text": b"hello", "cut": b'{"settings": ', "binary": bytes(range(256)), "list": b"[1]",
    "null": b"null", "number": b"7", "digits": b'{"pace": ' + b"9" * 10_000 + b"}",
    "deep": b"[" * 10**6, "surrogate": b'"\\ud800"',
}  # fmt: skip


@pytest.mark.parametrize("content", NOT_JSON.values(), ids=NOT_JSON.keys())
def test_what_is_not_an_object_is_refused(house, game, content):
    assert "must be" in refused(post(house[0], "open", content=content))
    assert "must be" in refused(post(house[0], f"{game}/play", content=content))


# About 960 Python could still read, but not write out again to say what is wrong with it.
@pytest.mark.parametrize("depth", [12, 900, *range(955, 970), 1000, 10**5])
def test_deep_values_are_refused(house, depth):
    nested = b"[" * depth + b"]" * depth
    sentence = refused(post(house[0], "open", content=b'{"settings": {"loss": %s}}' % nested))
    assert sentence in ("The request is nested too deeply.", "The request must be JSON.")


def test_bodies_that_are_too_large_are_read_no_further(house, game):
    large = b" " * 100_000_000
    for path in ("open", f"{game}/play"):
        assert refused(post(house[0], path, content=large)) == "This is larger than 4 MB."
    for path in ("read", "gif"):
        assert refused(post(house[0], path, content=large)) == "This is larger than 40 MB."


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "There are no points"), ("1,2", "All points are the same"),
        ("1,2\n" * 1_000_001, "There are 1,000,001 points"),
        ("\n" * 2_000_001, "There are 2,000,001 lines"), ("1,2\n" + "3 " * 10**6, "Line 2 is longer"),
        ("nan,1\n2,3", "nan is not a finite number"), ("1,inf\n2,3", "inf is not a finite number"),
        ("1,1e31\n2,3", "too far away"), ("1," + "9" * 5000 + "\n2,3", "too far away"),
        ("1," + "9" * 9000 + "x\n2,3", "is not a number"), ("true,false\n1,2\n1,2", "the same"),
        ("1,2\n<script>,3", "is not a number"), ("1,2\n\0,3", "is not a number"),
        (b"\xff\xfe1\x00", "not text in UTF-8"), (b"\x89PNG\r\n\x1a\n", "not text in UTF-8"),
    ],
    ids=lambda value: repr(value[:20]),
)  # fmt: skip
def test_text_that_holds_no_points_is_refused(house, content, words):
    assert words in refused(post(house[0], "read", content=content))


@pytest.mark.parametrize("ms", ["abc", "", "0", "19", "1001", "-80", "80.5", "nan", "9" * 5000, "٨٠x"])
def test_bad_times_are_refused(house, ms):
    response = house[0].post(f"{PREFIX}/points/gif", params={"ms": ms}, content=framed(png()))
    assert "ms must be" in refused(response)


def test_pictures_that_are_none_are_refused(house):
    for content in (b"", b"hello", framed(b"hello"), framed(png())[:-5]):
        refused(post(house[0], "gif", content=content))


@pytest.mark.parametrize("name", ["nope", "a" * 5000, "%00", "0"])
def test_games_of_no_name_are_refused(house, name):
    assert refused(post(house[0], f"{name}/look")) == GONE
    assert post(house[0], f"{name}/close").status_code == 204


@pytest.mark.parametrize("instead", ["nope", 7, None, [], {"a": 1}, True])
def test_no_other_game_is_ended_by_guessing(house, game, instead):
    client, sessions = house
    name, _ = opened(client, instead=instead)
    assert game in sessions.sessions
    post(client, f"{name}/close")


def until(condition, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_game_whose_process_was_killed_has_ended_and_stays_so():
    with serving() as (client, sessions):
        name, _ = opened(client)
        rpc = sessions.sessions[name].client
        child = rpc.child
        os.kill(child.process.pid, signal.SIGKILL)
        assert refused(post(client, f"{name}/look")) == GONE
        until(lambda: rpc.child is None)
        assert refused(post(client, f"{name}/look")) == GONE
        assert not sessions.sessions
        until(lambda: not child.alive)


def test_a_request_whose_process_is_killed_is_answered():
    with serving() as (client, sessions):
        name, _ = opened(client)
        rpc = sessions.sessions[name].client
        process = rpc.child.process.pid
        os.kill(process, signal.SIGSTOP)
        waiting = rpc.call("look")
        os.kill(process, signal.SIGKILL)
        with pytest.raises(ValueError, match="ended unexpectedly"):
            waiting.result(timeout=PATIENCE)
        assert refused(post(client, f"{name}/step")) == GONE
        opened(client, instead=name)


def test_a_request_that_meets_the_end_of_its_process_starts_no_other(monkeypatch):
    with serving() as (client, sessions):
        name, _ = opened(client)
        session = sessions.sessions[name]
        check = point_requests.check_argument

        def killed_meanwhile(*arguments):
            # The session was found; its end is noticed before the request is sent.
            session.client.child.process.kill()
            until(lambda: session.client.child is None)
            return check(*arguments)

        monkeypatch.setattr("demo.routes.points.check_argument", killed_meanwhile)
        assert refused(post(client, f"{name}/step_of", {"player": "g"})) == GONE
        assert session.client.child is None and not sessions.sessions


def test_a_game_whose_page_vanished_ends_by_itself_and_is_forgotten(monkeypatch):
    monkeypatch.setattr(
        point_sessions,
        "RpcClient",
        lambda _, *more, **options: RpcClient("helpers.impatient.main", *more, **options),
    )
    with serving() as (client, sessions):
        name, _ = opened(client)
        rpc = sessions.sessions[name].client
        child = rpc.child
        until(lambda: rpc.child is None and not child.alive)
        assert child.process.exitcode == 0
        second, _ = opened(client)
        assert list(sessions.sessions) == [second]
        # Nobody starts it again.
        assert refused(post(client, f"{name}/play")) == GONE
        assert rpc.child is None and not child.alive


def test_games_that_ended_or_are_silent_make_room(monkeypatch):
    with serving() as (client, sessions):
        killed, _ = opened(client)
        silent, _ = opened(client)
        here, _ = opened(client)
        clients = {name: session.client for name, session in sessions.sessions.items()}
        children = {name: rpc.child for name, rpc in clients.items()}
        children[killed].process.kill()
        until(lambda: clients[killed].child is None)
        sessions.sessions[silent].last_request -= point_sessions.IDLE_SECONDS + 1
        monkeypatch.setattr(point_sessions, "MAX_SESSIONS", 2)
        new, _ = opened(client)
        assert set(sessions.sessions) == {here, new}
        assert not children[silent].alive


def test_there_is_room_for_forty():
    sessions = PointSessions()
    for number in range(MAX_SESSIONS):
        sessions.sessions[str(number)] = session = Session(RpcClient("demo.workers.points.main"))
        session.client.child = object()  # as of a process that is there
    with TestClient(Starlette(routes=PointRoutes(sessions).all())) as client:
        response = post(client, "open", {"settings": SMALL})
        assert refused(response).startswith("40 training sessions are open already")
    assert len(sessions.sessions) == MAX_SESSIONS


def test_one_address_does_not_take_every_place(monkeypatch):
    monkeypatch.setattr(point_sessions, "_start_session", waiting_session)
    monkeypatch.setattr(PointSessions, "start_spare", lambda self: None)
    sessions = PointSessions()
    names = [sessions.acquire(None, "10.0.0.1")[0] for _ in range(point_sessions.MAX_PER_CALLER)]
    with pytest.raises(ValueError, match=r"^30 training sessions are open from your network address"):
        sessions.acquire(None, "10.0.0.1")
    sessions.acquire(None, "10.0.0.2")
    # One that its page has left for a minute makes room, and no other.
    sessions.sessions[names[3]].last_request -= point_sessions.RESTING_SECONDS + 1
    new, _ = sessions.acquire(None, "10.0.0.1")
    assert names[3] not in sessions.sessions and new in sessions.sessions
    assert len(sessions.sessions) == point_sessions.MAX_PER_CALLER + 1


def test_who_left_a_session_makes_room_where_all_are_taken(monkeypatch):
    monkeypatch.setattr(point_sessions, "_start_session", waiting_session)
    monkeypatch.setattr(PointSessions, "start_spare", lambda self: None)
    sessions = PointSessions()
    names = [sessions.acquire(None, f"10.0.1.{k}")[0] for k in range(MAX_SESSIONS)]
    with pytest.raises(ValueError, match=r"^40 training sessions are open already"):
        sessions.acquire(None, "10.0.2.1")
    sessions.sessions[names[0]].last_request -= point_sessions.RESTING_SECONDS + 1
    sessions.acquire(None, "10.0.2.1")
    assert names[0] not in sessions.sessions and len(sessions.sessions) == MAX_SESSIONS


def waiting_session() -> Session:
    """A session as of a process that is there."""
    session = Session(RpcClient("demo.workers.points.main"))
    session.client.child = type("Child", (), {"kill": lambda self: None})()
    return session
