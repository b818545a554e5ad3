"""How often each class is shown, by a classifier that is made in a second from labelled pictures.

A ridge regression on features, in closed form, so that it needs no training loop and also says what it
would have answered for each of its own pictures without having seen it (Cook 1977: the leave-one-out
residual is e / (1 - h)). Its mistakes are known and taken back: shares are those that, seen through
its mistakes, best explain its answers (Lipton et al. 2018, "Detecting and Correcting for Label Shift
with Black Box Predictors", solved by the expectation-maximisation of Saerens et al. 2002).
"""

import torch
import torch.nn.functional as F
from torch import Tensor

RIDGE = 1e-2  # of the mean variance of a feature
ROUNDS = 200


class Ridge:
    """Answers with a class: features (N, d), labels (N,) from 0 to classes - 1."""

    def __init__(self, features: Tensor, labels: Tensor, classes: int):
        self.mean = features.double().mean(0)
        x = _with_one(features.double() - self.mean)
        gram = x.T @ x
        gram.diagonal().add_(RIDGE * gram.diagonal().mean())
        inverse = torch.linalg.inv(gram)
        targets = F.one_hot(labels, classes).double()
        self.weights = inverse @ (x.T @ targets)
        answers = x @ self.weights
        leverage = ((x @ inverse) * x).sum(1, keepdim=True)
        # y - e / (1 - h): the answer to each picture of a classifier made without it.
        self.without = targets - (targets - answers) / (1 - leverage).clamp(min=1e-6)

    def __call__(self, features: Tensor) -> Tensor:
        """The class (N,) of each row."""
        return (_with_one(features.double() - self.mean) @ self.weights).argmax(1)

    def unseen(self) -> Tensor:
        """The class (N,) that it would give each of its own pictures without having seen it."""
        return self.without.argmax(1)


def _with_one(x: Tensor) -> Tensor:
    return torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)


def confusion(labels: Tensor, answers: Tensor, classes: int) -> Tensor:
    """(classes, classes): row c is how often pictures of class c get each answer, as shares."""
    counts = (labels * classes + answers).bincount(minlength=classes**2).double()
    # A little of the right answer, so that a class without pictures here is no row of zeros.
    table = counts.view(classes, classes) + 1e-3 * torch.eye(classes, dtype=torch.double)
    return table / table.sum(1, keepdim=True)


def shares(answers: Tensor, mistakes: Tensor) -> Tensor:
    """The shares (classes,) of the classes that best explain answers (N,), float64, sum 1.

    `mistakes` as `confusion` gives them.
    """
    seen = answers.bincount(minlength=len(mistakes)).double() / len(answers)
    # The start leans to what was answered: one step from the end where there are no mistakes.
    found = (seen + 1e-3) / (seen + 1e-3).sum()
    for _ in range(ROUNDS):
        expected = (found @ mistakes).clamp(min=1e-12)
        found = found * (mistakes @ (seen / expected))
    return found / found.sum()
