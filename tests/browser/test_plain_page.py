"""The page without its quick view: routes or modules blocked, the head dropped, and none of these."""

import base64
import io
import json
import re
import urllib.request

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from demo.backend.generators import find_set
from tests.browser.conftest import no_sideways_scroll, open_tab

ROUTES = "**/gradio_api/ganscope/**"
MODULES = "**/gradio_api/ganscope/web/**"
# What the page's settings hold for its head: JSON in HTML.
HEAD = re.compile(r'"head": ?"(?:[^"\\]|\\.)*"')


def block_routes(page, server):
    """The modules come, and nothing that they ask for."""
    page.route(
        ROUTES, lambda route: route.fallback() if "/web/" in route.request.url else route.abort()
    )


def block_modules(page, server):
    page.route(MODULES, lambda route: route.abort())


def drop_head(page, server):
    def without(route):
        answer = route.fetch()
        text, count = HEAD.subn('"head": null', answer.text())
        assert count == 1
        route.fulfill(response=answer, body=text)

    page.route(server.url + "/", without)


@pytest.fixture
def open_plain(server, visitor):
    """open_plain(harm, width, scheme): a page that `harm` was done to."""

    def visit(harm=block_routes, *looks, **named):
        page = visitor(*looks, **named)
        harm(page, server)
        page.goto(server.url + "/")
        return page

    return visit


def plain(page):
    """The plain part of the tab that is open."""
    return page.locator(".gs-plain").filter(visible=True)


def picture(page, words):
    """The picture with this alternative text, once it is there: Pillow image."""
    shown = plain(page).get_by_role("img", name=words)
    expect(shown).to_be_visible()
    data = shown.get_attribute("src").split(",", 1)[1]
    return Image.open(io.BytesIO(base64.b64decode(data)))


def make_routes(server, path, body=None):
    with urllib.request.urlopen(f"{server.url}/gradio_api/ganscope/{path}", body) as answer:
        return answer.read()


def drawn(server, seed, truncation=1.0, moves=()):
    """What the quick view shows: int array (H, W, C)."""
    facts = json.loads(make_routes(server, "model?name=faces"))
    z = np.frombuffer(make_routes(server, f"latents?model=faces&seeds={seed}"), "<f4") * truncation
    rows = find_set(facts, "sefa")["directions"]
    for k, amount in moves:
        z = z + amount * np.array(rows[k]["vector"])
    pixels = make_routes(server, "pictures?model=faces", z.astype("<f4").tobytes())
    size = facts["size"]
    return np.frombuffer(pixels, np.uint8).reshape(size, size, -1).astype(int)


def put(page, name, value):
    # A label goes on with what the field is for.
    field = plain(page).get_by_label(re.compile(rf"^\s*{name}\b"))
    field.fill(value)
    field.press("Tab")


@pytest.mark.parametrize("harm", [block_routes, block_modules])
def test_explore_draws_what_the_quick_view_would(open_plain, server, harm):
    page = open_plain(harm)
    expect(plain(page)).to_contain_text("here are plain controls")
    expect(page.locator(".gs-explore")).to_be_hidden()
    assert (np.asarray(picture(page, "seed 5")) == drawn(server, 5)).all()
    put(page, "Seed", "7")
    assert (np.asarray(picture(page, "seed 7")) == drawn(server, 7)).all()


def test_truncation_and_directions_are_the_quick_views(open_plain, server):
    page = open_plain()
    picture(page, "seed 5")
    put(page, "number input for Truncation", "0.6")
    put(page, "number input for Direction 3", "-2")
    wanted = drawn(server, 5, 0.6, [(2, -2.0)])
    assert np.abs(wanted - drawn(server, 5)).max() > 20
    for _ in range(100):
        # One step of 255 is what rounding may make of the last digit.
        if np.abs(np.asarray(picture(page, "seed 5")).astype(int) - wanted).max() <= 1:
            return
        page.wait_for_timeout(200)
    pytest.fail("the plain picture is another one")


def test_a_bad_seed_is_a_sentence(open_plain):
    page = open_plain()
    picture(page, "seed 5")
    put(page, "Seed", "-1")
    expect(plain(page).get_by_role("alert")).to_contain_text("seed must be from 0")
    put(page, "Seed", "5")
    picture(page, "seed 5")
    expect(plain(page).get_by_role("alert")).to_have_count(0)


