"""Routes that look into a generator: what they answer is what gan.inside says, and hostile requests get a sentence."""

import base64
import io
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
import torch
from helpers.answers import pixels, refused
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend.generators import GeneratorStore
from demo.backend.jobs.inside import is_at_hand
from demo.backend.jobs.jobs import Jobs
from demo.routes.http import PREFIX
from demo.routes.inside import routes
from gan.data.image_tensors import to_uint8
from gan.images.encode import png
from gan.inside.edit_text import write_mask
from gan.inside.limits import GRID
from gan.inside.look import Look
from gan.inside.mixing import matrix
from gan.latent.vectors import seed_latents
from gan.maps.latent_map import REALS, SAMPLES, LatentMap
from gan.maps.map_file import SHEET, write_map
from gan.models.flops import parameter_count
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.registry import WEIGHTS_FILE
from gan.models.storage import load_generator, save_generator
from gan.settings.config import TrainConfig

Z = seed_latents([7], 8)
MASK = write_mask(torch.ones(GRID, GRID))


class House(NamedTuple):
    client: TestClient
    look: Look
    folder: Path
    jobs: Jobs


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    generator = Generator(family="dcgan", size=32, channels=3, width=4, z_dim=8)
    initialise(generator, torch.Generator().manual_seed(0))
    save_generator(folder / "abc", generator.eval(), TrainConfig())
    generators = GeneratorStore(folder)
    services = SimpleNamespace(generators=generators, jobs=Jobs(), roots=(folder,))
    with TestClient(Starlette(routes=routes(services))) as client:
        yield House(client, Look(generator, folder / "abc"), folder, services.jobs)
    services.jobs.close()
    generators.renderer.close()


def asked(client, path, model="run:abc", **values):
    values = {"z": Z[0].tolist()} | values
    return client.post(f"{PREFIX}/inside/{path}", params={"model": model}, json=values)


def test_a_picture_with_edits_is_that_of_gan(house):
    client, look, *_ = house
    for edits in ("", "1.3x0", "0.2only,2.1x3"):
        drawn = pixels(asked(client, "picture", edits=edits)).astype(int)
        # The server has fewer threads: sums may end in the other of two levels.
        assert np.abs(drawn - look.pictures(Z, edits)).max() <= 1
    assert not np.array_equal(drawn, pixels(asked(client, "picture")))


def test_layers_are_told_and_a_film_of_them(house):
    client, look, *_ = house
    told = client.get(f"{PREFIX}/inside", params={"model": "run:abc"}).json()
    layers, parts = told["layers"], [*told["layers"], told["last"]]
    assert [(each["side"], each["units"]) for each in layers] == [(4, 16), (8, 8), (16, 4)]
    assert sum(each["parameters"] for each in parts) == parameter_count(look.inside.generator)
    assert sum(each["time"] for each in parts) == pytest.approx(1)
    film = asked(client, "film", layer=1, count=3).json()
    assert [guess["side"] for guess in film["guesses"]] == [4, 8, 16]
    expected = look.film(Z, layer=1, count=3).units
    assert [one["unit"] for one in film["units"]] == [one.unit for one in expected]
    sent = np.frombuffer(base64.b64decode(film["units"][0]["pixels"]), np.int8).reshape(8, 8)
    assert np.abs(sent.astype(int) - expected[0].pixels).max() <= 1


def test_parts_are_looked_for_and_then_painted_with(house):
    client, *_ = house
    before = client.get(f"{PREFIX}/inside", params={"model": "run:abc"}).json()
    assert before["parts"] == []
    parts = client.get(f"{PREFIX}/inside/parts", params={"model": "run:abc"}).json()["parts"]
    assert (
        parts and parts == client.get(f"{PREFIX}/inside", params={"model": "run:abc"}).json()["parts"]
    )
    drawn = pixels(asked(client, "picture", edits=f"less.{parts[0].replace(' ', '_')}.{MASK}"))
    assert not np.array_equal(drawn, pixels(asked(client, "picture")))


def test_parts_that_were_found_serve_the_generator_loaded_anew(house):
    client, *_ = house
    parts = client.get(f"{PREFIX}/inside/parts", params={"model": "run:abc"}).json()["parts"]
    for name in ("digits", "photos", "faces64", "digits-unconditional", "faces"):
        client.get(f"{PREFIX}/inside", params={"model": name})
    for width in range(5, 10):  # more than the renderer keeps
        generator = Generator(family="dcgan", size=32, channels=1, width=width, z_dim=8)
        save_generator(house.folder / f"w{width}", generator.eval(), TrainConfig())
        assert client.get(f"{PREFIX}/inside", params={"model": f"run:w{width}"}).status_code == 200
    assert client.get(f"{PREFIX}/inside/parts", params={"model": "run:abc"}).json()["parts"] == parts
    drawn = asked(client, "picture", edits=f"less.{parts[0].replace(' ', '_')}.{MASK}")
    assert drawn.status_code == 200, drawn.text


