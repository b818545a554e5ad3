"""The page under a Content-Security-Policy: hosting.md names what it needs, and with less it says so."""

import re

import pytest
from helpers.serving import ROOT
from playwright.sync_api import expect

FORBIDDING = ["script-src 'self' 'unsafe-inline'", "script-src 'self'"]


def needed() -> str:
    """The policy of hosting.md."""
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    part = text[text.index("**A Content-Security-Policy**") : text.index("**Other sites**")]
    return "; ".join(re.findall(r"`([a-z]+-src [^`]+)`", part))


def opened(browser, server, policy):
    page = browser.new_context().new_page()

    def answer(route):
        response = route.fetch()
        headers = {**response.headers, "content-security-policy": policy}
        route.fulfill(response=response, headers=headers)

    page.route(f"{server.url}/", answer)
    page.goto(f"{server.url}/")
    return page


def test_the_policy_of_the_guide_lets_the_page_work(browser, server):
    assert needed().count("-src ") == 5
    page = opened(browser, server, "default-src 'self'; " + needed())
    expect(page.locator(".gs-explore canvas[aria-label^='Picture of']")).to_be_visible()
    expect(page.locator("body > [role=alert]")).to_have_count(0)
    page.context.close()


@pytest.mark.parametrize("policy", FORBIDDING)
def test_a_policy_that_forbids_what_the_page_needs_is_named(browser, server, policy):
    page = opened(browser, server, policy)
    expect(page.locator("body > [role=alert]")).to_contain_text("'unsafe-eval'")
    page.context.close()
