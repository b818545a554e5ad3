"""The routes beside the page: pixels for latents, and one sentence for anything hostile."""

import io

import numpy as np
import pytest
import torch
from helpers.answers import pixels, refused
from PIL import Image
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend.generators import GeneratorStore, find_set
from demo.backend.limits import MAX_PICTURES
from demo.backend.runs.queue import Runs
from demo.backend.runs.run import Run
from demo.routes.http import PREFIX
from demo.routes.rendering import RenderingRoutes
from demo.routes.runs import RunRoutes
from gan.latent.classes import class_changes, keep_class, with_class
from gan.latent.directions import pca
from gan.latent.pixel_edits import COLOUR
from gan.latent.sefa import sefa
from gan.latent.vectors import seed_latents, truncate, walk
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.render import render
from gan.models.storage import save_generator
from gan.settings.config import TrainConfig

SHAPE = {"family": "dcgan", "size": 32, "channels": 3, "width": 4, "z_dim": 8}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A folder of runs with one small generator, served as the page serves it."""
    folder = tmp_path_factory.mktemp("runs")
    generator = Generator(**SHAPE)
    initialise(generator, torch.Generator().manual_seed(0))
    save_generator(folder / "abc", generator.eval(), TrainConfig())
    pets = Generator(**SHAPE, classes=3, class_names=("cat", "dog", "cow"))
    initialise(pets, torch.Generator().manual_seed(1))
    save_generator(folder / "pets", pets.eval(), TrainConfig())
    wide = Generator(**SHAPE | {"size": 128})
    initialise(wide, torch.Generator().manual_seed(0))
    save_generator(folder / "wide", wide.eval(), TrainConfig())
    save_generator(folder / "wide" / "steps" / "64", generator, TrainConfig())
    generators = GeneratorStore(folder)
    routes = [*RenderingRoutes(generators).all(), *RunRoutes(Runs(folder)).all()]
    with TestClient(Starlette(routes=routes)) as client:
        yield client, generators, generator
    generators.renderer.close()


def post(client, path, rows, **query):
    body = np.asarray(rows, "<f4").tobytes()
    return client.post(PREFIX + path, params={"model": "run:abc", **query}, content=body)


def test_the_model_says_its_shape_and_its_directions(house):
    client, _, generator = house
    info = client.get(PREFIX + "/model", params={"name": "run:abc"}).json()
    assert (info["size"], info["channels"], info["z_dim"]) == (32, 3, 8)
    assert (info["classes"], info["class_names"]) == (0, [])
    assert info["parameters"] == sum(p.numel() for p in generator.parameters())
    found = find_set(info, "sefa")["directions"]
    assert np.allclose([one["vector"] for one in found], sefa(generator, 8), atol=1e-5)
    # Named ones and PCA take seconds: they are only offered.
    assert [each["key"] for each in info["sets"]] == ["named", "sefa", "pca"]
    assert find_set(info, "named")["directions"] is find_set(info, "pca")["directions"] is None


def test_a_run_is_opened_as_it_was_after_fewer_steps(house):
    _, generators, generator = house
    assert generators.open("run:wide").info["kept_steps"] == [64]
    earlier = generators.open("run:wide@64")
    assert (earlier.info["size"], earlier.info["kept_steps"]) == (32, [])
    z = seed_latents([3], 8)
    assert np.array_equal(earlier.draw(z.numpy()).result(), render(generator, z))
    for name in (
        "run:wide@65",
        "run:wide@",
        "run:wide@-1",
        "run:wide@6/4",
        "run:abc@64",
        "run:wide@64@64",
    ):
        with pytest.raises(ValueError, match="no weights of this run"):
            generators.open(name)


def test_a_walk_says_where_its_class_changes(house):
    client, *_ = house
    info = client.get(PREFIX + "/model", params={"name": "run:pets"}).json()
    assert (info["classes"], info["class_names"]) == (3, ["cat", "dog", "cow"])
    keys = seed_latents([1, 4, 9], 8)
    path = walk(keys, 20, "lerp", True)
    expected = ",".join(f"{frame}:{label}" for frame, label in class_changes(path, 3))
    query = {"frames": 20, "mode": "lerp", "closed": "true"}
    answer = post(client, "/walk", keys, model="run:pets", **query)
    assert answer.headers["x-classes"] == expected and expected.count(",") >= 2
    held = post(client, "/walk", with_class(keys, 3, 1), model="run:pets", **query)
    assert held.headers["x-classes"] == "0:1"
    assert "x-classes" not in post(client, "/walk", keys, **query).headers


def test_latents_and_children_of_a_class(house):
    _, generators, _ = house
    pets = generators.open("run:pets")
    z = keep_class(truncate(with_class(seed_latents([4, 5], 8), 3, 2), 0.5), 3, 2)
    assert np.array_equal(pets.latents([4, 5], 0.5, "cow").result(), z)
    assert np.array_equal(pets.latents([4, 5], 0.5).result(), truncate(seed_latents([4, 5], 8), 0.5))
    _, litter = pets.grow("42.c0d35s1k1", 5).result()
    assert (litter[:, :3].argmax(1) == 1).all()
    with pytest.raises(ValueError, match="no class 'horse': choose cat, dog, cow"):
        pets.latents([4], 1.0, "horse")
    with pytest.raises(ValueError, match="no classes"):
        generators.open("run:abc").latents([4], 1.0, "0")


def test_directions_are_looked_for_when_asked(house):
    client, _, generator = house
    (found,) = client.get(PREFIX + "/directions", params={"model": "run:abc", "set": "pca"}).json()
    assert found["key"] == "pca"
    rows = [one["vector"] for one in found["directions"]]
    assert np.allclose(rows, pca(generator, 8), atol=1e-5)
    (named,) = client.get(PREFIX + "/directions", params={"model": "run:abc", "set": "named"}).json()
    assert named["key"] == "named"
    assert {one["name"] for one in named["directions"]} <= {edit.name for edit in COLOUR}
    assert named["directions"]


@pytest.mark.parametrize("key", ["sefa", "", "../named", "NAMED", None])
def test_other_sets_cannot_be_looked_for(house, key):
    query = {"model": "run:abc", "set": key} if key is not None else {"model": "run:abc"}
    answer = house[0].get(PREFIX + "/directions", params=query)
    assert answer.status_code == 400
    assert "Unknown set of directions" in answer.json()["error"]


def test_the_list_of_runs_has_a_row_for_each_that_is_here(house, tmp_path):
    client, *_ = house
    runs = Runs(tmp_path)
    numbers = {"step": 7, "seconds": 1.5, "final": True, "findings": []}
    quality = {"metric": "sliced_wasserstein", "distance": 0.3, "floor": 0.1}
    for name, config in (("a", TrainConfig("glyphs", seed=5)), ("b", TrainConfig("shapes", "hinge"))):
        runs.known[name] = Run(name, config, tmp_path / name, "", state="finished")
    runs.known["a"].add_snapshot(numbers | {"quality": quality}, b"")
    with TestClient(Starlette(routes=RunRoutes(runs).all())) as here:
        rows = here.get(PREFIX + "/runs", params={"ids": "b,nothing,a"}).json()
    assert [row["id"] for row in rows] == ["b", "a"]
    assert [row["method"] for row in rows] == ["Hinge", "Quick"]
    assert (rows[0]["step"], rows[0]["distance"], rows[0]["ratio"]) == (0, None, None)
    assert (rows[1]["step"], rows[1]["seed"], rows[1]["distance"]) == (7, 5, 0.3)
    assert rows[1]["ratio"] == pytest.approx(3.0)
    assert client.get(PREFIX + "/runs").json() == []


def test_latents_are_those_of_the_seeds(house):
    client, _, _ = house
    response = client.get(PREFIX + "/latents", params={"model": "run:abc", "seeds": "3,0,4294967295"})
    z = np.frombuffer(response.content, "<f4").reshape(3, 8)
    assert np.array_equal(z, seed_latents([3, 0, 2**32 - 1], 8))


def test_pictures_are_those_of_the_generator(house):
    client, _, generator = house
    z = seed_latents(range(5), 8)
    expected = render(generator, z)
    assert np.array_equal(pixels(post(client, "/pictures", z)), expected)


def test_drafts_are_at_most_64_wide(house):
    client, _, generator = house
    z = seed_latents(range(2), 8)
    small = pixels(post(client, "/pictures", z, draft="true"))
    assert np.array_equal(small, render(generator, z))
    draft = post(client, "/pictures", z, model="run:wide", draft="true")
    assert pixels(draft).shape == (2, 64, 64, 3)
    assert pixels(post(client, "/pictures", z, model="run:wide")).shape == (2, 128, 128, 3)


def test_large_answers_are_packed_and_unpack_to_the_same(house):
    client, _, _ = house
    z = seed_latents(range(40), 8)
    packed = post(client, "/pictures", z)
    assert packed.headers["content-encoding"] == "deflate"
    plain = client.post(
        PREFIX + "/pictures",
        params={"model": "run:abc"},
        content=z.numpy().tobytes(),
        headers={"accept-encoding": "identity"},
    )
    assert "content-encoding" not in plain.headers
    assert np.array_equal(pixels(packed), pixels(plain))


def test_a_walk_is_that_of_gan_latent(house):
    client, generators, _ = house
    keys = seed_latents([1, 2, 3], 8)
    for closed in (False, True):
        shown = pixels(post(client, "/walk", keys, frames=9, mode="lerp", closed=str(closed).lower()))
        path = walk(keys, 9, "lerp", closed)
        assert np.array_equal(shown, generators.open("run:abc").draw(path.numpy()).result())


def test_a_walk_is_saved_as_gif_and_as_strip(house):
    client, _, _ = house
    keys = seed_latents([1, 2], 8)
    gif = post(client, "/walk", keys, frames=7, mode="slerp", format="gif")
    with Image.open(io.BytesIO(gif.content)) as image:
        assert (image.format, image.n_frames, image.size) == ("GIF", 7, (256, 256))
    strip = post(client, "/walk", keys, frames=7, mode="slerp", format="strip")
    with Image.open(io.BytesIO(strip.content)) as image:
        assert (image.format, image.size) == ("PNG", (7 * 64, 64))


@pytest.mark.parametrize("seeds", ["-1", "4294967296", "nan", "1.5", "", "x", "9" * 400, "1,,2"])
def test_bad_seeds_are_refused(house, seeds):
    client, _, _ = house
    answer = client.get(PREFIX + "/latents", params={"model": "run:abc", "seeds": seeds})
    assert "seed" in refused(answer)


@pytest.mark.parametrize("name", ["", "nope", "run:", "run:../abc", "run:zzz", "/etc", "..", "a" * 600])
def test_bad_models_are_refused(house, name):
    client, _, _ = house
    refused(client.get(PREFIX + "/model", params={"name": name}))


def test_bad_bodies_are_refused(house):
    client, _, _ = house
    refused(post(client, "/pictures", []))
    refused(post(client, "/pictures", np.zeros(7)))
    refused(post(client, "/pictures", np.full((1, 8), np.nan)))
    refused(post(client, "/pictures", np.full((1, 8), np.inf)))
    refused(post(client, "/pictures", np.full((1, 8), 1e30)))
    refused(post(client, "/pictures", np.zeros((MAX_PICTURES + 1, 8))))


@pytest.mark.parametrize("frames", ["0", "1", "1000000000", "-3", "nan", "", "2.5", "x"])
def test_bad_frame_counts_are_refused(house, frames):
    client, _, _ = house
    keys = seed_latents([1, 2], 8)
    assert "frames" in refused(post(client, "/walk", keys, frames=frames, mode="slerp"))


def test_bad_walks_are_refused(house):
    client, _, _ = house
    keys = seed_latents([1, 2], 8)
    refused(post(client, "/walk", keys, frames=5, mode="sideways"))
    refused(post(client, "/walk", keys, frames=5, mode="slerp", format="exe"))
    refused(post(client, "/walk", keys[:1], frames=5, mode="slerp"))


def test_unknown_runs_and_moments_are_refused(house):
    client, _, _ = house
    for path in ("/runs/nope/real", "/runs/nope/frame/0", "/runs/nope/weights.zip"):
        assert "no such run" in refused(client.get(PREFIX + path))


def test_drawn_data_has_a_picture_and_unknown_data_none(house):
    client, _, _ = house
    answer = client.get(PREFIX + "/data", params={"source": "glyphs"})
    with Image.open(io.BytesIO(answer.content)) as image:
        assert image.format == "WEBP" and image.size == (256, 256)
    refused(client.get(PREFIX + "/data", params={"source": "../../etc"}))


def test_a_run_that_was_continued_shows_its_new_weights(house):
    client, generators, _ = house
    z = seed_latents([1], 8)
    other = Generator(**SHAPE)
    initialise(other, torch.Generator().manual_seed(9))
    folder = generators.runs_folder / "def"
    first, second = Generator(**SHAPE).eval(), other.eval()
    shown = []
    for generator in (first, second):
        save_generator(folder, generator, TrainConfig())
        response = client.post(
            PREFIX + "/pictures", params={"model": "run:def"}, content=z.numpy().tobytes()
        )
        assert np.array_equal(pixels(response), render(generator, z))
        shown.append(response.content)
    assert shown[0] != shown[1]


def test_a_body_of_unknown_length_is_read_up_to_the_limit(house):
    client, _, _ = house
    rows = seed_latents([1, 2], 8).numpy().astype("<f4").tobytes()

    def send(chunks):
        # httpx sends an iterator in chunks, without its length.
        return client.post(PREFIX + "/pictures", params={"model": "run:abc"}, content=iter(chunks))

    assert pixels(send([rows[:20], rows[20:]])).shape == (2, 32, 32, 3)
    many = send([rows] * 20_000)
    assert many.status_code == 400
    assert many.json()["error"] == f"At most {MAX_PICTURES} pictures at once."
