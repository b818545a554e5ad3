"""The address: tabs and states are in it, Back and a reload lead to them, and a broken link says what is wrong."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import at_rest, hand_over, open_tab, pixels, wait_for_change
from tests.browser.test_explore import PICTURE, seed_field, settled

SAMPLES = ".gs-find-samples[aria-label='Pictures of this generator'] canvas"


def expect_tab(page, name: str) -> None:
    expect(page.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")


def expect_query(page, query: str) -> None:
    expect(page).to_have_url(re.compile(rf"/{re.escape(query)}$"))


def test_a_link_opens_its_tab_before_the_server_answers(open_page):
    # An answer of the server that opened it came after a user's first click, and took him back.
    page = open_page()
    page.route("**/gradio_api/queue/**", lambda route: None)  # never answered
    page.goto(page.url + "?tab=walk")
    expect_tab(page, "Walk")


def test_back_and_forward_lead_through_the_tabs(open_page):
    page = open_page("/?utm_source=mail")
    for name in ("Walk", "Report", "Points"):
        open_tab(page, name)
        expect_tab(page, name)
    expect_query(page, "?tab=points&utm_source=mail")
    page.go_back()
    page.go_back()
    expect_tab(page, "Walk")
    page.go_forward()
    expect_tab(page, "Report")
    expect_query(page, "?tab=report&utm_source=mail")
    page.go_back()
    page.go_back()
    expect_tab(page, "Explore")
    expect_query(page, "?utm_source=mail")
    assert settled(page)


def test_a_reload_keeps_model_seed_and_sliders(open_page):
    page = open_page("/?set=sefa")
    first = settled(page)
    page.locator("#menu-explore input").click()
    page.get_by_role("option", name=re.compile("^digits —")).click()
    wait_for_change(page, PICTURE, first)
    seed_field(page).fill("7")
    seed_field(page).press("Enter")
    page.get_by_role("button", name="SeFa").click()
    page.get_by_role("slider", name="Direction 2", exact=True).fill("1.5")
    page.get_by_role("slider", name="Truncation").fill("0.8")
    shown = settled(page)
    page.wait_for_function("location.search.includes('truncation=0.8')")
    page.reload()
    page.wait_for_function("document.querySelector('.gs-neighbours')?.children.length > 0")
    assert settled(page) == shown
    expect(seed_field(page)).to_have_value("7")
    expect(page.get_by_role("slider", name="Direction 2", exact=True)).to_have_value("1.5")
    expect(page.locator("#menu-explore input")).to_have_value(re.compile("^digits"))


def test_a_reload_keeps_the_other_tabs_and_their_models(open_page):
    page = open_page()
    for name, tab in (("Find", "find"), ("Report", "report"), ("Walk", "walk"), ("Breed", "breed")):
        open_tab(page, name)
        menu, model = page.locator(f"#menu-{tab} input"), "faces" if tab == "find" else "digits"
        expect(menu).to_be_visible()
        expect(page.locator(f".gs-{tab}")).not_to_be_empty()
        page.wait_for_timeout(1500)
        menu.click()
        page.get_by_role("option", name=re.compile(f"^{model} —")).click()
        page.wait_for_function(f"location.search.includes('{model}')")
        page.reload()
        expect_tab(page, name)
        expect(menu).to_have_value(re.compile(f"^{model}"))


def test_back_leads_to_the_picture_that_was_there(open_page):
    page = open_page()
    first = settled(page)
    seed_field(page).fill("7")
    seed_field(page).press("Enter")
    seven = wait_for_change(page, PICTURE, first)
    open_tab(page, "Train")
    hand_over(page, "explore", "{model: 'digits', seed: 3}")
    expect_tab(page, "Explore")
    wait_for_change(page, PICTURE, seven)
    page.wait_for_function("location.search.includes('digits')")
    page.go_back()
    expect_tab(page, "Train")
    page.go_back()
    expect_tab(page, "Explore")
    expect(seed_field(page)).to_have_value("7")
    expect(page.locator("#menu-explore input")).to_have_value(re.compile("^faces"))
    assert settled(page) == seven


def test_a_drag_writes_the_address_once_and_not_while_it_lasts(open_page):
    page = open_page("/?set=sefa")
    settled(page)
    page.evaluate("""() => {
      window.written = 0;
      const plain = history.replaceState;
      history.replaceState = function (...values) { window.written++; return plain.apply(this, values); };
    }""")
    box = page.get_by_role("slider", name="Direction 1", exact=True).bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    for step in range(30):
        page.mouse.move(box["x"] + box["width"] * (0.5 + step / 100), box["y"] + box["height"] / 2)
        page.wait_for_timeout(30)
    assert page.evaluate("window.written") == 0
    page.mouse.up()
    page.wait_for_function("window.written > 0")
    page.wait_for_timeout(800)
    assert page.evaluate("window.written") == 1


@pytest.mark.parametrize(
    ("query", "place", "words"),
    [
        (
            "seed=abc",
            ".gs-explore .gs-left > .gs-error",
            "seed=abc is no whole number from 0 to 4,294,967,295",
        ),
        (
            "model=faces&set=classes",
            ".gs-explore .gs-left > .gs-error",
            "set=classes is none of this model's",
        ),
        (
            "model=digits&z=99:1",
            ".gs-explore .gs-left > .gs-error",
            "z=99:1 is beyond this model's z0 to z63",
        ),
        ("tab=nowhere", ".gs-explore .gs-left > .gs-error", "tab=nowhere is none of explore, walk"),
        (
            "walk=digits&keys=1,2&frames=1",
            ".gs-walk .gs-left > .gs-error",
            "frames=1 is no whole number from 2",
        ),
        ("model=digits&breed=1.x", ".gs-breed .gs-error", "breed=1.x is a recipe that does not fit"),
        ("tab=find&model=nope", ".gs-find .gs-find-left > .gs-error", "no model called"),
        ("tab=report&model=nope", ".gs-report .gs-error", "no model called"),
    ],
)
def test_a_broken_link_says_which_field_is_wrong_and_what_would_be_right(
    open_page, query, place, words
):
    page = open_page(f"/?{query}&utm_source=mail")
    expect(page.locator(place)).to_contain_text(words)
    expect(page.locator(place)).not_to_contain_text("utm_source")


def test_below_a_path_the_path_stays(open_page):
    page = open_page("/?__theme=dark#part")
    open_tab(page, "Find")
    expect_tab(page, "Find")
    page.wait_for_function("location.search === '?tab=find&__theme=dark' && location.hash === '#part'")


def test_arrow_keys_move_between_the_tabs_and_skip_links_lead_past_the_rest(open_page):
    page = open_page()
    page.get_by_role("tab", name="Explore").focus()
    for key, name in (
        ("ArrowRight", "Walk"),
        ("ArrowLeft", "Explore"),
        ("ArrowLeft", "Learn"),
        ("Home", "Explore"),
    ):
        page.keyboard.press(key)
        expect_tab(page, name)
        expect(page.get_by_role("tab", name=name)).to_be_focused()
    assert page.locator("[role=tab][tabindex='0']").count() == 1
    skip = page.get_by_role("button", name="Skip to the open tab")
    skip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#tab-explore")).to_be_focused()
    skip = page.get_by_role("button", name="Skip the neighbouring seeds")
    skip.focus()
    page.keyboard.press("Enter")
    expect(seed_field(page)).to_be_focused()


def test_names_contain_what_is_written_on_the_controls(open_page):
    page = open_page()
    for name in ("Explore", "Walk", "Breed", "Find"):
        open_tab(page, name)
        page.wait_for_timeout(1500)
        wrong = page.evaluate("""() => [...document.querySelectorAll(".gs button[aria-label]")]
          .filter((one) => one.offsetParent && /\\p{L}/u.test(one.textContent))
          .filter((one) => !one.ariaLabel.toLowerCase().includes(one.textContent.trim().toLowerCase()))
          .map((one) => [one.textContent, one.ariaLabel])""")
        assert wrong == [], name
        unnamed = page.evaluate("""() => [...document.querySelectorAll(".gs button")]
          .filter((one) => one.offsetParent && !one.ariaLabel && !one.textContent.trim()).length""")
        assert unnamed == 0, name


@pytest.fixture
def held():
    """held(page, pattern): requests to such routes wait in the list that it returns."""

    def hold(page, pattern: str) -> list:
        waiting = []
        page.route(re.compile(f"/ganscope/{pattern}"), lambda route: waiting.append(route))
        return waiting

    return hold


def choose(page, tab: str, name: str) -> None:
    """Type a model into the menu, as its name."""
    menu = page.locator(f"#menu-{tab} input")
    menu.fill(name)
    menu.press("Enter")


@pytest.mark.parametrize(
    ("tab", "name", "route", "picture"),
    [
        ("explore", "Explore", "model.name=photos", PICTURE),
        ("explore", "Explore", "pictures.model=photos", PICTURE),
        ("walk", "Walk", "model.name=photos", ".gs-walk .gs-frame canvas"),
        ("walk", "Walk", "walk.model=photos", ".gs-walk .gs-frame canvas"),
        ("breed", "Breed", "model.name=photos", ".gs-breed .gs-parent canvas"),
        ("find", "Find", "model.name=photos", SAMPLES),
        ("find", "Find", "pictures.model=photos", SAMPLES),
    ],
)
def test_a_late_answer_never_overwrites_a_newer_model(open_page, held, tab, name, route, picture):
    page = open_page()
    open_tab(page, name)
    page.locator(picture).first.wait_for(state="attached")
    first = at_rest(page, picture)
    # Find begins on digits, the other tabs on faces.
    last, other = ("digits", "faces") if tab == "find" else ("faces", "digits")
    choose(page, tab, other)
    wait_for_change(page, picture, first)
    before = at_rest(page, picture)
    waiting = held(page, route)
    with page.expect_request(re.compile(f"/ganscope/{route}")):
        choose(page, tab, "photos")
    choose(page, tab, last)
    wait_for_change(page, picture, before)
    shown = at_rest(page, picture)
    for each in waiting:
        each.continue_()
    page.wait_for_timeout(2500)
    assert pixels(page, picture) == shown
    expect(page.locator(f"#menu-{tab} input")).to_have_value(re.compile(f"^{last}"))


def test_a_mistyped_name_leads_back_to_the_model_that_is_shown(open_page):
    page = open_page("/?model=digits")
    shown = settled(page)
    menu = page.locator("#menu-explore input")
    expect(menu).to_have_value(re.compile("^digits"))
    choose(page, "explore", "digitz")
    news = page.locator(".gs-menu-news:visible")
    expect(news.get_by_role("alert")).to_contain_text("no model called")
    expect(menu).to_have_value(re.compile("^digits"))
    assert pixels(page, PICTURE) == shown
    # It goes with its cause.
    choose(page, "explore", "faces")
    wait_for_change(page, PICTURE, shown)
    expect(news.get_by_role("alert")).to_be_hidden()
    expect(menu).to_have_value(re.compile("^faces"))


def test_the_choice_after_a_slow_one_wins(open_page, held):
    page = open_page()
    first = settled(page)
    waiting = held(page, "(model.name|latents.model)=someone")
    choose(page, "explore", "someone/slow")
    expect(page.get_by_text("Opening someone/slow")).to_be_visible()
    choose(page, "explore", "digits")
    shown = wait_for_change(page, PICTURE, first)
    expect(page.get_by_text("Opening someone/slow")).to_be_hidden()
    for each in waiting:
        each.fulfill(status=400, json={"error": "It could not be reached."})
    page.wait_for_timeout(1500)
    expect(page.locator("#menu-explore input")).to_have_value(re.compile("^digits"))
    expect(page.get_by_text("It could not be reached.")).to_be_hidden()
    assert settled(page) == shown or shown
