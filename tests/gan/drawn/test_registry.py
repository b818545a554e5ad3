"""The synthetic datasets: reproducible images, and visible factors of variation."""

from dataclasses import FrozenInstanceError
from itertools import combinations

import numpy as np
import pytest

from gan.drawn.factors import Choice, Span, name_values
from gan.drawn.registry import DRAWN, draw, factors

SOURCES = tuple(DRAWN)

# A face that hides none of its factors: open eyes without glasses, hair and ears that show.
PLAIN_FACE = {
    "skin": "sand", "hair": "short", "hair_colour": "brown", "eyes": "round", "eye_colour": "blue",
    "brows": "straight", "mouth": "smile", "glasses": "none", "background": "mint",
}  # fmt: skip
PLAIN = {
    "faces": PLAIN_FACE,
    "shapes": {"shape": "star", "ground": "paper"},
    "glyphs": {"character": "R", "weight": "medium"},
}


def plain(source: str) -> dict[str, str | float]:
    """The plain picture of a source, with each continuous factor in the middle of its range."""
    middle = {name: (low + high) / 2 for name, (low, high) in DRAWN[source].ranges.items()}
    return {**middle, **PLAIN[source]}


def paint(source: str, size: int, **changed: str | float) -> np.ndarray:
    image = DRAWN[source].paint({**plain(source), **changed}, size)
    return np.asarray(image).astype(float)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [16, 32, 50])
def test_pictures_have_the_promised_form(source, size, channels):
    pictures = draw(source, 3, size, channels)
    assert pictures.shape == (3, size, size, channels)
    assert pictures.dtype == np.uint8


@pytest.mark.parametrize("size", [16, 129, 256])
def test_the_ends_of_the_size_range_are_drawn(size):
    for source in SOURCES:
        assert draw(source, 2, size, 3).std() > 10


@pytest.mark.parametrize("source", SOURCES)
def test_a_picture_does_not_depend_on_how_many_are_drawn(source):
    many = draw(source, 20, 32, 3, seed=5)
    assert np.array_equal(draw(source, 7, 32, 3, seed=5), many[:7])
    short, long = factors(source, 7, seed=5), factors(source, 20, seed=5)
    assert all(np.array_equal(short[name], long[name][:7]) for name in short)


@pytest.mark.parametrize("source", SOURCES)
def test_the_seed_decides_the_pictures(source):
    first = draw(source, 8, 32, 1, seed=1)
    assert np.array_equal(first, draw(source, 8, 32, 1, seed=1))
    assert not np.array_equal(first, draw(source, 8, 32, 1, seed=2))
    assert len(np.unique(first, axis=0)) == 8


def test_the_random_stream_stays_as_it_is():
    # Weights and shared links rely on these numbers: a change here changes every picture.
    picked = factors("faces", 3)
    assert picked["skin"].tolist() == [6, 0, 2]
    assert picked["hair"].tolist() == [5, 3, 4]
    assert picked["tilt"] == pytest.approx([-5.483724511, 1.541009971, 1.227796922])


@pytest.mark.parametrize("source", SOURCES)
def test_factors_are_those_of_the_images(source):
    picked = factors(source, 4, seed=3)
    rows = name_values(DRAWN[source].all_factors, picked)
    repainted = [np.asarray(DRAWN[source].paint(row, 32).convert("RGB")) for row in rows]
    assert np.array_equal(draw(source, 4, 32, 3, seed=3), np.stack(repainted))


@pytest.mark.parametrize("source", SOURCES)
def test_factors_stay_in_range_and_each_value_occurs(source):
    picked = factors(source, 600)
    drawing = DRAWN[source]
    assert set(picked) == set(drawing.factors) | set(drawing.ranges)
    for name, values in drawing.factors.items():
        assert picked[name].dtype == np.int64
        assert set(picked[name].tolist()) == set(range(len(values)))
    for name, (low, high) in drawing.ranges.items():
        assert picked[name].min() >= low
        assert picked[name].max() < high
        assert np.ptp(picked[name]) > 0.95 * (high - low)


