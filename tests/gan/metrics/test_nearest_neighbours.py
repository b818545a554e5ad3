"""Precision, recall, density, coverage and copies, against numbers worked out by hand on a line."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gan.metrics.nearest_neighbours import (
    distance_ratio,
    effective_count,
    nearest,
    overlap,
    repeat_distances,
)


def line(*places: float) -> torch.Tensor:
    return torch.tensor(places, dtype=torch.float32)[:, None]


# The radii of 0, 1 and 3 to their nearest other are 1, 1 and 2.
REAL = line(0, 1, 3)


def test_overlap_of_three_points_by_hand():
    # 0.5 lies in the balls of 0 and 1; 10 and 12 in none. Radii of the fakes: 9.5, 2 and 2.
    found = overlap(REAL, line(0.5, 10, 12), k=1, k_cover=1)
    assert found.precision == pytest.approx(1 / 3)
    assert found.recall == 1.0
    assert found.density == pytest.approx(2 / 3)
    assert found.coverage == pytest.approx(2 / 3)
    assert found.realism.tolist() == pytest.approx([2, 2 / 7, 2 / 9])
    assert found.reach.tolist() == pytest.approx([0.5, 0.5, 1.25])


def test_fakes_that_crowd_are_precise_and_recall_nothing():
    found = overlap(REAL, line(0.5, 0.6, 0.7), k=1, k_cover=1)
    assert (found.precision, found.recall) == (1.0, 0.0)
    # 0.5 and 0.6 lie in two balls, 0.7 too; 3's ball ends at 1.
    assert found.density == 2.0
    assert found.coverage == pytest.approx(2 / 3)


def test_density_is_robust_to_an_outlier_among_the_real_points():
    # The odd one, 100, has a ball that reaches back to 3; precision believes it, density hardly.
    real = line(0, 1, 2, 3, 100)
    found = overlap(real, line(50, 60, 70), k=1, k_cover=1)
    assert found.precision == 1.0
    assert found.density == 1.0
    assert found.coverage == pytest.approx(1 / 5)
    assert overlap(real, line(0.4, 1.5, 2.5), k=1, k_cover=1).density > 1.9


def test_the_second_neighbour_makes_larger_balls():
    # Radii of the second neighbour: 3, 2, 3. -2.5 then lies in 0's ball.
    assert overlap(REAL, line(-2.5, 9, 20), k=2, k_cover=1).precision == pytest.approx(1 / 3)
    assert overlap(REAL, line(-2.5, 9, 20), k=1, k_cover=1).precision == 0.0


@given(st.integers(0, 10_000))
def test_a_set_overlaps_with_itself_wholly(seed):
    points = torch.randn(20, 3, generator=torch.Generator().manual_seed(seed))
    found = overlap(points, points)
    assert (found.precision, found.recall, found.coverage) == (1.0, 1.0, 1.0)
    # Each point lies in its own ball, and in those of the points whose fifth neighbours are farther.
    assert found.density >= 1.0


@given(st.integers(0, 10_000), st.floats(0.01, 100))
def test_overlap_has_no_scale_and_no_order(seed, scale):
    rng = torch.Generator().manual_seed(seed)
    real, fake = torch.randn(30, 4, generator=rng), torch.randn(30, 4, generator=rng) * 1.3
    one = overlap(real, fake)
    two = overlap(real[torch.randperm(30, generator=rng)] * scale, fake.flip(0) * scale)
    for name in ("precision", "recall", "density", "coverage"):
        # A point just on a ball's edge may fall to either side.
        assert getattr(one, name) == pytest.approx(getattr(two, name), abs=0.05)


def test_nearest_is_exact_where_the_matrix_product_is_not():
    # Far from 0 the squares are 10⁸, and their last digit is larger than the distances.
    points = line(10_000.0, 10_000.002, 10_000.006)
    values, places = nearest(points, points, 2, exclude_self=True)
    assert places.tolist() == [[1, 2], [0, 2], [1, 0]]
    assert values[0].tolist() == pytest.approx([0.002, 0.006], rel=0.1)


def test_balls_are_closed_also_at_radius_zero():
    # The ball of each 5 is the point 5; that of 9 reaches from 6 to 12.
    found = overlap(line(5, 5, 9, 12), line(5, 7, 100), k=1, k_cover=1)
    assert found.precision == pytest.approx(2 / 3)
    assert found.coverage == pytest.approx(3 / 4)  # 12's ball, from 9 to 15, holds none


@pytest.mark.parametrize("offset", [0.0, 1000.0])
def test_overlap_is_that_of_float64_wherever_the_points_lie(offset):
    rng = torch.Generator().manual_seed(0)
    base = torch.randn(40, 64, generator=rng)
    # A third of the reference comes four times, so that its balls have radius 0; fakes are near, or copies.
    real = torch.cat([base, base[:13], base[:13], base[:13]]) + offset
    near = base[:30] + 0.8 * torch.randn(30, 64, generator=rng) + offset
    fake = torch.cat([near, real[:5], real[30:35]])
    found = overlap(real, fake)
    table = (fake.double()[:, None] - real.double()[None]).norm(dim=2)
    within = (real.double()[:, None] - real.double()[None]).norm(dim=2).sort(1).values
    among = (fake.double()[:, None] - fake.double()[None]).norm(dim=2).sort(1).values
    assert (within[:, 3] == 0).sum() == 52
    assert found.precision == pytest.approx((table <= within[:, 3]).any(1).double().mean().item())
    assert found.recall == pytest.approx((table <= among[:, 3:4]).any(0).double().mean().item())
    assert found.density == pytest.approx((table <= within[:, 5]).sum().item() / (5 * 40))
    assert found.coverage == pytest.approx((table <= within[:, 5]).any(0).double().mean().item())
    assert found.precision >= 10 / 40  # the copies


def test_neighbours_far_from_the_origin_are_the_nearest():
    rng = torch.Generator().manual_seed(1)
    points = torch.randn(300, 8, generator=rng) + 5000
    exact = (points.double()[:, None] - points.double()[None]).norm(dim=2).fill_diagonal_(torch.inf)
    values, _ = nearest(points, points, 3, exclude_self=True)
    assert torch.allclose(values.double(), exact.topk(3, largest=False).values, rtol=1e-6)
    assert effective_count(points, 1e-3) == pytest.approx(300)


def test_none_is_its_own_neighbour_and_too_few_are_refused():
    values, places = nearest(REAL, REAL, 1, exclude_self=True)
    assert values[:, 0].tolist() == [1, 1, 2] and places[:, 0].tolist() == [1, 0, 1]
    with pytest.raises(ValueError, match="3 neighbours need more than 3 points"):
        nearest(REAL, REAL, 3, exclude_self=True)


def test_distance_ratio_of_a_copy_is_zero_and_of_a_point_in_the_middle_near_one():
    ratio, places = distance_ratio(line(0, 7), line(1, 3, 5, 7), 3)
    # 0: 1 over the mean of 3 and 5. 7 is there itself.
    assert ratio.tolist() == [0.25, 0.0]
    assert places.tolist() == [0, 3]
    far, _ = distance_ratio(line(1000), line(1, 3, 5, 7), 3)
    assert far.item() == pytest.approx(1, abs=0.01)


def test_repeats_are_counted_in_typical_distances():
    # Distances of two: 1, 4, 3 -> the median is 3.
    assert repeat_distances(line(0, 1, 4)).tolist() == pytest.approx([1 / 3, 1 / 3, 1])


@pytest.mark.parametrize(
    ("points", "count"), [((0, 0, 10, 10), 2), ((0, 5, 10, 15), 4), ((3, 3, 3), 1)]
)
def test_effective_count(points, count):
    assert effective_count(line(*points), 0.1) == pytest.approx(count)
