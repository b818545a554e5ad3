"""The routes to recordings: JSON and frames that browsers may keep, and refusals."""

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend import recordings
from demo.routes import recordings as routes
from demo.routes.http import PREFIX

ABOUT = {"recorded": {"cores": 2}, "shown": {"state": "recorded"}}


@pytest.fixture
def client(tmp_path, monkeypatch):
    monkeypatch.setattr(recordings, "FOLDER", tmp_path)
    recordings.recordings.cache_clear()
    recordings.write("train-glyphs", recordings.pack(ABOUT, {"A/7": b"seven", "B/3": b"three"}))
    yield TestClient(Starlette(routes=routes.routes(None)))
    recordings.recordings.cache_clear()


def test_a_run_and_its_frames_may_be_kept_for_ever(client):
    address = f"{PREFIX}/{recordings.address('train-glyphs')}"
    page = client.get(address)
    assert page.json()["state"] == "recorded" and page.json()["recorded"] == {"cores": 2}
    frame = client.get(f"{PREFIX}/{page.json()['frames']}/7")
    assert frame.content == b"seven" and frame.headers["content-type"] == "image/webp"
    assert client.get(f"{address}/frame/B/3").content == b"three"
    assert all("immutable" in answer.headers["cache-control"] for answer in (page, frame))


def test_what_is_not_there_is_a_sentence(client):
    address = f"{PREFIX}/{recordings.address('train-glyphs')}"
    for path, words in {
        f"{address}/frame/A/8": "no such moment",
        f"{address}/frame/../recording.json": "no such moment",
        f"{PREFIX}/recordings/train-glyphs/0123": "reload it",
        f"{PREFIX}/recordings/../0123": "reload it",
        f"{PREFIX}/recordings/train-glyphs": "Unknown recording",
    }.items():
        answer = client.get(path.replace("..", "%2e%2e"))
        assert answer.status_code == 400 and words in answer.json()["error"], path


def test_of_a_model_without_one_there_is_null(client):
    for query in ("?model=faces", "?model=/etc", ""):
        answer = client.get(f"{PREFIX}/recordings/report{query}")
        assert answer.json() is None and answer.headers["cache-control"] == "no-cache"
