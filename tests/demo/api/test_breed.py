"""/breed and /combine, through gradio_client and as raw HTTP, on the real server."""

import numpy as np
import pytest
import torch
from gradio_client import Client
from PIL import Image

from gan.images.encode import grid
from gan.latent.lineage import grow
from gan.models.render import render
from gan.models.storage import load_generator
from tests.demo.api.test_models import raw


@pytest.fixture(scope="module")
def client(server):
    return Client(server.url, verbose=False)


def sheet(recipe: str, count: int, with_sum: bool = False) -> np.ndarray:
    family = grow(recipe, 64, count)
    z = torch.cat([family.latents[-1:], family.litter]) if with_sum else family.litter
    return grid(render(load_generator("digits"), z))[..., 0]


def shown(path) -> np.ndarray:
    with Image.open(path) as image:
        return np.asarray(image.convert("L"))


@pytest.mark.parametrize(
    ("parents", "recipe"),
    [
        ("42", "42.c0d35s2"),
        ("42, 7", "42.7.c0x1d35s2"),
        ("42.c0d35s1i7.c1d20s3", "42.c0d35s1i7.c1d20s3"),
    ],
)
def test_children_are_drawn_and_their_recipe_told(client, parents, recipe):
    path, told = client.predict("digits", parents, 0.35, 5, 2, api_name="/breed")
    assert told == recipe
    assert np.array_equal(shown(path), sheet(recipe, 5))


def test_a_sum_is_drawn_first_and_its_neighbours_after_it(client):
    path, told = client.predict("digits", "1-2", "3", "4", 0.1, 3, api_name="/combine")
    assert told == "1.2.3.4.a0x1m2p3.c4d10s0"
    assert np.array_equal(shown(path), sheet(told, 3, with_sum=True))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"model": "nope"}, "no model called"),
        ({"parents": "1, 2, 3"}, "one parent or two"),
        ({"parents": "x"}, "seeds must look like"),
        ({"parents": "42.c0d35s1i7"}, "end in children"),
        ({"parents": "42.c9d35s1"}, "before it has one"),
        ({"difference": 0.355}, "hundredths"),
        ({"difference": -1}, "difference must be"),
        ({"children": 65}, "number of children"),
        ({"seed": -1}, "seed must be"),
    ],
)
def test_what_is_wrong_is_told_in_the_library_s_words(client, changes, words):
    usual = {"model": "digits", "parents": "42", "difference": 0.4, "children": 4, "seed": 0}
    values = usual | changes
    with pytest.raises(Exception, match=words):
        client.predict(*values.values(), api_name="/breed")


@pytest.mark.parametrize(
    "data",
    ['["digits", "42", NaN, 4, 0]', '["digits", null, 0.4, 4, 0]', '["digits", "42", true, 4, 0]',
     '["digits", ["42"], 0.4, 4, 0]', '["digits", "42", 0.4, Infinity, 0]', "[]"],
)  # fmt: skip
def test_hostile_values_are_refused(server, data):
    assert "event: error" in raw(server, "breed", f'{{"data": {data}}}')
    assert server.process.poll() is None
