"""No tab opens empty: a recording stands there, marked as one, until something live takes its place."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import no_sideways_scroll, open_tab, pixels, wait_for_change

FAKES = ".gs-train canvas"
AT_A_STEP = re.compile("at step [1-9]")


def test_train_opens_on_a_recorded_run_until_one_is_started(open_page, keep_screenshot):
    page = open_page()
    open_tab(page, "Train")
    train, fakes = page.locator(".gs-train"), page.locator(FAKES).first
    expect(train).to_contain_text(re.compile(r"Recorded on .+ in \d+ s: press Train to see yours\."))
    expect(fakes).to_have_attribute("aria-label", AT_A_STEP)
    expect(train).to_contain_text("Faces · Quick")
    keep_screenshot(page, "train-recorded")
    last = pixels(page, FAKES)
    history = page.get_by_label("History of the run")
    history.press("Home")
    wait_for_change(page, FAKES, last)
    expect(train.locator(".gs-moment")).to_have_text(re.compile("^step 0 ·"))
    train.get_by_role("button", name="Replay the history").click()
    wait_for_change(page, FAKES, pixels(page, FAKES))

    # It is no run: nothing can be done with it, and neither the address nor the browser's list has it.
    for name in ("Stop", "Pause"):
        expect(page.locator(".gs-train-buttons").get_by_role("button", name=name)).to_be_disabled()
    expect(train.get_by_role("button", name="Copy link to this run")).to_be_disabled()
    expect(train.get_by_role("link", name="Download weights")).to_be_hidden()
    expect(train.get_by_text("Export", exact=True)).to_be_hidden()
    assert "run=" not in page.url
    assert page.evaluate("localStorage.getItem('ganscope-runs')") is None

    page.get_by_role("radio", name="Glyphs").click()
    expect(train).to_contain_text("Glyphs · Quick")
    expect(fakes).to_have_attribute("aria-label", AT_A_STEP)
    # Its last moment, shown already when the choice goes away, is shown again on return.
    for _ in range(2):
        page.get_by_role("radio", name="Your own pictures").click()
        expect(train.get_by_text("Choose your pictures, then press Train")).to_be_visible()
        expect(fakes).to_be_hidden()
        page.get_by_role("radio", name="Glyphs").click()
        expect(fakes).to_have_attribute("aria-label", AT_A_STEP)
    page.locator("#train-button").click()
    expect(train).not_to_contain_text("Recorded")
    expect(train).to_contain_text("Training")
    page.locator(".gs-train-buttons").get_by_role("button", name="Stop").click()
    expect(train).to_contain_text("Stopped")


def test_compare_report_and_find_open_on_what_was_recorded(open_page, keep_screenshot):
    page = open_page(width=390)
    open_tab(page, "Compare")
    compare = page.locator(".gs-compare")
    expect(compare.locator(".gs-status")).to_contain_text("press Compare to see yours.")
    expect(compare).to_contain_text("From one seed each this may be chance")
    left = ".gs-side-view:nth-child(1) canvas"
    expect(page.locator(left)).to_have_attribute(
        "aria-label", re.compile("Fakes of side A: step [1-9]")
    )
    last = pixels(page, left)
    page.get_by_label("History of all sides").press("Home")
    wait_for_change(page, left, last)
    expect(compare.get_by_role("button", name="Copy link to this comparison")).to_be_disabled()
    expect(page.locator(".gs-runs")).to_contain_text("None yet")
    assert no_sideways_scroll(page)
    keep_screenshot(page, "compare-recorded-390")

    open_tab(page, "Report")
    report = page.locator(".gs-report")
    expect(report).to_contain_text("press Judge to see yours")
    expect(report.locator(".gs-report-headline")).not_to_be_empty()
    expect(report.locator("[data-measure=precision] .gs-report-level")).not_to_be_empty()
    expect(report.get_by_role("button", name="Save as JSON")).to_be_disabled()
    report.get_by_role("button", name="Judge").click()
    expect(report).not_to_contain_text("Recorded")
    report.get_by_role("button", name="Stop").click()

    open_tab(page, "Find")
    find = page.locator(".gs-find")
    expect(find.locator(".gs-find-status")).to_contain_text("press Find it to see yours")
    expect(find.locator(".gs-find-reads")).to_have_text(re.compile("target 7 .*found 7 "))
    # The recorded target is a drawing: it can be searched for.
    find.get_by_role("button", name="Find the latent vector").click()
    expect(find.locator(".gs-find-status")).to_have_text("Done.")
    expect(find.locator(".gs-find-reads")).to_have_text(re.compile("target 7 "))
    expect(find.get_by_role("button", name="Back to the drawing")).to_be_visible()


def test_without_recordings_the_tabs_open_empty_and_work(open_page, server):
    page = open_page()
    page.route("**/ganscope/recordings/**", lambda route: route.abort())
    open_tab(page, "Train")
    noise = re.compile("before training: noise")
    expect(page.locator(FAKES).first).to_have_attribute("aria-label", noise)
    expect(page.locator(".gs-train")).to_contain_text("Press Train: noise turns into pictures")
    open_tab(page, "Compare")
    expect(page.locator(".gs-compare")).to_contain_text("Press Compare: A is trained first")
    open_tab(page, "Report")
    expect(page.locator(".gs-report-verdict")).to_contain_text("Press Judge.")
    open_tab(page, "Find")
    expect(page.locator(".gs-sketch")).to_be_visible()
