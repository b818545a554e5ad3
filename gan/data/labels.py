"""Class labels of any type as indices, and an order whose beginnings are stratified samples. Free of PyTorch."""

import math
import re
import unicodedata
from collections.abc import Hashable, Sequence

import numpy as np

# Names of columns of labels in a table, compared in lower case; the first that exists is read.
LABEL_COLUMNS = ("label", "labels", "fine_label", "class", "target", "targets", "category", "y")
MISSING = ("", "nan", "null", "none", "n/a", "na")  # texts of a table that stand for no label
# Not "007", which is a name: it may stand beside "7".
NUMBER = re.compile(r"-?(0|[1-9]\d{0,17})(\.\d{1,17})?", re.ASCII)
MAX_MISSING = 0.1  # share of items without a label that are left out; of more, all labels are ignored
SEED = 0

NO_CLASS = "without a class, as few others are"
IGNORED = "Labels are ignored: {missing:,} of {count:,} pictures have none."
NO_COLUMN = "No labels: none of the columns {others} has a name such as label or class."
NOT_CLASSES = "Labels are ignored: they are {what}, not classes."


def stratified_order(labels: Sequence[Hashable], seed: int = SEED) -> np.ndarray:
    """A random permutation, int64 (N,), every beginning of which has each label in about its share.

    The i-th of the n items of a label is sorted by (i + 1/2) / n. Without labels pass N equal ones: the order
    is then random alone. Determined by `labels` and `seed`.
    """
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    seen: dict[Hashable, int] = {}
    ranks = []
    for index in shuffled:
        ranks.append(seen.setdefault(labels[index], 0))
        seen[labels[index]] += 1
    place = [(rank + 0.5) / seen[labels[index]] for rank, index in zip(ranks, shuffled, strict=True)]
    return shuffled[np.argsort(place, kind="stable")]


def class_indices(
    labels: Sequence[object], names: Sequence[str] = ()
) -> tuple[list[int | None], tuple[str, ...], str]:
    """(index of the class of each item or None, names of the classes, a note on labels that are ignored).

    `labels` may be integers (as indices of `names`, if given), booleans, whole floats, texts or None; None, NaN
    and negative integers are missing labels. Classes are the labels that occur, in their order, so that
    indices have no gaps. If more than a tenth are missing, or labels are no classes, all indices are None.
    """
    keys = [_key(label) for label in labels]
    known = [key for key in keys if key is not None]
    missing = len(keys) - len(known)
    nothing: list[int | None] = [None] * len(keys)
    if not known:
        return nothing, (), ""
    if what := _no_classes(known):
        return nothing, (), NOT_CLASSES.format(what=what)
    if missing > MAX_MISSING * len(keys):
        return nothing, (), IGNORED.format(missing=missing, count=len(keys))
    classes = sorted(set(known))
    index_of = {key: index for index, key in enumerate(classes)}
    titles = tuple(_title(key, names) for key in classes)
    return [index_of.get(key) for key in keys], titles, ""


def from_texts(texts: Sequence[str]) -> list[object]:
    """The labels of a table of texts: numbers if all of them are, else texts, so that classes 3, 7 and A are three
    classes of texts. An empty one is None; where the others are numbers, so is "nan" or "null"."""
    known = [None if text.lower() in MISSING else text for text in texts]
    if all(text is None or NUMBER.fullmatch(text) for text in known):
        return [text and (float(text) if "." in text else int(text)) for text in known]
    return [text or None for text in texts]


def _key(label: object) -> object:
    """A label as it is compared: bool, int, str or another type that is refused; None if it is missing."""
    if isinstance(label, np.generic):
        label = label.item()
    if isinstance(label, float):
        if math.isnan(label):
            return None
        label = int(label) if label.is_integer() else label
    if isinstance(label, int) and not isinstance(label, bool) and label < 0:
        return None
    # Unicode has two spellings of é: folders that macOS packed have the other one.
    return (unicodedata.normalize("NFC", label).strip() or None) if isinstance(label, str) else label


def _no_classes(known: list[object]) -> str:
    """What labels are that cannot be classes; empty if they can."""
    kinds = {type(label) for label in known}
    if float in kinds:
        return "real numbers"
    if not kinds <= {bool, int, str}:
        return "lists or other structures"
    return "of several types" if len(kinds) > 1 else ""


def _title(key: object, names: Sequence[str]) -> str:
    if isinstance(key, int) and not isinstance(key, bool) and key < len(names):
        return str(names[key])
    return str(key).lower() if isinstance(key, bool) else str(key)
