"""Quality of generated points against values computed by hand."""

import math

import numpy as np
import pytest

from gan.data.point_clouds import draw_points
from gan.metrics.points import SAMPLE_COUNT, PointJudge, PointQuality, cells_per_side

# Far apart: each in another of 6 × 6 cells.
CORNERS = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])


def test_user_points_by_hand():
    found = PointJudge("mine.csv", CORNERS)(CORNERS[[0, 0]])
    # One half has the corner: p = (½, ½), q = (1, 0), m = (¾, ¼). The other has not: ln 2.
    near = (math.log(2 / 3) / 2 + math.log(2) / 2 + math.log(4 / 3)) / 2
    assert found.js == pytest.approx((near + math.log(2)) / 2)
    # With half a point more: (1.5, 1.5) / 3 and (2.5, 0.5) / 3; (1.5, 1.5, 0.5) / 3.5 and (0.5, 0.5, 2.5) / 3.5.
    near = math.log(0.6) / 2 + math.log(3) / 2
    far = 3 / 3.5 * math.log(3) + 0.5 / 3.5 * math.log(0.2)
    assert found.kl == pytest.approx((near + far) / 2)
    assert (found.covered, found.quality) == (None, None)


def test_points_that_are_all_the_same_are_at_no_distance():
    same = np.ones((9, 2))
    judge = PointJudge("mine.csv", same)
    assert judge(same) == judge.floor == PointQuality(0.0, 0.0)


@pytest.mark.parametrize("count", [60, 400, 3000])
def test_other_points_of_the_same_distribution_come_to_the_floor(count):
    rng = np.random.default_rng(count)
    found = []
    for _ in range(30):
        judge = PointJudge("mine.csv", rng.normal(size=(count, 2)))
        fresh = judge(rng.normal(size=(SAMPLE_COUNT, 2)))
        found.append([fresh.js, judge.floor.js, fresh.kl, judge.floor.kl])
    js, js_floor, kl, kl_floor = np.mean(found, axis=0)
    # Against all points, and not half as many as for the floor, it came to about half of it.
    assert js == pytest.approx(js_floor, rel=0.05)
    assert kl == pytest.approx(kl_floor, rel=0.08)


def test_the_floor_of_user_points_is_one_half_against_the_other():
    # Two corners here and two there, none the same: (1.5, 1.5, 0.5, 0.5) / 4 against its reverse.
    floor = PointJudge("mine.csv", CORNERS).floor
    assert floor == PointQuality(pytest.approx(math.log(2)), pytest.approx(math.log(3) / 2))


def test_the_floor_of_a_cloud_is_that_of_as_many_other_points():
    judge = PointJudge("ring", np.empty((0, 2)))
    assert judge.floor == judge(draw_points("ring", SAMPLE_COUNT, seed=1))
    assert judge.floor.js < judge(draw_points("ring", SAMPLE_COUNT // 10, seed=2)).js
    assert judge.floor.covered == 8
    assert judge.floor.quality == pytest.approx(1 - math.exp(-4.5), abs=0.005)


def test_modes_are_counted_where_there_are_any():
    centre = np.repeat([[1.0, 0.0], [9.0, 9.0]], 3, axis=0)
    found = PointJudge("ring", np.empty((0, 2)))(centre)
    assert (found.covered, found.quality) == (1, 0.5)
    assert PointJudge("moons", np.empty((0, 2)))(centre).covered is None


@pytest.mark.parametrize(("count", "cells"), [(2, 6), (144, 6), (400, 10), (6400, 40), (10**6, 40)])
def test_few_points_are_counted_in_large_cells(count, cells):
    assert cells_per_side(count) == cells


def test_one_point_is_refused():
    with pytest.raises(ValueError, match="no points to measure"):
        PointJudge("mine.csv", CORNERS[:1])
