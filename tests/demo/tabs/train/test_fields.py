"""The fields of Train's form have the words and limits of what is declared."""

import pytest

from demo.tabs.train.fields import (
    OTHER_SETTINGS,
    TYPED,
    UNTYPED,
    as_labelled,
    info,
    label,
    options,
    typed_number,
)
from gan.settings.config import METHOD_OVERRIDES, SETTINGS, TrainConfig
from gan.settings.hyperparameters import CHOICES


def test_every_choice_can_be_typed_or_picked_but_those_for_points():
    left = set(CHOICES) - set(TYPED) - set(OTHER_SETTINGS)
    assert {name for name in left if CHOICES[name].default is not None} == {
        "depth", "activation", "noise",
    }  # fmt: skip
    assert set(METHOD_OVERRIDES) <= {*TYPED, *UNTYPED}


@pytest.mark.parametrize("name", TYPED)
def test_a_field_of_numbers_says_its_limits_and_keeps_them(name):
    low, high = SETTINGS[name].kind.low, SETTINGS[name].kind.high
    assert info(name).endswith(f"({SETTINGS[name].kind.allowed()}).")
    assert typed_number(name, str(low)) == low
    assert typed_number(name, "") is None
    with pytest.raises(ValueError, match=f"^{label(name)} must be a number, or empty"):
        typed_number(name, "many")
    with pytest.raises(ValueError) as caught:
        TrainConfig(**{name: high * 2})
    assert as_labelled(str(caught.value)).startswith(f"{label(name)} must be from ")


def test_labels_begin_a_sentence_and_choices_have_titles():
    assert (label("width"), label("limit")) == ("Width of G", "Pictures used")
    assert info("batch") == "Pictures in one update (2 to 1,024)."
    assert options("channels") == [("as suggested", "as suggested"), ("grey", 1), ("colour", 3)]
    assert as_labelled("wgan is no width") == "wgan is no width"
