"""Class shares corrected for the errors of the classifier, and the classifier itself."""

import pytest
import torch
import torch.nn.functional as F

from gan.metrics.class_balance import (
    RidgeClassifier,
    class_shares,
    confusion_matrix,
    sampling_deviation,
)


def test_known_errors_are_corrected():
    # A quarter and three quarters give these answers half and half: 0.25·0.8 + 0.75·0.4 = 0.5.
    confusions = torch.tensor([[0.8, 0.2], [0.4, 0.6]], dtype=torch.double)
    answers = torch.tensor([0] * 500 + [1] * 500)
    assert class_shares(answers, confusions).tolist() == pytest.approx([0.25, 0.75], abs=0.01)


def test_without_errors_the_shares_are_those_of_the_predictions():
    answers = torch.tensor([0] * 30 + [2] * 70)
    assert class_shares(answers, torch.eye(3, dtype=torch.double)).tolist() == pytest.approx(
        [0.3, 0, 0.7], abs=1e-3
    )


def test_confusion_matrix_has_the_shares_of_predictions():
    table = confusion_matrix(torch.tensor([0, 0, 0, 0, 1]), torch.tensor([0, 0, 0, 1, 1]), 3)
    assert table[0].tolist() == pytest.approx([0.75, 0.25, 0], abs=1e-3)
    assert table.sum(1).tolist() == pytest.approx([1, 1, 1])
    # A class of which no picture is known counts as named rightly.
    assert table[2].tolist() == [0, 0, 1]


def test_leave_one_out_scores_are_those_of_a_classifier_fitted_without_the_item():
    rng = torch.Generator().manual_seed(0)
    features, labels = torch.randn(30, 5, generator=rng), torch.randint(0, 3, (30,), generator=rng)
    ridge = RidgeClassifier(features, labels, 3)
    x = ridge.design_matrix(features)
    y = F.one_hot(labels, 3).double()
    for out in range(30):
        kept = torch.arange(30) != out
        gram = x[kept].T @ x[kept] + ridge.penalty * torch.eye(6, dtype=torch.double)
        answer = x[out] @ torch.linalg.solve(gram, x[kept].T @ y[kept])
        assert ridge.left_out_scores[out].tolist() == pytest.approx(answer.tolist(), abs=1e-9)


def test_separable_classes_are_classified_correctly():
    rng = torch.Generator().manual_seed(1)
    labels = torch.arange(90) % 3
    features = torch.randn(90, 4, generator=rng) * 0.1 + F.one_hot(labels, 4)
    ridge = RidgeClassifier(features, labels, 3)
    assert torch.equal(ridge(features), labels)
    assert torch.equal(ridge.leave_one_out(), labels)


def test_sampling_deviation_is_binomial_without_errors_and_larger_with_many():
    usual = torch.tensor([0.1, 0.9], dtype=torch.double)
    exact = sampling_deviation(usual, torch.eye(2, dtype=torch.double), 400)
    # The binomial √(p (1 - p) / n) = 0.015; 200 simulations know it to about 5 %.
    assert exact.tolist() == pytest.approx([0.015, 0.015], rel=0.2)
    vague = sampling_deviation(usual, torch.tensor([[0.6, 0.4], [0.4, 0.6]], dtype=torch.double), 400)
    assert vague.min() > 3 * exact.max()
