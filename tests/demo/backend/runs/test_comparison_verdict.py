"""The sentence at the end of a comparison: no winner from one seed, and unequal steps are said."""

import pytest

from demo.backend.runs.comparison_verdict import verdict
from gan.settings.config import TrainConfig

CHANCE = "From one seed each this may be chance"
STEPS = "different numbers of steps"


def said(*sides) -> str:
    """The verdict on sides of (settings, distance or None, steps)."""
    payloads, configs = [], []
    for name, (settings, distance, steps) in zip("ABCD", sides, strict=False):
        configs.append(TrainConfig(**{"data": "glyphs", "seconds": 20, **settings}))
        points = {"step": [0, steps], "distance": [9.0, distance] if distance else [None, None]}
        payloads.append({"name": name, "size": 32, "channels": 1, "points": points})
    return verdict(payloads, configs)


QUICK, HINGE = {"method": "quick"}, {"method": "hinge"}


def test_one_seed_each_names_the_nearest_as_what_may_be_chance():
    words = said((QUICK, 4.0, 300), (HINGE, 2.0, 300))
    assert words.startswith(
        "Done: B ended nearest to the real pictures; A's distance is 2 times as large."
    )
    assert CHANCE in words and STEPS not in words


def test_unequal_steps_are_said():
    words = said((QUICK, 2.0, 1434), (HINGE, 9.9, 65))
    assert "A's distance" not in words and "B's distance is 5 times as large" in words
    assert "They made different numbers of steps: A 1,434, B 65." in words
    assert STEPS not in said((QUICK, 2.0, 300), (HINGE, 3.0, 302))
    assert STEPS in said((QUICK, 2.0, 300), (HINGE, 3.0, 150))  # it was stopped, or diverged


def test_nearly_equal_distances_have_no_order():
    words = said((QUICK, 2.0, 300), (HINGE, 2.05, 300))
    assert words.startswith("Done: A and B ended about equally near to the real pictures.")


def test_several_seeds_are_judged_beside_their_spread():
    def seeds(*distances):
        methods = (QUICK, QUICK, HINGE, HINGE)
        return said(
            *(
                ({**m, "seed": k % 2}, d, 300)
                for k, (m, d) in enumerate(zip(methods, distances, strict=True))
            )
        )

    assert seeds(2.0, 2.5, 4.0, 5.0) == (
        "Done: A and B all ended nearer to the real pictures than C and D, whatever the seed."
    )
    assert seeds(4.0, 5.0, 2.0, 2.5).startswith("Done: C and D all ended nearer")
    # The means are 3 and 3.4, and the ranges overlap.
    assert (
        seeds(2.0, 4.0, 3.0, 3.8) == "Done: A and B differ from C and D by less than seeds alone make."
    )


def test_the_same_settings_from_other_seeds_tell_what_chance_makes():
    words = said(({**QUICK, "seed": 0}, 2.0, 300), ({**QUICK, "seed": 1}, 3.0, 300))
    assert words == (
        "Done: the same settings from 2 seeds. Chance alone makes the largest distance 1.5 times the smallest."
    )
    assert CHANCE in said(({**QUICK, "seed": 0}, 2.0, 300), ({**HINGE, "seed": 1}, 3.0, 300))


@pytest.mark.parametrize(
    "sides",
    [
        [(QUICK, 2.0, 300)],
        [(QUICK, 2.0, 300), (HINGE, None, 300)],
        [(QUICK, 2.0, 300), ({**HINGE, "data": "shapes"}, 3.0, 300)],
    ],
    ids=["one", "one measured", "other data"],
)
def test_without_two_distances_on_the_same_data_nothing_is_compared(sides):
    assert said(*sides) == "Done."
