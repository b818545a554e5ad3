"""Labels of any type, and stratified orders."""

import numpy as np
import pytest

from gan.data.labels import class_indices, stratified_order

NAN = float("nan")


@pytest.mark.parametrize(
    ("labels", "names", "indices", "classes"),
    [
        ([0, 7, 9, 7], (), [0, 1, 2, 1], ("0", "7", "9")),
        ([1, 0, 1], ("ants", "bees"), [1, 0, 1], ("ants", "bees")),
        ([2, 2, 1], ("a", "b"), [1, 1, 0], ("b", "2")),
        ([True, False], (), [1, 0], ("false", "true")),
        ([np.bool_(True), np.bool_(False)], (), [1, 0], ("false", "true")),
        ([3.0, 5.0], (), [0, 1], ("3", "5")),
        (["b", " a ", "b"], (), [1, 0, 1], ("a", "b")),
        ([None, *[0, 1] * 6], (), [None, *[0, 1] * 6], ("0", "1")),
        ([NAN, *[0.0, 1.0] * 6], (), [None, *[0, 1] * 6], ("0", "1")),
        ([-1, *[0, 1] * 6], (), [None, *[0, 1] * 6], ("0", "1")),
        (["", *["x", "y"] * 6], (), [None, *[0, 1] * 6], ("x", "y")),
        ([None, None], (), [None, None], ()),
        ([], (), [], ()),
    ],
)
def test_labels_become_indices_without_gaps(labels, names, indices, classes):
    assert class_indices(labels, names) == (indices, classes, "")


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([0.5, 1.0], "real numbers, not classes"),
        ([[1], [2]], "lists or other structures"),
        ([1, "a"], "several types"),
        ([0, 1, None, None], "2 of 4 pictures have none"),
    ],
)
def test_labels_that_are_no_classes_are_ignored_with_a_note(labels, words):
    indices, classes, note = class_indices(labels)
    assert indices == [None] * len(labels)
    assert classes == ()
    assert words in note


def test_every_beginning_of_the_order_has_each_label_in_its_share():
    labels = ["a"] * 60 + ["b"] * 30 + ["c"] * 10
    order = stratified_order(labels)
    assert sorted(order) == list(range(100))
    for count in range(1, 101):
        chosen = [labels[index] for index in order[:count]]
        for label, share in (("a", 0.6), ("b", 0.3), ("c", 0.1)):
            assert abs(chosen.count(label) - share * count) <= 1


def test_the_order_is_random_within_a_label_and_determined_by_the_seed():
    labels = [0] * 50
    assert list(stratified_order(labels)) == list(stratified_order(labels))
    assert list(stratified_order(labels)) != list(stratified_order(labels, seed=1))
    assert list(stratified_order(labels)) != list(range(50))


def test_an_item_of_a_class_of_its_own_does_not_come_first():
    labels = [0] * 99 + [1]
    assert list(stratified_order(labels)).index(99) > 40
