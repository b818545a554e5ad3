"""Which tab an address opens (tests/web/address.test.mjs has the page's side of the rule)."""

import pytest
from starlette.datastructures import QueryParams

from demo.backend.addresses import TABS, fields_of, tab_of


@pytest.mark.parametrize(
    ("fields", "tab"),
    [
        ({}, "explore"),
        ({"model": "digits", "seed": "5"}, "explore"),
        ({"walk": "digits", "keys": "1,2"}, "walk"),
        ({"model": "digits", "breed": "42.c0d40s0"}, "breed"),
        ({"run": "ab12"}, "train"),
        ({"train": "{}"}, "train"),
        ({"compare": "a,b"}, "compare"),
        ({"points": "abc"}, "points"),
        ({"tab": "find", "model": "faces"}, "find"),
        ({"tab": "none", "run": "a"}, "train"),
        ({"run": ""}, "explore"),
    ],
)
def test_the_tab_of_old_and_new_links(fields, tab):
    assert tab_of(fields) == tab


def test_each_tab_can_be_named():
    assert [tab_of({"tab": tab}) for tab in TABS] == list(TABS)


def test_of_a_field_that_occurs_twice_the_first_counts_as_in_the_browser():
    fields = fields_of(QueryParams("tab=walk&tab=train&run=a&run=b&seed=1"))
    assert fields == {"tab": "walk", "run": "a", "seed": "1"}
    assert tab_of(fields) == "walk"
    assert fields_of({"run": "a"}) == {"run": "a"}