def test_another_model_draws_its_picture(open_plain):
    page = open_plain()
    assert picture(page, "Picture of faces").size == (128, 128)
    page.locator("#menu-explore input").click()
    page.get_by_role("option", name=re.compile("^digits —")).click()
    assert picture(page, "Picture of digits").size == (32, 32)


@pytest.mark.parametrize("harm", [block_routes, block_modules])
def test_tabs_of_scripts_alone_say_what_to_do_instead(open_plain, harm):
    page = open_plain(harm)
    expect(plain(page)).to_be_visible()
    others = {
        "Walk": "gan interpolate",
        "Breed": "gan breed",
        "Find": "gan invert",
        "Compare": "train them one after another",
        "Report": "gan report",
        "Points": "gan train --data ring",
    }
    for tab, way in others.items():
        open_tab(page, tab)
        expect(plain(page)).to_contain_text(way)
        view = page.locator(f".gs-{tab.lower()}")
        expect(view).to_have_count(1)
        expect(view).to_be_hidden()


def test_a_run_shows_its_newest_pictures(open_plain):
    page = open_plain()
    expect(plain(page)).to_be_visible()
    open_tab(page, "Train")
    expect(plain(page)).to_contain_text("Press Train")
    page.get_by_role("radio", name="Glyphs").click()
    page.locator("#train-button").click()
    expect(plain(page)).to_contain_text("Training · step")
    first = picture(page, "Newest pictures of this run")
    assert (first.format, first.size) == ("WEBP", (256, 256))
    expect(plain(page).get_by_role("img")).not_to_have_attribute("alt", re.compile("step 0$"))
    page.get_by_role("button", name="Stop", exact=True).click()
    expect(plain(page)).to_contain_text("Stopped · step")


def test_without_the_head_all_works(open_plain):
    page = open_plain(drop_head)
    expect(page.locator(".gs-neighbours button")).to_have_count(12)
    page.wait_for_timeout(6000)
    expect(page.locator(".gs-plain")).to_have_count(0)


def answer_as_newer(page, server):
    """As a server that was updated after the page was loaded."""
    gone = '{"error": "This page is older than the server: reload it."}'
    page.route("**/web/*/walk/**", lambda route: route.fulfill(status=410, body=gone))


def test_a_page_older_than_its_server_says_so_and_is_loaded_again(open_plain):
    page = open_plain(answer_as_newer)
    open_tab(page, "Walk")
    notice = page.get_by_role("alert").filter(has_text="This page is older than the server: reload it.")
    expect(notice).to_be_visible()
    page.unroute_all()
    with page.expect_navigation():
        notice.get_by_role("button", name="Reload").click()
    open_tab(page, "Walk")
    expect(page.locator(".gs-keys li")).to_have_count(4)


def test_a_tab_that_did_not_load_says_so(open_plain):
    page = open_plain(
        lambda page, server: page.route("**/web/*/report/**", lambda route: route.abort())
    )
    expect(page.locator("body")).to_have_class(re.compile("gs-fast"))
    open_tab(page, "Report")
    expect(page.get_by_text("This part of the page did not load.")).to_be_visible()


def test_nothing_plain_where_all_works(open_plain):
    asked = []

    def listen(page, server):
        page.on("request", lambda request: asked.append(request.url))

    page = open_plain(listen)
    expect(page.locator("body")).to_have_class(re.compile("gs-fast"))
    page.wait_for_timeout(7000)
    expect(page.locator(".gs-plain")).to_have_count(0)
    # Once, for the token that one's own pictures are handed in with; the plain view would ask on.
    assert len([url for url in asked if "/run/" in url]) == 1
    # What joins the queue when the page opens: links to a model, a run, a comparison and settings.
    assert len([url for url in asked if "/queue/join" in url]) == 4


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_it_is_tidy(open_plain, keep_screenshot, width, scheme):
    page = open_plain(width=width, scheme=scheme)
    picture(page, "seed 5")
    assert no_sideways_scroll(page)
    keep_screenshot(page, f"plain-explore-{width}-{scheme}")


def test_a_quick_view_that_wakes_up_takes_over(open_plain):
    page = open_plain()
    picture(page, "seed 5")
    page.unroute_all()
    page.locator("#menu-explore input").click()
    page.get_by_role("option", name=re.compile("^digits —")).click()
    expect(page.locator(".gs-explore")).to_be_visible()
    expect(page.locator(".gs-plain").first).to_be_hidden()
