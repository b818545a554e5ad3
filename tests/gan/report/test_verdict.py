"""Grades relative to real pictures, and the texts of a verdict."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gan.report.as_dict import ROWS, as_dict, place, rows, said
from gan.report.card import Card, Classes
from gan.report.grading import MEANINGS, Measure
from gan.report.verdict import verdict_on

REAL = {
    "precision": 0.9, "density": 1.0, "recall": 0.9, "coverage": 0.97, "sharpness": 1.0, "copies": 0.01,
    "repeats": 0.01, "sliced_wasserstein": 0.01, "classes": 10, "rarest class": 0.9,
}  # fmt: skip


def card(rare=(), **values) -> Card:
    """A card with the values of real pictures, except for these."""
    made = Card("glyphs", samples=2000, searched=6000, trained_on=6000, distinct=23.0)
    named = {
        name.replace("_", " ") if "class" in name else name: value for name, value in values.items()
    }
    for name, real in REAL.items():
        made.measures[name] = Measure(name, named.get(name, real), real, 2000)
    names = tuple("0123456789")
    made.classes = Classes(names, [0.1] * 10, [0.1] * 10, list(rare), 0.98, "a LeNet")
    made.verdict = verdict_on(made)
    return made


def kinds(made: Card) -> list[tuple[str, str]]:
    return [(finding.kind, finding.level) for finding in made.verdict.findings]


def test_a_model_as_good_as_real_pictures_is_praised_and_nothing_found():
    made = card()
    # Measured with LeNet, whose features tell digits apart.
    made.measures["frechet"] = Measure("frechet", 2.0, 2.0, 2000)
    verdict = verdict_on(made)
    assert verdict.findings == ()
    assert verdict.headline == "By every measure here the samples are about as good as real pictures."
    assert verdict.good.startswith("Good: as sharp as real pictures, realistic, varied")


def test_without_semantic_features_the_headline_promises_less():
    verdict = card().verdict
    assert verdict.findings == ()
    assert "makes sense is not measured: look at them" in verdict.headline
    assert "with real pictures' colours and textures" in verdict.good
    assert "realistic" not in verdict.good


@pytest.mark.parametrize(
    ("values", "kind", "level", "words"),
    [
        ({"copies": 0.6}, "copies", "poor", "60 % of its samples lie far nearer to one of the 6,000"),
        ({"copies": 0.05}, "copies", "fair", "5.0 % of its samples"),
        ({"repeats": 1.0}, "repeats", "poor", "2,000 samples show about 23 different pictures"),
        ({"sharpness": 0.5}, "blur", "poor", "0.50 times the fine detail of real pictures"),
        ({"sharpness": 0.8}, "blur", "fair", "0.80 times"),
        ({"sharpness": 2.0}, "grain", "poor", "2.00 times"),
        ({"precision": 0.8}, "unreal", "fair", "80 % lie among the real pictures (precision)"),
        ({"precision": 0.4}, "unreal", "poor", "other real pictures get 90 %"),
        ({"coverage": 0.9}, "variety", "fair", "come near 90 % of the real pictures"),
        ({"recall": 0.2}, "variety", "poor", "it could have drawn 20 %"),
        ({"density": 2.5}, "typical", "fair", "density 2.50, real pictures 1.00"),
        ({"sliced_wasserstein": 0.1}, "distance", "poor", "10.0 times that of real pictures"),
    ],
)
def test_each_fault_is_named_with_its_number_and_advice(values, kind, level, words):
    made = card(**values)
    assert kinds(made) == [(kind, level)]
    assert words in made.verdict.findings[0].evidence
    assert made.verdict.findings[0].advice.endswith(".")
    begin = "Something is clearly wrong" if level == "poor" else "A sound model with a weakness"
    assert made.verdict.headline.startswith(begin)


def test_classes_are_named_and_more_than_four_counted():
    one = card(rare=["7"], classes=9, rarest_class=0.0).verdict.findings[0]
    assert (one.kind, one.level, one.title) == ("classes", "poor", "A class is missing")
    assert one.evidence.startswith("7 comes much less often")
    many = card(rare=list("123456"), classes=4, rarest_class=0.0).verdict.findings[0]
    assert many.title == "Classes are missing"
    assert many.evidence.startswith("1, 2, 3 and 4 and 2 more come much less often")
    rare = card(rare=["3"], rarest_class=0.4).verdict.findings[0]
    assert (rare.level, rare.title) == ("fair", "A class is rare")


def test_the_most_serious_comes_first_and_what_it_explains_is_left_out():
    made = card(precision=0.8, copies=0.9)
    assert kinds(made) == [("copies", "poor"), ("unreal", "fair")]
    # Repeated or blurred pictures cannot cover the real ones.
    assert kinds(card(repeats=1.0, recall=0.0, coverage=0.05)) == [("repeats", "poor")]
    assert kinds(card(sharpness=0.4, recall=0.1, rare=["3"], classes=9)) == [("blur", "poor")]
    # A distance that another finding explains is left out.
    assert kinds(card(sharpness=0.4, sliced_wasserstein=0.2)) == [("blur", "poor")]


LEVELS = ("good", "fair", "poor")
WORSE = {  # values that are graded fair and poor
    "precision": (0.8, 0.3), "density": (0.6, 0.2), "recall": (0.8, 0.3), "coverage": (0.85, 0.3),
    "sharpness": (0.8, 0.4), "copies": (0.06, 0.6), "repeats": (0.06, 0.6), "classes": (10, 8),
    "sliced_wasserstein": (0.03, 0.1), "rarest class": (0.4, 0.1),
}  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(WORSE)), st.integers(0, 1)))
def test_the_headline_is_as_bad_as_the_worst_row(chosen):
    made = card(**{name: WORSE[name][bad] for name, bad in chosen.items()})
    worst = max(LEVELS.index(row["level"]) for row in rows(made.measures) if row["value"] is not None)
    begin = ("In colours", "A sound model with ", "Something is clearly wrong")[worst]
    assert made.verdict.headline.startswith(begin)
    found = [LEVELS.index(finding.level) for finding in made.verdict.findings]
    assert max(found, default=0) == worst


def test_a_row_that_is_a_fault_is_never_left_out_of_the_verdict():
    # A weakness besides does not hide it, nor does the side to which a density errs.
    assert kinds(card(coverage=0.9, sliced_wasserstein=0.1)) == [
        ("distance", "poor"),
        ("variety", "fair"),
    ]
    assert kinds(card(density=0.2)) == [("sparse", "poor")]
    assert kinds(card(density=0.2, precision=0.3)) == [("unreal", "poor")]
    assert kinds(card(rarest_class=0.1)) == [("classes", "poor")]
    assert Measure("density", 5.0, 1.0, 2000).level == "fair"  # typical pictures only: nowhere a fault


def test_half_as_good_is_never_called_like_real_however_few_the_pictures():
    # The case of a collapsed model: all samples are a few pictures, and none lies among the real ones.
    made = card(repeats=1.0, precision=0.0)
    for count in (2, 3, 5, 20, 100):
        measure = made.measures["precision"] = Measure("precision", 0.0, 0.95, count)
        assert measure.level != "good"
        verdict = verdict_on(made)
        assert ("unreal", measure.level) in [(each.kind, each.level) for each in verdict.findings]
        assert any(each.title.startswith("Low precision") for each in verdict.findings)
        assert "colours and textures" not in verdict.good
    assert Measure("precision", 0.0, 0.95, 20).level == "poor"
    for name, bad, real in (
        ("copies", 1.0, 0.01), ("repeats", 0.9, 0.0), ("recall", 0.4, 0.9), ("coverage", 0.0, 0.5),
        ("sharpness", 0.2, 0.7), ("density", 0.3, 1.0),
    ):  # fmt: skip
        assert all(Measure(name, bad, real, count).level != "good" for count in (2, 3, 10, 1000)), name
        assert all(Measure(name, real, real, count).level == "good" for count in (2, 3, 10, 1000)), name


def test_copies_are_not_praised_for_looking_real():
    good = card(copies=1.0).verdict.good
    assert "textures" not in good and "no two samples are the same" in good


def test_with_few_pictures_the_same_difference_counts_for_less():
    assert Measure("precision", 0.8, 0.9, 2000).level == "fair"
    assert Measure("precision", 0.8, 0.9, 30).level == "good"
    assert Measure("copies", 0.06, 0.01, 2000).level == "fair"
    assert Measure("copies", 0.06, 0.01, 50).level == "good"


def test_nan_is_poor_and_shown_as_a_dash():
    broken = Measure("sharpness", float("nan"), 1.0, 100)
    assert broken.level == "poor"
    row = next(row for row in rows({"sharpness": broken}) if row["name"] == "sharpness")
    assert row["said"] == "–"
    json.dumps(row, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "scale", "real", "most", "at"),
    [
        (0.25, "share", 0.9, 1, 0.25), (1.0, "ratio", 1, 1, 0.5), (4.0, "ratio", 1, 1, 1.0),
        (2.0, "ratio", 1, 1, 0.75), (0.0, "ratio", 1, 1, 0.0), (1e9, "distance", 1, 1, 1.0),
        (3.0, "distance", 1, 1, 0.5), (9.0, "count", 10, 10, 0.9),
    ],
)  # fmt: skip
def test_positions_of_marks_on_a_scale(value, scale, real, most, at):
    assert place(value, scale, real, most) == pytest.approx(at)


def test_numbers_are_formatted_by_their_scale():
    assert [said(0.905, "share"), said(0.0123, "share"), said(0, "share")] == ["90 %", "1.2 %", "0 %"]
    others = [said(0.5, "ratio"), said(9, "count"), said(0.01234, "distance")]
    assert others == ["0.50 ×", "9", "0.0123"]


def test_every_measure_has_a_row_and_an_unmeasured_one_has_no_value():
    assert {name for names in ROWS for name in names} == set(MEANINGS)
    assert [row["value"] for row in rows({})] == [None] * len(ROWS)


def test_the_notes_say_how_it_was_measured():
    made = card()
    made.trained_on, made.unseen = 30_000, False
    notes = " ".join(as_dict(made, "x")["notes"])
    assert "among 6,000 of the 30,000 training pictures" in notes
    assert "no test pictures" in notes and "an accuracy of 98 %" in notes
    json.dumps(as_dict(made, "x"), allow_nan=False)