def test_a_model_without_its_discriminator_says_so(house):
    assert "came without its discriminator" in refused(asked(house[0], "critic"))


def test_the_critic_of_faces_explains_its_logit(house):
    client, *_ = house
    z = seed_latents([5], 64)[0].tolist()
    said = asked(client, "critic", model="faces", z=z, seed=3).json()
    for one in (said["fake"], said["real"]):
        assert one["missing"] <= 0.01 and one["steps"] >= 16 and one["side"] == 128
        assert [stage["side"] for stage in one["stages"]] == [32, 16, 8, 4]
        for stage in one["stages"]:
            assert [len(base64.b64decode(each)) for each in stage["maps"]] == [stage["side"] ** 2] * 8
        assert len(base64.b64decode(one["adds"])) == len(base64.b64decode(one["hides"])) == 128**2
    assert len(base64.b64decode(said["real"]["pixels"])) == 3 * 128**2
    # What it was trained for: drawn pictures look more real to it than those of G.
    logits = [
        asked(client, "critic", model="faces", z=z, seed=k).json()["real"]["logit"] for k in range(4)
    ]
    assert np.mean(logits) > said["fake"]["logit"]


def test_the_critic_says_of_a_picture_that_is_sent_what_it_says_of_the_same_one_drawn(house):
    client, *_ = house
    z = seed_latents([5], 64)[0].tolist()
    drawn = asked(client, "critic", model="faces", z=z).json()["fake"]
    pixels = np.frombuffer(base64.b64decode(drawn["pixels"]), np.uint8).reshape(128, 128, 3)

    def judged(content, model="faces"):
        path = f"{PREFIX}/inside/critic/own"
        answer = client.post(path, params={"model": model}, content=content).json()
        return house.jobs.result(house.jobs.find(answer["job"]))["own"]

    own = judged(png(pixels))
    # Asked for the class that it finds most real, which need not be that of z.
    assert own["logit"] >= drawn["logit"] - 1e-3
    assert own["pixels"] == drawn["pixels"] and own["missing"] <= 0.01
    for content, model, words in (
        (b"no picture", "faces", "cannot be used: it is not a PNG"),
        (png(pixels), "digits", "came without its discriminator"),
    ):
        with pytest.raises(ValueError, match=words):
            judged(content, model)
    refused(client.post(f"{PREFIX}/inside/critic/own", params={"model": "faces"}))
    drawing = sent_drawing(client, pixels.tobytes())
    assert drawing.json()["own"] == own


def sent_drawing(client, content, model="faces"):
    return client.post(f"{PREFIX}/inside/critic/drawn", params={"model": model}, content=content)


def test_drawings_of_another_size_are_refused(house):
    client, *_ = house
    assert "must have 128×128×3 bytes" in refused(sent_drawing(client, b"1" * 100))
    assert "must have 128×128×3 bytes" in refused(sent_drawing(client, b""))
    assert "came without its discriminator" in refused(sent_drawing(client, b"1", "digits"))
    assert sent_drawing(client, b"1" * 10**6).status_code in (400, 413)


@pytest.mark.parametrize("path", ["picture", "film", "critic"])
@pytest.mark.parametrize(
    "values",
    [
        {"z": None}, {"z": []}, {"z": [0.0] * 7}, {"z": ["a"] * 8}, {"z": [1e9] * 8}, {"z": {"0": 1}},
        {"edits": 3}, {"edits": "x" * 9000}, {"edits": "9.9x9"}, {"edits": "<b>"}, {"edits": "more.beard." + MASK},
        {"model": "run:../abc"}, {"model": ""},
    ],
)  # fmt: skip
def test_hostile_requests_are_refused(house, path, values):
    refused(asked(house[0], path, **values))


@pytest.mark.parametrize(
    "values",
    [
        {"layer": -1},
        {"layer": "1"},
        {"layer": 99},
        {"count": 0},
        {"count": 1e9},
        {"part": 3},
        {"part": "x"},
    ],
)
def test_hostile_wishes_for_a_film_are_refused(house, values):
    refused(asked(house[0], "film", **values))


