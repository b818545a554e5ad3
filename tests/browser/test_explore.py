"""Explore, as people use it: drag, type, step, lock, link, reload, phone, keyboard."""

import io
import re

from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import (
    at_rest,
    no_sideways_scroll,
    open_tab,
    pixels,
    resize,
    wait_for_change,
)

PICTURE = ".gs-explore .gs-frame canvas"


def direction(page, number):
    return page.get_by_role("slider", name=f"Direction {number}", exact=True)


def seed_field(page):
    return page.locator(".gs-explore").get_by_role("spinbutton", name="Seed", exact=True)


def settled(page):
    """The picture, once it is drawn and stays the same."""
    page.wait_for_function(f"document.querySelector('{PICTURE}').width > 30")
    return at_rest(page, PICTURE)


def test_dragging_changes_the_picture_while_it_is_dragged(open_page):
    page = open_page("/?set=sefa")
    shown = settled(page)
    seen = {shown}
    box = direction(page, 1).bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + box["width"] * (0.5 + step * 0.06), middle)
        # Each before the button is let go, however long it takes.
        shown = wait_for_change(page, PICTURE, shown)
        seen.add(shown)
    page.mouse.up()
    assert len(seen) > 4


def test_a_seed_has_one_picture_however_it_is_reached(open_page):
    page = open_page()
    first = settled(page)
    seed_field(page).fill("7")
    seed_field(page).press("Enter")
    seven = wait_for_change(page, PICTURE, first)
    page.get_by_role("button", name="Next seed").click()
    expect(seed_field(page)).to_have_value("8")
    eight = wait_for_change(page, PICTURE, seven)
    page.get_by_role("button", name="Previous seed").click()
    wait_for_change(page, PICTURE, eight)
    assert settled(page) == seven
    page.get_by_role("button", name="Go to seed 9").click()
    expect(seed_field(page)).to_have_value("9")


def test_a_bad_seed_is_a_sentence_and_the_picture_stays(open_page):
    page = open_page()
    # Beside the field, which is marked as well and keeps what was typed, until that changes.
    error = page.locator(".gs-explore .gs-seed + .gs-field-error")
    for seed in ("-1", "4294967296", "1.5", ""):
        before = settled(page)
        seed_field(page).fill(seed)
        seed_field(page).press("Tab")
        expect(error).to_have_text(re.compile("whole numbers from 0"))
        expect(seed_field(page)).to_have_attribute("aria-invalid", "true")
        expect(seed_field(page)).to_have_accessible_description(re.compile("whole numbers from 0"))
        expect(seed_field(page)).to_have_value(seed)
        assert pixels(page, PICTURE) == before
        seed_field(page).fill("3")
        expect(error).to_be_hidden()
        seed_field(page).fill(seed)
        seed_field(page).press("Tab")
        page.get_by_role("button", name="Next seed").click()
        expect(error).to_be_hidden()
        expect(seed_field(page)).not_to_have_attribute("aria-invalid", "true")
        wait_for_change(page, PICTURE, before)


def test_lock_holds_the_seed(open_page):
    page = open_page()
    page.get_by_role("button", name=re.compile("^Lock")).click()
    for name in ("Next seed", "Random seed", "Go to seed 6"):
        expect(page.get_by_role("button", name=name)).to_be_disabled()
    page.get_by_role("button", name=re.compile("^Lock")).click()
    expect(page.get_by_role("button", name="Next seed")).to_be_enabled()


def test_reset_returns_to_the_seed_s_own_picture(open_page):
    page = open_page("/?set=sefa")
    before = settled(page)
    direction(page, 2).fill("2")
    moved = wait_for_change(page, PICTURE, before)
    page.get_by_role("slider", name="Truncation").fill("0.4")
    wait_for_change(page, PICTURE, moved)
    page.get_by_role("button", name=re.compile("^Reset all sliders")).click()
    page.wait_for_timeout(400)
    assert settled(page) == before


