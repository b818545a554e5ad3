"""Compare, as people use it: two sides learn, scrub both, choose runs from the table, follow a link."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import no_sideways_scroll, open_tab, pixels, wait_for_change

LEFT = ".gs-side-view:nth-child(1) canvas"


def compare_page(open_page, **options):
    page = open_page(**options)
    open_tab(page, "Compare")
    return page


def view(page):
    return page.locator(".gs-comparison")


def table(page):
    return page.locator(".gs-runs")


def learn(page, steps=80):
    field = page.get_by_role("spinbutton", name=re.compile("Training budget"))
    expect(page.get_by_role("combobox", name="Unit")).to_have_value("steps")
    field.fill(str(steps))
    field.press("Tab")
    page.locator("#compare-button").click()
    expect(view(page)).to_contain_text("Waits for its turn")
    expect(page.locator("#compare-button")).to_be_disabled()
    expect(view(page).locator(".gs-status")).to_contain_text("Done")


def test_two_sides_learn_are_scrubbed_and_come_back(open_page, keep_screenshot):
    page = compare_page(open_page)
    learn(page)
    for place, name in enumerate("AB"):
        expect(page.locator(".gs-side-view").nth(place)).to_contain_text("Finished")
        assert page.locator(f".gs-overlay .gs-end:text('{name}')").count() == 1
    expect(view(page)).to_contain_text("labels: ignored, not used")
    expect(view(page)).to_contain_text("real against real")
    # Equal steps, and no winner from one seed.
    expect(view(page).locator(".gs-status")).to_contain_text("From one seed each this may be chance")
    expect(view(page).locator(".gs-status")).not_to_contain_text("different numbers of steps")
    keep_screenshot(page, "compare")
    newest = pixels(page, LEFT)
    slider = page.get_by_label("History of all sides")
    slider.press("Home")
    wait_for_change(page, LEFT, newest)
    expect(view(page).locator(".gs-moment")).to_have_text("step 0")

    link = page.url
    assert re.search(r"\?compare=\w+,\w+$", link)
    boxes = table(page).get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    # The newest stands first.
    boxes.first.check()
    table(page).get_by_role("button", name="Show it above").click()
    expect(page.locator(".gs-side-view")).to_have_count(1)
    expect(page.locator(".gs-side-title")).to_have_text("Quick, labels=ignored")
    page.goto(link)
    expect(page.locator(".gs-side-view")).to_have_count(2)
    expect(view(page).locator(".gs-status")).to_contain_text("Done")
    expect(table(page).get_by_role("row")).to_have_count(3)

    seeds = table(page).get_by_role("button", name="Method")
    seeds.click()
    expect(table(page).get_by_role("columnheader", name="Method")).to_have_attribute(
        "aria-sort", "ascending"
    )
    rows = table(page).locator("tbody tr")
    expect(rows.first).not_to_contain_text("labels=ignored")
    seeds.click()
    expect(rows.first).to_contain_text("labels=ignored")

    page.locator(".gs-side-view").first.get_by_role("button", name="Explore").click()
    expect(page.get_by_role("tab", name="Explore")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#menu-explore input")).to_have_value(re.compile("^run:|^your run"))


def test_stop_ends_the_comparison(open_page):
    page = compare_page(open_page)
    page.locator("#compare-button").click()
    expect(view(page)).to_contain_text("Training")
    page.locator("#compare-stop").click()
    expect(view(page).locator(".gs-status")).to_contain_text("Done")
    expect(page.locator(".gs-side-view")).to_have_count(1)
    expect(page.locator("#compare-button")).to_be_enabled()


def test_a_question_fills_the_sides_and_a_mistake_names_its_side(open_page):
    page = compare_page(open_page)
    question = page.get_by_label("Question")
    question.click()
    page.get_by_role("option", name="Four losses").click()
    expect(page.get_by_role("combobox", name="Side D")).to_have_value(re.compile("^Hinge"))
    page.get_by_role("textbox", name="Changed in C").fill("no_such=1")
    page.locator("#compare-button").click()
    expect(page.get_by_text("C: There is no setting called 'no_such'")).to_be_visible()


def test_compare_fits_a_phone(open_page, keep_screenshot):
    page = compare_page(open_page, width=390, scheme="dark")
    keep_screenshot(page, "compare-390-dark")
    assert no_sideways_scroll(page)
