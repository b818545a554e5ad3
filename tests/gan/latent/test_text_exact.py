"""Latents as text: every bit comes back, and nothing else is taken."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gan.latent.text import pack, unpack

NUMBERS = st.floats(-1000, 1000, width=32)


@given(arrays.arrays(np.float32, st.integers(1, 70), elements=NUMBERS))
def test_what_is_packed_comes_back_bit_for_bit(z):
    text = pack(z)
    assert unpack(text).tobytes() == z.tobytes()
    assert text.isascii() and not set(text) & set(" '\"$&/+=")


@pytest.mark.parametrize(
    "text",
    ["", "z:", "z:A", "z:AAAA", "z:!!!!", "AAAAAA", "z:" + "A" * 5998, "z:AAAAAA ", "x" * 10**6, 3,
     None, "z:AADAfw", "z:AACAfw", "z:AAD6Rg"],
)  # fmt: skip
def test_anything_else_is_refused(text):
    if text == "z:AAAAAA ":
        assert unpack(text) == 0.0  # spaces around are nobody's intent
        return
    with pytest.raises(ValueError, match=r"latent|z must be"):
        unpack(text)
