"""Argument validation: each check returns the value in its proper type or raises a ValueError.

Gradio and JSON let booleans, NaN, text and null through to a handler, so every public function
validates its arguments with these. A whole float (42.0, as JSON may spell 42) counts as an integer.
"""

import math
from collections.abc import Iterable
from numbers import Rational, Real


def _short_repr(value: object) -> str:
    try:
        whole = isinstance(value, float) and value.is_integer()
        text = repr(int(value) if whole else value)
    except ValueError:  # Python does not convert integers of over 4,300 digits to text
        return "a number of thousands of digits"
    return text if len(text) <= 60 else text[:57] + "..."


def _is_finite_number(value: object) -> bool:
    """Whether `value` is a finite real number, also one too large for a float; booleans are not."""
    if not isinstance(value, Real) or isinstance(value, bool):
        return False
    return isinstance(value, Rational) or math.isfinite(value)


def number(name: str, value: object, low: float, high: float) -> float:
    """`value` as a finite float in [low, high]; ValueError otherwise."""
    if not _is_finite_number(value):
        raise ValueError(f"{name} must be a number from {low:g} to {high:g}, not {_short_repr(value)}.")
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low:g} to {high:g}, not {_short_repr(value)}.")
    return float(value)


def integer(name: str, value: object, low: int, high: int) -> int:
    """`value` as an int in [low, high]; ValueError otherwise."""
    if not _is_finite_number(value) or value != int(value):
        raise ValueError(f"{name} must be a whole number, not {_short_repr(value)}.")
    if not low <= value <= high:
        raise ValueError(f"{name} must be from {low:,} to {high:,}, not {_short_repr(value)}.")
    return int(value)


def choice(name: str, value: object, choices: Iterable[object]) -> object:
    """`value` if it is one of `choices`; ValueError otherwise."""
    choices = list(choices)
    # `1 == True` in Python, so types are compared as well.
    for known in choices:
        if type(known) is type(value) and known == value:
            return known
    listed = ", ".join(str(known) for known in choices)
    raise ValueError(f"Unknown {name} {_short_repr(value)}: choose one of {listed}.")


def flag(name: str, value: object) -> bool:
    """`value` if it is a bool; ValueError otherwise."""
    if not isinstance(value, bool):
        raise ValueError(f"{name} must be true or false, not {_short_repr(value)}.")
    return value


def text(name: str, value: object, max_length: int = 200) -> str:
    """`value` as a non-empty string without control characters; ValueError otherwise."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} must be a name or a path, not {_short_repr(value)}.")
    value = value.strip()
    if len(value) > max_length or not value.isprintable():
        raise ValueError(f"{name} must be at most {max_length} printable characters.")
    return value


def is_digits(text: str, most: int = 10) -> bool:
    """Whether `text` is one to `most` digits 0 to 9. `str.isdecimal` takes those of all scripts, which links of the
    page do not, and any number of them, of which `int` refuses thousands."""
    return len(text) <= most and text.isascii() and text.isdecimal()
