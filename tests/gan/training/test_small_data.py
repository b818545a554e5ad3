"""Few pictures: D sees them augmented, unless someone or the method says otherwise; and it is told."""

import pytest
from helpers.making_pictures import coloured

from gan.settings.config import TrainConfig, method_of
from gan.settings.hyperparameters import AUGMENTATIONS
from gan.training import small_data
from gan.training.loop import train
from gan.training.small_data import for_small_data

ALL = ",".join(AUGMENTATIONS)


def test_below_a_thousand_pictures_are_augmented():
    config = TrainConfig("some/cats", changes={"spectral_norm": True})
    assert for_small_data(config, 1000) == config
    changed = for_small_data(config, 999)
    assert changed.changes == {"spectral_norm": True, "augment": ALL}
    assert method_of(changed).augment == ALL
    assert for_small_data(changed, 999) == changed


@pytest.mark.parametrize(
    "config",
    [
        TrainConfig("some/cats", changes={"augment": "none"}),
        TrainConfig("some/cats", changes={"augment": "color"}),
        TrainConfig("some/cats", "diffaugment"),
        TrainConfig("faces", limit=100),
        TrainConfig("ring"),
    ],
    ids=["none", "another", "the method does", "drawn", "points"],
)
def test_what_is_said_otherwise_holds(config):
    assert for_small_data(config, 2) == config


def test_a_run_says_so_and_keeps_it_and_goes_on(picture_folder, tiny, tmp_path):
    folder = picture_folder(
        {f"{i % 12:02}-{i}.png": coloured(i % 12) for i in range(13)} | {"x.png": b""}
    )
    config = tiny(data=str(folder), limit=None, channels=3)
    *_, last = train(config, tmp_path / "run")
    assert last.notes == (
        "Equal to another picture and left out: 1.",
        "Files left out: 1, the first x.png: empty.",
        small_data.note(12),
    )
    *_, more = train(
        tiny(data=str(folder), limit=None, channels=3, steps=8), tmp_path / "run", resume=True
    )
    assert (more.step, more.notes) == (8, last.notes)


def test_a_run_on_drawn_data_has_nothing_to_say(tiny):
    assert next(train(tiny())).notes == ()