def test_every_raw_number_can_be_reached(open_page):
    page = open_page()
    before = settled(page)
    page.get_by_text("All latent numbers").click()
    expect(page.get_by_text("page 1 of 4")).to_be_visible()
    names = set()
    for _ in range(4):
        sliders = page.locator(".gs-number-grid input")
        names |= set(sliders.evaluate_all("all => all.map(one => one.ariaLabel)"))
        page.get_by_role("button", name="Next page").click()
    assert names == {f"z{index}, latent number {index}" for index in range(64)}
    page.get_by_role("slider", name="z3, latent number 3", exact=True).fill("3.5")
    wait_for_change(page, PICTURE, before)


def test_a_copied_link_opens_on_the_same_picture(open_page):
    page = open_page("/?model=digits&seed=5&truncation=0.7&moves=1.5,-2,0,0,0,0,0,0&z=3:1.25")
    linked = settled(page)
    expect(seed_field(page)).to_have_value("5")
    expect(direction(page, 2)).to_have_value("-2")
    expect(page.locator("#menu-explore input")).to_have_value(re.compile("^digits"))
    again = open_page("/?model=digits&seed=5&truncation=0.7&moves=1.5,-2,0,0,0,0,0,0&z=3:1.25")
    assert settled(again) == linked
    other = open_page("/?model=digits&seed=5")
    assert settled(other) != linked


def test_copy_link_gives_an_address_that_holds_the_state(open_page):
    page = open_page("/?set=sefa")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    direction(page, 1).fill("1.5")
    page.get_by_role("button", name=re.compile("^Copy link")).click()
    expect(page.get_by_text("Link copied.")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert "model=faces" in link and "seed=5" in link and "moves=1.5" in link


def test_a_broken_link_opens_on_the_default(open_page):
    page = open_page("/?model=nope&seed=-3&moves=a,b&z=x:y&truncation=99")
    alert = page.locator(".gs-explore").get_by_role("alert")
    for words in (
        "no model called",
        "seed=-3 is no",
        "moves=a,b is no",
        "z=x:y is no",
        "truncation=99 is no",
    ):
        expect(alert).to_contain_text(words)
    expect(seed_field(page)).to_have_value("5")
    assert settled(page)


def test_the_model_menu_changes_the_model_and_refuses_nonsense(open_page):
    page = open_page()
    before = settled(page)
    menu = page.locator("#menu-explore input")
    menu.click()
    page.get_by_role("option", name=re.compile("^digits —")).click()
    wait_for_change(page, PICTURE, before)
    expect(page.locator(".gs-facts")).to_contain_text("32×32 grey")
    menu.fill("/etc")
    menu.press("Enter")
    expect(page.locator(".gs-menu-news:visible")).to_contain_text("may not be read from this page")
    expect(menu).to_have_value(re.compile("^digits"))


def test_a_saved_picture_is_a_crisp_png(open_page):
    page = open_page("/?model=digits")
    settled(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("^Save picture")).click()
    with Image.open(io.BytesIO(download.value.path().read_bytes())) as image:
        assert image.size == (512, 512)
        small = image.resize((32, 32), Image.Resampling.NEAREST)
        assert small.resize(image.size, Image.Resampling.NEAREST).tobytes() == image.tobytes()


def test_the_keyboard_alone_is_enough(open_page):
    page = open_page("/?set=sefa")
    before = settled(page)
    seed_field(page).focus()
    for _ in range(16):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.ariaLabel") == "Direction 1":
            break
    assert page.evaluate("document.activeElement.ariaLabel") == "Direction 1"
    for _ in range(10):
        page.keyboard.press("ArrowRight")
    wait_for_change(page, PICTURE, before)


def test_it_fits_every_screen(open_page, keep_screenshot):
    page = open_page()
    for tab in ("Explore", "Walk", "Train"):
        open_tab(page, tab)
        page.wait_for_timeout(1500)
        for width in (1440, 1366, 390):
            for scheme in ("light", "dark"):
                resize(page, width, scheme)
                assert no_sideways_scroll(page), f"{tab} scrolls sideways at {width}"
                keep_screenshot(page, f"{tab.lower()}-{width}-{scheme}")
        small = [
            control.inner_text()
            # Terms that are explained stand in running text.
            for control in page.locator(".gs button:visible:not(.gs-term)").all()
            if control.bounding_box()["height"] < 43
        ]
        assert small == []
        resize(page, 1440, "light")
