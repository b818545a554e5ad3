"""The names of a conditional generator's classes: checked, looked up, listed. Free of PyTorch."""

import unicodedata
from collections.abc import Sequence

from gan.common import checks

MAX_LENGTH = 60  # letters of a name
MAX_LISTED = 20  # names in a message


def check_class_names(names: object, classes: int) -> tuple[str, ...]:
    """`names` of `classes` classes as a tuple, () for none.

    ValueError unless there is one for each class, all are different, and each is a text of 1 to 60 printable
    letters, without spaces at its ends or two in a row.
    """
    if not isinstance(names, list | tuple):
        raise ValueError(f"class_names must be a list of texts, not {type(names).__name__}.")
    if not names:
        return ()
    if len(names) != classes:
        raise ValueError(
            f"class_names must have one name for each of the {classes} classes, not {len(names)}."
        )
    for name in names:
        if not isinstance(name, str) or not name or name != _readable(name):
            raise ValueError(
                f"A class name is a text of 1 to {MAX_LENGTH} printable letters, without spaces at its ends, not "
                f"{_shown(name)}."
            )
    if len(set(names)) < classes:
        raise ValueError("class_names must all be different.")
    return tuple(names)


def names_from_data(names: Sequence[str], classes: int) -> tuple[str, ...]:
    """The names of the first `classes` classes of a dataset, as `check_class_names` allows them.

    Longer ones are cut, with "…" at their end, and letters that cannot be printed are left out. () where data have
    no names, or some would be empty or equal.
    """
    readable = tuple(_readable(name) for name in names[:classes])
    different = len(set(readable)) == classes and all(readable)
    return readable if different else ()


def _readable(name: str) -> str:
    text = unicodedata.normalize("NFC", name)
    text = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return text if len(text) <= MAX_LENGTH else text[: MAX_LENGTH - 1].rstrip() + "…"


def class_title(index: int, names: Sequence[str]) -> str:
    """What a class is called: its name, or "class 3" where classes have none."""
    return names[index] if names else f"class {index}"


def class_index(wanted: object, classes: int, names: Sequence[str], model: str = "This model") -> int:
    """The index of the class that `wanted` means: its name or, where no class is called so, its index.

    ValueError for anything else, with the names that there are, and for a model without classes.
    """
    if not classes:
        raise ValueError(f"{model} has no classes: it was trained without labels.")
    text = str(wanted).strip() if isinstance(wanted, int | str) and not isinstance(wanted, bool) else ""
    if text in names:
        return names.index(text)
    if checks.is_digits(text, 4) and int(text) < classes:
        return int(text)
    raise ValueError(f"{model} has no class {_shown(wanted)}: choose {_listed(classes, names)}.")


def _shown(wanted: object) -> str:
    text = repr(wanted) if isinstance(wanted, int | str) else type(wanted).__name__
    return text if len(text) <= 40 else f"{text[:37]}..."


def _listed(classes: int, names: Sequence[str]) -> str:
    """The names that may be chosen, in words."""
    numbers = f"a number from 0 to {classes - 1}"
    if not names:
        return numbers
    more = f" and {classes - MAX_LISTED} more" if classes > MAX_LISTED else ""
    return f"{', '.join(names[:MAX_LISTED])}{more}, or {numbers}"
