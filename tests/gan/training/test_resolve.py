"""Defaults that depend on the size of the pictures."""

import pytest

from gan.settings.catalogue import METHODS
from gan.settings.config import SIZES, TrainConfig, method_of
from gan.training.resolve import resolve


@pytest.mark.parametrize(("size", "of_g", "of_d"), [(32, 1, 1), (64, 2, 1), (128, 4, 2)])
def test_larger_pictures_get_narrower_networks_with_bases_as_wide(size, of_g, of_d):
    method = METHODS["quick"]
    for channels, widths in ((1, (method.width, method.d_width)), (3, (64, 32))):
        found = resolve(TrainConfig(size=size, channels=channels, method="quick"))
        assert (found.width, found.d_width) == (widths[0] // of_g, widths[1] // of_d)


@pytest.mark.parametrize(
    ("chosen", "family", "g_lr", "lr_half"),
    [
        ({}, "haar", 8e-3, 40_000), ({"data": "shapes"}, "haar", 8e-3, 40_000),
        ({"data": "mnist"}, "dcgan", 5e-3, 8_000), ({"channels": 1}, "dcgan", 5e-3, 8_000),
        ({"model": "dcgan"}, "dcgan", 5e-3, 8_000), ({"model": "haar", "channels": 1}, "haar", 8e-3, 40_000),
        ({"model": "palette"}, "palette", 8e-3, 40_000),
        ({"g_lr": 1e-3, "changes": {"lr_half": 10}}, "haar", 1e-3, 10),
    ],
)  # fmt: skip
def test_quick_learns_colours_with_networks_that_grow(chosen, family, g_lr, lr_half):
    found = resolve(TrainConfig(**chosen))
    assert (found.model, found.g_lr, method_of(found).lr_half) == (family, g_lr, lr_half)
    assert resolve(found) == found


def test_no_other_method_changes_with_colours():
    assert [name for name, method in METHODS.items() if method.colour] == ["quick"]


@pytest.mark.parametrize("method", METHODS)
def test_no_method_gets_a_width_that_is_refused(method):
    for size in SIZES:
        data = "faces" if METHODS[method].labels != "required" else "shapes"
        found = resolve(TrainConfig(data, method, size=size))
        assert found.width >= 4 and found.d_width >= 4
        assert resolve(found) == found


def test_chosen_widths_stay():
    found = resolve(TrainConfig(size=128, width=24, d_width=12))
    assert (found.width, found.d_width) == (24, 12)
    # Without a width of its own D is as wide as G.
    free = next(name for name, each in METHODS.items() if each.d_width is None and each.model != "mlp")
    assert resolve(TrainConfig(size=128, width=24, method=free)).d_width == 24