def test_choices_keep_to_their_weights():
    choice = Choice("glasses", ("none", "round"), (3, 1))
    uniform = (np.arange(1000) + 0.5) / 1000
    assert np.bincount(choice.pick(uniform)).tolist() == [750, 250]
    assert choice.pick(np.array([0.0, 0.75, np.nextafter(1, 0)])).tolist() == [0, 1, 1]
    assert Span("tilt", -2, 2).pick(np.array([0.0, 0.5])).tolist() == [-2, 0]


@pytest.mark.parametrize("size", [32, 64])
@pytest.mark.parametrize(
    ("source", "name"), [(source, name) for source in SOURCES for name in DRAWN[source].factors]
)
def test_each_value_of_a_discrete_factor_looks_different(source, name, size):
    pictures = {value: paint(source, size, **{name: value}) for value in DRAWN[source].factors[name]}
    for one, other in combinations(pictures, 2):
        # Seen at a glance: some part of the picture is far from what it was.
        assert np.abs(pictures[one] - pictures[other]).max() > 25, (one, other)


@pytest.mark.parametrize(
    ("source", "name"), [(source, name) for source in SOURCES for name in DRAWN[source].ranges]
)
def test_a_continuous_factor_moves_the_picture_little_by_little(source, name):
    low, high = DRAWN[source].ranges[name]
    if name in ("hue", "shirt"):
        high = (low + high) / 2  # a whole turn of the colour wheel ends where it began
    steps = [paint(source, 64, **{name: low + (high - low) * share}) for share in (0, 0.1, 1)]
    near, far = (np.abs(step - steps[0]).mean() for step in steps[1:])
    assert 0 <= near < far
    assert np.abs(steps[2] - steps[0]).max() > 15


@pytest.mark.parametrize("source", SOURCES)
def test_grey_is_the_luma_of_the_colours(source):
    colour, grey = draw(source, 6, 32, 3).astype(float), draw(source, 6, 32, 1)
    luma = colour @ np.array([0.299, 0.587, 0.114])
    assert np.abs(grey[..., 0] - luma).max() <= 1


def test_edges_are_antialiased():
    glyphs = draw("glyphs", 40, 32, 1)
    between = (glyphs > 20) & (glyphs < 235)
    assert 0.03 < between.mean() < 0.25
    assert len(np.unique(glyphs)) > 100


def test_glyphs_are_white_on_black_and_whole():
    glyphs = draw("glyphs", 1500, 32, 1)[..., 0]
    assert glyphs.max(axis=(1, 2)).min() > 200
    border = np.concatenate([glyphs[:, [0, -1]].ravel(), glyphs[:, :, [0, -1]].ravel()])
    assert (border > 0).mean() < 0.001


def test_a_face_is_the_same_at_every_size():
    large, small = draw("faces", 12, 128, 3), draw("faces", 12, 32, 3)
    shrunk = large.reshape(12, 32, 4, 32, 4, 3).mean(axis=(2, 4))
    assert np.abs(shrunk - small).mean() < 4


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"source": "cats"}, "faces, shapes, glyphs"),
        ({"source": None}, "faces, shapes, glyphs"),
        ({"source": ["faces"]}, "faces, shapes, glyphs"),
        ({"n": 0}, "n must be from 1"),
        ({"n": 2.5}, "n must be a whole number"),
        ({"n": True}, "n must be a whole number"),
        ({"size": 15}, "size must be from 16 to 256"),
        ({"size": 257}, "size must be from 16 to 256"),
        ({"size": "64"}, "size must be a whole number"),
        ({"size": float("nan")}, "size must be a whole number"),
        ({"channels": 2}, "1, 3"),
        ({"channels": True}, "1, 3"),
        ({"seed": -1}, "seed must be from 0"),
        ({"seed": False}, "seed must be a whole number"),
    ],
)
def test_bad_input_is_refused_with_what_would_be_right(changed, words):
    valid = {"source": "faces", "n": 2, "size": 32, "channels": 3, "seed": 0}
    with pytest.raises(ValueError, match=words):
        draw(**{**valid, **changed})


def test_drawings_describe_themselves():
    for drawing in DRAWN.values():
        assert drawing.title
        assert drawing.description.endswith(".")
        assert "\n" not in drawing.description
    with pytest.raises(FrozenInstanceError):
        DRAWN["faces"].size = 32
