"""The routes of Report: what a model learnt from, a card from a job, and refusals of hostile input."""

import time

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend.services import make_services
from demo.routes import report
from demo.routes.http import PREFIX
from demo.routes.jobs import JobRoutes
from gan.models.generator import Generator
from gan.models.storage import save_generator
from gan.settings.config import TrainConfig


@pytest.fixture(scope="module")
def services(tmp_path_factory):
    made = make_services(folder=tmp_path_factory.mktemp("runs"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def client(services):
    generator = Generator("dcgan", size=32, channels=1, width=4, z_dim=8)
    save_generator(
        services.generators.runs_folder / "abc", generator, TrainConfig(data="glyphs", limit=120)
    )
    return TestClient(Starlette(routes=[*report.routes(services), *JobRoutes(services.jobs).all()]))


def followed(client, job: str) -> list[dict]:
    """All that a page is told of a job, to its end."""
    as_dict, seen = [], 0
    while not as_dict or as_dict[-1]["state"] in ("queued", "running"):
        answer = client.get(f"{PREFIX}/jobs/{job}?seen={seen}").json()
        if answer["version"] != seen:
            as_dict.append(answer)
        seen = answer["version"]
        time.sleep(0.02)
    return as_dict


def test_what_a_model_learnt_from_is_chosen_before_it_is_asked(client):
    as_dict = client.get(f"{PREFIX}/report/about?model=digits").json()
    assert as_dict["data"] == "mnist"
    assert ["mnist", "MNIST digits"] in as_dict["sources"]
    assert all(row["value"] is None and row["meaning"] for row in as_dict["measures"])
    assert client.get(f"{PREFIX}/report/about?model=run:abc").json()["data"] == "glyphs"


def test_a_card_comes_measure_by_measure_with_its_files(client):
    asked = {"model": "run:abc", "data": "glyphs", "samples": 40, "seed": 1}
    as_dict = followed(client, client.post(f"{PREFIX}/report", json=asked).json()["job"])
    last = as_dict[-1]
    assert last["state"] == "done", last["message"]
    counts = [
        sum(row["value"] is not None for row in each["latest"]["card"]["measures"])
        for each in as_dict
        if each["latest"]
    ]
    # 40 samples are too few to say anything of 36 classes.
    assert counts == sorted(counts) and counts[-1] == 8
    card = last["latest"]["card"]
    # The run learnt 120 pictures: copies are looked for among those.
    assert (card["model"], card["samples"], card["training_pictures"]) == ("run:abc", 40, 120)
    assert card["verdict"]["headline"].startswith("Something is clearly wrong")
    assert set(last["latest"]["pictures"]) == {"samples", "copied", "alike", "unreal", "missed"}
    for name in ("report.json", "report.html", "report.png"):
        content = client.get(f"{PREFIX}/jobs/{last['id']}/files/{name}").content
        assert len(content) == last["latest"]["files"][name] > 1000


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"samples": 5}, "samples must be from 10 to 5,000"),
        ({"samples": 1e9}, "samples must be"),
        ({"samples": "many"}, "samples must be a whole number"),
        ({"samples": True}, "samples must be"),
        ({"seed": -1}, "seed must be"),
        ({"seed": 0.5}, "seed must be"),
        ({"data": ""}, "data must be"),
        ({"data": None}, "data must be"),
        ({"data": ["glyphs"]}, "data must be"),
        ({"data": "x" * 501}, "at most 500"),
        ({"data": "/etc"}, "/etc"),
        ({"data": "../../etc"}, "etc"),
        ({"data": "ring"}, "Points"),
        ({"data": "own:0123456789abcdef0123456789abcdef"}, "does not know this page"),
        ({"model": None}, "model must be"),
        ({"model": "run:../../etc"}, "no weights"),
        ({"model": "no-such-model"}, "no model called"),
        ({"extra": 1}, "Unknown setting"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(client, change, words):
    asked = {"model": "digits", "data": "glyphs", "samples": 20, "seed": 0} | change
    answer = client.post(f"{PREFIX}/report", json=asked)
    assert answer.status_code == 400
    assert words in answer.json()["error"]


@pytest.mark.parametrize("body", [b"{", b"[1]", b'{"a":' * 50 + b"1" + b"}" * 50, b"\xff\xfe"])
def test_a_body_that_is_no_object_is_refused(client, body):
    answer = client.post(f"{PREFIX}/report", content=body)
    assert answer.status_code == 400 and answer.json()["error"]


def test_a_stopped_card_is_no_card(client, services):
    asked = {"model": "run:abc", "data": "glyphs", "samples": 40, "seed": 1}
    job = client.post(f"{PREFIX}/report", json=asked).json()["job"]
    assert client.delete(f"{PREFIX}/jobs/{job}").status_code == 204
    assert followed(client, job)[-1]["state"] == "stopped"
