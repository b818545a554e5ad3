"""The page while it loads: nothing moves when pictures come."""

import pytest

HELD = (
    "**/ganscope/model?*",
    "**/ganscope/pictures*",
    "**/ganscope/walk?*",
    "**/ganscope/inside/picture*",
)


@pytest.mark.parametrize("tab", ["explore", "walk", "inside"])
@pytest.mark.parametrize("width", [1440, 820, 390])
def test_a_picture_has_its_place_before_it_comes(visitor, server, tab, width):
    page, held, come = visitor(width), [], False

    def hold(route):
        route.continue_() if come else held.append(route)

    for address in HELD:
        page.route(address, hold)
    page.goto(f"{server.url}/?tab={tab}")
    picture = f".gs-{tab} .gs-frame canvas.gs-picture"
    canvas = page.locator(picture)
    canvas.wait_for()
    page.wait_for_timeout(300)  # its first frames
    before = canvas.bounding_box()
    assert before["height"] > 200
    come = True
    for route in held:
        route.continue_()
    page.wait_for_function("picture => document.querySelector(picture).width > 32", arg=picture)
    assert canvas.bounding_box()["height"] == before["height"]
