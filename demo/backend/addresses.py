"""Fields of the page's address. Which tab they open is for the page to say (demo/web/core/address.js)."""

from collections.abc import Mapping

TABS = ("explore", "walk", "breed", "inside", "find", "train", "compare", "report", "points", "learn")
# Fields of an address that open a tab by themselves: the one of their name, or a run's. Of several the first counts.
OPENING = ("walk", "breed", "inside", "run", "train", "compare", "points", "learn")
# The field of the teacher's link.
TEACHER = "teacher"
# Shipped weights that were replaced: name, digest in links ("": from before links had one), and who has them now.
EARLIER_WEIGHTS = (
    ("digits", "", "digits-unconditional"),
    ("faces", "", "faces64"),
    ("faces", "672dec63df72", "faces64"),
)


def fields_of(query: Mapping[str, str]) -> dict[str, str]:
    """The fields of an address: of one that occurs twice the first, as browsers read them, not the last."""
    fields: dict[str, str] = {}
    for name, value in getattr(query, "multi_items", query.items)():
        fields.setdefault(name, value)
    return fields
