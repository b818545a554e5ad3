"""The menu "Start from": what it lists, when it suggests a model, and that a choice stays."""

from types import SimpleNamespace

import pytest

from demo.tabs.train import start
from demo.tabs.train.fields import AS_SUGGESTED
from demo.tabs.train.form import read_form
from demo.tabs.train.settings_link import form_values, link_query, parse_settings
from gan.settings.config import TrainConfig

UPLOAD = {"data": "own:" + "0" * 32, "size": 32, "channels": 3, "fit": "crop", "background": "#ffffff"}


@pytest.fixture
def follow(monkeypatch):
    """follow(data, ...): (the menu's value, its names, its info, whether the fold is open)."""
    shapes = {(32, 3): [("Photos", "photos")], (32, 1): [("Digits", "digits")]}
    monkeypatch.setattr(start, "fitting", lambda services, session, *shape: shapes.get(shape, []))
    monkeypatch.setattr(start, "suggested", lambda models: models[0][1] if models else "")

    def call(data, ready=None, count=100, name=start.NOTHING, touched=False, **more):
        uploads = SimpleNamespace(count_pictures=lambda *shape: count)
        values = {"other": "", "size": AS_SUGGESTED, "channels": AS_SUGGESTED, **more}
        choice = start.Choice(data=data, ready=ready or {}, **values)
        menu, fold = start.follow_data(SimpleNamespace(uploads=uploads), "s", name, touched, choice)
        assert fold["label"] == f"Start from: {menu['value']}"
        return menu["value"], [name for _, name in menu["choices"]], menu["info"], fold["open"]

    return call


def test_few_own_pictures_are_suggested_the_model_that_fits_and_told_why(follow):
    value, names, info, is_open = follow("own", UPLOAD, count=999)
    assert (value, names, is_open) == ("photos", ["nothing", "photos"], True)
    assert info.startswith("Suggested for 999 pictures")


@pytest.mark.parametrize("ready", [{}, UPLOAD | {"size": 64}, UPLOAD], ids=["none", "64", "many"])
def test_else_nothing_is_suggested(follow, ready):
    value, _, info, is_open = follow("own", ready, count=1000 if ready == UPLOAD else 100)
    assert (value, is_open) == ("nothing", False)
    assert "Suggested" not in info


def test_the_menu_follows_the_size_and_channels_of_the_data(follow):
    assert follow("mnist")[1] == ["nothing", "digits"]
    assert follow("mnist", channels=3)[1] == ["nothing", "photos"]
    assert follow("cifar10", size=64)[1] == ["nothing"]
    assert follow("other", other="some/folder")[1] == ["nothing", "photos"]
    assert follow("other", UPLOAD | {"channels": 1}, other="x")[1] == ["nothing", "digits"]


def test_what_was_chosen_stays_while_it_fits(follow):
    assert follow("own", UPLOAD, touched=True)[0] == "nothing"
    assert follow("cifar10", name="photos", touched=True)[0] == "photos"
    assert follow("mnist", name="photos", touched=True)[0] == "nothing"
    # What was suggested goes with the pictures that it was suggested for.
    assert follow("cifar10", name="photos")[0] == "nothing"


def test_links_and_runs_fill_the_menu():
    config = TrainConfig("mnist", start_from="digits", freeze_d=2)
    values = form_values(config)
    assert values["start_from"] == "digits" and values["changes"] == "freeze_d=2"
    assert parse_settings_of(config) == config
    assert form_values(TrainConfig())["start_from"] == "nothing"
    # The id of an upload is for its own page alone.
    assert form_values(TrainConfig(start_from=UPLOAD["data"]))["start_from"] == "nothing"


def parse_settings_of(config):
    from urllib.parse import unquote

    return parse_settings(unquote(link_query(config).removeprefix("train=")))


@pytest.mark.parametrize(
    ("chosen", "read"), [("nothing", ""), (None, ""), ("", ""), ("faces", "faces")]
)
def test_the_form_reads_the_menu(chosen, read):
    values = form_values(TrainConfig("mnist"))
    fields = ("data", "other", "method", "seconds", "seed", "changes", "steps", "width", "batch", "g_lr",
              "d_lr", "n_critic", "z_dim", "ema_images", "limit", "size", "channels")  # fmt: skip
    config = read_form({name: values[name] for name in fields} | {"start_from": chosen}, ())
    assert config.start_from == read
