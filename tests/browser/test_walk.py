"""Walk, as people use it: scrub without the server, play, add and remove keys, save."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import hand_over, module, open_tab, pixels, wait_for_change

FILM = ".gs-film canvas"
PICTURE = ".gs-walk .gs-frame canvas"


def walk_page(open_page):
    page = open_page()
    open_tab(page, "Walk")
    expect(page.locator(".gs-film button")).to_have_count(12)
    expect(page.locator(".gs-keys li")).to_have_count(4)
    return page


def test_scrubbing_needs_no_server(open_page):
    page = walk_page(open_page)
    page.wait_for_timeout(1000)
    page.context.set_offline(True)
    scrubber = page.get_by_role("slider", name="Place on the walk")
    seen = set()
    for place in (0, 15, 30, 45, 59):
        scrubber.fill(str(place))
        seen.add(pixels(page, PICTURE))
        expect(page.get_by_text(f"frame {place + 1} of 60")).to_be_visible()
    assert len(seen) == 5


def test_the_walk_starts_and_ends_on_its_keys(open_page):
    page = walk_page(open_page)
    scrubber = page.get_by_role("slider", name="Place on the walk")
    first, last = (f".gs-keys li:nth-child({index}) canvas" for index in (1, 4))
    scrubber.fill("0")
    assert pixels(page, PICTURE) == pixels(page, first)
    scrubber.fill("59")
    assert pixels(page, PICTURE) == pixels(page, last)


def test_it_plays_and_pauses(open_page):
    page = walk_page(open_page)
    page.get_by_role("button", name="Play the walk").click()
    moved = wait_for_change(page, PICTURE, pixels(page, PICTURE))
    wait_for_change(page, PICTURE, moved)
    page.get_by_role("button", name="Pause the walk").click()
    still = pixels(page, PICTURE)
    page.wait_for_timeout(300)
    assert pixels(page, PICTURE) == still


def test_keys_are_added_removed_and_refused(open_page):
    page = walk_page(open_page)
    field = page.get_by_role("textbox", name="Seeds to add")
    field.fill("3, 14")
    field.press("Enter")
    expect(page.locator(".gs-keys li")).to_have_count(6)
    page.get_by_role("button", name="Remove: seed 14").click()
    expect(page.locator(".gs-keys li")).to_have_count(5)
    field.fill("-1")
    field.press("Enter")
    alert = page.locator(".gs-walk .gs-field-error:visible")
    expect(alert).to_contain_text("whole numbers")
    expect(page.locator(".gs-keys li")).to_have_count(5)


def test_a_walk_that_comes_late_leaves_what_was_refused_meanwhile(open_page):
    page = walk_page(open_page)
    held = []
    page.route("**/ganscope/walk*", lambda route: held.append(route))
    page.get_by_role("button", name=re.compile("^Remove: ")).first.click()
    field = page.get_by_role("textbox", name="Seeds to add")
    field.fill("-1")
    field.press("Enter")
    alert = page.locator(".gs-walk .gs-field-error:visible")
    expect(alert).to_contain_text("whole numbers")
    before = pixels(page, FILM)
    held[0].continue_()
    wait_for_change(page, FILM, before)
    expect(alert).to_contain_text("whole numbers")


def test_a_kept_picture_becomes_a_key(open_page):
    page = walk_page(open_page)
    open_tab(page, "Explore")
    page.get_by_role("button", name=re.compile("^Keep for Walk")).click()
    open_tab(page, "Walk")
    expect(page.locator(".gs-keys li")).to_have_count(5)
    expect(page.locator(".gs-keys li").last).to_contain_text("seed 5")


def test_a_picture_kept_before_walk_was_opened_is_there(open_page):
    page = open_page("/?model=digits")
    page.get_by_role("button", name=re.compile("^Keep for Walk")).click()
    open_tab(page, "Walk")
    expect(page.locator(".gs-keys li").last).to_contain_text("seed 5")
    expect(page.locator("#menu-walk input")).to_have_value(re.compile("^digits"))


def test_too_many_keys_are_refused_whole(open_page):
    page = walk_page(open_page)
    field = page.get_by_role("textbox", name="Seeds to add")
    field.fill(" ".join(str(seed) for seed in range(30)))
    field.press("Enter")
    expect(page.locator(".gs-walk .gs-field-error:visible")).to_contain_text("at most 24")
    expect(page.locator(".gs-keys li")).to_have_count(4)


def test_bad_frame_counts_are_a_sentence(open_page):
    page = walk_page(open_page)
    frames = page.get_by_role("spinbutton", name="Frames")
    for bad in ("0", "1000000000"):
        frames.fill(bad)
        frames.press("Tab")
        expect(page.locator(".gs-walk .gs-field-error:visible")).to_contain_text("frames must be")
    frames.fill("20")
    frames.press("Tab")
    expect(page.get_by_text("of 20")).to_be_visible()
    expect(page.locator(".gs-walk .gs-field-error:visible")).to_have_count(0)


def test_it_saves_a_gif_and_a_strip(open_page):
    page = walk_page(open_page)
    page.locator(".gs-walk .gs-take > summary").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save the walk as an animation").click()
    with Image.open(io.BytesIO(download.value.path().read_bytes())) as image:
        assert image.format == "GIF" and image.n_frames == 60
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("Save all frames")).click()
    with Image.open(io.BytesIO(download.value.path().read_bytes())) as image:
        assert image.format == "PNG" and image.width == image.height * 60


def test_a_link_opens_on_the_same_walk(open_page):
    page = open_page()
    page.get_by_role("button", name="SeFa").click()
    page.get_by_role("slider", name="Direction 1", exact=True).fill("2")
    page.wait_for_timeout(500)
    page.get_by_role("button", name="Keep this picture").click()
    open_tab(page, "Walk")
    expect(page.locator(".gs-keys li")).to_have_count(5)
    page.get_by_label("Closed loop").check()
    page.get_by_role("spinbutton", name="Frames").fill("33")
    page.get_by_role("spinbutton", name="Frames").press("Enter")
    expect(page.get_by_text("of 33")).to_be_visible()
    page.get_by_role("slider", name="Place on the walk").fill("25")
    shown, keys = pixels(page, PICTURE), key_pictures(page)
    # Where nothing may be copied, the address bar has the link.
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name="Copy a link that opens on exactly this walk").click()
    page.wait_for_function("location.search.includes('walk=')")
    again = open_page(page.url[page.url.index("/?") :])
    expect(again.get_by_role("tab", name="Walk")).to_have_attribute("aria-selected", "true")
    expect(again.get_by_text("of 33")).to_be_visible()
    again.get_by_role("slider", name="Place on the walk").fill("25")
    again.wait_for_timeout(500)
    assert (pixels(again, PICTURE), key_pictures(again)) == (shown, keys)
    assert again.get_by_label("Closed loop").is_checked()


def key_pictures(page):
    page.wait_for_timeout(500)
    return page.eval_on_selector_all(
        ".gs-keys canvas", "canvases => canvases.map((canvas) => canvas.toDataURL())"
    )


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("walk=digits&keys=1", "2 to 24 key pictures"),
        ("walk=digits&keys=1,~AAAA", "do not fit"),
        ("walk=digits&keys=1,<b>&frames=9e9", "do not fit"),
        ("walk=digits", "2 to 24 key pictures"),
        ("walk=../etc&keys=1,2", "no model called"),
    ],
)
def test_a_link_that_fits_nothing_is_told_and_the_tab_still_works(open_page, query, words):
    page = open_page("/?" + query)
    expect(page.locator(".gs-walk .gs-left > .gs-error")).to_contain_text(words)
    expect(page.locator(".gs-keys li")).to_have_count(4)


def test_keys_handed_over_make_the_walk(open_page):
    page = open_page()
    rows = f"(await (await {module('api')}).latents('digits', [5, 6, 7]))"
    keys = f"{rows}.map((z, i) => ({{z, label: `child ${{i}}`}}))"
    hand_over(page, "walk", f"{{model: 'digits', keys: {keys}}}")
    expect(page.locator(".gs-keys li")).to_have_count(3)
    expect(page.get_by_text("child 2")).to_be_visible()
