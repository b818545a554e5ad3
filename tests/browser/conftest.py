"""What the browser tests share: a page that must not complain, and reading its canvases."""

import pytest
from helpers.serving import ROOT
from playwright.sync_api import expect

# Generous: a busy machine is slow, and a fast one does not wait.
expect.set_options(timeout=40_000)

ARTEFACTS = ROOT / "artefacts"


@pytest.fixture
def open_page(server, browser):
    """open_page(path, width, scheme): the page, ready to use; a script error fails the test."""
    contexts, complaints = [], []

    def visit(path: str = "/", width: int = 1440, scheme: str = "light"):
        height = 844 if width < 500 else 900
        context = browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, accept_downloads=True
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(40_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: "js_on_load" in said.text and complaints.append(said.text))
        page.goto(server.url + path)
        page.locator(".gs-explore .gs-strip").first.wait_for(state="attached")
        page.wait_for_function("document.querySelector('.gs-neighbours').children.length > 0")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def keep_screenshot(request):
    """Save a full-page picture under artefacts/, for people to look at."""

    def keep(page, name: str) -> None:
        ARTEFACTS.mkdir(exist_ok=True)
        page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)

    return keep


def module(name: str) -> str:
    """JavaScript: a promise of the page's own module core/NAME.js, as its components have it."""
    return f"import(document.querySelector('link[href$=\"/core/{name}.js\"]').href)"


def hand_over(page, tab: str, detail: str) -> None:
    """As one tab hands something to another; `detail` is JavaScript that may wait for something."""
    page.evaluate(f"(async () => (await {module('page')}).sendTo('{tab}', {detail}))()")


def pixels(page, selector: str) -> str:
    """A canvas's content; equal texts mean equal pictures."""
    return page.eval_on_selector(selector, "canvas => canvas.toDataURL()")


def wait_for_change(page, selector: str, before: str) -> str:
    """The canvas's content once it is no longer `before`."""
    page.wait_for_function(
        "([selector, before]) => document.querySelector(selector).toDataURL() !== before",
        arg=[selector, before],
    )
    return pixels(page, selector)


def open_tab(page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def no_sideways_scroll(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
