"""Explore's sliders where the network is slow: what has come is shown at once, and nothing goes back.

`watch` puts itself between the page and its requests for pictures: it counts them, and holds answers
back for as long as a test likes, so that no test depends on how fast anything is.
"""

import pytest

from tests.browser.conftest import pixels, wait_for_change
from tests.browser.test_explore import PICTURE, direction, seed_field, settled

WATCH = """() => {
  const plain = window.fetch;
  Object.assign(window, { drawn: 0, lone: 0, held: [], holds: () => false });
  window.fetch = async (address, options) => {
    const answer = await plain(address, options);
    if (!String(address).includes("/pictures")) return answer;
    const rows = Number(answer.headers.get("X-Shape").split(",")[0]);
    if (rows === 1) window.lone++;
    if (window.holds(rows)) await new Promise((go) => window.held.push(go));
    window.drawn += rows;
    return answer;
  };
}"""
# A model whose pictures are no larger than drafts: what is on the axis is the picture itself.
OPENED = "/?model=faces64&set=sefa"
STEPS = 121  # of a direction's slider
COARSE = 31  # of these, of a model whose pictures come as drafts: those between are mixed
STRIP = 7  # of them are drawn as previews when the page opens
OTHER_STRIPS = 7 * 7


def watch(page):
    settled(page)
    page.evaluate(WATCH)


def hold(page, which: str) -> None:
    """Hold back the answers to requests for `rows` pictures where this is true, from now on."""
    page.evaluate(f"window.holds = (rows) => {which}")


def let_go(page) -> None:
    page.evaluate("() => { window.holds = () => false; window.held.splice(0).forEach((go) => go()); }")


def wait_for_pictures(page, count: int) -> None:
    page.wait_for_function("count => window.drawn >= count", arg=count)


def whole_axis(page):
    """Take direction 1 by the keyboard, and wait until every picture along it has come."""
    direction(page, 1).focus()
    page.keyboard.press("ArrowRight")
    wait_for_pictures(page, STEPS - STRIP + OTHER_STRIPS)


def move_to(page, place: float) -> None:
    """The mouse to a part of direction 1's length."""
    box = direction(page, 1).bounding_box()
    page.mouse.move(box["x"] + 8 + (box["width"] - 16) * place, box["y"] + box["height"] / 2)


def values(page) -> list[int]:
    return page.eval_on_selector(
        PICTURE,
        "canvas => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data]",
    )


def same(one: list[int], other: list[int]) -> bool:
    """Whether two pictures are of one z, in whatever batch each was drawn."""
    return one == other


def plain(open_page, seed: int, move: str) -> list[int]:
    """The picture that a link with this move of direction 1 opens on."""
    page = open_page(f"/?model=faces64&seed={seed}&moves={move},0,0,0,0,0,0,0")
    settled(page)
    return values(page)


def test_a_picture_of_the_axis_is_the_plain_one(open_page):
    page = open_page(OPENED)
    watch(page)
    whole_axis(page)
    hold(page, "true")
    requests = page.evaluate("window.lone")
    shown, on_axis = pixels(page, PICTURE), {}
    for move in ("-3", "-1.35", "0.15", "2.95"):
        direction(page, 1).fill(move)
        shown = wait_for_change(page, PICTURE, shown)
        on_axis[move] = values(page)
    assert page.evaluate("window.lone") == requests
    for move in on_axis:
        assert same(on_axis[move], plain(open_page, 5, move))


def test_a_drag_needs_a_few_requests_and_then_no_network(open_page):
    page = open_page(OPENED)
    watch(page)
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    move_to(page, 0.5)
    page.mouse.down()
    wait_for_pictures(page, STEPS - STRIP)
    hold(page, "true")
    shown = pixels(page, PICTURE)
    for place in (0.55, 0.63, 0.7, 0.81, 0.9, 0.2):
        move_to(page, place)
        shown = wait_for_change(page, PICTURE, shown)
    assert len([url for url in requests if "/pictures" in url]) <= 4


