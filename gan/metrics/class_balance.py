"""Estimate the share of each class among images, corrected for the errors of the classifier.

The classifier is a ridge regression on features, in closed form: it is fitted in a second, and its
leave-one-out predictions follow from the residuals, e / (1 - h) (Cook 1977). The shares are those that,
with its confusion matrix, best explain its predictions (Lipton et al. 2018, "Detecting and Correcting for
Label Shift with Black Box Predictors", solved by the expectation-maximisation of Saerens et al. 2002).
"""

import torch
import torch.nn.functional as F
from torch import Tensor

from gan.metrics.feature_spaces import standardisation

PENALTY = 1e-3  # of the mean variance of a feature
EM_STEPS = 200
RESAMPLES = 200


class RidgeClassifier:
    """Least squares on one-hot labels: features (N, d), labels (N,) from 0 to classes - 1."""

    def __init__(self, features: Tensor, labels: Tensor, classes: int):
        self.mean, self.scale = standardisation(features.double())
        x = self.design_matrix(features)
        gram = x.T @ x
        self.penalty = PENALTY * float(gram.diagonal().mean())
        gram.diagonal().add_(self.penalty)
        inverse = torch.linalg.inv(gram)
        targets = F.one_hot(labels, classes).double()
        self.weights = inverse @ (x.T @ targets)
        fitted = x @ self.weights
        leverage = ((x @ inverse) * x).sum(1, keepdim=True)
        # y - e / (1 - h): the scores of each item by a classifier fitted without it.
        self.left_out_scores = targets - (targets - fitted) / (1 - leverage).clamp(min=1e-6)

    def __call__(self, features: Tensor) -> Tensor:
        """The predicted class (N,) of each row."""
        return (self.design_matrix(features) @ self.weights).argmax(1)

    def design_matrix(self, features: Tensor) -> Tensor:
        """Scaled features and a column of ones for the intercept: float64 (N, d + 1)."""
        x = (features.double() - self.mean) * self.scale
        return torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)

    def leave_one_out(self) -> Tensor:
        """The leave-one-out prediction (N,) of each training item."""
        return self.left_out_scores.argmax(1)


def confusion_matrix(labels: Tensor, predicted: Tensor, classes: int) -> Tensor:
    """Confusion matrix (classes, classes): row c has the shares of predictions for items of class c."""
    counts = (labels * classes + predicted).bincount(minlength=classes**2).double()
    # Plus a few correct predictions, so that the row of a class without items is not zero.
    table = counts.view(classes, classes) + 1e-3 * torch.eye(classes, dtype=torch.double)
    return table / table.sum(1, keepdim=True)


def class_shares(predicted: Tensor, confusions: Tensor) -> Tensor:
    """The class shares (classes,), float64 of sum 1, that best explain predictions (N,).

    `confusions`: the confusion matrix of the classifier.
    """
    return _expectation_maximisation(_observed(predicted, confusions)[None], confusions)[0]


def sampling_deviation(true: Tensor, confusions: Tensor, count: int, seed: int = 0) -> Tensor:
    """Standard deviation (classes,) of the estimate by `class_shares` from `count` items of class shares `true`.

    By simulation (parametric bootstrap). It is large with few items or an inaccurate classifier.
    """
    rng = torch.Generator().manual_seed(seed)
    expected = (true @ confusions).expand(RESAMPLES, -1)
    drawn = torch.multinomial(expected, count, replacement=True, generator=rng)
    observed = torch.stack([_observed(row, confusions) for row in drawn])
    return _expectation_maximisation(observed, confusions).std(0)


def _observed(predicted: Tensor, confusions: Tensor) -> Tensor:
    return predicted.bincount(minlength=len(confusions)).double() / len(predicted)


def _expectation_maximisation(observed: Tensor, confusions: Tensor) -> Tensor:
    """Shares of predictions (B, classes) -> maximum-likelihood shares of classes (B, classes)."""
    # Starts close to the shares of predictions, the solution if the classifier makes no errors.
    estimate = (observed + 1e-3) / (observed + 1e-3).sum(1, keepdim=True)
    for _ in range(EM_STEPS):
        expected = (estimate @ confusions).clamp(min=1e-12)
        estimate = estimate * ((observed / expected) @ confusions.T)
    return estimate / estimate.sum(1, keepdim=True)
