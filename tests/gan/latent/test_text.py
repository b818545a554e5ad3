"""Latents as text: what is rounded comes back bit for bit, and nothing else is read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan.latent.text import pack_z, round_z, unpack_z
from gan.latent.vectors import seed_latents

seeds = st.integers(0, 2**32 - 1)


@given(seeds, st.sampled_from([1, 2, 3, 64, 100]), st.floats(0, 4))
def test_a_rounded_latent_comes_back_bit_for_bit(seed, z_dim, scale):
    z = round_z(seed_latents([seed], z_dim)[0].numpy() * scale)
    text = pack_z(z)
    assert len(text) == -(-8 * z_dim // 3)
    assert np.array_equal(unpack_z(text, z_dim), z)
    assert unpack_z(text, z_dim).dtype == np.float32


@given(seeds)
def test_rounding_moves_a_number_by_half_a_step_at_most_and_only_once(seed):
    z = seed_latents([seed], 64).numpy()
    rounded = round_z(z)
    assert np.abs(rounded - z).max() <= 0.5 / 4096
    assert np.array_equal(round_z(rounded), rounded)


def test_halves_go_up_and_far_numbers_to_the_edge():
    # As Math.round does in the page.
    z = np.array([0.5, 1.5, -0.5, -1.5, -2.5, 40_000, -40_000]) / 4096
    assert (round_z(z) * 4096).tolist() == [1, 2, 0, -1, -2, 32_767, -32_767]


def test_the_text_is_that_of_the_page():
    # btoa of the bytes ff ff 00 10 01 80, with the alphabet for addresses.
    assert pack_z(np.array([-1 / 4096, 1.0, -32_767 / 4096])) == "__8AEAGA"


@pytest.mark.parametrize(
    "text",
    ["", "A", "A" * 21, "A" * 23, "A" * 20 + "+/", "A" * 20 + "==", "A" * 21 + "é", "A" * 21 + " ",
     None, 7, ["A"] * 22, "A" * 21 + "\n"],
)  # fmt: skip
def test_anything_else_is_refused(text):
    with pytest.raises(ValueError, match="22 letters"):
        unpack_z(text, 8)
