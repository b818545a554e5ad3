"""Each check returns a valid value in its proper type, and names what is wrong with any other."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan.common import checks

NOT_NUMBERS = [True, False, None, "7", "", float("nan"), float("inf"), -float("inf"), [7], {}, 1j]


@given(st.integers(-50, 50))
def test_whole_numbers_in_range_come_back_as_int(value):
    for form in (value, float(value), np.int64(value), np.float32(value), Fraction(value)):
        given_back = checks.integer("n", form, -50, 50)
        assert given_back == value
        assert type(given_back) is int


@given(st.integers() | st.integers(-(10**400), 10**400))
def test_integer_refuses_exactly_what_is_out_of_range(value):
    if -3 <= value <= 9:
        assert checks.integer("n", value, -3, 9) == value
    else:
        with pytest.raises(ValueError, match="n must be"):
            checks.integer("n", value, -3, 9)


@given(st.floats(-10, 10))
def test_number_refuses_exactly_what_is_out_of_range(value):
    if 0.5 <= value <= 2:
        assert checks.number("t", value, 0.5, 2) == value
        assert type(checks.number("t", value, 0.5, 2)) is float
    else:
        with pytest.raises(ValueError, match=r"t must be from 0\.5 to 2"):
            checks.number("t", value, 0.5, 2)


@pytest.mark.parametrize("value", NOT_NUMBERS, ids=repr)
def test_what_is_not_a_number_is_refused(value):
    for check in (checks.number, checks.integer):
        with pytest.raises(ValueError, match=r"size must be a .*number"):
            check("size", value, 0, 10**6)


@pytest.mark.parametrize("value", [10**400, -(10**400), 10**5000], ids=["huge", "low", "endless"])
def test_numbers_too_large_for_a_float_are_refused_in_one_short_sentence(value):
    for check in (checks.number, checks.integer):
        with pytest.raises(ValueError, match="seed must be") as caught:
            check("seed", value, 0, 9)
        assert len(str(caught.value)) < 200


def test_integer_refuses_fractions():
    for value in (0.5, math.pi, np.float32(1.25), Fraction(1, 3)):
        with pytest.raises(ValueError, match="whole number"):
            checks.integer("n", value, 0, 9)


def test_choice_compares_types_as_well():
    assert checks.choice("n", 1, (1, 3)) == 1
    assert checks.choice("mode", "lerp", ("slerp", "lerp")) == "lerp"
    for value in (True, 1.0, "1", None, [1], np.zeros(3)):
        with pytest.raises(ValueError, match=r"Unknown n .*choose one of 1, 3"):
            checks.choice("n", value, (1, 3))


def test_flag_takes_booleans_alone():
    assert checks.flag("closed", True) is True
    assert checks.flag("closed", False) is False
    for value in (1, 0, "true", None):
        with pytest.raises(ValueError, match="closed must be true or false"):
            checks.flag("closed", value)


def test_text_is_trimmed_and_must_be_printable_and_short():
    assert checks.text("data", "  faces ") == "faces"
    for value in ("", "  ", None, 7, True, ["faces"]):
        with pytest.raises(ValueError, match="data must be a name or a path"):
            checks.text("data", value)
    for value in ("a\0b", "a\nb", "\x1b[31m", "x" * 201):
        with pytest.raises(ValueError, match="at most 200 printable"):
            checks.text("data", value)


def test_a_long_value_is_not_repeated_in_full():
    with pytest.raises(ValueError, match="Unknown mode") as caught:
        checks.choice("mode", "x" * 10_000, ("a", "b"))
    assert len(str(caught.value)) < 150


@pytest.mark.parametrize(
    "text", ["", "\u0663", "\uff11", "1_0", "+5", " 7", "0x10", "1e3", "-1", "1" * 11]
)
def test_digits_are_those_of_every_program(text):
    assert not checks.is_digits(text)


def test_ten_digits_are_digits():
    assert checks.is_digits("0123456789") and checks.is_digits("1" * 19, 19)
