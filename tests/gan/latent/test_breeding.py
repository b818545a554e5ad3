"""The laws of breeding: children keep N(0, I), and depend on their recipe alone."""

import math

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gan.latent.breeding import SHELL, children, combine, into_shell, rounded
from gan.latent.vectors import seed_latents

seeds = st.integers(0, 2**32 - 1)
differences = st.floats(0, 1)
MANY = 20_000  # numbers of one latent, so that its own statistics show its distribution


def is_standard_normal(z: torch.Tensor) -> bool:
    """Whether mean, variance and kurtosis of many numbers are those of N(0, 1), within 5 sigma."""
    bound = 5 / math.sqrt(z.numel())
    variance, kurtosis = z.square().mean() - 1, z.pow(4).mean() - 3
    return bool(
        z.mean().abs() < bound
        and variance.abs() < bound * math.sqrt(2)
        and kurtosis.abs() < bound * math.sqrt(96)
    )


def alike(a: torch.Tensor, b: torch.Tensor) -> float:
    return torch.cosine_similarity(a, b, dim=0).item()


@given(seeds, seeds, differences)
def test_children_of_one_are_drawn_as_all_latents_are_and_as_far_as_asked(root, seed, difference):
    parent = seed_latents([root], MANY)
    (child,) = children(parent, difference, seed, 1)
    assert is_standard_normal(child)
    assert alike(child, parent[0]) == pytest.approx(math.cos(difference * math.pi / 2), abs=0.04)


@given(seeds, seeds, differences, st.floats(0, 1))
def test_children_of_two_are_too_even_where_the_two_are_kin(root, seed, difference, kinship):
    first = seed_latents([root], MANY)
    second = children(first, kinship, seed)[3:4]
    child = children(torch.cat([first, second]), difference, seed, 1, generation=2)[0]
    assert is_standard_normal(child)


@given(seeds, seeds)
def test_a_mixture_has_each_number_from_one_parent_and_half_from_each(root, seed):
    parents = seed_latents([root, root ^ 1], MANY)
    mixed = children(parents, 0, seed, 1)[0]
    first, second = (mixed == rounded(parent) for parent in parents)
    assert (first | second).all()
    assert first.float().mean().item() == pytest.approx(0.5, abs=0.02)


@given(seeds, seeds, differences)
def test_generations_of_one_seed_are_drawn_so_as_well(root, seed, difference):
    z = seed_latents([root], MANY)
    for generation in (1, 2, 3):
        z = children(z, difference, seed, 1, generation)
    assert is_standard_normal(z[0])


@given(seeds, seeds)
def test_no_difference_means_twins_of_the_parent(root, seed):
    parent = seed_latents([root], 64)
    assert torch.equal(children(parent, 0, seed, 5), rounded(parent).expand(5, -1))


@given(seeds, seeds, differences, st.integers(1, 64))
def test_a_child_depends_on_its_recipe_alone(root, seed, difference, count):
    parent = seed_latents([root], 16)
    torch.manual_seed(0)  # what else is random does not matter
    many = children(parent, difference, seed, 64)
    torch.manual_seed(1)
    assert torch.equal(children(parent, difference, seed, count), many[:count])
    assert torch.equal(rounded(many), many)


@given(seeds, seeds)
def test_siblings_litters_and_generations_are_strangers_to_one_another(root, seed):
    parent = seed_latents([root], 1000)
    litter = children(parent, 1, seed, 3)
    other = children(parent, 1, seed ^ 1, 3)
    later = children(parent, 1, seed, 3, generation=2)
    # Nor is the noise that of the seed, which may be the parent's own.
    rows = torch.cat([litter, other, later, seed_latents([seed], 1000)])
    kin = torch.corrcoef(rows) - torch.eye(len(rows))
    assert kin.abs().max() < 0.2


def test_more_difference_is_more_of_the_same_change():
    parent = seed_latents([42], 64)
    near, far = children(parent, 0.2, 5, 1)[0], children(parent, 0.4, 5, 1)[0]
    assert (near - parent[0]).norm() < (far - parent[0]).norm()
    assert alike(near - parent[0], far - parent[0]) > 0.9


def test_the_stream_of_a_child_stays_as_it_is():
    # Shared links rely on it.
    row = children(seed_latents([42], 64), 0.35, 1, 8)[7, :3] * 4096
    assert row.tolist() == [9277, 4890, 501]


@pytest.mark.parametrize(
    ("name", "change"),
    [("difference", -0.01), ("difference", 1.01), ("difference", math.nan), ("difference", True),
     ("seed", -1), ("seed", 2**32), ("seed", 1.5), ("count", 0), ("count", 65), ("generation", 0)],
)  # fmt: skip
def test_bad_numbers_are_refused(name, change):
    with pytest.raises(ValueError, match=f"{name if name != 'count' else 'children'} must be"):
        children(seed_latents([1], 8), **{"difference": 0.5, name: change})


@pytest.mark.parametrize("shape", [(0, 8), (3, 8), (8,)])
def test_a_child_has_one_parent_or_two(shape):
    with pytest.raises(ValueError, match="one parent or two"):
        children(torch.zeros(shape), 0.5)


@given(seeds, seeds)
def test_what_is_taken_away_again_leaves_the_picture(one, two):
    group, onto = seed_latents([one, one ^ 1, one ^ 2], 64), seed_latents([two], 64)
    inside = into_shell(onto[0].double())[None].float()
    assert torch.equal(combine(group, group, inside), rounded(inside[0]))


@given(seeds, st.permutations([0, 1, 2, 3]))
def test_the_order_in_a_group_does_not_matter(seed, order):
    group, rest = seed_latents([seed ^ i for i in range(4)], 64), seed_latents([5, 6], 64)
    sums = [combine(rows, rest[:1], rest[1:]) for rows in (group, group[order])]
    assert (sums[0] - sums[1]).abs().max() <= 1 / 4096


@given(seeds, st.sampled_from([3, 16, 64, 512]), st.floats(0.01, 10))
def test_a_sum_lies_in_the_shell_that_latents_lie_in(seed, z_dim, scale):
    rows = seed_latents([seed, seed ^ 1, seed ^ 2], z_dim) * scale
    total = combine(rows[:1], rows[1:2], rows[2:])
    # Within 8, where rounding cuts off, and up to what rounding moves.
    if total.abs().max() < 7.9:
        assert abs(total.norm().item() - math.sqrt(z_dim)) <= SHELL + 0.01


def test_the_shell_holds_99_in_100():
    for z_dim in (16, 64, 512):
        norms = seed_latents(range(4000), z_dim).norm(dim=1)
        inside = ((norms - math.sqrt(z_dim)).abs() <= SHELL).float().mean().item()
        assert inside == pytest.approx(0.99, abs=0.006)


def test_a_sum_of_nothing_stays_nothing():
    zero = torch.zeros(1, 8)
    assert torch.equal(combine(zero, zero, zero), zero[0])


def test_empty_groups_are_refused():
    z = seed_latents([1], 8)
    with pytest.raises(ValueError, match="minus needs"):
        combine(z, z[:0], z)
