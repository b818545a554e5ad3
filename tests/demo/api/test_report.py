"""/report through gradio_client, on the real server."""

from pathlib import Path

import pytest
from gradio_client import Client

from gan.models.generator import Generator
from gan.models.storage import save_generator
from gan.settings.config import TrainConfig


@pytest.fixture(scope="module")
def client(server):
    return Client(server.url, verbose=False)


@pytest.fixture
def poor(server):
    """A run that has learnt nothing, of few glyphs: quick to judge."""
    generator = Generator("dcgan", size=32, channels=1, width=4, z_dim=8)
    save_generator(server.runs / "poor", generator, TrainConfig(data="glyphs", limit=150))
    return "run:poor"


def test_report_judges_a_model_by_what_it_was_trained_on(client, poor):
    card, page = client.predict(poor, "", 60, 3, api_name="/report")
    assert (card["model"], card["data"], card["samples"], card["seed"]) == (poor, "glyphs", 60, 3)
    assert "wrong" in card["verdict"]["headline"]
    assert "<html" in Path(page).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({0: "nope"}, "no model called"),
        ({1: "nowhere/at-all"}, "could not be reached"),
        ({2: 9}, "samples must be from 10"),
        ({3: -1}, "seed must be from 0"),
    ],
)
def test_report_says_what_is_wrong(client, poor, changes, words):
    values = [poor, "glyphs", 60, 0]
    for place, value in changes.items():
        values[place] = value
    with pytest.raises(Exception, match=words):
        client.predict(*values, api_name="/report")
