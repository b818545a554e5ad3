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

from gan.metrics.feature_spaces import evened

RIDGE = 1e-3  # of the mean variance of a feature
ROUNDS = 200
RESAMPLES = 200


class Ridge:
    """Answers with a class: features (N, d), labels (N,) from 0 to classes - 1."""

    def __init__(self, features: Tensor, labels: Tensor, classes: int):
        self.mean, self.scale = evened(features.double())
        x = self.prepared(features)
        gram = x.T @ x
        self.penalty = RIDGE * float(gram.diagonal().mean())
        gram.diagonal().add_(self.penalty)
        inverse = torch.linalg.inv(gram)
        targets = F.one_hot(labels, classes).double()
        self.weights = inverse @ (x.T @ targets)
        answers = x @ self.weights
        leverage = ((x @ inverse) * x).sum(1, keepdim=True)
        # y - e / (1 - h): the answer to each picture of a classifier made without it.
        self.without = targets - (targets - answers) / (1 - leverage).clamp(min=1e-6)

    def __call__(self, features: Tensor) -> Tensor:
        """The class (N,) of each row."""
        return (self.prepared(features) @ self.weights).argmax(1)

    def prepared(self, features: Tensor) -> Tensor:
        """Features at one spread, and a one for the constant: float64 (N, d + 1)."""
        x = (features.double() - self.mean) * self.scale
        return torch.cat([x, torch.ones(len(x), 1, dtype=x.dtype)], dim=1)

    def unseen(self) -> Tensor:
        """The class (N,) that it would give each of its own pictures without having seen it."""
        return self.without.argmax(1)


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
    return _explain(_counted(answers, mistakes)[None], mistakes)[0]


def chance(usual: Tensor, mistakes: Tensor, count: int, seed: int = 0) -> Tensor:
    """How much (classes,) the shares of `count` pictures vary by chance if they truly are `usual`.

    The standard deviation of what `shares` finds, by simulation: with few pictures, or with a
    classifier that errs much, large differences mean nothing.
    """
    rng = torch.Generator().manual_seed(seed)
    answered = (usual @ mistakes).expand(RESAMPLES, -1)
    drawn = torch.multinomial(answered, count, replacement=True, generator=rng)
    return _explain(torch.stack([_counted(row, mistakes) for row in drawn]), mistakes).std(0)


def _counted(answers: Tensor, mistakes: Tensor) -> Tensor:
    return answers.bincount(minlength=len(mistakes)).double() / len(answers)


def _explain(seen: Tensor, mistakes: Tensor) -> Tensor:
    """Shares of answers (B, classes) -> the shares of classes (B, classes) behind them."""
    # The start leans to what was answered: one step from the end where there are no mistakes.
    found = (seen + 1e-3) / (seen + 1e-3).sum(1, keepdim=True)
    for _ in range(ROUNDS):
        expected = (found @ mistakes).clamp(min=1e-12)
        found = found * ((seen / expected) @ mistakes.T)
    return found / found.sum(1, keepdim=True)
