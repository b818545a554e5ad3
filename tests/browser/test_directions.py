"""Explore's sets of directions: named sliders do what they say, sets switch, links hold them."""

import io
import re

import numpy as np
import torch
from helpers.pixel_attributes import measure
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import no_sideways_scroll, pixels, resize, wait_for_change
from tests.browser.test_axis import values
from tests.browser.test_explore import PICTURE, settled


def slider(page, name: str):
    return page.locator(".gs-directions").get_by_role("slider", name=name, exact=True)


def choice(page, name):
    return page.locator(".gs-sets").get_by_role("button", name=name)


def names(page) -> list[str]:
    shown = page.locator(".gs-direction:not([hidden]) .gs-name")
    return [text.strip() for text in shown.all_inner_texts()]


def attributes(page) -> dict[str, float]:
    """What is measured on the picture that is shown, a grey digit."""
    light = np.array(values(page)).reshape(32, 32, 4)[..., 0] / 127.5 - 1
    return {name: value.item() for name, value in measure(torch.tensor(light)[None, None]).items()}


def test_a_named_slider_changes_what_it_names(open_page):
    page = open_page("/?model=digits&seed=5")
    shown = settled(page)
    for name in ("slant", "thickness", "width", "height", "size"):
        measured = []
        for move in ("-3", "3"):
            slider(page, name).fill(move)
            wait_for_change(page, PICTURE, shown)
            shown = settled(page)
            measured.append(attributes(page)[name])
        assert measured[0] < measured[1], name
        slider(page, name).fill("0")
        wait_for_change(page, PICTURE, shown)
        shown = settled(page)


def test_another_set_leaves_the_picture_and_its_moves(open_page):
    page = open_page("/?model=digits&seed=5")
    expect(choice(page, "Named")).to_have_attribute("aria-pressed", "true")
    before = settled(page)
    slider(page, "thickness").fill("2")
    wait_for_change(page, PICTURE, before)
    moved = settled(page)
    choice(page, "SeFa").click()
    expect(slider(page, "Direction 8")).to_be_visible()
    expect(choice(page, "Named, has moved sliders")).to_be_visible()
    assert settled(page) == moved
    choice(page, re.compile("^Named")).click()
    expect(slider(page, "thickness")).to_have_value("2")
    page.get_by_role("button", name=re.compile("^Reset all sliders")).click()
    expect(slider(page, "thickness")).to_have_value("0")
    wait_for_change(page, PICTURE, moved)
    assert settled(page) == before


def test_pca_is_looked_for_when_it_is_chosen(open_page):
    page = open_page("/?model=digits")
    asked = []
    page.on("request", lambda request: "/directions?" in request.url and asked.append(request.url))
    choice(page, "PCA").click()
    expect(slider(page, "Direction 8")).to_be_visible()
    expect(page.locator(".gs-direction-head .gs-quiet").first).to_have_text("")
    choice(page, "SeFa").click()
    choice(page, "PCA").click()
    before = settled(page)
    slider(page, "Direction 1").fill("3")
    wait_for_change(page, PICTURE, before)
    assert len(asked) == 1


