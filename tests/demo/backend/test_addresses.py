"""Fields of an address (tests/web/address.test.mjs has which tab they open)."""

from starlette.datastructures import QueryParams

from demo.backend.addresses import fields_of


def test_of_a_field_that_occurs_twice_the_first_counts_as_in_the_browser():
    fields = fields_of(QueryParams("tab=walk&tab=train&run=a&run=b&seed=1"))
    assert fields == {"tab": "walk", "run": "a", "seed": "1"}
    assert fields_of({"run": "a"}) == {"run": "a"}
