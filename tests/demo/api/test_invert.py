"""/invert, through gradio_client and as raw HTTP, on the real server."""

import numpy as np
import pytest
import torch
from gradio_client import Client, handle_file
from PIL import Image

from gan.latent.vectors import seed_latents
from gan.models.render import render
from gan.models.storage import load_generator
from tests.demo.api.test_models import raw


@pytest.fixture(scope="module")
def client(server):
    return Client(server.url, verbose=False)


def test_invert_finds_the_z_of_a_picture(client, tmp_path):
    generator = load_generator("digits")
    own = render(generator, seed_latents([1124], generator.z_dim))[0, ..., 0]
    path = tmp_path / "own.png"
    Image.fromarray(own).save(path)
    shown, told, mse = client.predict(
        handle_file(path), "digits", 60, 8, 0, "crop", "kept", api_name="/invert"
    )
    assert mse == told["mse"] < 0.02 and told["model"] == "digits"
    assert told["reads"]["given"][0] == told["reads"]["found"][0] == 4
    drawn = render(generator, torch.tensor([told["z"]]))[0, ..., 0]
    with Image.open(shown) as image:
        assert np.abs(np.asarray(image.convert("L")).astype(int) - drawn).max() <= 1
    swapped = client.predict(
        handle_file(path), "digits", 1, 1, 0, "crop", "swapped", api_name="/invert"
    )
    assert swapped[2] > 0.2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({1: "nope"}, "no model called"),
        ({2: 0}, "steps must be from 1"),
        ({3: 1000}, "starts must be from 1 to 32"),
        ({4: -1}, "seed must be from 0"),
        ({5: "round"}, "round is not in the list of choices"),
        ({6: "dim"}, "dim is not in the list of choices"),
        ({}, "not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture"),
    ],
)
def test_invert_says_what_is_wrong(client, tmp_path, changes, words):
    path = tmp_path / "picture.png"
    path.write_bytes(b"none")
    values = [handle_file(path), "digits", 5, 1, 0, "crop", "kept"]
    for place, value in changes.items():
        values[place] = value
    with pytest.raises(Exception, match=words):
        client.predict(*values, api_name="/invert")


@pytest.mark.parametrize(
    "picture",
    [
        "null",
        '"x"',
        '{"path": "/etc/passwd"}',
        '{"path": "app.py"}',
        "[]",
        '{"url": "file:///etc/passwd"}',
    ],
)
def test_invert_reads_no_file_of_the_server(server, picture):
    body = f'{{"data": [{picture}, "digits", 5, 1, 0, "crop", "kept"]}}'
    assert "event: error" in raw(server, "invert", body)
