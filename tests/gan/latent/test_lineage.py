"""Recipes: what a text lists is made as by hand, and anything else is one sentence."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from gan.latent.breeding import children, combine, rounded
from gan.latent.classes import with_class
from gan.latent.lineage import grow
from gan.latent.recipe import litter, litter_of_sum
from gan.latent.text import pack_z
from gan.latent.vectors import seed_latents

seeds = st.integers(0, 2**32 - 1)


def test_a_recipe_makes_what_is_made_by_hand():
    roots = seed_latents([42, 7], 8)
    mixed = children(roots, 0.35, 3, 6)[5]
    grandchild = children(mixed[None], 0.2, 4, 2, generation=2)[1]
    total = combine(torch.stack([mixed, roots[0]]), roots[1:], grandchild[None])
    last = children(total[None], 1, 0, 5, generation=4)
    family = grow("42.7.c0x1d35s3i5.c2d20s4i1.a2x0m1p3.c4d100s0", 8, 5)
    assert torch.equal(family.latents, torch.stack([*roots, mixed, grandchild, total]))
    assert torch.equal(family.litter, last)


@given(seeds, seeds, st.integers(0, 100), st.integers(0, 63))
def test_a_child_named_is_the_one_in_the_litter(root, seed, percent, index):
    recipe = litter([str(root)], percent / 100, seed)
    named = grow(f"{recipe}i{index}", 16)
    assert torch.equal(named.latents[1], grow(recipe, 16, 64).litter[index])
    assert named.litter.shape == (0, 16)


def test_a_latent_of_its_own_may_be_a_root():
    z = rounded(seed_latents([5], 8)[0] * 0.7)
    assert torch.equal(grow(f"z{pack_z(z.numpy())}", 8).latents[0], z)


def test_a_sum_is_followed_by_what_lies_near():
    family = grow(litter_of_sum([1, 2], [3], [4], 0.1), 16, 4)
    z = seed_latents([1, 2, 3, 4], 16)
    total = combine(z[:2], z[2:3], z[3:])
    assert torch.equal(family.latents[-1], total)
    assert torch.equal(family.litter, children(total[None], 0.1, 0, 4, generation=2))


def test_children_of_a_class_are_changed_to_it_and_stay_its_parents():
    family, plain = grow("42.c0d35s3k2", 8, 9, 4), grow("42.c0d35s3", 8, 9, 4)
    assert torch.equal(family.litter, with_class(plain.litter, 4, 2))
    assert (family.litter[:, :4].argmax(1) == 2).all()
    assert torch.equal(family.latents, plain.latents)
    named = grow("42.c0d35s3k2i5.c1d20s0", 8, 2, 4)
    assert torch.equal(named.latents[1], family.litter[5])
    assert torch.equal(named.litter, children(family.litter[5:6], 0.2, 0, 2, generation=2))
    # What links hold of it is the same z.
    assert torch.equal(rounded(family.litter), family.litter)
    assert litter(["42"], 0.35, 3, 2) == "42.c0d35s3k2"


def test_a_class_that_the_model_does_not_have_is_refused():
    with pytest.raises(ValueError, match="class 3, and this model has no classes"):
        grow("42.c0d35s1k3", 8)
    with pytest.raises(ValueError, match="class in a recipe must be from 0 to 2"):
        grow("42.c0d35s1k3i0.c1d1s1", 8, 4, 3)


@pytest.mark.parametrize(
    "recipe",
    [
        "", ".", "42.", ".42", "x", "-1", "4 2", "٤٢", "42\n", "4294967296", "9" * 400, "c0d1s1",
        "42.c1d1s1i1", "42.c0d101s1", "42.c0d35s1.c0d35s1i1", "42.c0d35s1.7", "42.c0x0x0d35s1",
        "42.c0d35s1i64", "42.c0d35s4294967296", "42.c0d35", "z", "zAAAA",
        "z" + "A" * 22 + "=", "a0m0p0",
        "42.a0m0p1", "42.a0m0", "42.a0xm0p0", "42.a" + "0x" * 64 + "0m0p0", ".".join(["1"] * 201),
        "1" * 60_001, None, 42, ["42"],
    ],
)  # fmt: skip
def test_hostile_recipes_are_refused_in_one_line(recipe):
    with pytest.raises(ValueError) as refused:
        grow(recipe, 8)
    assert 0 < len(str(refused.value)) < 200 and "\n" not in str(refused.value)


@given(st.text("0123456789.cdsixampz-", max_size=40))
def test_no_text_does_harm(recipe):
    try:
        family = grow(recipe, 4, 2)
    except ValueError:
        return
    assert family.latents.isfinite().all() and family.litter.isfinite().all()


@pytest.mark.parametrize("difference", [0.355, -0.1, 1.5, True, None, float("nan")])
def test_a_recipe_holds_hundredths_only(difference):
    with pytest.raises(ValueError, match="difference must be"):
        litter(["42"], difference)
    with pytest.raises(ValueError, match="difference must be"):
        litter_of_sum([1], [2], [3], difference)


def test_a_sum_needs_all_of_its_groups():
    with pytest.raises(ValueError, match="one seed or more"):
        litter_of_sum([1], [], [3], 0.1)


@pytest.mark.parametrize("count", [0, 65, 1.5, True, "x"])
def test_bad_counts_are_refused(count):
    with pytest.raises(ValueError, match="number of children"):
        grow("42.c0d35s1", 8, count)
