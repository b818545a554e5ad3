"""Defaults that depend on the size of the pictures."""

import pytest

from gan.settings.catalogue import METHODS
from gan.settings.config import SIZES, TrainConfig
from gan.training.resolve import resolve


@pytest.mark.parametrize(("size", "of_g", "of_d"), [(32, 1, 1), (64, 2, 1), (128, 4, 2)])
def test_larger_pictures_get_narrower_networks_with_bases_as_wide(size, of_g, of_d):
    found, method = resolve(TrainConfig(size=size, method="quick")), METHODS["quick"]
    assert found.width == method.width // of_g
    assert found.d_width == method.d_width // of_d


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