def test_the_digits_are_sliders_behind_a_button(open_page):
    page = open_page("/?model=digits&set=classes")
    assert names(page) == [f"digit {k}" for k in range(8)]
    page.get_by_role("button", name="2 more").click()
    assert names(page) == [f"digit {k}" for k in range(10)]
    expect(slider(page, "digit 8")).to_be_focused()
    # Folded again, all but what is moved.
    slider(page, "digit 9").fill("1")
    page.get_by_role("button", name="Fewer").click()
    assert names(page) == [*(f"digit {k}" for k in range(8)), "digit 9"]
    expect(page.get_by_role("button", name="1 more")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Reset all sliders")).click()
    expect(page.get_by_role("button", name="2 more")).to_be_visible()
    assert names(page) == [f"digit {k}" for k in range(8)]


def test_a_moved_slider_of_a_link_is_in_sight(open_page):
    page = open_page("/?model=digits&set=classes&classes=digit 9:2")
    assert names(page)[-1] == "digit 9" and len(names(page)) == 9
    expect(slider(page, "digit 9")).to_have_value("2")


def test_the_picture_stays_in_sight_of_every_slider(open_page):
    page = open_page("/?model=faces")
    page.get_by_role("button", name=re.compile("^[0-9]+ more$")).click()
    # A phone, upright and lying; 1440 × 900 and 1920 × 1080 at 200 %.
    for width, height in ((390, 844), (844, 390), (720, 450), (960, 540)):
        page.set_viewport_size({"width": width, "height": height})
        for place in range(0, len(names(page)), 5):
            one = page.locator(".gs-direction:visible").nth(place).get_by_role("slider")
            one.evaluate("each => scrollBy(0, each.getBoundingClientRect().bottom - innerHeight * 0.9)")
            # The picture takes its new size in the next frame.
            page.wait_for_function(
                "() => { const { top, bottom } = document.querySelector('.gs-picture').getBoundingClientRect();"
                " return top >= 0 && bottom <= innerHeight; }"
            )
            picture, box = page.locator(PICTURE).bounding_box(), one.bounding_box()
            assert (
                box["y"] > picture["y"] + picture["height"]
                or box["x"] > picture["x"] + picture["width"]
            )


def accent_at(one):
    """Where a slider has the accent's colour along its middle: 100 numbers from left to right."""
    picture = Image.open(io.BytesIO(one.screenshot())).convert("RGB")
    across = [picture.getpixel((int(x * picture.width / 100), picture.height // 2)) for x in range(100)]
    return [red - blue > 100 for red, _, blue in across]


def test_sliders_from_minus_to_plus_fill_from_their_middle(open_page):
    page = open_page("/?model=faces")
    page.wait_for_timeout(500)
    middle = {place for place, filled in enumerate(accent_at(slider(page, "tilt"))) if filled}
    assert middle and all(40 < place < 60 for place in middle)
    for value, filled, empty in (
        ("2", range(55, 75), range(40)),
        ("-2", range(25, 45), range(60, 100)),
    ):
        slider(page, "tilt").fill(value)
        accent = accent_at(slider(page, "tilt"))
        assert all(accent[place] for place in filled) and not any(accent[place] for place in empty)
    assert {
        place for place, filled in enumerate(accent_at(slider(page, "dark skin"))) if filled
    } == middle
    page.get_by_role("button", name=re.compile("^Reset all sliders")).click()
    expect(slider(page, "tilt")).to_have_value("0")
    assert {place for place, filled in enumerate(accent_at(slider(page, "tilt"))) if filled} == middle
    # Single latent numbers as well.
    page.get_by_text("All latent numbers").click()
    number = page.get_by_role("slider", name="z0, latent number 0")
    number.fill("4")
    assert all(accent_at(number)[55:85]) and not any(accent_at(number)[:45])


def test_a_link_holds_the_moves_of_every_set(open_page):
    page = open_page("/?model=digits&seed=5&set=pca")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    expect(slider(page, "Direction 2")).to_be_visible()
    before = settled(page)
    slider(page, "Direction 2").fill("-1.5")
    before = wait_for_change(page, PICTURE, before)
    choice(page, "Named").click()
    slider(page, "slant").fill("2")
    before = wait_for_change(page, PICTURE, before)
    choice(page, "SeFa").click()
    slider(page, "Direction 3").fill("0.5")
    wait_for_change(page, PICTURE, before)
    choice(page, re.compile("^Named")).click()
    linked = settled(page)
    page.get_by_role("button", name=re.compile("^Copy link")).click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    address = page.evaluate("navigator.clipboard.readText()")
    again = open_page(address[address.index("/?") :])
    expect(choice(again, re.compile("^PCA, has moved"))).to_be_visible()
    expect(slider(again, "slant")).to_have_value("2")
    assert settled(again) == linked


def test_an_old_link_opens_on_its_sefa_moves(open_page):
    page = open_page("/?model=digits&seed=5&truncation=1&moves=0,1.5")
    expect(choice(page, "SeFa")).to_have_attribute("aria-pressed", "true")
    expect(slider(page, "Direction 2")).to_have_value("1.5")


def test_a_link_is_checked_field_by_field(open_page):
    wrong = "set=evil&named=<b>x:1,slant:9,width:NaN,nothing:1,thickness:1.5,size:,turn:1e999"
    page = open_page(f"/?model=digits&seed=5&{wrong}&pca=constructor:1&classes=__proto__:2&moves=1,x")
    expect(choice(page, "Named")).to_have_attribute("aria-pressed", "true")
    expect(slider(page, "thickness")).to_have_value("1.5")
    for name in ("slant", "width", "size", "turn"):
        expect(slider(page, name)).to_have_value("0")
    assert settled(page)


def test_a_link_to_a_former_direction_still_moves_it(open_page):
    page = open_page("/?model=faces&seed=5&set=named&named=worried brows:2")
    moved = settled(page)
    assert names(page)[-1] == "worried brows" and len(names(page)) == 9
    before = values(page)
    slider(page, "worried brows").fill("0")
    wait_for_change(page, PICTURE, moved)
    assert values(page) != before
    fresh = open_page("/?model=faces&seed=5")
    assert settled(fresh) and "worried brows" not in names(fresh)


def test_a_failure_leads_back_with_a_sentence(open_page):
    page = open_page("/?model=digits")
    page.route("**/directions?*", lambda route: route.abort())
    choice(page, "PCA").click()
    alert = page.locator(".gs-explore").get_by_role("alert")
    expect(alert).to_contain_text("did not answer")
    expect(choice(page, "Named")).to_have_attribute("aria-pressed", "true")
    expect(slider(page, "slant")).to_be_visible()
    # The picture that is drawn meanwhile leaves the sentence there.
    page.wait_for_timeout(1000)
    expect(alert).to_contain_text("did not answer")


def test_the_keyboard_stays_on_the_choice(open_page):
    page = open_page("/?model=digits")
    choice(page, "SeFa").focus()
    page.keyboard.press("Enter")
    expect(choice(page, "SeFa")).to_be_focused()
    expect(choice(page, "SeFa")).to_have_attribute("aria-pressed", "true")


def test_many_named_sliders_fit(open_page, keep_screenshot):
    page = open_page("/?model=faces")
    assert len(names(page)) == 8
    page.get_by_role("button", name=re.compile("^[0-9]+ more$")).click()
    page.wait_for_timeout(1500)
    for width in (1440, 390):
        resize(page, width, "light")
        keep_screenshot(page, f"directions-{width}")
        assert no_sideways_scroll(page)
    assert pixels(page, PICTURE)
