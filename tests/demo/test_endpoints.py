"""The named endpoints, through gradio_client and as raw HTTP, on the real server."""

import json
import urllib.error
import urllib.request
import zipfile

import numpy as np
import pytest
import torch
from gradio_client import Client
from PIL import Image

from gan.checkpoints import load_generator
from gan.data import to_uint8
from gan.latent import seed_latents


@pytest.fixture(scope="module")
def client(server):
    return Client(server.url, verbose=False)


def test_models_and_methods_are_listed(client):
    assert set(client.predict(api_name="/models")) >= {"digits", "faces"}
    methods = client.predict(api_name="/methods")
    assert {"quick", "tutorial", "dcgan"} <= {method["name"] for method in methods}
    assert all(method["summary"] and method["paper"] for method in methods)


@pytest.mark.parametrize("model", ["digits", "faces"])
def test_generate_gives_the_picture_of_the_seed(client, model):
    path = client.predict(model, 42, 0.8, api_name="/generate")
    generator = load_generator(model)
    with torch.inference_mode():
        expected = to_uint8(generator(seed_latents([42], generator.z_dim) * 0.8))[0]
    with Image.open(path) as image:
        shown = np.asarray(image.convert("RGB" if generator.channels == 3 else "L"))
    assert np.array_equal(shown.reshape(expected.shape), expected)


def test_interpolate_gives_a_gif(client):
    path = client.predict("digits", 1, 2, 12, "slerp", api_name="/interpolate")
    with Image.open(path) as image:
        assert image.format == "GIF" and image.n_frames == 12


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("digits", -1, 1), "seed must be from 0"),
        (("digits", 1.5, 1), "seed must be a whole number"),
        (("digits", 10**12, 1), "seed must be from 0"),
        (("digits", 1, -1), "truncation must be from 0 to 2"),
        (("nope", 1, 1), "no model called"),
        (("/etc", 1, 1), "may not be read"),
    ],
)
def test_bad_input_is_told_in_the_library_s_words(client, arguments, words):
    with pytest.raises(Exception, match=words):
        client.predict(*arguments, api_name="/generate")


@pytest.mark.parametrize("frames", [0, 1, 10**9, 2.5])
def test_bad_frames_are_told(client, frames):
    with pytest.raises(Exception, match="frames must be"):
        client.predict("digits", 1, 2, frames, "slerp", api_name="/interpolate")


@pytest.mark.parametrize("data", ["nope", "/etc", "../.."])
def test_unknown_or_forbidden_data_is_told(client, data):
    with pytest.raises(Exception, match=r"no data called|may not be read"):
        client.predict(data, "quick", 10, 0, api_name="/train")


def test_train_streams_and_ends_with_weights_that_load(client, tmp_path):
    job = client.submit("glyphs", "quick", 2, 0, api_name="/train")
    job.result(timeout=120)
    stream = job.outputs()
    progress, archive = stream[-1]
    assert progress["state"] == "finished"
    steps = [numbers["step"] for numbers, _ in stream if numbers["step"] is not None]
    assert steps == sorted(steps) and steps[-1] > 0
    with zipfile.ZipFile(archive) as files:
        files.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert load_generator(str(folder)).size == 32


def raw(server, name, body: str) -> str:
    """What the server says to a raw request, which may hold what the client library refuses."""
    address = f"{server.url}/gradio_api/call/{name}"
    request = urllib.request.Request(
        address, body.encode(), headers={"Content-Type": "application/json"}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            event = json.load(response)["event_id"]
        with urllib.request.urlopen(f"{address}/{event}", timeout=20) as stream:
            return stream.read().decode()
    except urllib.error.HTTPError as error:
        return f"event: error {error.code}"


@pytest.mark.parametrize(
    "data",
    ['["digits", NaN, 1]', '["digits", true, 1]', '["digits", null, 1]', '["digits", "x", 1]',
     '[["digits"], 1, 1]', '[{"a": 1}, 1, 1]', '["digits", 1, NaN]', '["digits", 1]', "[]"],
)  # fmt: skip
def test_hostile_values_are_refused_and_the_server_goes_on(server, client, data):
    assert "event: error" in raw(server, "generate", f'{{"data": {data}}}')
    assert server.process.poll() is None
    assert client.predict("digits", 1, 1, api_name="/generate")
