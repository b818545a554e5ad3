"""Train's catalogue: choose a method, read it, change any choice, break a run and cure it."""

import re

from playwright.sync_api import expect

from gan.settings.catalogue import METHODS
from tests.browser.conftest import open_tab
from tests.browser.test_train import view


def choose(page, name: str) -> None:
    method = METHODS[name]
    menu = page.get_by_label("Method", exact=True)
    menu.click()
    menu.fill(method.title)
    page.get_by_role("option", name=re.compile(rf"{re.escape(method.title)} · ")).first.click()
    expect(page.get_by_text(method.summary).first).to_be_visible()


def open_train(open_page, **options):
    page = open_page(**options)
    open_tab(page, "Train")
    return page


def test_every_method_shows_its_equation_and_its_paper(open_page, keep_screenshot):
    page = open_train(open_page)
    page.get_by_role("button", name="What this changes in the training loop").click()
    card = page.locator(".gs-card").first
    for name, method in METHODS.items():
        choose(page, name)
        expect(card).to_contain_text(method.cures)
        expect(card.locator(".katex").first).to_be_visible()
        assert card.locator(".katex-error").count() == 0, name
        assert card.get_by_role("link").get_attribute("href") == method.link
    keep_screenshot(page, "train-catalogue")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440


def test_the_catalogue_fits_a_phone(open_page, keep_screenshot):
    page = open_train(open_page, width=390, scheme="dark")
    page.get_by_role("button", name="What this changes in the training loop").click()
    choose(page, "wgan_gp")
    expect(page.locator(".gs-card .katex").first).to_be_visible()
    keep_screenshot(page, "train-catalogue-390-dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_any_choice_can_be_changed_and_a_contradiction_is_explained(open_page):
    page = open_train(open_page)
    page.get_by_role("radio", name="Glyphs").click()
    choose(page, "minimax")
    page.get_by_role("button", name="More settings").click()
    pick = page.get_by_label("Any other setting")
    pick.click()
    pick.fill("spectral")
    page.get_by_role("option", name="spectral_norm").click()
    changed = page.get_by_role("textbox", name=re.compile("^Changed"))
    expect(changed).to_have_value("spectral_norm=false")
    changed.fill("weight_clip=0.1")
    page.locator("#train-button").click()
    expect(page.get_by_text("could never be sure")).to_be_visible()
    changed.fill("spectral_norm=true")
    page.locator("#train-button").click()
    expect(view(page)).to_contain_text("Training")
    expect(view(page)).to_contain_text("Minimax, spectral_norm=true")


def test_a_run_that_was_broken_is_named_and_cured(open_page, keep_screenshot):
    page = open_train(open_page, width=390)
    page.get_by_role("button", name="Break it on purpose").click()
    lesson = page.get_by_label("Failure")
    lesson.click()
    page.get_by_role("option", name="Exploding critic").click()
    page.locator("#break-button").click()
    # On a phone the button is far below the pictures.
    expect(view(page).locator(".gs-progress")).to_be_in_viewport()
    cure = page.locator("#cure-button")
    expect(cure).to_be_visible()
    expect(view(page)).to_contain_text("Divergence: the numbers explode")
    expect(page.locator("#cure-words")).to_contain_text("weights of D clipped at: none, not 10")
    keep_screenshot(page, "train-broken")
    cure.click()
    expect(cure).to_be_hidden()
    expect(page.locator("#cure-words")).to_be_hidden()
    expect(view(page)).to_contain_text("WGAN")
    expect(view(page)).to_contain_text("weight_clip=0")
