"""The class that z determines, chosen: z of a class, z kept in it, and where a path of z changes it.

A conditional generator takes the class from z alone: the index of the largest of its first K numbers
(`Generator.classes_of`). So z stays all that a picture depends on, and a class is chosen by changing z. Free of
PyTorch; the page has the same rule in demo/web/core/classes.js.
"""

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from gan.common import checks

# By how much the number of a chosen class leads the K - 1 others, at least: a step of latents in links
# (gan/latent/text.py), so that the lead outlasts their rounding.
LEAD = 1 / 4096

Latents = TypeVar("Latents")  # a NumPy array or a PyTorch tensor


def with_class(z: Latents, classes: int, index: int) -> Latents:
    """z (N, z_dim) float32, array or tensor, changed to class `index` of `classes`; a copy of the same type.

    The number of the class changes places with the largest of the first `classes`, so z of that class stays as it is.
    For z ~ N(0, I) that is exactly z given its class c: the K numbers are exchangeable, so P(swapped z in A) =
    Σₘ P(z in A, class c) = P(z in A, class c) / P(class c). Then `keep_class`, which changes one z in some thousand,
    by less than 1/4096 in one number. ValueError for a class that there is not.
    """
    return keep_class(_changed(z, classes, index, _swap), classes, index)


def keep_class(z: Latents, classes: int, index: int) -> Latents:
    """z (N, z_dim) float32, array or tensor, with its number `index` raised to at least 1/4096 above the other
    numbers of the first `classes`; a copy of the same type.

    For what moves z along a direction with its class held: the result is continuous in z, never of another class,
    and, where the class leads clearly, z itself. ValueError for a class that there is not.
    """
    return _changed(z, classes, index, _raise)


def class_changes(z: Latents, classes: int) -> list[tuple[int, int]]:
    """Of a path z (N, z_dim), the first row and each where the class changes: (its index, the class from there on)."""
    found = np.asarray(z)[:, :classes].argmax(1)
    first = [0, *(1 + np.flatnonzero(np.diff(found)))]
    return [(int(row), int(found[row])) for row in first]


def _changed(z: Latents, classes: int, index: int, change: Callable) -> Latents:
    index = checks.integer("class", index, 0, checks.integer("classes", classes, 1, z.shape[1]) - 1)
    rows = np.array(z if isinstance(z, np.ndarray) else z.detach().cpu().numpy(), np.float32)
    change(rows, classes, index)
    return rows if isinstance(z, np.ndarray) else z.new_tensor(rows)


def _swap(rows: np.ndarray, classes: int, index: int) -> None:
    every, largest = np.arange(len(rows)), rows[:, :classes].argmax(1)
    taken = rows[every, largest]
    rows[every, largest] = rows[:, index]
    rows[:, index] = taken


def _raise(rows: np.ndarray, classes: int, index: int) -> None:
    others = np.delete(rows[:, :classes], index, axis=1)
    if others.size:
        # Rounded once, to float32, as in the page.
        least = (others.max(1).astype(np.float64) + LEAD).astype(np.float32)
        rows[:, index] = np.maximum(rows[:, index], least)
