"""Clouds of points and the counting of their modes, against numbers worked out by hand."""

import math

import numpy as np
import pytest

from gan.data.point_clouds import CLOUDS, CUT_SIGMA, count_modes, draw_points


@pytest.mark.parametrize("name", CLOUDS)
def test_a_cloud_is_reproducible_finite_and_of_modest_size(name):
    points = draw_points(name, 2000, seed=3)
    assert points.shape == (2000, 2)
    assert points.dtype == np.float32
    assert np.array_equal(points, draw_points(name, 2000, seed=3))
    assert not np.array_equal(points, draw_points(name, 2000, seed=4))
    assert np.isfinite(points).all()
    assert 0.5 < np.abs(points).max() < 5
    assert np.abs(points.mean(0)).max() < 0.3


def test_the_ring_has_eight_distinct_modes_on_the_circle():
    centres = CLOUDS["ring"].centres
    assert len(np.unique(centres.round(9), axis=0)) == 8
    assert np.allclose(np.linalg.norm(centres, axis=1), 1)
    assert CLOUDS["ring"].sigma == 0.01
    grid = CLOUDS["grid"].centres
    assert len(np.unique(grid, axis=0)) == 25
    assert (grid.min(), grid.max()) == (-4, 4)


@pytest.mark.parametrize("name", [name for name, cloud in CLOUDS.items() if cloud.sigma])
def test_the_data_themselves_reach_the_ceiling(name):
    modes = count_modes(draw_points(name, 20_000), CLOUDS[name])
    count = len(CLOUDS[name].centres)
    overlap = 0.01 if name == "blobs" else 0.003
    assert modes.covered == count
    assert modes.quality == pytest.approx(1 - math.exp(-4.5), abs=overlap)
    # Sampling alone gives about (K - 1) / 2 N.
    assert 0 <= modes.reverse_kl < 3 * (count - 1) / (2 * 20_000)
    # 800 a mode or more: the standard error of one mode's σ is 1.8 % at most, that of all together 0.4 %.
    assert np.allclose(modes.spread, 1, rtol=0.06)
    assert np.mean(modes.spread) == pytest.approx(1, abs=0.012)


def test_the_spread_is_corrected_for_its_cut():
    # The mean of r² within 3 σ by numbers: ∫ r² · r e^(-r²/2) dr over ∫ r e^(-r²/2) dr, half for each coordinate.
    r = (np.arange(300_000) + 0.5) / 100_000
    weight = r * np.exp(-(r**2) / 2)
    assert pytest.approx(math.sqrt((weight * r**2).sum() / weight.sum() / 2), rel=1e-6) == CUT_SIGMA
    # Ten samples of the ring at 0.02, 2 σ from one centre: each coordinate has √2 σ.
    ring = CLOUDS["ring"]
    around = 0.02 * np.array([[1, 0], [-1, 0], [0, 1], [0, -1]] * 3)
    spread = count_modes(ring.centres[0] + around, ring).spread[0]
    assert spread == pytest.approx(math.sqrt(2) / 0.97440, rel=1e-4)


def test_modes_by_hand():
    ring = CLOUDS["ring"]
    # Three samples on mode 0, one on mode 1, one in the middle of nowhere, near mode 1.
    samples = np.array([ring.centres[0]] * 3 + [ring.centres[1], 0.9 * ring.centres[1]])
    modes = count_modes(samples, ring)
    assert modes.covered == 2
    assert modes.quality == pytest.approx(4 / 5)
    assert modes.shares == pytest.approx((0.75, 0.25, 0, 0, 0, 0, 0, 0))
    by_hand = 0.6 * math.log(0.6 * 8) + 0.4 * math.log(0.4 * 8)
    assert modes.reverse_kl == pytest.approx(by_hand)
    assert all(math.isnan(value) for value in modes.spread)


def test_samples_that_are_not_numbers_count_as_bad_ones():
    ring = CLOUDS["ring"]
    samples = np.concatenate([np.repeat(ring.centres, 10, axis=0), np.full((20, 2), np.nan)])
    modes = count_modes(samples, ring)
    assert (modes.covered, modes.quality) == (8, pytest.approx(0.8))
    nothing = count_modes(np.full((5, 2), np.inf), ring)
    assert (nothing.covered, nothing.quality, nothing.reverse_kl) == (0, 0, math.inf)


def test_a_cloud_without_modes_says_so():
    with pytest.raises(ValueError, match="Circle has no modes"):
        count_modes(np.zeros((3, 2)), CLOUDS["circle"])
    with pytest.raises(ValueError, match=r"Unknown data .*ring.*checkerboard"):
        draw_points("spiral", 3)
