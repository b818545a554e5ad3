"""The catalogue's words and its field of changes, and what the cure's button says."""

import base64
import io
import re
from pathlib import Path

import pytest
from PIL import Image

from demo.backend.datasets import check_source
from demo.tabs.train import cure as remedy
from demo.tabs.train import failure_lessons, method_card
from demo.tabs.train.fields import OTHER_SETTINGS, TYPED
from demo.tabs.train.form import read_form
from gan.settings.catalogue import METHODS
from gan.settings.command_line import read_changes
from gan.settings.config import TrainConfig
from gan.settings.failure_lessons import LESSONS, STEPS
from gan.training.diagnosis import Finding

FORM = {
    "data": "shapes", "other": "", "method": "quick", "seconds": 60, "seed": 0, "size": "as suggested",
    "channels": "as suggested", "changes": "", **dict.fromkeys(TYPED, ""),
}  # fmt: skip


def config(**filled) -> TrainConfig:
    return read_form(FORM | filled, [])


def test_the_form_as_it_is_changes_nothing():
    assert config().changes == {}


def test_lines_become_changes_and_names_with_a_field_become_that_field():
    made = config(method="wgan", changes="spectral_norm=true\n\n n_critic = 2 \nmodel=tutorial")
    assert made.changes == {"spectral_norm": True}
    assert (made.n_critic, made.model, made.method) == (2, "tutorial", "wgan")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ("weight_clip=0.1", "weight_clip makes D a critic"),
        ("sigma=1", "no setting called 'sigma'"),
        ("spectral_norm", "name=value"),
        ("spectral_norm=maybe", "spectral_norm must be true or false"),
        ("unroll=1000", "times the cost"),
    ],
)
def test_what_does_not_fit_is_told_in_gans_own_words(changes, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        config(method="minimax", changes=changes)


def test_every_choice_can_be_picked_with_the_value_of_the_method():
    for method in METHODS:
        for name in OTHER_SETTINGS:
            empty, lines = method_card._add_change(name, "", method)
            assert empty is None
            own, changes = read_changes(lines)
            assert set(own | changes) == {name}


def test_a_choice_is_added_once_and_below_the_others():
    _, lines = method_card._add_change("r1", "loss=hinge", "quick")
    assert lines == "loss=hinge\nr1=0.2"
    assert method_card._add_change("r1", lines, "quick") == (None, lines)
    assert method_card._add_change(None, lines, "quick") == (None, lines)


@pytest.mark.parametrize("name", METHODS)
def test_a_card_says_what_a_method_is(name):
    method, words = METHODS[name], method_card._card(name)
    assert method.cures in words
    assert method.risks in words
    assert f"[{method.paper}]({method.link})" in words
    picture = re.search(r"\(data:image/png;base64,([^)]+)\)", words)[1]
    assert Image.open(io.BytesIO(base64.b64decode(picture))).size == (8 * 32, 4 * 32)
    formulas = re.findall(r"\$\$(.+?)\$\$", words)
    assert formulas
    # Nothing of the equation is lost where it is cut into lines.
    kept = re.sub(r"\\qquad|\s", "", method.equation)
    assert re.sub(r"\s", "", "".join(formulas)) == kept


@pytest.mark.parametrize("data", ["ring", "weights/faces.csv", "/etc/points.CSV"])
def test_points_are_refused_by_the_page_and_no_file_of_them_is_read(data):
    # The second could be a Hub id, and as such be anyone's to name.
    with pytest.raises(ValueError, match="train on them in the Points tab"):
        check_source(data, [Path("/")])


def test_a_lesson_is_a_run_that_can_be_started():
    for name in LESSONS:
        assert failure_lessons.config_of(name, 200).steps == STEPS
    with pytest.raises(ValueError, match=r"no such lesson: choose collapse"):
        failure_lessons.config_of("fire", 200)


def test_what_the_cure_changes_is_said_in_words():
    sick = TrainConfig(data="shapes", method="dcgan", g_lr=0.5, limit=9, changes={"g_steps": 4})
    cure = {"g_lr": None, "g_steps": 1, "r1": 1.0, "d_norm": "none", "limit": None, "beta1": 0.5}
    words = remedy.changes_as_markdown(sick, Finding("collapse", 1, "", "", "", cure))
    assert words.splitlines()[2:] == [
        "- pictures used: all, not 9",
        "- normalisation in D: none, not batch",
        "- G updates a step: 1, not 4",
        "- R1 penalty γ: 1, not none",
        "- learning rate of G: 0.0002, not 0.5",
    ]
    assert (
        remedy.changes_as_markdown(sick, Finding("collapse", 1, "", "", "", {"loss": None, "r1": 0.0}))
        == ""
    )
