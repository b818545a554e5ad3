"""z of a chosen class: its distribution, moves that stay in it, and walks that stay or cross."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gan.latent.classes import LEAD, class_changes, keep_class, with_class
from gan.latent.limits import MODES
from gan.latent.text import pack_z, round_z, unpack_z
from gan.latent.vectors import seed_latents, walk

seeds = st.lists(st.integers(0, 2**32 - 1), min_size=2, max_size=5)
classes = st.sampled_from([(2, 8), (7, 8), (8, 8), (10, 64)])  # and z_dim


def class_of(z, count):
    return np.asarray(z)[:, :count].argmax(1)


@given(seeds, classes, st.data())
def test_the_number_of_the_class_and_the_largest_change_places(drawn, shape, data):
    count, z_dim = shape
    index = data.draw(st.integers(0, count - 1))
    z = seed_latents(drawn, z_dim)
    changed = with_class(z, count, index)
    assert (class_of(changed, count) == index).all()
    for before, after in zip(z, changed, strict=True):
        largest = before[:count].argmax()
        expected = before.clone()
        expected[index], expected[largest] = before[largest], before[index]
        # A class that leads by less than a step of links is raised to it.
        assert torch.allclose(after, expected, rtol=0, atol=LEAD)
        if before[:count].topk(2).values.diff().abs() >= LEAD:
            assert torch.equal(after, expected)


def test_z_of_the_class_is_unchanged_and_the_original_is_not_touched():
    z = seed_latents(range(50), 64)
    index = int(class_of(z, 10)[0])
    before = z.clone()
    changed = with_class(z, 10, index)
    members = torch.from_numpy(class_of(z, 10) == index)
    assert members.any() and torch.equal(changed[members], z[members])
    assert torch.equal(z, before) and not torch.equal(changed, z)


def test_the_distribution_is_that_of_z_given_the_class():
    """Means and covariances of what was swapped into a class, and of what is in it anyway."""
    z, count, index = np.random.default_rng(0).standard_normal((200_000, 6), np.float32), 4, 2
    given_class = z[class_of(z, count) == index]
    others = with_class(z[class_of(z, count) != index], count, index)
    assert np.abs(others.mean(0) - given_class.mean(0)).max() < 0.02
    assert np.abs(np.cov(others.T) - np.cov(given_class.T)).max() < 0.02
    # Not of N(0, I): the number of the class is larger than the others.
    assert given_class.mean(0)[index] > 0.9 > 0.0 > given_class.mean(0)[0]


@given(st.integers(0, 2**32 - 1), st.integers(0, 9), st.integers(0, 2**32 - 1))
def test_a_move_stays_in_the_class_and_never_jumps(seed, index, towards):
    z, direction = with_class(seed_latents([seed], 64), 10, index), seed_latents([towards], 64)
    moved = z + torch.linspace(-3, 3, 601)[:, None] * direction
    kept = keep_class(moved, 10, index)
    assert (class_of(kept, 10) == index).all()
    # The maximum of lines: no step is longer than the steepest of them, whatever the class would have been.
    longest = float(direction[:, :10].abs().max()) * 0.01 * 1.01
    assert float(kept[:, index].diff().abs().max()) <= longest
    others = torch.arange(64) != index
    assert torch.equal(kept[:, others], moved[:, others])
    ahead = moved[:, index] >= moved[:, :10][:, others[:10]].max(1).values + 2 * LEAD
    assert torch.equal(kept[ahead], moved[ahead])


def test_of_equal_numbers_the_chosen_class_wins_and_a_link_keeps_it():
    for index in range(4):
        z = keep_class(np.zeros((1, 5), np.float32), 4, index)
        assert z[0].tolist() == [LEAD if i == index else 0.0 for i in range(5)]
        assert class_of(round_z(z + np.float32(0.4 * LEAD)), 4) == index
        assert class_of(unpack_z(pack_z(round_z(z[0])), 5)[None], 4) == index


@given(seeds, st.sampled_from(MODES), st.booleans(), st.integers(0, 9))
def test_a_walk_between_keys_of_one_class_stays_in_it(drawn, mode, closed, index):
    keys = with_class(seed_latents(drawn, 64), 10, index)
    assert class_changes(walk(keys, 60, mode, closed), 10) == [(0, index)]


@pytest.mark.parametrize("mode", MODES)
def test_where_a_walk_changes_its_class_is_told(mode):
    keys = torch.tensor([[2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]])
    assert class_changes(walk(keys, 9, mode), 3) == [(0, 0), (3, 1), (7, 2)]
    assert class_changes(walk(keys[[0, 0]], 5, mode), 3) == [(0, 0)]


@pytest.mark.parametrize(("count", "index"), [(0, 0), (4, 4), (4, -1), (4, True), (4, "1"), (9, 0)])
@pytest.mark.parametrize("change", [with_class, keep_class])
def test_a_class_that_there_is_not_is_refused(change, count, index):
    with pytest.raises(ValueError, match="class"):
        change(seed_latents([1], 8), count, index)
