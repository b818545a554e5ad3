"""How pictures are enlarged, the first view on a phone, and terms that are explained."""

import io
import re

from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import at_rest, open_tab, pixels, resize, wait_for_change

PICTURE = ".gs-explore .gs-frame canvas"


def uniform_squares(page, side: int) -> bool:
    """Whether each pixel of the picture, which is `side` pixels wide, is a square of one colour on the screen."""
    box = page.locator(PICTURE).bounding_box()
    clip = {
        "x": box["x"] + 1,
        "y": box["y"] + 1,
        "width": box["width"] - 2,
        "height": box["height"] - 2,
    }
    shown = Image.open(io.BytesIO(page.screenshot(clip=clip))).convert("RGB")
    factor = shown.width // side
    assert factor >= 2 and shown.width == factor * side
    squares = [
        shown.crop((x * factor, y * factor, (x + 1) * factor, (y + 1) * factor)).getextrema()
        for x, y in ((20, 20), (32, 25), (40, 40), (30, 44))
    ]
    return all(low == high for square in squares for low, high in square)


def test_large_pictures_are_smooth_until_somebody_wants_pixels(open_page):
    page = open_page("/?seed=42")
    at_rest(page, PICTURE)
    switch = page.get_by_role("button", name=re.compile("pixel", re.IGNORECASE))
    expect(switch).to_have_attribute("aria-pressed", "false")
    assert not uniform_squares(page, 128)
    kept = pixels(page, PICTURE)
    switch.focus()
    page.keyboard.press("Enter")
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert uniform_squares(page, 128)
    # What is saved and compared are the picture's own pixels, however it is shown.
    assert pixels(page, PICTURE) == kept
    page.reload()
    expect(switch).to_have_attribute("aria-pressed", "true")
    at_rest(page, PICTURE)
    assert uniform_squares(page, 128)
    # A small picture is always shown in squares.
    switch.click()
    page.locator("#menu-explore input").click()
    page.get_by_role("option", name=re.compile("^digits —")).click()
    wait_for_change(page, PICTURE, kept)
    page.wait_for_function(f"document.querySelector('{PICTURE}').width === 32")
    at_rest(page, PICTURE)
    assert uniform_squares(page, 32)


def test_a_phone_shows_picture_and_first_slider_at_once_and_explains_terms(open_page):
    page = open_page("/?model=faces")
    resize(page, 390, "light")
    page.set_viewport_size({"width": 390, "height": 844})
    page.evaluate("scrollTo(0, 0)")
    at_rest(page, PICTURE)
    slider = page.locator(".gs-direction:visible").first.get_by_role("slider")
    page.wait_for_function(f"document.querySelector('{PICTURE}').getBoundingClientRect().width < 360")
    picture, first = page.locator(PICTURE).bounding_box(), slider.bounding_box()
    assert picture["y"] > 0 and picture["width"] > 280
    assert picture["y"] + picture["height"] < first["y"] < first["y"] + first["height"] < 844
    # A term: focus explains it, Escape and leaving it do away with that.
    term, bubble = page.get_by_role("button", name="latent vector").first, page.locator(".gs-bubble")
    expect(term).to_have_accessible_description(re.compile("random numbers"))
    term.focus()
    expect(bubble).to_contain_text("random numbers")
    box = bubble.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    page.keyboard.press("Escape")
    expect(bubble).to_be_hidden()
    term.click()
    expect(bubble).to_be_visible()
    slider.focus()
    expect(bubble).to_be_hidden()
    # A word in a tab of Gradio's own text, pointed at.
    resize(page, 1440, "light")
    open_tab(page, "Train")
    page.locator("#tab-train").get_by_role("button", name="discriminator").hover()
    expect(bubble).to_contain_text("how real it looks")
