"""The class that is drawn, chosen in Explore, Walk and Breed, as people do it: by chips, by keys and by links."""

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.conftest import at_rest, no_sideways_scroll, pixels, wait_for_change

PICTURE = ".gs-explore .gs-frame canvas"
FIRST_KEY = ".gs-keys li:nth-child(1) canvas"


def chip(page, tab: str, name: str):
    return page.locator(f".gs-{tab}").get_by_role("radio", name=name, exact=True)


def field(page, name: str, value: str) -> None:
    expect(page).to_have_url(re.compile(rf"[?&]{name}={value}(&|$)"))


def test_the_class_is_chosen_kept_and_in_the_link(open_page):
    page = open_page("/?model=photos&seed=4")
    chosen = chip(page, "explore", "any")
    expect(chosen).to_have_attribute("aria-checked", "true")
    expect(page.locator(PICTURE)).to_have_attribute(
        "aria-label", "Picture of photos, seed 4, automobile"
    )
    before = at_rest(page, PICTURE)
    chip(page, "explore", "horse").click()
    horse = wait_for_change(page, PICTURE, before)
    expect(page.locator(PICTURE)).to_have_attribute("aria-label", "Picture of photos, seed 4, horse")
    field(page, "class", "horse")
    # It stays when the seed changes, and a reload leads to the same picture.
    page.get_by_role("button", name="Next seed").click()
    expect(page.locator(PICTURE)).to_have_attribute("aria-label", "Picture of photos, seed 5, horse")
    page.get_by_role("button", name="Previous seed").click()
    field(page, "seed", "4")
    page.reload()
    expect(chip(page, "explore", "horse")).to_have_attribute("aria-checked", "true")
    expect(page.locator(PICTURE)).to_have_attribute("aria-label", "Picture of photos, seed 4, horse")
    assert at_rest(page, PICTURE) == horse
    # The code that the page shows draws the same.
    page.get_by_text("Export", exact=True).first.click()
    expect(page.locator(".gs-code-line code").first).to_contain_text("--class=horse")
    # As radio buttons: one is reached by Tab, arrows choose.
    chip(page, "explore", "horse").focus()
    page.keyboard.press("ArrowRight")
    expect(chip(page, "explore", "ship")).to_be_focused()
    field(page, "class", "ship")
    page.keyboard.press("Home")
    expect(chip(page, "explore", "any")).to_have_attribute("aria-checked", "true")
    wait_for_change(page, PICTURE, horse)
    assert at_rest(page, PICTURE) == before
    assert "class=" not in page.url


def test_a_drag_stays_in_the_class(open_page):
    page = open_page("/?model=photos&seed=4&class=horse&truncation=0")
    label = page.locator(PICTURE)
    expect(label).to_have_attribute("aria-label", "Picture of photos, seed 4, horse")
    at_rest(page, PICTURE)
    slider = page.locator(".gs-direction input").first
    bodies = []
    page.on("request", lambda asked: "/pictures" in asked.url and bodies.append(asked.post_data_buffer))
    for value in ("3", "-3", "1.5"):
        slider.fill(value)
        at_rest(page, PICTURE)
    assert bodies
    for body in bodies:
        rows = np.frombuffer(body, "<f4").reshape(-1, 64)
        assert (rows[:, :10].argmax(1) == 7).all()


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("model=photos&class=hors", "class=hors is no class of this model: airplane, automobile"),
        ("model=digits&class=7", "class=7 has no meaning: this model has no classes"),
    ],
)
def test_a_class_in_a_link_that_there_is_not(open_page, link, words):
    page = open_page(f"/?{link}&seed=4")
    expect(page.locator(".gs-explore .gs-left .gs-error")).to_contain_text(words)
    row = page.locator(".gs-explore .gs-classes")
    expect(row).to_be_visible() if "photos" in link else expect(row).to_be_hidden()


def test_a_walk_says_where_it_changes_its_class_and_keeps_one(open_page):
    page = open_page("/?walk=photos&keys=1,7,23,42")
    said = page.locator(".gs-crossings")
    expect(said).to_contain_text(
        "The class changes 6 times, and there the picture jumps: truck to bird at frame 9"
    )
    expect(page.locator(".gs-marks span")).to_have_count(6)
    expect(page.get_by_text("frame 1 of 60, truck")).to_be_visible()
    first = pixels(page, FIRST_KEY)
    second = pixels(page, ".gs-keys li:nth-child(2) canvas")
    said.get_by_role("button", name="Keep truck").click()
    expect(said).to_be_hidden()
    expect(page.locator(".gs-marks span")).to_have_count(0)
    expect(chip(page, "walk", "truck")).to_have_attribute("aria-checked", "true")
    wait_for_change(page, ".gs-keys li:nth-child(2) canvas", second)
    assert pixels(page, FIRST_KEY) == first  # a truck already
    field(page, "class", "truck")
    chip(page, "walk", "frog").click()
    wait_for_change(page, FIRST_KEY, first)
    expect(page.get_by_text("frame 1 of 60, frog")).to_be_visible()
    field(page, "class", "frog")
    page.reload()
    expect(chip(page, "walk", "frog")).to_have_attribute("aria-checked", "true")
    expect(said).to_be_hidden()
    chip(page, "walk", "any").click()
    expect(said).to_contain_text("6 times")


def test_children_of_a_class(open_page, keep_screenshot):
    page = open_page("/?breed=4.c0d40s0&model=photos&class=ship", 390)
    words = page.locator(".gs-breed .gs-words")
    expect(words).to_contain_text("children of seed 4, difference 0.40, ship")
    field(page, "breed", "4.c0d40s0k8")
    chip(page, "breed", "horse").click()
    expect(words).to_contain_text("difference 0.40, horse")
    assert no_sideways_scroll(page)
    keep_screenshot(page, "breed-class-phone")
    page.get_by_role("button", name="Child 3").click()
    expect(words).to_contain_text("children of child 3 of seed 4, difference 0.40, horse")
    field(page, "breed", "4.c0d40s0k7i2.c1d40s0k7")
    page.get_by_role("button", name=re.compile("^One step back")).click()
    page.get_by_role("button", name=re.compile("^One step back")).click()
    expect(chip(page, "breed", "ship")).to_have_attribute("aria-checked", "true")
