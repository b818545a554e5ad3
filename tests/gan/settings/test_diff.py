"""What differs between two runs, in words."""

import dataclasses

import pytest

from gan.settings.catalogue import METHODS
from gan.settings.config import ALL_SETTINGS, TrainConfig, split
from gan.settings.diff import differences

PLAIN = TrainConfig(data="glyphs", method="nonsaturating", seconds=30)


def changed(**changes) -> TrainConfig:
    fields, choices = split(changes)
    return dataclasses.replace(PLAIN, **fields, changes=choices)


def test_equal_settings_do_not_differ():
    assert differences(PLAIN, PLAIN) == []
    # The same choice made by hand is no difference either.
    assert differences(changed(batch=32, loss="nonsaturating"), PLAIN) == []


@pytest.mark.parametrize(
    "config, said",
    [
        (changed(spectral_norm=True), "spectral normalisation of D: on, not off"),
        (changed(r1=0.5), "R1 penalty γ: 0.5, not none"),
        (changed(g_lr=5e-4), "learning rate of G: 0.0005, not 0.001"),
        (changed(loss="hinge"), "loss: hinge, not nonsaturating"),
        (changed(augment="cutout"), "augmentation of what D sees: cutout, not none"),
        (changed(seed=3), "seed: 3, not 0"),
        (changed(size=64), "size: 64, not as suggested"),
        (changed(seed=1234567), "seed: 1234567, not 0"),
        (changed(data="a_folder/with_names"), "data: a_folder/with_names, not glyphs"),
        (changed(width=64), "width of G: 64, not 32"),
    ],
)
def test_one_change_is_said_in_one_line(config, said):
    assert differences(config, PLAIN) == [said]


def test_a_method_differs_by_its_choices_and_not_by_its_name():
    said = differences(changed(method="dragan"), PLAIN)
    assert "gradient penalty λ: 10, not none" in said
    assert not any("dragan" in line.lower() for line in said)


def test_details_of_what_is_not_used_are_not_told():
    assert differences(changed(penalty_every=4, vat_radius=1, noise_until=0.2), PLAIN) == []
    often = changed(r1=0.5, penalty_every=4)
    assert differences(often, changed(r1=0.5)) == ["steps from one penalty to the next: 4, not 1"]


def test_depths_are_told_of_both_networks():
    five = TrainConfig(data="ring", seconds=30)
    assert differences(dataclasses.replace(five, changes={"d_depth": 5}), five) == []
    two = dataclasses.replace(five, changes={"depth": 2})
    assert differences(two, five) == ["hidden layers of G: 2, not 5", "hidden layers of D: 2, not 5"]
    even = dataclasses.replace(five, changes={"noise": "uniform"})
    assert differences(even, five) == ["distribution of G's noise: uniform, not gaussian"]


def test_every_method_can_be_compared_with_every_other():
    configs = [TrainConfig(data="glyphs", method=name) for name in METHODS]
    for one in configs:
        for other in configs:
            said = differences(one, other)
            assert len(said) == len(differences(other, one))
            assert len(set(said)) == len(said)


def test_no_two_settings_have_the_same_words():
    headings = [declared.heading for declared in ALL_SETTINGS.values()]
    assert all(headings) and len(set(headings)) == len(headings)


def test_what_something_belongs_to_is_a_choice_that_can_be_absent():
    owners = {owner for declared in ALL_SETTINGS.values() for owner in declared.belongs_to}
    assert owners and all(ALL_SETTINGS[owner].none_at_zero for owner in owners)
