"""From tab to tab, and back by a link: a latent vector that is no seed's keeps its picture."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import hand_over, module, open_tab, wait_for_change
from tests.browser.test_explore import PICTURE, seed_field, settled

NUMBERS = "Float32Array.from({length: 64}, (_, i) => Math.sin(i * i) * 1.5)"
SINE = f"{{model: 'digits', z: {NUMBERS}, label: 'a sine'}}"


def test_what_is_handed_over_is_shown_and_its_link_opens_on_the_same_pixels(open_page):
    page = open_page()
    before = settled(page)
    open_tab(page, "Train")
    hand_over(page, "explore", SINE)
    expect(page.get_by_role("tab", name="Explore")).to_have_attribute("aria-selected", "true")
    wait_for_change(page, PICTURE, before)
    expect(page.get_by_text("Begins at a sine")).to_be_visible()
    expect(page.get_by_label("Model").first).to_have_value("digits — trained on mnist")
    expect(seed_field(page)).to_have_value("")
    handed = settled(page)
    page.get_by_role("button", name="SeFa").click()
    page.get_by_role("slider", name="Direction 2", exact=True).fill("1.5")
    wait_for_change(page, PICTURE, handed)
    moved = settled(page)
    # Where nothing may be copied, the address bar has the link.
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name="Copy a link that opens on exactly this picture").click()
    page.wait_for_function("location.search.includes('at=')")
    assert len(page.url) < 300
    again = open_page(page.url[page.url.index("/?") :])
    same = "([selector, wanted]) => document.querySelector(selector).toDataURL() === wanted"
    again.wait_for_function(same, arg=[PICTURE, moved])
    assert settled(again) == moved
    # A seed leads away from it.
    page.get_by_role("button", name="Next seed").click()
    wait_for_change(page, PICTURE, moved)
    expect(page.get_by_text("One seed, one picture")).to_be_visible()


def test_the_menu_leads_back_to_the_model_of_before(open_page):
    page = open_page()
    first = settled(page)
    hand_over(page, "explore", SINE)
    handed = wait_for_change(page, PICTURE, first)
    page.get_by_label("Model").first.click()
    page.get_by_role("option", name=re.compile("^faces —")).click()
    wait_for_change(page, PICTURE, handed)
    assert settled(page) == first


@pytest.mark.parametrize("text", ["AAAA", "%3Cb%3E", "A" * 5000, "%00"])
def test_a_latent_that_does_not_fit_is_told_and_the_seed_is_shown(open_page, text):
    page = open_page("/?model=digits&seed=3&at=" + text)
    expect(page.locator(".gs-explore .gs-left > .gs-error")).to_contain_text("does not fit digits")
    expect(seed_field(page)).to_have_value("3")


def test_numbers_survive_the_address(open_page):
    page = open_page()
    same = page.evaluate(
        """async () => {
            const { packZ, roundZ, unpackZ } = await MODULE;
            return [1, 2, 3, 64, 100, 1024].every((n) => {
                const drawn = Float32Array.from({length: n}, () => 9 * Math.random() - 4);
                const z = roundZ(drawn);
                return unpackZ(packZ(z), n).every((value, i) => value === z[i]);
            });
        }""".replace("MODULE", module("latent_text"))
    )
    assert same
