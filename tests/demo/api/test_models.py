"""The named endpoints, through gradio_client and as raw HTTP, on the real server."""

import json
import time
import urllib.error
import urllib.request
import zipfile
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
import torch
from gradio_client import Client, handle_file
from helpers.waiting import PATIENCE
from PIL import Image

from gan.latent.classes import with_class
from gan.latent.text import pack
from gan.latent.vectors import seed_latents, truncate
from gan.models.render import render
from gan.models.storage import load_generator
from tests.gan.images.test_video import decoded


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
    expected = render(generator, truncate(seed_latents([42], generator.z_dim), 0.8))[0]
    with Image.open(path) as image:
        shown = np.asarray(image.convert("RGB" if generator.channels == 3 else "L"))
    assert np.array_equal(shown.reshape(expected.shape), expected)


def test_units_are_listed_changed_and_judged(client):
    looked = client.predict("faces", api_name="/inside")
    assert [layer["side"] for layer in looked["layers"]] == [4, 8, 16, 32]
    assert {"hair", "glasses"} <= set(looked["parts"])
    drawn = []
    for edits in ("", "2.17x0", "2.17only"):
        path = client.predict("faces", 5, edits, api_name="/edit")
        with Image.open(path) as image:
            drawn.append(np.asarray(image.convert("RGB")).astype(int))
    expected = render(load_generator("faces"), seed_latents([5], 64))[0].astype(int)
    assert np.abs(drawn[0] - expected).max() <= 1
    assert 0 < np.abs(drawn[1] - expected).mean() < np.abs(drawn[2] - expected).mean()
    said = client.predict("faces", 5, api_name="/critic")
    assert said["fake"]["missing"] <= 0.01 and said["real"]["missing"] <= 0.01 and said["own"] is None
    own = client.predict("faces", 5, "", "", handle_file(path), api_name="/critic")
    assert own["fake"] == said["fake"] and own["own"]["missing"] <= 0.01
    with pytest.raises(Exception, match="is no change of units"):
        client.predict("faces", 5, "hello", api_name="/edit")
    with pytest.raises(Exception, match="came without its discriminator"):
        client.predict("digits", 5, api_name="/critic")


def test_a_point_is_pulled_and_where_it_is_then_is_said(client):
    path, said = client.predict("digits", 5, "16.16.20.16", "8.8", "", api_name="/drag")
    with Image.open(path) as image:
        assert image.size == (32, 32)
    assert abs(said["points"][0][0] - 20.0) < 4.0
    assert said["arrived"] == (
        np.hypot(said["points"][0][0] - 20.0, said["points"][0][1] - 16.0) <= 0.75
    )
    with pytest.raises(Exception, match="is no pull of a point"):
        client.predict("digits", 5, "16.16", "", "", api_name="/drag")


def test_a_mixture_has_the_form_of_one_and_the_colours_of_the_other(client):
    def drawn(*values):
        with Image.open(client.predict("faces", *values, api_name="/mix")) as image:
            return np.asarray(image.convert("RGB")).astype(int)

    own = render(load_generator("faces"), seed_latents([5], 64))[0].astype(int)
    assert np.abs(drawn(5, 11, 0, 0) - own).max() <= 1
    assert np.abs(drawn(5, 11, 1, 0) - own).mean() > 2
    with pytest.raises(Exception, match="takes z at its first layer alone"):
        client.predict("digits", 5, 11, 1, 0, api_name="/mix")


