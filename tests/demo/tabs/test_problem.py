"""Which field of a form an error is about."""

import pytest

from demo.tabs import problem
from gan.settings.config import SETTINGS

TRAIN = dict.fromkeys(("data", "other", "seconds", "seed", "width", "changes"))
COMPARE = {"data": "glyphs", "budget": 0, "unit": "steps", "seed": 0, "changes A": "", "changes B": ""}


@pytest.mark.parametrize(
    ("message", "values", "field"),
    [
        ("seed must be from 0 to 9, not -1.", TRAIN, "train-seed"),
        (f"{SETTINGS['width'].heading.capitalize()} must be from 4 to 128.", TRAIN, "train-width"),
        ("There is no folder a/b here.", TRAIN | {"other": "a/b"}, "train-other"),
        ("You have 2 runs already: stop one.", TRAIN, None),
        ("B: r1 must be from 0.", COMPARE, "train-changes-B"),
        ("steps must be from 1, not 0.", COMPARE, "train-budget"),
        ("C: nothing of the kind.", COMPARE, None),
    ],
)
def test_an_error_stands_beside_its_field(message, values, field):
    told = problem.of(ValueError(message), "train", values)
    assert (told["message"], told["field"]) == (message, field)


def test_the_same_error_is_shown_again():
    first, second = (problem.of(ValueError("seed is wrong."), "train", TRAIN) for _ in range(2))
    assert first != second
