"""The routes of a class: the teacher's need the key, students' their id."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend.runs.queue import Runs
from demo.backend.visitors.classroom import Classroom
from demo.routes import classroom as routes
from demo.routes.http import PREFIX

TEACHER = {"X-GANscope-Teacher": "key"}


@pytest.fixture
def client(tmp_path):
    class Services:
        classroom = Classroom(Runs(tmp_path), "key")

    Services.classroom.runs.warm = lambda: None
    return TestClient(Starlette(routes=routes.routes(Services)))


def post(client, name, values=None, headers=None):
    return client.post(f"{PREFIX}/class/{name}", json=values or {}, headers=headers or {})


def test_a_lesson_from_the_first_to_the_last_minute(client):
    code = post(client, "open", headers=TEACHER).json()["code"]
    joined = post(client, "join", {"code": code, "nickname": "<b>Ada</b>"}).json()
    assert joined["nickname"] == "<b>Ada</b>"  # text, never markup
    me = {"student": joined["student"]}
    assert post(client, "here", me | {"chapter": "what", "done": 1}).json()["count"] == 1
    board = client.get(f"{PREFIX}/class/board", headers=TEACHER)
    assert [student["nickname"] for student in board.json()["students"]] == ["<b>Ada</b>"]
    assert board.headers["cache-control"] == "no-store" and joined["student"] not in board.text
    assert post(client, "pause", {"paused": True}, TEACHER).status_code == 204
    assert post(client, "here", me).json()["paused"]
    table = client.get(f"{PREFIX}/class/results.csv", headers=TEACHER)
    assert table.text.startswith("\ufeffnickname,lesson") and "<b>Ada</b>" in table.text
    assert post(client, "leave", me).status_code == 204
    assert post(client, "close", headers=TEACHER).status_code == 204
    assert client.get(f"{PREFIX}/class/board", headers=TEACHER).json() == {"code": ""}
    assert "no open room" in post(client, "join", {"code": code, "nickname": "Bo"}).json()["error"]


@pytest.mark.parametrize(
    "verb, name",
    [
        ("GET", "board"), ("POST", "open"), ("POST", "close"), ("POST", "pin"), ("POST", "pause"),
        ("GET", "results.csv"), ("GET", "gallery.gif"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("key", [None, "", "Key", "key "])
def test_nobody_else_is_the_teacher(client, verb, name, key):
    headers = {} if key is None else {"X-GANscope-Teacher": key}
    answer = client.request(verb, f"{PREFIX}/class/{name}", headers=headers)
    assert answer.status_code == 400 and "Only the teacher" in answer.json()["error"]


def test_refusals_are_sentences(client):
    post(client, "open", headers=TEACHER)
    for name, values, status, words in (
        ("join", {"code": 7, "nickname": "Ada"}, 400, "no open room with this code"),
        ("here", {"student": None}, 410, "You are in no open room"),
        ("leave", {}, 410, "You are in no open room"),
    ):
        answer = post(client, name, values)
        assert answer.status_code == status and words in answer.json()["error"]
    assert "no such run" in post(client, "pin", {"run": "abc"}, TEACHER).json()["error"]
    assert "Nobody" in client.get(f"{PREFIX}/class/gallery.gif", headers=TEACHER).json()["error"]