def test_bodies_that_are_no_json_or_too_large_are_refused(house):
    client, *_ = house
    for body in (b"{", b"[]", b"x" * 100_000):
        refused(client.post(f"{PREFIX}/inside/picture", params={"model": "run:abc"}, content=body))


def test_a_pull_goes_on_and_the_picture_of_the_same_edits_is_its_own(house):
    client, *_ = house
    for steps in (2, 4):
        said = asked(house[0], "pull", edits=f"pull.16.16.22.16x{steps}").json()
    assert said["side"] == 32 and len(said["points"]) == 1
    own = pixels(asked(client, "picture", edits="pull.16.16.22.16x4"))
    assert base64.b64decode(said["pixels"]) == own.tobytes()


@pytest.mark.parametrize(
    "edits", ["", "0.1x0", "pull.1.2.3.4x4h8", "pull.1.2.3x4", "pull.1.2.3.99x4", "pull.1.2.3.4x81"]
)
def test_what_pulls_nothing_is_refused(house, edits):
    refused(asked(house[0], "pull", edits=edits))


def mixed(client, model="faces", **values):
    values = {"columns": [5, 7], "rows": [11], "share": 1.0, "level": 0} | values
    return client.post(f"{PREFIX}/inside/mix", params={"model": model}, json=values)


def test_mixtures_come_row_by_row_and_as_drafts(house):
    client, *_ = house
    drawn = pixels(mixed(client))
    assert drawn.shape == (2, 128, 128, 3)
    columns, rows = seed_latents([5, 7], 64), seed_latents([11], 64)
    expected = to_uint8(matrix(load_generator("faces"), columns, rows))
    assert np.abs(drawn.astype(int) - expected).mean() < 0.01
    assert pixels(mixed(client, draft=True)).shape == (2, 64, 64, 3)
    assert client.get(f"{PREFIX}/inside", params={"model": "faces"}).json()["mixes"] == ["colours"]


@pytest.mark.parametrize(
    "values",
    [
        {"columns": []}, {"columns": [1] * 9}, {"columns": "1"}, {"rows": [-1]}, {"rows": [0.5]}, {"rows": None},
        {"share": 2}, {"share": "1"}, {"level": 1}, {"level": None}, {"draft": "yes"}, {"model": "digits"},
    ],
)  # fmt: skip
def test_hostile_wishes_for_mixtures_are_refused(house, values):
    refused(mixed(house[0], **values))


def followed(house, model="run:abc") -> dict:
    """The result of the job that draws a model's map."""
    answer = house.client.post(f"{PREFIX}/inside/map", params={"model": model})
    assert answer.status_code == 200, answer.text
    return house.jobs.result(house.jobs.find(answer.json()["job"]))


def test_the_map_is_drawn_once_and_shows_no_uploads(house):
    result = followed(house)
    made, sheet = result["map"], result["files"][SHEET]
    # Its data, those of TrainConfig, are drawn: pictures of them lie on it.
    assert (made["fakes"], len(made["x"]), len(made["y"])) == (
        SAMPLES,
        SAMPLES + REALS,
        SAMPLES + REALS,
    )
    with Image.open(io.BytesIO(sheet)) as image:
        assert image.width == made["columns"] * made["side"]
    assert followed(house)["files"][SHEET] is sheet


def test_a_map_beside_the_weights_is_taken_as_it_is(house):
    folder = house.folder / "mapped"
    generator = house.look.inside.generator
    save_generator(folder, generator, TrainConfig())
    places = np.array([[0.0, 1.0], [1.0, 0.0]], np.float32)
    pictures = np.zeros((2, 32, 32, 3), np.uint8)
    write_map(folder, LatentMap(places, pictures, 2), folder / WEIGHTS_FILE)
    made = followed(house, "run:mapped")["map"]
    assert (made["x"], made["y"], made["fakes"]) == ([0, 10_000], [10_000, 0], 2)


def test_only_what_everybody_may_see_lies_on_a_map(tmp_path):
    inside, outside = tmp_path / "shown", tmp_path / "hidden"
    for folder in (inside, outside):
        folder.mkdir()
    assert is_at_hand("faces", ())
    assert is_at_hand(str(inside), (inside,))
    assert not is_at_hand(str(outside), (inside,))
    for data in ("", "own:" + "0" * 32, "nobody/has-this-dataset", str(tmp_path / "gone")):
        assert not is_at_hand(data, (inside,))
