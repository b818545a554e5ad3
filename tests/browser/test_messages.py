"""Gradio's messages: they cover nothing that must be pressed, and go when something else is."""

from playwright.sync_api import expect

from tests.browser.conftest import resize


def test_a_message_lets_presses_through_and_goes_with_the_next(visitor, server):
    page = visitor()
    for width in (1440, 390):
        resize(page, width, "light")
        page.goto(server.url + "/?run=nothing")
        message = page.locator(".toast-body")
        expect(message).to_contain_text("There is no such run")
        # What the page sets by itself is nobody's next press.
        page.evaluate("() => document.body.dispatchEvent(new InputEvent('input', { bubbles: true }))")
        page.wait_for_timeout(500)  # one that goes fades out first
        expect(message).to_have_count(1)
        # What is under it gets the press, but for its own button, once it has come to rest.
        page.wait_for_function(
            "() => { const message = document.querySelector('.toast-body');"
            " const [under, close] = [message, message.querySelector('.toast-close')].map(each => {"
            " const { left, top, width, height } = each.getBoundingClientRect();"
            " const hit = document.elementFromPoint(left + width / 2, top + height / 2);"
            " return Boolean(hit?.closest('.toast-wrap')); });"
            " return !under && close; }"
        )
        # Above the buttons that stand at the bottom of a phone.
        box, start = message.bounding_box(), page.locator("#train-button").bounding_box()
        assert box["y"] + box["height"] <= start["y"] or box["y"] >= start["y"] + start["height"]
        page.get_by_role("radio", name="Glyphs").click()
        expect(message).to_have_count(0)
        expect(page.get_by_role("radio", name="Glyphs")).to_be_checked()
