"""A link to Train's settings: it says all, it is short, and it is checked field by field."""

import json
from pathlib import Path
from urllib.parse import unquote

import gradio as gr
import pytest

from demo.backend.runs.queue import SAVE_EVERY
from demo.backend.runs.run import Run
from demo.tabs.train.form import read_form
from demo.tabs.train.settings_link import (
    SLIDER_SECONDS,
    form_values,
    link_query,
    parse_settings,
    shown_settings,
)
from gan.settings.config import TrainConfig

CONFIGS = [
    TrainConfig(),
    TrainConfig(data="glyphs", method="wgan_gp", steps=500, seed=7),
    TrainConfig(data="shapes", size=64, channels=1, width=16, batch=8, g_lr=1.5e-4, n_critic=3),
    TrainConfig(data="faces", changes={"spectral_norm": True, "r1": 0.25}, model="resnet", limit=99),
    TrainConfig(data="someone/pictures", seconds=30, ema_images=0, precision="bfloat16"),
]


def text_of(config):
    query = link_query(config)
    assert query.startswith("train=") and len(query) < 600
    return unquote(query.removeprefix("train="))


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.data)
def test_a_link_holds_all_settings(config):
    assert parse_settings(text_of(config)) == config


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.data)
def test_the_filled_form_reads_as_the_same_settings(config):
    fields = [
        *("data", "other", "method", "seconds", "seed", "size", "channels", "width", "batch"),
        *("g_lr", "d_lr", "n_critic", "z_dim", "ema_images", "limit", "steps", "changes"),
    ]
    values = form_values(config)
    read = read_form({name: values[name] for name in fields}, ())
    assert read.to_dict() == config.to_dict() | {"save_every": SAVE_EVERY}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "settings of this link"),
        ("{", "cut off"),
        ("[" * 3000, "cut off"),
        ("x" * 5000, "settings of this link"),
        ("[]", "must be a JSON object"),
        ('{"data": "faces", "out": "/etc"}', "settings of a run are"),
        ('{"seconds": 1e99}', "seconds"),
        ('{"seconds": NaN}', "seconds"),
        ('{"method": "<script>"}', "method"),
        ('{"changes": {"r1": "much"}}', "r1"),
        (json.dumps({"data": "x" * 600}), "data"),
    ],
)
def test_what_is_wrong_with_a_link_is_said(text, words):
    with pytest.raises(ValueError, match=words):
        parse_settings(text)


@pytest.mark.parametrize("seconds", [1, 5, 10, 60, 600, 3600, 604800])
def test_every_budget_of_a_link_can_be_trained_with(seconds):
    names = ["seconds", "other", "size", "channels"]
    config = TrainConfig(seconds=seconds)
    shown = shown_settings(names, Run("ab", config, Path(), ""), True)[0]
    least, most = SLIDER_SECONDS
    # Gradio makes the slider of this session by the update, and refuses what is beyond its ends.
    slider = gr.Slider(minimum=shown["minimum"], maximum=shown["maximum"], step=5)
    assert slider.preprocess(shown["value"]) == seconds
    assert shown["minimum"] <= least and shown["maximum"] >= most
