"""What varies in a drawn dataset: discrete choices and continuous spans, picked by a seed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True)
class Choice:
    """A discrete factor: one of `values`, all as likely, or as likely as `weights` say."""

    name: str
    values: tuple[str, ...]
    weights: tuple[float, ...] = ()

    @cached_property
    def _edges(self) -> np.ndarray:
        weights = np.array(self.weights or [1.0] * len(self.values))
        return np.cumsum(weights)[:-1] / weights.sum()

    def pick(self, uniform: np.ndarray) -> np.ndarray:
        """Uniform numbers in [0, 1) -> indices into `values`, int64."""
        return np.searchsorted(self._edges, uniform, side="right")


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
    """The factors of pictures 0 to n - 1: one row of a stream of random numbers a picture.

    The stream is read row by row, so row i is the same however many rows are read.
    """
    generator = np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))
    uniform = generator.random((n, len(factors)))
    return {factor.name: factor.pick(uniform[:, column]) for column, factor in enumerate(factors)}


def name_values(factors: Factors, picked: Mapping[str, np.ndarray]) -> list[dict[str, str | float]]:
    """One dictionary a picture, with the discrete factors by name: what a painter takes."""
    columns = []
    for factor in factors:
        column = picked[factor.name].tolist()
        if isinstance(factor, Choice):
            column = [factor.values[index] for index in column]
        columns.append(column)
    names = [factor.name for factor in factors]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
