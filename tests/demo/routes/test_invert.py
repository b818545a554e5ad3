"""Find's route and its search: hostile pictures get one sentence, and what was drawn is found."""

import base64
import io
import json

import numpy as np
import pytest
import torch
from helpers.making_pictures import coloured, encoded
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend.jobs.inversion import MAX_STARTS, MAX_STEPS
from demo.backend.services import make_services
from demo.routes.http import PREFIX
from demo.routes.invert import routes
from demo.routes.jobs import JobRoutes
from demo.workers.tasks.invert import search
from gan.data.image_tensors import to_uint8
from gan.latent import inversion
from gan.latent.vectors import seed_latents
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.storage import load_generator, save_generator
from gan.settings.config import TrainConfig

GOOD = {"model": "run:abc", "edges": "crop", "light": "kept", "steps": 5, "starts": 2, "seed": 0}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Services with one small colour generator, and a client of Find's routes and of the jobs'."""
    folder = tmp_path_factory.mktemp("runs")
    generator = Generator("dcgan", 32, 3, 4, 8)
    initialise(generator, torch.Generator().manual_seed(0))
    with torch.no_grad():
        for weight in generator.parameters():
            weight.mul_(40 if weight.ndim == 4 else 1)  # pictures with contrast, as after training
    save_generator(folder / "abc", generator.eval(), TrainConfig())
    services = make_services(folder=folder)
    app = Starlette(routes=[*routes(services), *JobRoutes(services.jobs).all()])
    with TestClient(app) as client:
        yield client, services
    services.jobs.close()
    services.generators.renderer.close()


def post(client, content, **changes):
    return client.post(f"{PREFIX}/find", params=GOOD | changes, content=content)


def result(house, content, **changes) -> dict:
    client, services = house
    response = post(client, content, **changes)
    assert response.status_code == 200, response.text
    return services.jobs.result(services.jobs.find(response.json()["job"]))


def pixels(text: str, told: dict) -> np.ndarray:
    shape = (told["size"], told["size"], told["channels"])
    return np.frombuffer(base64.b64decode(text), np.uint8).reshape(shape)


def test_a_search_ends_with_the_given_the_found_and_what_lies_between(house):
    told = result(house, encoded(coloured(1)))
    given, found = pixels(told["given"], told), pixels(told["picture"], told)
    assert np.array_equal(given, np.asarray(coloured(1)))
    between = np.square((given.astype(float) - found) / 255).mean()
    assert told["mse"] == pytest.approx(between, rel=0.02)
    assert (told["step"], told["steps"], len(told["z"])) == (5, 5, 8)
    assert told["curve"][0][0] == 0 and told["curve"][-1] == [5, told["mse"]]
    assert "reads" not in told


def test_a_random_picture_shows_what_the_search_gains(house):
    told = result(house, encoded(coloured(1)), seed=7)
    generator = house[1].generators.open("run:abc")
    z = generator.latents([7]).result()
    drawn = generator.draw((np.round(z * 4096) / 4096).astype(np.float32)).result()[0]
    random = told["random"]
    assert np.abs(drawn.astype(int) - pixels(random["picture"], told)).max() <= 1
    between = np.square((np.asarray(coloured(1)).astype(float) - drawn) / 255).mean()
    assert random["mse"] == pytest.approx(between, rel=0.02)
    assert random["mse"] > told["mse"]
    assert len(random["z"]) == 8


def test_the_numbers_are_those_that_a_link_can_hold(house):
    told = result(house, encoded(coloured(1)))
    parts = np.array(told["z"]) * 4096
    assert np.array_equal(parts, parts.round())
    generator = house[1].generators.open("run:abc")
    drawn = generator.draw(np.array([told["z"]], np.float32)).result()[0]
    assert np.abs(drawn.astype(int) - pixels(told["picture"], told)).max() <= 1


def test_steps_starts_and_seed_reach_the_search(house):
    content = encoded(coloured(2))
    more = result(house, content, steps=40, starts=8)
    assert 1 < more["steps"] <= 40
    assert more["mse"] < result(house, content, steps=1, starts=1)["mse"]
    assert result(house, content, seed=1)["z"] != result(house, content, seed=2)["z"]


def test_a_phone_s_picture_stands_upright(house):
    upright = Image.new("RGB", (80, 120), "black")
    upright.paste((255, 0, 0), (0, 0, 80, 60))
    turned, note = upright.rotate(90, expand=True), Image.Exif()
    note[0x112] = 6
    told = result(house, encoded(turned, "JPEG", quality=95, exif=note))
    red = pixels(told["given"], told)[..., 0]
    assert red[:12].min() > 230 and red[20:].max() < 25


@pytest.mark.parametrize(("edges", "shade"), [("black", 0), ("white", 255)])
def test_a_wide_picture_is_fitted_in_where_asked(house, edges, shade):
    told = result(house, encoded(Image.new("RGB", (64, 32), (9, 200, 9))), edges=edges)
    given = pixels(told["given"], told)
    assert (given[:7] == shade).all() and (given[-7:] == shade).all()
    assert (given[10:22] == (9, 200, 9)).all()


def test_dark_and_light_are_swapped_where_asked(house):
    told = result(house, encoded(coloured(3)), light="swapped")
    assert np.array_equal(pixels(told["given"], told), 255 - np.asarray(coloured(3)))


def test_a_digit_is_read_and_its_own_picture_found_again():
    generator = load_generator("digits")
    with torch.no_grad():
        own = to_uint8(generator(seed_latents([1124], generator.z_dim)))[0]
    content = encoded(Image.fromarray(own[..., 0]))
    states = list(search(content, "digits", None, "crop", "kept", 60, 8, 0))
    assert "picture" not in states[0] and np.array_equal(pixels(states[0]["given"], states[0]), own)
    counted = [state["step"] for state in states[1:]]
    assert counted[0] == 0 and counted == sorted(set(counted))
    # A second wave of as many steps follows where the first has not found it.
    assert counted[-1] == states[-1]["steps"] <= 120
    assert states[-1]["mse"] < states[1]["mse"] / 3
    (given, sure), (found, _) = states[-1]["reads"]["given"], states[-1]["reads"]["found"]
    assert given == found == 4 and 0.9 < sure <= 1


def test_a_digit_on_paper_is_for_grey_generators(house):
    with pytest.raises(ValueError, match="a digit on paper: this generator draws in colour"):
        result(house, encoded(coloured(1)), light="paper")


def bomb() -> bytes:
    return encoded(Image.new("1", (20_000, 20_000)))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"hello", "it is not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture"),
        (b"\x89PNG" + bytes(100), "it is damaged or cut off"),
        (encoded(coloured(1, 64, 64), "JPEG")[:-400], "it is damaged or cut off"),
        (encoded(coloured(1, 7, 40)), "it is too small: less than 8 pixels"),
        (bomb(), "it is more than 50 megapixels"),
        (b"\0\0\0\x18ftypheic" + bytes(20), "it is a HEIC or AVIF picture: save it as JPEG or PNG"),
        (b"PK\3\4" + bytes(40), "it is a zip"),
    ],
)
def test_what_is_no_picture_is_told_in_gan_decoding_s_words(house, content, words):
    with pytest.raises(ValueError, match=f"^This picture cannot be used: {words}.*\\.$"):
        result(house, content)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"steps": 0}, "steps must be from 1 to 2,000"),
        ({"steps": 2001}, "steps must be from 1"),
        ({"steps": "many"}, "steps must be a whole number"),
        ({"steps": ""}, "steps must be a whole number"),
        ({"starts": 33}, "starts must be from 1 to 32"),
        ({"starts": "-1"}, "starts must be a whole number"),
        ({"seed": 2**32}, "seed must be from 0"),
        ({"seed": "9" * 5000}, "seed must be a whole number"),
        ({"edges": "stretch"}, "Unknown edges 'stretch'"),
        ({"light": "dim"}, "Unknown light 'dim'"),
        ({"model": "nope"}, "There is no model called 'nope'"),
        ({"model": "/etc"}, "may not be read"),
        ({"model": "run:../abc"}, "There are no weights of this run"),
        # Longer than a file's name may be.
        ({"model": "run:" + "a" * 300}, "There are no weights of this run"),
    ],
)
def test_bad_choices_are_refused_before_any_work(house, changes, words):
    response = post(house[0], encoded(coloured(1)), **changes)
    assert response.status_code == 400
    sentence = json.loads(response.content)["error"]
    assert words in sentence and len(sentence) < 300


def test_nothing_and_too_much_are_refused(house, monkeypatch):
    assert "There is no picture yet" in post(house[0], b"").json()["error"]
    monkeypatch.setattr("demo.routes.invert.MAX_BYTES", 2_000_000)
    response = post(house[0], io.BytesIO(bytes(3_000_000)).read())
    assert (response.status_code, response.json()["error"]) == (400, "This is larger than 2 MB.")
    assert house[0].get(f"{PREFIX}/find", params=GOOD).status_code == 405


def test_what_the_page_offers_is_what_the_search_can_do():
    assert MAX_STEPS <= inversion.MAX_STEPS and MAX_STARTS <= inversion.MAX_STARTS
