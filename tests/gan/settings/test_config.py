"""Settings: checked on construction, the same after JSON, and filled in by data and method."""

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan.settings.catalogue import METHODS
from gan.settings.config import DEFAULT_SECONDS, MAX_SEED, TrainConfig
from gan.training.resolve import resolve


def maybe(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | values


configs = st.builds(
    TrainConfig,
    data=st.sampled_from(["faces", "mnist", "me/my data", "~/pictures/é"]),
    method=st.sampled_from(["quick", "patient", "r1", "dcgan", "tutorial", "lsgan"]),
    steps=maybe(st.integers(1, 10**7)),
    seed=st.integers(0, MAX_SEED),
    size=maybe(st.sampled_from([32, 64, 128])),
    channels=maybe(st.sampled_from([1, 3])),
    limit=maybe(st.integers(2, 200_000)),
    save_every=maybe(st.integers(1, 100)),
    model=maybe(st.sampled_from(["dcgan", "tutorial"])),
    changes=st.sampled_from([{}, {"g_steps": 2}, {"instance_noise": 0.5, "historical": 1}]),
    width=maybe(st.integers(4, 128)),
    d_width=maybe(st.integers(4, 128)),
    batch=maybe(st.integers(2, 1024)),
    g_lr=maybe(st.floats(1e-7, 1)),
    ema_images=maybe(st.integers(0, 10**7)),
    precision=maybe(st.sampled_from(["float32", "bfloat16"])),
) | st.builds(TrainConfig, seconds=st.floats(1, 7 * 24 * 3600))


@given(configs)
def test_settings_are_the_same_after_json(config):
    back = TrainConfig.from_dict(json.loads(json.dumps(config.to_dict())))
    assert back == config
    assert resolve(back) == resolve(config)


@given(configs)
def test_resolving_fills_in_and_changes_nothing_that_was_set(config):
    whole = resolve(config)
    for name, value in config.to_dict().items():
        if value is not None:
            assert getattr(whole, name) == value
    open_ended = {"steps", "seconds", "limit", "save_every", "start_weights"}
    assert all(value is not None for name, value in whole.to_dict().items() if name not in open_ended)
    assert resolve(whole) == whole


def test_what_is_missing_comes_from_the_method_and_the_data():
    whole = resolve(TrainConfig("faces", "tutorial"))
    method = METHODS["tutorial"]
    assert (whole.size, whole.channels) == (64, 3)
    assert (whole.model, whole.n_critic, whole.g_lr) == ("tutorial", 2, method.g_lr)
    assert (resolve(TrainConfig("mnist")).size, resolve(TrainConfig("mnist")).channels) == (32, 1)
    assert resolve(TrainConfig("some/where")).channels == 3


def test_the_budget_is_a_minute_unless_told():
    assert TrainConfig().seconds == DEFAULT_SECONDS == 60
    assert TrainConfig(steps=5).seconds is None
    with pytest.raises(ValueError, match="not both"):
        TrainConfig(steps=5, seconds=5)


def test_whole_floats_become_integers_so_that_equal_settings_are_equal():
    config = TrainConfig(steps=5.0, width=8.0, seed=3.0)
    assert config == TrainConfig(steps=5, width=8, seed=3)
    assert json.dumps(config.to_dict()) == json.dumps(TrainConfig(steps=5, width=8, seed=3).to_dict())


def test_settings_cannot_be_changed_afterwards():
    with pytest.raises(dataclasses.FrozenInstanceError):
        TrainConfig().seed = 1


BAD = {
    "data": [None, "", 7, "x" * 501, "a\0b"],
    "method": [None, "", "adam", 1, ["quick"]],
    "steps": [0, -1, 10**8, 1.5, True, "5", float("nan"), 10**400],
    "seconds": [0, -1, 0.5, 10**9, True, "5", float("nan"), float("inf")],
    "seed": [-1, 2**32, 10**400, True, "7", float("nan"), 0.5],
    "size": [0, 33, 48, 256, True, "32", float("nan")],
    "channels": [0, 2, 4, True, "1"],
    "limit": [0, 1, 200_001, True, float("nan")],
    "fit": [None, "stretch", "", 1],
    "background": [None, "white", "#fff", "#12345g", 0, "#ffffff\n"],
    "save_every": [0, -5, True, "10"],
    "model": ["unet", 1, True, ""],
    "width": [0, 3, 129, True, 8.5, "8"],
    "d_width": [0, 3, 129, True, 8.5, "8"],
    "z_dim": [0, 1025, True, "64"],
    "batch": [0, 1, 1025, True, float("inf")],
    "n_critic": [0, 21, True],
    "g_lr": [0, -1e-3, 1.5, True, "1e-3", float("nan")],
    "d_lr": [0, 2, float("inf")],
    "ema_images": [-1, 10**8, True],
    "precision": ["float16", 32, True, ""],
    "start_from": [None, 7, "x" * 501, "a\0b"],
    "start_weights": ["", 7, "faces", "0" * 63, "g" * 64],
    "freeze_d": [-1, 1, 6, True, "1"],
    "changes": [None, [], "loss=hinge"],
}


@pytest.mark.parametrize("name", BAD)
def test_each_bad_setting_is_named(name):
    assert set(BAD) == {field.name for field in dataclasses.fields(TrainConfig)}
    for value in BAD[name]:
        with pytest.raises(ValueError, match=name) as caught:
            TrainConfig(**{name: value})
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("values", [{"learning_rate": 1}, [], None, "quick", {1: 2}], ids=str)
def test_unknown_settings_are_refused(values):
    with pytest.raises(ValueError, match=r"The settings of a run are: background, .* z_dim\."):
        TrainConfig.from_dict(values)
