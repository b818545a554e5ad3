"""What the browser tests share: a page that must not complain, and reading its canvases."""

import pytest
from helpers.serving import ROOT
from playwright.sync_api import expect

# Generous: a busy machine is slow, and a fast one does not wait.
PATIENCE_MS = 180_000
expect.set_options(timeout=PATIENCE_MS)

ARTEFACTS = ROOT / "artefacts"


@pytest.fixture
def visitor(profile, server, request):
    """visitor(width, scheme): an empty page; a stranger's has another browser's storage."""
    blank, *_ = profile.pages
    profile.clear_cookies()
    profile.clear_permissions()
    profile.set_offline(False)
    storage = profile.new_cdp_session(blank)
    storage.send("Storage.clearDataForOrigin", {"origin": server.url, "storageTypes": "local_storage"})
    storage.detach()
    others = []

    def page_of(width: int = 1440, scheme: str = "light", stranger: bool = False):
        if stranger:
            others.append(request.getfixturevalue("browser").new_context())
        page = (others[-1] if stranger else profile).new_page()
        page.set_default_timeout(PATIENCE_MS)
        resize(page, width, scheme)
        return page

    yield page_of
    for context in others:
        context.close()
    for page in profile.pages:
        if page != blank:
            page.close()


@pytest.fixture
def open_page(server, visitor):
    """open_page(path, width, scheme, stranger): the page, ready to use; a script error fails the test."""
    complaints = []

    def visit(path: str = "/", *looks, **named):
        page = visitor(*looks, **named)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: "js_on_load" in said.text and complaints.append(said.text))
        page.goto(server.url + path)
        page.locator(".gs-explore .gs-strip").first.wait_for(state="attached")
        page.wait_for_function("document.querySelector('.gs-neighbours').children.length > 0")
        return page

    yield visit
    assert complaints == []


def resize(page, width: int, scheme: str) -> None:
    page.set_viewport_size({"width": width, "height": 844 if width < 500 else 900})
    page.emulate_media(color_scheme=scheme)


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


def at_rest(page, picture: str) -> str:
    """The canvas's content once it stays the same."""
    before = None
    for _ in range(50):
        page.wait_for_timeout(500)
        now = pixels(page, picture)
        if now == before:
            return now
        before = now
    pytest.fail("the picture does not come to rest")


def open_tab(page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def no_sideways_scroll(page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
