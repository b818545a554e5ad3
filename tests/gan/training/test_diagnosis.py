"""What is diagnosed, when, and what the cure changes, on made-up health signs."""

import dataclasses

import pytest

from gan.settings.config import TrainConfig, method_of
from gan.settings.failure_lessons import LESSONS
from gan.training.diagnosis import FAILURE_MODES, Finding, cured, diagnose, diverged
from gan.training.health import HealthSigns

HEALTHY = HealthSigns(
    step=0, variety=0.8, movement=0.3, loss_slope=0.6, logit_gap=0.5, logit_std=0.6, logit_range=8.0,
    d_train=0.6, d_held=0.59, sign_train=0.4,
)  # fmt: skip
FAILING = {
    "divergence": {"logit_gap": -4000.0},
    "vanishing": {"loss_slope": 0.01},
    "flat": {"logit_range": 0.1, "variety": 0.2},
    "overfitting": {"d_train": 0.95, "d_held": 0.4, "sign_train": 1.0},
    "oscillation": {"movement": 4.0, "logit_gap": 6.0},
    "collapse": {"variety": 0.03},
}


def history(last: int, begin: int = 10**9, **signs) -> list[HealthSigns]:
    """Health signs every 25 steps: healthy, and from the step `begin` on with these."""
    looks = [dataclasses.replace(HEALTHY, step=step) for step in range(25, last + 1, 25)]
    return [dataclasses.replace(v, **signs) if v.step >= begin else v for v in looks]


def kinds(looks: list[HealthSigns]) -> list[str]:
    return [finding.kind for finding in diagnose(looks)]


def test_every_failure_mode_is_tried_here():
    assert [mode.kind for mode in FAILURE_MODES] == list(FAILING)


def test_a_healthy_run_and_no_run_have_no_findings():
    assert diagnose(history(3000)) == diagnose([]) == []


@pytest.mark.parametrize("kind", FAILING)
def test_a_failure_is_named_once_it_has_lasted(kind):
    mode = next(each for each in FAILURE_MODES if each.kind == kind)
    begin = 1000
    named = [last for last in range(25, 2000, 25) if kinds(history(last, begin, **FAILING[kind]))]
    # With signs every 25 steps, the hold is rounded up to the next of them.
    assert begin + mode.hold <= named[0] < begin + mode.hold + 25
    assert named == list(range(named[0], 2000, 25))
    (finding,) = diagnose(history(named[0], begin, **FAILING[kind]))
    assert (finding.kind, finding.step) == (kind, begin)
    assert "{" not in str(finding)
    assert "\n" not in str(finding)


@pytest.mark.parametrize("kind", FAILING)
def test_it_is_not_named_too_early_nor_after_it_has_passed(kind):
    mode = next(each for each in FAILURE_MODES if each.kind == kind)
    first = max(mode.after, mode.hold)
    assert not kinds(history(first - 1, 0, **FAILING[kind]))
    assert kinds(history(first + 50, 0, **FAILING[kind])) == [kind]
    passed = [*history(1500, 0, **FAILING[kind]), dataclasses.replace(HEALTHY, step=1525)]
    assert diagnose(passed) == []


def test_what_explains_the_rest_is_named_alone():
    assert kinds(history(1000, 0, loss_slope=0.0, variety=0.01, movement=9.0, logit_gap=30.0)) == [
        "vanishing"
    ]
    assert kinds(history(1000, 0, logit_gap=float("nan"), loss_slope=0.0)) == ["divergence"]


def test_numbers_that_are_not_there_yet_show_nothing():
    nothing = float("nan")
    assert diagnose(history(1000, 0, movement=nothing, variety=nothing, logit_range=nothing)) == []


@pytest.mark.parametrize("name", LESSONS)
def test_a_lesson_names_a_failure_mode_and_its_cure_takes_back_what_it_did(name):
    lesson = LESSONS[name]
    mode = next(each for each in FAILURE_MODES if each.kind == lesson.kind)
    config = TrainConfig(**lesson.settings, steps=10)
    well = cured(config, Finding(lesson.kind, 0, "", "", "", mode.cure))
    assert well != config
    method_of(well)
    for key in lesson.settings.get("changes", {}):
        assert well.changes.get(key) != config.changes[key]


def test_a_cure_leaves_out_what_would_contradict_the_rest():
    config = TrainConfig(data="shapes", method="progressive", steps=5)
    cure = {"d_norm": "batch", "minibatch_stddev": True, "beta1": 0.25, "g_lr": 1e-4}
    well = cured(config, Finding("collapse", 0, "", "", "", cure))
    assert (well.changes, well.g_lr) == ({"beta1": 0.25}, 1e-4)


def test_a_cure_with_none_goes_back_to_the_method():
    config = TrainConfig(data="shapes", g_lr=0.1, changes={"r1": 9.0, "beta1": 0.9})
    well = cured(config, Finding("flat", 0, "", "", "", {"r1": None, "g_lr": None}))
    assert (well.changes, well.g_lr) == ({"beta1": 0.9}, None)


def test_a_run_that_diverged_can_be_cured_too():
    config = cured(TrainConfig(data="shapes", g_lr=1.0), diverged(30))
    assert config.g_lr is None
    assert method_of(config).r1 == 0.2
