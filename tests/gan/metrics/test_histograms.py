"""Divergences of point sets against values computed by hand."""

import math

import numpy as np
import pytest

from gan.data.point_clouds import CLOUDS, draw_points
from gan.metrics.histograms import CELLS, HistogramDivergence, jensen_shannon, kl


def test_jensen_shannon_by_hand():
    assert jensen_shannon([1, 1], [3, 3]) == 0
    assert jensen_shannon([5, 0], [0, 2]) == pytest.approx(math.log(2))
    # p = (1, 0), q = (½, ½), m = (¾, ¼).
    by_hand = 0.5 * math.log(4 / 3) + 0.5 * (0.5 * math.log(2 / 3) + 0.5 * math.log(2))
    assert jensen_shannon([4, 0], [1, 1]) == pytest.approx(by_hand)
    assert jensen_shannon([1, 1], [4, 0]) == pytest.approx(by_hand)


def test_kl_by_hand():
    # With half a point more: p = (3.5, 1.5) / 5, q = (0.5, 2.5) / 3; the third cell is nobody's.
    by_hand = 0.7 * math.log(0.7 * 6) + 0.3 * math.log(0.3 * 6 / 5)
    assert kl([3, 1, 0], [0, 2, 0]) == pytest.approx(by_hand)
    assert kl([2, 5], [2, 5]) == 0
    assert kl([3, 1, 0], [0, 2, 0]) != pytest.approx(kl([0, 2, 0], [3, 1, 0]))


def test_each_point_counts_in_the_cell_where_it_lies():
    divergence = HistogramDivergence(np.array([[0.0, 0.0], [1.3, 0.0]]))
    assert divergence.side == pytest.approx(1.3 * 1.3)
    assert divergence.corner == pytest.approx([0.65 - 0.845, -0.845])
    width = divergence.side / CELLS
    inside = divergence.corner + width * np.array([[0.5, 0.5], [3.5, 7.5], [3.2, 7.9], [39.5, 39.5]])
    outside = [[9.0, 0.0], [0.0, -9.0], [np.nan, 0.0], [np.inf, 0.0], [1e300, -1e300]]
    counts = divergence.count(np.concatenate([inside, outside]))
    assert counts.shape == (CELLS * CELLS + 1,)
    assert {k: counts[k] for k in counts.nonzero()[0]} == {
        0: 1, 3 * CELLS + 7: 2, CELLS * CELLS - 1: 1, CELLS * CELLS: 5,
    }  # fmt: skip


@pytest.mark.parametrize("name", CLOUDS)
def test_a_second_sample_is_near_and_another_cloud_is_far(name):
    divergence = HistogramDivergence(draw_points(name, 20_000, seed=0))
    floor = [divergence.jensen_shannon(draw_points(name, 20_000, seed=seed)) for seed in (1, 2)]
    assert 0 < max(floor) < 0.025
    assert 0 < divergence.kl(draw_points(name, 20_000, seed=1)) < 0.06
    other = "moons" if name == "grid" else "grid"
    assert divergence.jensen_shannon(draw_points(other, 20_000)) > 0.3
    collapsed = np.repeat(draw_points(name, 1), 20_000, axis=0)
    assert 0.4 < divergence.jensen_shannon(collapsed) <= math.log(2)
    assert divergence.kl(collapsed) > 1


def test_all_outside_is_as_far_as_can_be():
    divergence = HistogramDivergence(draw_points("ring", 500))
    assert divergence.jensen_shannon(np.full((10, 2), np.nan)) == pytest.approx(math.log(2))


def test_equal_points_still_have_a_grid():
    divergence = HistogramDivergence(np.ones((5, 2)))
    assert divergence.jensen_shannon(np.ones((3, 2))) == 0


@pytest.mark.parametrize("measure", [jensen_shannon, kl])
def test_nothing_cannot_be_measured(measure):
    with pytest.raises(ValueError, match="no points to measure"):
        measure([0, 0], [1, 0])
    with pytest.raises(ValueError, match="no points to measure"):
        measure([1, 0], [0, 0])


@pytest.mark.parametrize("real", [np.ones((0, 2)), np.array([[0.0, 1.0], [np.nan, 0.0]])])
def test_real_points_must_exist_and_be_finite(real):
    with pytest.raises(ValueError, match="There must be real points"):
        HistogramDivergence(real)
    with pytest.raises(ValueError, match="no points to measure"):
        HistogramDivergence(np.ones((2, 2))).jensen_shannon([])
