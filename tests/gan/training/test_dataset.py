"""What a run trains on, and whether its networks are told the classes."""

import pytest
import torch
from helpers.making_pictures import coloured

from gan.models.generator import Generator
from gan.training.dataset import load_data
from gan.training.resolve import resolve
from gan.training.trainer import Trainer


def classes_of(config) -> int:
    images = load_data(resolve(config))
    return Trainer(resolve(config), images.pixels, torch.device("cpu"), images.labels).classes


@pytest.mark.parametrize("data", ["shapes", "faces"])
def test_quick_is_told_the_classes_where_the_data_has_labels(tiny, data):
    config = tiny(method="quick", data=data, limit=200, z_dim=16)
    images = load_data(resolve(config))
    assert len(images.labels) == 200
    assert classes_of(config) == int(images.labels.max()) + 1 > 1


@pytest.mark.parametrize(
    "changed",
    [
        {"method": "dcgan"},
        {"changes": {"labels": "ignored"}},
        {"z_dim": 2},
        {"changes": {"g_norm": "virtual"}},
        {"changes": {"g_norm": "none", "d_norm": "none"}, "model": "progressive"},
    ],
    ids=str,
)
def test_labels_stay_out_where_they_are_not_wanted_or_cannot_be_told(tiny, changed):
    assert load_data(resolve(tiny(**changed))).labels is None


def test_quick_learns_without_labels_from_a_plain_folder(tiny, picture_folder):
    folder = picture_folder({f"{k}.png": coloured(k) for k in range(12)})
    assert classes_of(tiny(data=str(folder), limit=None)) == 0


def test_labels_that_fit_no_network_are_left_out_unless_they_are_required(tiny, parquet_folder):
    strange = parquet_folder({"train": [(coloured(k), k - 1) for k in range(12)]})
    config = {"data": str(strange), "limit": None}
    assert classes_of(tiny(**config)) == 0
    with pytest.raises(ValueError, match="counted from 0"):
        load_data(resolve(tiny(method="conditional", **config)))


def test_a_generator_that_was_told_classes_says_so_in_its_shape(tiny):
    config = resolve(tiny(method="quick", limit=200))
    images = load_data(config)
    trainer = Trainer(config, images.pixels, torch.device("cpu"), images.labels)
    shape = {name: getattr(trainer.g_ema, name) for name in Generator.SHAPE}
    assert Generator(**shape).classes == trainer.classes
