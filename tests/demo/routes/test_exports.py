"""What is taken away through the routes: each file opened and compared, and hostile requests told."""

import io
import json
import time
import zipfile
from dataclasses import replace

import numpy as np
import onnxruntime
import pytest
import torch
from helpers.answers import refused
from helpers.waiting import PATIENCE
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend.jobs.exports import file_stem, portable_name
from demo.backend.runs.queue import Runs
from demo.backend.runs.run import Run
from demo.backend.services import make_services
from demo.routes.exports import ExportRoutes
from demo.routes.http import PREFIX
from demo.routes.jobs import JobRoutes
from demo.routes.rendering import RenderingRoutes
from demo.routes.runs import RunRoutes
from gan.export import needs
from gan.images.encode import webp
from gan.latent.text import pack
from gan.latent.vectors import seed_latents, walk
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.render import render
from gan.models.storage import load_generator, save_generator
from gan.settings.config import TrainConfig
from gan.training.run_record import COLUMNS
from tests.gan.images.test_video import decoded

SHAPE = {"family": "dcgan", "size": 32, "channels": 3, "width": 4, "z_dim": 8}
CONFIG = TrainConfig("glyphs", "hinge", steps=9, seed=5)
TOKEN = "hf_SecretSecretSecret123"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """(client, services, generator): one run `abc` with weights and three moments."""
    folder = tmp_path_factory.mktemp("runs")
    generator = Generator(**SHAPE)
    initialise(generator, torch.Generator().manual_seed(0))
    save_generator(folder / "abc", generator.eval(), CONFIG)
    runs = Runs(folder)
    run = runs.known["abc"] = Run("abc", CONFIG, folder / "abc", "me", state="finished")
    quality = {"metric": "sliced_wasserstein", "distance": 0.5, "floor": 0.25}
    for step in range(3):
        sheet = np.full((64, 32, 32, 3), 80 * step, np.uint8)
        numbers = dict.fromkeys(COLUMNS, float("nan")) | {
            "step": step,
            "findings": [],
            "quality": quality,
        }
        run.add_snapshot(numbers | {"final": step == 2}, webp(sheet))
    run.changed(state="finished")
    services = replace(make_services(folder=folder), runs=runs)
    routes = [
        *ExportRoutes(services).all(),
        *RenderingRoutes(services.generators).all(),
        *RunRoutes(services.runs).all(),
        *JobRoutes(services.jobs).all(),
    ]
    with TestClient(Starlette(routes=routes)) as client:
        yield client, services, generator
    services.jobs.close()
    services.generators.renderer.close()


def made(client, response) -> bytes:
    """The one file of the job that a response names."""
    assert response.status_code == 200, response.text
    job = response.json()["job"]
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        told = client.get(f"{PREFIX}/jobs/{job}").json()
        if told["state"] in ("done", "failed", "stopped"):
            break
        time.sleep(0.05)
    assert told["state"] == "done", told
    (name,) = told["latest"]["files"]
    return client.get(f"{PREFIX}/jobs/{job}/files/{name}").content


def post(client, path, rows=(), **query):
    content = np.asarray(rows, "<f4").tobytes()
    return client.post(PREFIX + path, params={"model": "run:abc", **query}, content=content)