def test_a_released_slider_gets_its_exact_picture(open_page):
    page = open_page(OPENED)
    watch(page)
    page.evaluate("window.batches = 0")
    # The coarse pictures come; those between them never do.
    hold(page, "rows > 1 && window.batches++ > 0")
    move_to(page, 0.5)
    page.mouse.down()
    wait_for_pictures(page, 24)
    move_to(page, 0.8583)
    page.mouse.up()
    move = direction(page, 1).input_value()
    page.wait_for_function("window.lone > 0")
    settled(page)
    assert round(float(move) * 20) % 4, "the test wants a place between the coarse ones"
    assert same(values(page), plain(open_page, 5, move))


def test_a_late_answer_paints_over_nothing(open_page):
    page = open_page(OPENED)
    watch(page)
    hold(page, "true")
    direction(page, 1).fill("2.95")
    page.wait_for_function("window.lone > 0")
    hold(page, "rows === 1")
    before = pixels(page, PICTURE)
    direction(page, 1).fill("-2")
    shown = wait_for_change(page, PICTURE, before)
    let_go(page)
    wait_for_pictures(page, STEPS - STRIP)
    page.wait_for_timeout(500)
    assert pixels(page, PICTURE) == shown
    assert same(values(page), plain(open_page, 5, "-2"))


def test_another_seed_has_another_axis(open_page):
    page = open_page(OPENED)
    watch(page)
    whole_axis(page)
    before = pixels(page, PICTURE)
    page.get_by_role("button", name="Next seed").click()
    seeded = wait_for_change(page, PICTURE, before)
    direction(page, 1).fill("-1.35")
    wait_for_change(page, PICTURE, seeded)
    settled(page)
    assert seed_field(page).input_value() == "6"
    assert same(values(page), plain(open_page, 6, "-1.35"))


def test_the_keys_move_along_the_axis_without_the_network(open_page):
    page = open_page(OPENED)
    watch(page)
    whole_axis(page)
    hold(page, "true")
    shown = pixels(page, PICTURE)
    values = []
    for key in ("End", "ArrowLeft", "Home", "PageUp", "ArrowRight", "ArrowRight"):
        page.keyboard.press(key)
        shown = wait_for_change(page, PICTURE, shown)
        values.append(float(direction(page, 1).input_value()))
    assert values[:3] == [3, 2.95, -3]
    assert values == pytest.approx([3, 2.95, -3, values[3], values[3] + 0.05, values[3] + 0.1])


def test_a_number_keeps_the_keyboard_while_it_changes(open_page):
    page = open_page(OPENED)
    before = settled(page)
    page.get_by_text("All latent numbers").click()
    page.get_by_role("slider", name="z3, latent number 3", exact=True).focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(200)
        assert page.evaluate("document.activeElement.ariaLabel") == "z3, latent number 3"
    wait_for_change(page, PICTURE, before)


def test_a_large_picture_is_a_draft_while_it_moves_and_itself_at_rest(open_page):
    page = open_page("/?set=sefa")
    width = f"document.querySelector('{PICTURE}').width"
    watch(page)
    move_to(page, 0.5)
    page.mouse.down()
    wait_for_pictures(page, COARSE - STRIP)
    hold(page, "rows === 1")
    shown = pixels(page, PICTURE)
    for place in (0.55, 0.7, 0.9, 0.2):
        move_to(page, place)
        shown = wait_for_change(page, PICTURE, shown)
        assert page.evaluate(width) == 64
    page.mouse.up()
    let_go(page)
    page.wait_for_function(f"{width} === 128")
    move = direction(page, 1).input_value()
    settled(page)
    other = open_page(f"/?seed=5&moves={move},0,0,0,0,0,0,0")
    settled(other)
    assert same(values(page), values(other))
