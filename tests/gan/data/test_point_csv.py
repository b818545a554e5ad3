"""Parsing of points as text: what is accepted, and the messages for what is not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan.data import point_csv
from gan.data.point_csv import check_points, fit_points, read_points, write_points

TWO = [[1.5, -2.0], [0.25, 3e4]]


@pytest.mark.parametrize(
    "text",
    [
        "1.5,-2\n0.25,3e4",
        "1.5, -2\r\n\r\n0.25 , 3e4\r\n",
        "x,y\n1.5,-2\n0.25,3e4\n",
        "\ufeffx;y\n1,5;-2\n0,25;3e4",
        "1.5\t-2\n0.25\t3e4",
        "  1.5   -2\n# a remark\n0.25 3e4",
        '"1.5","-2"\n"0.25","3e4"',
        "1.5,\N{MINUS SIGN}2\n0.25,3e4",
        "1.5,-2,\n0.25,3e4,\n,,\n",
        '"the x", "the y"\n1.5,-2\n0.25,3E+4',
        "+1.5,-2.\n.25,30000",
    ],
)
def test_common_notations_are_accepted(text):
    assert read_points(text).tolist() == TWO


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # What could be meant otherwise is not guessed, and no line is lost.
        ("(1, 2)\n3,4\n5,6", r"Line 1: '\(1' is not a number."),
        ("1 000;2 000\n900;800", "Line 1: '1 000' is not a number."),
        ("1_000,2\n3,4", "Line 1: '1_000' is not a number."),
        ("10,20 30,40\n1,2", "Line 1 must hold x and y, and nothing else: it has 3 parts."),
        ("1.234,5\t6\n1\t2", "Line 1: '1.234.5' is not a number."),
        ("1,2\n3;4", "Line 1 must hold x and y"),
        ("nan,nan\n1,2\n3,4", "Line 1: nan is not a finite number."),
        ("0,0\n0,5e-324", "The points are too close together to be distinguished."),
        ("1e16,0\n10000000000000002,0", "The points are too close together"),
        ("", "There are no points: give at least 2 different ones."),
        ("x,y\n", "There are no points"),
        ("1,2", "All points are the same one: give at least 2 different ones."),
        ("1,2\n1,2\n1,2", "All points are the same one"),
        ("1,2\n3,four", "Line 2: 'four' is not a number."),
        ("1,2\nx,y", "Line 2: 'x' is not a number."),
        ("1,2\n\n3", "Line 3 must hold x and y, and nothing else: it has 1 parts."),
        ("1,2,3\n4,5,6", "Line 1 must hold x and y"),
        ("1,2\nnan,3", "Line 2: nan is not a finite number."),
        ("1,2\n3,-inf", "Line 2: -inf is not a finite number."),
        ("1,2\n3,1e31", r"Line 2: 1e31 is too far away: at most 1e\+30."),
        ("1,2\n" + "a" * 500 + ",3", "Line 2: 'aaaaaaaaaaaaaaaaaaaa…' is not a number."),
        ("lorem ipsum dolor\nsit amet", "Line 2: 'sit' is not a number."),
        ("1,,2\n3,4", "Line 1 must hold x and y"),
        (",\n1,2", "All points are the same one"),
        ("x,y\n1,2\nx,y", "Line 3: 'x' is not a number."),
    ],
)
def test_invalid_lines_are_refused_by_number(text, words):
    with pytest.raises(ValueError, match=words):
        read_points(text)


def test_there_is_a_limit(monkeypatch):
    monkeypatch.setattr(point_csv, "MAX_POINTS", 3)
    assert len(read_points("1,1\n2,2\n3,3")) == 3
    with pytest.raises(ValueError, match="There are 4 points: at most 3 can be read"):
        read_points("1,1\n2,2\n3,3\n4,4")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("\n" * 2_000_001, "There are 2,000,001 lines: at most 2,000,000 can be read."),
        ("1,2\n" + "1 " * 6000, "Line 2 is longer than 10,000 characters."),
    ],
    ids=["lines", "long"],
)
def test_what_would_take_much_memory_is_refused_at_once(text, words):
    with pytest.raises(ValueError, match=words):
        read_points(text)


def test_no_field_makes_the_regular_expression_backtrack():
    # An ambiguous expression would try exponentially many ways to split the digits.
    assert not point_csv.NUMBER.fullmatch("1" * 10**6 + "x")


def test_fitted_points_keep_their_shape():
    fitted = fit_points(np.array([[10.0, 5.0], [14.0, 5.0], [12.0, 6.0]]))
    assert fitted.dtype == np.float32
    assert fitted.tolist() == [[-1.0, -0.25], [1.0, -0.25], [0.0, 0.25]]


def test_points_far_away_and_close_together_can_be_fitted():
    fitted = fit_points(check_points(np.array([[1e30, 0.0], [-1e30, 1.0], [0.0, -1e30]])))
    assert np.isfinite(fitted).all()
    assert np.abs(fitted).max() == 1


def test_points_that_are_not_finite_are_refused():
    with pytest.raises(ValueError, match="finite"):
        check_points(np.array([[0.0, 1.0], [np.nan, 1.0]]))


coordinate = st.floats(-(2.0**99), 2.0**99, width=32)


@given(st.lists(st.tuples(coordinate, coordinate), min_size=2, unique=True, max_size=50))
def test_what_is_written_is_read_again(points):
    points = np.array(points, dtype=np.float32)
    spread = np.ptp(points.astype(float), axis=0).max()
    if spread > 1e-6 * np.abs(points).max() + 1e-29:
        assert np.array_equal(read_points(write_points(points)).astype(np.float32), points)


line = st.one_of(
    st.text(max_size=20),
    st.tuples(st.floats(), st.sampled_from([",", ";", "\t", " "]), st.floats()).map(
        lambda parts: f"{parts[0]}{parts[1]}{parts[2]}"
    ),
)


@given(st.lists(line, max_size=6).map("\n".join))
def test_any_text_is_read_or_refused(text):
    try:
        points = read_points(text)
    except ValueError as error:
        assert str(error).endswith(".")
    else:
        assert points.shape[1] == 2
        assert np.isfinite(fit_points(points)).all()
