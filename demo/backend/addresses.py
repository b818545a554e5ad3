"""Which tab an address of the page opens; demo/web/core/address.js has the same rule."""

from collections.abc import Mapping

TABS = ("explore", "walk", "breed", "find", "train", "compare", "report", "points")
# Fields of an address that open a tab by themselves: the one of their name, or a run's. Of several the first counts.
OPENING = ("walk", "breed", "run", "train", "compare", "points")


def fields_of(query: Mapping[str, str]) -> dict[str, str]:
    """The fields of an address: of one that occurs twice the first, as browsers read them, not the last."""
    fields: dict[str, str] = {}
    for name, value in getattr(query, "multi_items", query.items)():
        fields.setdefault(name, value)
    return fields


def tab_of(fields: Mapping[str, str]) -> str:
    """The tab that an address with these fields opens: the one that `tab` names, or that a field implies."""
    if fields.get("tab") in TABS:
        return fields["tab"]
    implied = next((field for field in OPENING if fields.get(field)), TABS[0])
    return "train" if implied == "run" else implied
