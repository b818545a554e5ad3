"""The route for children: the latents of a recipe, and one sentence for anything hostile."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from helpers.answers import refused
from starlette.applications import Starlette
from starlette.testclient import TestClient

from demo.backend.generators import GeneratorStore
from demo.routes.breed import routes
from demo.routes.http import PREFIX
from gan.latent.lineage import grow
from gan.latent.recipe import MAX_LETTERS
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.storage import save_generator
from gan.settings.config import TrainConfig

RECIPE = "42.7.c0x1d35s3i5.c2d20s4"


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    generator = Generator(family="dcgan", size=32, channels=3, width=4, z_dim=8)
    initialise(generator, torch.Generator().manual_seed(0))
    save_generator(folder / "abc", generator.eval(), TrainConfig())
    generators = GeneratorStore(folder)
    with TestClient(Starlette(routes=routes(SimpleNamespace(generators=generators)))) as served:
        yield served
    generators.renderer.close()


def asked(client, recipe=RECIPE, **query):
    return client.post(f"{PREFIX}/children", params={"model": "run:abc", **query}, content=recipe)


@pytest.mark.parametrize("count", [1, 16, 64])
def test_the_people_of_a_recipe_come_first_and_then_their_children(client, count):
    answer = asked(client, count=count)
    assert answer.status_code == 200
    rows = np.frombuffer(answer.content, "<f4").reshape(-1, 8)
    family = grow(RECIPE, 8, count)
    assert np.array_equal(rows, torch.cat([family.latents, family.litter]))


@pytest.mark.parametrize(
    "recipe", ["", ".", "x", "42.c1d1s1", "42.c0d101s1", "zAAAA", "42.a0m0p9", "42\n", "<b>", "\x00"]
)
def test_hostile_recipes_are_refused(client, recipe):
    refused(asked(client, recipe))


def test_bytes_that_are_no_text_are_refused(client):
    refused(asked(client, bytes(range(256))))


def test_a_long_body_is_refused_before_it_is_read(client):
    assert f"{MAX_LETTERS:,} letters" in refused(asked(client, "1" * (MAX_LETTERS + 1)))

    def endless():
        yield from [b"1." * 1000] * 100

    # Without a length that is said.
    refused(asked(client, endless()))


@pytest.mark.parametrize("count", ["0", "65", "-1", "nan", "", "1.5", "9" * 400, "x"])
def test_bad_counts_are_refused(client, count):
    assert "number of children" in refused(asked(client, count=count))


@pytest.mark.parametrize("name", ["", "nope", "run:../abc", "/etc"])
def test_bad_models_are_refused(client, name):
    refused(asked(client, model=name))