def test_a_model_as_zip_loads_and_tells_what_was_measured(house, tmp_path):
    client, _, generator = house
    content = made(client, post(client, "/export", format="folder"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        archive.extractall(tmp_path)
    z = seed_latents([4], 8)
    assert torch.equal(load_generator(str(tmp_path / "ganscope-abc"))(z), generator(z))
    words = (tmp_path / "ganscope-abc/README.md").read_text()
    assert "0.5, where real pictures get 0.25" in words and "--method hinge --steps 9" in words
    weights = client.get(PREFIX + "/runs/abc/weights.zip").content
    with zipfile.ZipFile(io.BytesIO(weights)) as archive:
        assert archive.read("ganscope-abc/README.md").decode() == words


def test_a_model_as_onnx_draws_the_same(house):
    client, _, generator = house
    content = made(client, post(client, "/export", format="onnx"))
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    z = seed_latents(range(3), 8)
    drawn = session.run(None, {"z": z.numpy()})[0]
    assert np.abs(drawn - generator(z).detach().numpy()).max() <= 1e-4


def test_a_walk_as_mp4_is_the_walk(house):
    client, _, generator = house
    keys = seed_latents([1, 2], 8)
    film = made(client, post(client, "/walk/film", keys, frames=7, mode="lerp", format="mp4"))
    _, shown = decoded(film)
    expected = render(generator, walk(keys, 7, "lerp")).repeat(16, axis=1).repeat(16, axis=2)
    assert shown.shape == expected.shape == (7, 512, 512, 3)
    assert np.abs(shown.astype(int) - expected).mean() < 4


def test_a_history_as_film_has_every_moment(house):
    client, *_ = house
    _, shown = decoded(made(client, post(client, "/runs/abc/film", format="mp4")))
    assert shown.shape[1:] == (512, 512, 3)
    assert [round(frame.mean() / 80) for frame in shown[:3]] == [0, 1, 2]
    gif = made(client, post(client, "/runs/abc/film", format="gif"))
    with Image.open(io.BytesIO(gif)) as image:
        assert (image.format, image.n_frames, image.size) == ("GIF", 3, (512, 512))


def test_a_run_as_json_has_all_its_numbers(house):
    client, *_ = house
    told = json.loads(client.get(PREFIX + "/runs/abc/run.json").content)
    assert TrainConfig.from_dict(told["config"]) == CONFIG
    assert told["numbers"]["step"] == [0, 1, 2] and told["numbers"]["distance"] == [0.5] * 3
    assert told["state"] == "finished"


def test_the_lines_for_a_picture_a_walk_and_a_run(house):
    client, *_ = house
    z = pack(np.arange(8))
    picture = {"kind": "picture", "model": "run:abc", "key": 42, "truncation": 0.8, "scale": 4}
    made = client.post(PREFIX + "/again", json=picture).json()
    assert "--model ganscope-abc --seeds 42 --truncation 0.8 --scale 4" in made["command"]
    film = {
        "kind": "walk",
        "model": "faces",
        "keys": [1, z],
        "frames": 9,
        "closed": True,
        "form": "mp4",
    }
    made = client.post(PREFIX + "/again", json=film).json()
    assert f"--keys 1 {z} --frames 9 --mode slerp --closed" in made["command"]
    assert z in made["python"]
    made = client.get(PREFIX + "/runs/abc/again").json()
    assert "train --data glyphs --method hinge --steps 9 --seed 5" in made["command"]


def test_moved_sliders_come_back_by_name(house):
    asked = {
        "kind": "picture",
        "model": "faces",
        "key": 4,
        "moves": {"named": {"dark skin": 1.5}},
        "numbers": {"2": 1},
    }
    made = house[0].post(PREFIX + "/again", json=asked).json()
    assert "--move 'dark skin=1.5' --number 2=1.0" in made["command"] and made["needs"] == needs.PACKAGE


def test_what_a_line_names_is_what_the_visitor_has(house, tmp_path):
    client, services, _ = house
    asked = {"kind": "report", "model": "run:abc", "data": "/srv/anna/cats", "samples": 20, "seed": 1}
    made = client.post(PREFIX + "/again", json=asked).json()
    assert made["command"].startswith(
        "python -m gan report --model ganscope-abc --data cats --samples 20 --seed 1 "
    )
    assert "unpack that" in made["needs"] and "cats stands for your pictures" in made["needs"]
    asked |= {"model": "/srv/models/old one", "data": "own:" + "0" * 32}
    made = client.post(PREFIX + "/again", json=asked).json()
    assert "--model old-one --data pictures" in made["command"] and "srv" not in str(made)
    # A visitor cannot put words into what is needed.
    assert "error" in client.post(PREFIX + "/again", json={**asked, "evil": 1}).json()
    told = client.post(PREFIX + "/again", json={**asked, "need": "curl evil"}).json()
    assert "evil" not in str(told)
    place = tmp_path / "cats"
    services.runs.known["own"] = Run(
        "own", TrainConfig(str(place), steps=3), services.runs.folder / "own", "me"
    )
    for path in ("again", "run.json"):
        told = client.get(f"{PREFIX}/runs/own/{path}").json()
        assert str(tmp_path) not in json.dumps(told) and "cats" in json.dumps(told)
    del services.runs.known["own"]


def test_the_id_of_handed_in_files_stays_a_secret(house):
    client, services, _ = house
    secret = "0123456789abcdef" * 2
    own = TrainConfig("own:" + secret, steps=3)
    services.runs.known["own"] = Run("own", own, services.runs.folder / "own", "me")
    for path in ("again", "run.json"):
        assert secret not in client.get(f"{PREFIX}/runs/own/{path}").text
    del services.runs.known["own"]


@pytest.mark.parametrize(
    "asked",
    [{}, {"kind": "x"}, {"kind": "picture"}, {"kind": "picture", "model": 3, "key": 1},
     {"kind": "picture", "model": "a", "key": -1}, {"kind": "picture", "model": "a", "key": [1]},
     {"kind": "picture", "model": "a", "key": 1, "scale": "1); import os"},
     {"kind": "picture", "model": "a", "key": 1, "evil": 1},
     {"kind": "walk", "model": "a", "keys": "12"}, {"kind": "walk", "model": "a", "keys": 5},
     {"kind": "walk", "model": "a", "keys": [1]}, {"kind": "walk", "model": "a", "keys": [1] * 100},
     {"kind": "walk", "model": "a", "keys": [1, 2], "frames": 10**9}],
)  # fmt: skip
def test_hostile_descriptions_are_told(house, asked):
    refused(house[0].post(PREFIX + "/again", json=asked))


def test_hostile_bodies_are_told(house):
    client, *_ = house
    for content in (b"", b"[]", b"{", b"\xff", b"[" * 10_000, b"3", b"x" * 500_000):
        refused(client.post(PREFIX + "/again", content=content))
    deep = b'{"kind": ' + b"[" * 100_000
    refused(client.post(PREFIX + "/push", content=deep))


@pytest.mark.parametrize("form", ["", "exe", "pickle", "../x"])
def test_unknown_formats_are_told(house, form):
    client, *_ = house
    keys = seed_latents([1, 2], 8)
    for path in ("/export", "/runs/abc/film"):
        assert "format" in refused(post(client, path, format=form))
    assert "format" in refused(post(client, "/walk/film", keys, frames=5, mode="lerp", format=form))


def test_what_is_not_here_is_told(house):
    client, *_ = house
    for name in ("nope", "/etc", "run:../abc", "run:zzz", ""):
        refused(client.post(PREFIX + "/export", params={"model": name, "format": "onnx"}))
    for path in ("run.json", "again"):
        assert "no such run" in refused(client.get(f"{PREFIX}/runs/nope/{path}"))
    refused(post(client, "/runs/nope/film", format="gif"))
    keys = seed_latents([1, 2], 8)
    for frames in ("1", "241", "x", "1000000000"):
        refused(post(client, "/walk/film", keys, frames=frames, mode="lerp", format="gif"))


@pytest.mark.parametrize(
    ("asked", "words"),
    [({}, "name on the Hub"), ({"to": "x"}, "owner/model"), ({"to": "a/b"}, "token"),
     ({"to": "a/b", "token": "x"}, "token"), ({"to": "a/b", "token": TOKEN, "private": 1}, "private"),
     ({"to": "a/b", "token": TOKEN}, "model"), ({"to": "a/b", "token": TOKEN, "model": "/etc"},
      "read")],
)  # fmt: skip
def test_a_bad_push_is_told_without_the_token(house, asked, words):
    sentence = refused(house[0].post(PREFIX + "/push", json=asked))
    assert words in sentence and TOKEN not in sentence


def test_a_push_out_of_reach_ends_in_a_sentence_and_leaves_no_token(house, capfd):
    client, services, _ = house
    asked = {"model": "run:abc", "to": "anna/faces", "token": TOKEN}
    answer = client.post(PREFIX + "/push", json=asked)
    job = services.jobs.find(answer.json()["job"])
    with pytest.raises(ValueError, match=r"anna/faces could not be written"):
        services.jobs.result(job)
    told = client.get(f"{PREFIX}/jobs/{job.id}").text
    assert "anna/faces could not be written" in told
    wait = time.monotonic() + PATIENCE
    while job.ticket.work and time.monotonic() < wait:
        time.sleep(0.02)
    assert job.ticket.work is None
    out, err = capfd.readouterr()
    assert TOKEN not in told + repr(job) + out + err


def test_names_of_files_and_of_models_elsewhere():
    assert portable_name("run:ab12") == "ganscope-ab12" and portable_name("faces") == "faces"
    assert portable_name("own:" + "0" * 32) == file_stem("own:" + "0" * 32) == "my-model"
    assert file_stem("run:ab12") == "ganscope-ab12" and file_stem("owner/cats") == "cats"
    assert portable_name("/srv/models/cats") == "cats" and portable_name("anna/cats") == "anna/cats"
    assert file_stem("/data/x y/…<b>/") == "b" and file_stem("..") == "model"
