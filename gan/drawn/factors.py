"""The factors of variation of a synthetic dataset, discrete and continuous, sampled from a seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Choice:
    """A discrete factor: one of `values`, with probabilities in proportion to `weights` or, without, equal."""

    name: str
    values: tuple[str, ...]
    weights: tuple[float, ...] = ()

    @cached_property
    def _cumulative(self) -> np.ndarray:
        weights = np.array(self.weights or [1.0] * len(self.values))
        return np.cumsum(weights)[:-1] / weights.sum()

    def pick(self, uniform: np.ndarray) -> np.ndarray:
        """Uniform numbers in [0, 1) -> indices into `values`, int64."""
        return np.searchsorted(self._cumulative, uniform, side="right")


@dataclass(frozen=True)
class Span:
    """A continuous factor, uniform in [low, high)."""

    name: str
    low: float
    high: float

    def pick(self, uniform: np.ndarray) -> np.ndarray:
        """Uniform numbers in [0, 1) -> values, float64."""
        return self.low + (self.high - self.low) * uniform


Factors = tuple[Choice | Span, ...]


def pick_factors(factors: Factors, n: int, entropy: tuple[int, ...]) -> dict[str, np.ndarray]:
    """Sample the factors of images 0 to n - 1: arrays of shape (n,), by name.

    Each image takes one row of a stream of uniform random numbers, so that it does not depend on `n`.
    """
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
    uniform = generator.random((n, len(factors)))
    return {factor.name: factor.pick(uniform[:, column]) for column, factor in enumerate(factors)}


def name_values(factors: Factors, picked: Mapping[str, np.ndarray]) -> list[dict[str, str | float]]:
    """One dictionary per image, with the names of discrete values in place of indices, as `paint` takes it."""
    columns = []
    for factor in factors:
        column = picked[factor.name].tolist()
        if isinstance(factor, Choice):
            column = [factor.values[index] for index in column]
        columns.append(column)
    names = [factor.name for factor in factors]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