def test_the_map_of_a_latent_space_is_places_and_a_sheet(client):
    made, sheet = client.predict("faces", api_name="/map")
    with Image.open(sheet) as image:
        columns, side = made["columns"], made["side"]
        row, column = divmod(7, columns)
        box = (column * side, row * side, (column + 1) * side, (row + 1) * side)
        shown = np.asarray(image.convert("RGB").crop(box)).astype(float)
    drawn = render(load_generator("faces"), seed_latents([7], 64))[0].astype(float)
    means = drawn.reshape(side, 128 // side, side, 128 // side, 3).mean((1, 3))
    # WebP is lossy; another seed's picture differs by 60 and more.
    assert np.abs(shown - means).mean() < 12
    assert made["fakes"] <= len(made["x"]) == len(made["y"])


def test_pictures_walks_and_children_of_a_class(client):
    photos = load_generator("photos")
    horse = with_class(seed_latents([3], photos.z_dim), 10, 7)
    with Image.open(client.predict("photos", 3, 1, "horse", api_name="/generate")) as image:
        assert np.array_equal(np.asarray(image.convert("RGB")), render(photos, horse)[0])
    client.predict("photos", 3, 4, 6, "slerp", "ship", api_name="/interpolate")
    with Image.open(
        client.predict("photos", "3 4", 4, "lerp", False, "strip", "7", api_name="/walk")
    ) as image:
        first = np.asarray(image.convert("RGB"))[::2, :64:2].astype(int)
    assert np.abs(first - render(photos, horse)[0]).max() <= 1
    assert client.predict("photos", "3", 0.4, 2, 0, "ship", api_name="/breed")[1] == "3.c0d40s0k8"
    lines = client.predict("photos", 3, 0.8, "horse", api_name="/snippet")
    assert "--class=horse" in lines["command"] and 'class_index("horse")' in lines["python"]
    with pytest.raises(Exception, match="no class 'hors': choose airplane"):
        client.predict("photos", 3, 1, "hors", api_name="/generate")
    with pytest.raises(Exception, match="no classes"):
        client.predict("faces64", 3, 1, "7", api_name="/generate")


def test_sample_gives_a_sheet_of_the_seeds(client):
    path = client.predict("digits", "5,1-3", 1, api_name="/sample")
    drawn = render(load_generator("digits"), seed_latents([5, 1, 2, 3], 64))[..., 0]
    with Image.open(path) as image:
        shown = np.asarray(image.convert("L"))
    assert np.array_equal(shown, np.block([[drawn[0], drawn[1]], [drawn[2], drawn[3]]]))


def test_walk_gives_each_format(client):
    latent = pack(seed_latents([9], 64)[0].numpy())
    ask = ("digits", f"1, 7 {latent}", 12, "lerp", True)
    with Image.open(client.predict(*ask, "gif", api_name="/walk")) as image:
        assert image.format == "GIF" and image.n_frames == 12
    with Image.open(client.predict(*ask, "strip", api_name="/walk")) as image:
        assert image.size == (12 * 64, 64)
        first = np.asarray(image.convert("L"))[::2, :64:2]
    _, film = decoded(Path(client.predict(*ask, "mp4", api_name="/walk")).read_bytes())
    assert film.shape == (12, 512, 512, 3)
    expected = render(load_generator("digits"), seed_latents([1], 64))[0, ..., 0]
    assert np.abs(first.astype(int) - expected).max() <= 1
    assert np.abs(film[0, 8::16, 8::16, 0].astype(int) - expected).mean() < 4


def test_export_gives_a_zip_onnx_and_a_card(client, tmp_path):
    with zipfile.ZipFile(client.predict("digits", "folder", api_name="/export")) as files:
        files.extractall(tmp_path)
    z = seed_latents([1, 2], 64)
    with torch.inference_mode():
        expected = load_generator("digits")(z)
        assert torch.equal(load_generator(str(tmp_path / "digits"))(z), expected)
    session = onnxruntime.InferenceSession(client.predict("digits", "onnx", api_name="/export"))
    assert np.abs(session.run(None, {"z": z.numpy()})[0] - expected.numpy()).max() <= 1e-4
    card = Path(client.predict("faces", "card", api_name="/export")).read_text()
    assert "`1,053,344`" in card


def test_a_run_is_started_looked_at_filmed_and_stopped(client):
    begun = client.predict("glyphs", "quick", 300, 0, "digits", api_name="/run_start")
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        numbers, sheet = client.predict(begun["run"], api_name="/run_look")
        if (numbers["step"] or 0) > 2:
            break
        time.sleep(0.5)
    assert numbers["state"] == "running", numbers
    with Image.open(sheet) as image:
        side = 8 * load_generator("digits").size
        assert image.size == (side, side)
    _, film = decoded(Path(client.predict(begun["run"], "mp4", api_name="/run_film")).read_bytes())
    assert len(film) >= 24
    # Two seconds unwatched: a page's run would have ended by now.
    time.sleep(2)
    assert client.predict(begun["run"], api_name="/run_look")[0]["state"] == "running"
    with pytest.raises(Exception, match="Only the owner"):
        Client(client.src, verbose=False).predict(begun["run"], api_name="/run_stop")
    client.predict(begun["run"], api_name="/run_stop")
    while client.predict(begun["run"], api_name="/run_look")[0]["state"] != "stopped":
        assert time.monotonic() < deadline + 30
        time.sleep(0.2)


@pytest.mark.parametrize(("key", "count"), [("named", 10), ("sefa", 8), ("pca", 8)])
def test_directions_are_listed(client, key, count):
    found = client.predict("faces", key, api_name="/directions")
    assert (found["key"], len(found["directions"])) == (key, count)
    assert all(len(each["vector"]) == 64 for each in found["directions"])


def test_a_picture_is_moved_along_a_direction(client):
    found = client.predict("digits", "named", api_name="/directions")["directions"]
    vector = next(torch.tensor(each["vector"]) for each in found if each["name"] == "thickness")
    drawn = render(load_generator("digits"), seed_latents([3], 64) - 1.5 * vector)[0, ..., 0]
    with Image.open(client.predict("digits", 3, "named", "thickness", -1.5, api_name="/move")) as image:
        moved = np.asarray(image.convert("L")).astype(int)
    assert np.abs(moved - drawn).max() <= 1


def test_a_snippet_is_given(client):
    told = client.predict("digits", 3, 0.5, api_name="/snippet")
    assert "--seeds 3 --truncation 0.5" in told["command"] and "seed_latents([3]" in told["python"]


def test_every_endpoint_and_each_of_its_parameters_is_described(client):
    endpoints = client.view_api(return_format="dict")["named_endpoints"]
    assert {
        "/generate",
        "/sample",
        "/walk",
        "/export",
        "/train",
        "/run_start",
        "/run_look",
    } <= endpoints.keys()
    for name, told in endpoints.items():
        assert len(told["description"]) > 20, name
        for parameter in told["parameters"]:
            assert parameter["label"].startswith(f"{parameter['parameter_name']}: "), (name, parameter)
            assert len(parameter["label"]) > len(parameter["parameter_name"]) + 8, (name, parameter)
            # A file is what one has to bring; all else has a default, which is the example.
            has_default = parameter["parameter_has_default"] or parameter["component"] == "File"
            assert has_default, (name, parameter)


@pytest.mark.parametrize(
    ("name", "arguments", "words"),
    [
        ("sample", ("digits", "0-9999", 1), "At most"),
        ("sample", ("digits", "x", 1), "seeds must look like"),
        ("walk", ("digits", "1", 9, "lerp", False, "gif"), "2 to 24 keys"),
        ("walk", ("digits", "1 x", 9, "lerp", False, "gif"), "A key is a seed"),
        ("walk", ("digits", "1 z:AACAPw", 9, "lerp", False, "gif"), "64 numbers each"),
        ("walk", ("digits", "1 2", 9, "lerp", False, "exe"), "format|choices"),
        ("walk", ("digits", "1 2", 10**9, "lerp", False, "gif"), "frames must be"),
        ("export", ("digits", "exe"), "format|choices"),
        ("directions", ("digits", "evil"), "set of directions|choices"),
        ("directions", ("faces", "classes"), "no directions called classes"),
        ("move", ("digits", 1, "named", "glasses", 1), "Unknown direction"),
        ("move", ("digits", 1, "named", "slant", 9), "amount must be from -3 to 3"),
        ("move", ("digits", -1, "named", "slant", 1), "seed must be from 0"),
        ("export", ("/etc", "onnx"), "may not be read"),
        ("run_look", ("nope",), "no such run"),
        ("run_stop", ("",), "no such run"),
        ("run_film", ("nope", "gif"), "no such run"),
        ("run_start", ("nope", "quick", 9, 0), "no data called"),
        ("run_start", ("glyphs", "quick", 9, 0, "nope"), "no model called"),
        ("run_start", ("glyphs", "quick", 9, 0, "/etc"), "may not be read"),
        ("run_start", ("glyphs", "quick", 9, 0, "run:nope"), "no such run"),
        ("run_start", ("glyphs", "quick", 9, 0, "own:" + "a" * 32), "no longer here"),
    ],
)
def test_bad_requests_are_told(client, name, arguments, words):
    with pytest.raises(Exception, match=words):
        client.predict(*arguments, api_name=f"/{name}")


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
    job.result(timeout=PATIENCE)
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
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            event = json.load(response)["event_id"]
        with urllib.request.urlopen(f"{address}/{event}", timeout=PATIENCE) as stream:
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
