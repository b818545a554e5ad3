"""Points, as people use it: play, step, change, draw, scrub, compare, share and reopen."""

import io
import re
import time

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import no_sideways_scroll, open_tab, pixels, resize, wait_for_change

STAGE = ".gs-stage"


def points_page(open_page, path="/", **options):
    page = open_page(path, **options)
    if path == "/":
        open_tab(page, "Points")
    expect(page.locator(".gs-chip").first).to_be_visible()
    return page


def view(page):
    return page.locator(".gs-points")


def press(page, name):
    view(page).get_by_role("button", name=name, exact=True).click()


def status(page):
    return view(page).locator(".gs-status")


def step_of(page) -> int:
    return int(re.search(r"step ([\d,]+)", status(page).inner_text())[1].replace(",", ""))


def play_to(page, step):
    view(page).get_by_label("Step to run to").fill(str(step))
    press(page, "Run")
    expect(status(page)).to_have_text(re.compile(f"Paused at step {step:,}"))


def draw(page):
    press(page, "Draw")
    box = page.locator(".gs-pad").bounding_box()
    left, top = box["x"], box["y"]
    page.mouse.move(left + 60, top + 60)
    page.mouse.down()
    page.mouse.move(left + 260, top + 120, steps=8)
    page.mouse.move(left + 80, top + 280, steps=8)
    page.mouse.up()


def test_it_opens_on_a_finished_game_that_goes_back_to_its_start(open_page, keep_screenshot):
    page = points_page(open_page)
    expect(status(page)).to_contain_text("A recorded session: step 10,000")
    end = pixels(page, STAGE)
    view(page).get_by_role("slider", name="History").fill("0")
    wait_for_change(page, STAGE, end)
    expect(view(page).locator(".gs-stage-facts")).to_contain_text("step 0")
    keep_screenshot(page, "points-start")


def test_play_pause_step_and_reset_begin_alike(open_page):
    page = points_page(open_page)
    press(page, "Play again")
    expect(status(page)).to_contain_text("Playing")
    wait_for_change(page, STAGE, pixels(page, STAGE))
    press(page, "Pause")
    expect(status(page)).to_contain_text("Paused")
    press(page, "Reset")
    expect(status(page)).to_have_text("Paused at step 0")
    start = pixels(page, STAGE)
    press(page, "Step")
    expect(status(page)).to_have_text("Paused at step 1")
    wait_for_change(page, STAGE, start)
    press(page, "D only")
    expect(status(page)).to_have_text("Paused at step 1, then D alone")
    press(page, "G only")
    expect(status(page)).to_have_text("Paused at step 1, then G alone")
    press(page, "Reset")
    expect(status(page)).to_have_text("Paused at step 0")
    page.wait_for_function(
        "([selector, start]) => document.querySelector(selector).toDataURL() === start",
        arg=[STAGE, start],
    )


def test_a_setting_changes_a_game_that_goes_on_and_is_marked(open_page):
    page = points_page(open_page)
    play_to(page, 30)
    view(page).get_by_label("Rate: Learning rate of the generator").select_option("0.1")
    expect(view(page).locator(".gs-change-list")).to_contain_text(
        "From step 30: learning rate of G: 0.1"
    )
    expect(view(page).locator(".gs-changes line").first).to_be_attached()
    assert step_of(page) == 30
    # Other networks cannot go on with the old weights.
    view(page).get_by_label("Layers: Hidden layers of the generator").select_option("1")
    expect(status(page)).to_have_text("Paused at step 0")
    words = "Restarted from step 0, with hidden layers of G: 1, not 5"
    expect(view(page).locator(".gs-note")).to_contain_text(words)


def test_slow_motion_shows_one_part_after_another(open_page):
    page = points_page(open_page)
    press(page, "Slow motion")
    caption = view(page).locator(".gs-caption-words")
    expect(caption).to_contain_text("1 · Noise")
    # In sight, above the square; its numbers are the only ones.
    assert caption.bounding_box()["y"] < page.locator(STAGE).bounding_box()["y"]
    expect(view(page).locator(".gs-box h3").first).to_have_text("Noise")
    expect(view(page).locator(".gs-box-noise")).to_have_class(re.compile("gs-lit"))
    expect(caption).to_contain_text("4 · D learns")
    expect(view(page).locator(".gs-box-noise")).not_to_have_class(re.compile("gs-lit"))
    press(page, "Slow motion")
    expect(caption).to_have_text("")
    assert step_of(page) == 1


def test_a_drawing_is_learnt_shared_and_reopened(open_page, keep_screenshot):
    page = points_page(open_page)
    draw(page)
    press(page, "Learn this")
    expect(status(page)).to_contain_text("Playing")
    expect(view(page).locator(".gs-box-reals")).to_contain_text("shown")
    play_to(page, 40)
    shown = pixels(page, STAGE)
    keep_screenshot(page, "points-drawn")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    press(page, "Copy link")
    expect(view(page)).to_contain_text("Link copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    other = points_page(open_page, "/?" + link.split("?")[1])
    expect(status(other)).to_have_text("Paused at step 40")
    expect(other.locator('.gs-chip[data-name="draw"]')).to_have_attribute("aria-pressed", "true")
    other.wait_for_function(
        "([selector, shown]) => document.querySelector(selector).toDataURL() === shown",
        arg=[STAGE, shown],
    )


def test_two_games_from_one_seed(open_page, keep_screenshot):
    page = points_page(open_page)
    press(page, "Two side by side")
    expect(page.locator(STAGE)).to_have_count(2)
    expect(page.locator(".gs-side-button").last).to_contain_text("its settings are shown")
    alike = "[...document.querySelectorAll('.gs-stage')].map((one) => one.toDataURL())"
    page.wait_for_function(f"new Set({alike}).size === 1")
    view(page).get_by_label("Method: How G and D are trained").select_option("lsgan")
    play_to(page, 30)
    page.wait_for_function(f"new Set({alike}).size === 2")
    expect(page.locator(".gs-side-button").last).to_contain_text("LSGAN")
    keep_screenshot(page, "points-two")
    press(page, "One session only")
    expect(page.locator(STAGE)).to_have_count(1)


def test_files_to_take_home(open_page):
    page = points_page(open_page)
    play_to(page, 5)
    with page.expect_download() as download:
        press(page, "Fakes as CSV")
    lines = download.value.path().read_text().splitlines()
    assert lines[0] == "x,y"
    assert len(lines) == 2501
    with page.expect_download() as download:
        press(page, "GIF")
    film = Image.open(io.BytesIO(download.value.path().read_bytes()))
    assert film.format == "GIF"
    assert film.n_frames > 1


def test_pasted_points_and_what_is_wrong_with_them(open_page):
    page = points_page(open_page)
    press(page, "Paste")
    text = view(page).get_by_label("Points as text")
    text.fill("1,2\n3,nan")
    press(page, "Learn these")
    expect(view(page).locator(".gs-alert")).to_contain_text("Line 2: nan is not a finite number.")
    text.fill("x,y\n0,0\n1,1\n2,0")
    press(page, "Learn these")
    expect(view(page).locator(".gs-box-reals")).to_contain_text("3 of 3 shown")


def test_an_empty_drawing_is_a_sentence(open_page):
    page = points_page(open_page)
    press(page, "Draw")
    press(page, "Learn this")
    expect(view(page).locator(".gs-alert")).to_contain_text("draw at least one line")


@pytest.mark.parametrize(
    ("link", "words"),
    [
        ("nonsense", "points=nonsense is damaged"),
        # {"s": {"data": "/etc/passwd.csv"}, "n": 5}
        ("eyJzIjp7ImRhdGEiOiIvZXRjL3Bhc3N3ZC5jc3YifSwibiI6NX0", "Unknown data"),
        # {"s": {"data": "ring", "depth": 0}, "n": 5}
        ("eyJzIjp7ImRhdGEiOiJyaW5nIiwiZGVwdGgiOjB9LCJuIjo1fQ", "Depth must be from 1 to 8"),
        # {"s": {"data": "ring"}, "n": -3}
        (
            "eyJzIjp7ImRhdGEiOiJyaW5nIn0sIm4iOi0zfQ",
            "step -3, which is no whole number from 0 to 100,000",
        ),
        # {"s": {"data": "ring"}, "n": 1e12}
        ("eyJzIjp7ImRhdGEiOiJyaW5nIn0sIm4iOjFlMTJ9", "at most 100,000 are repeated"),
    ],
)
def test_a_hostile_link_is_a_sentence(open_page, link, words):
    page = points_page(open_page, f"/?points={link}")
    expect(view(page).locator(".gs-alert")).to_contain_text(words)


def test_the_noise_can_be_followed_by_keyboard(open_page):
    page = points_page(open_page)
    dot = view(page).get_by_role("slider", name="Follow one dot")
    dot.focus()
    dot.press("ArrowRight")
    expect(view(page).locator(".gs-box-fakes")).to_contain_text("lands at")
    expect(dot).to_have_attribute("aria-valuetext", re.compile("D says"))


def test_it_fits_a_phone_a_tablet_and_a_laptop(open_page, keep_screenshot):
    page = points_page(open_page)
    for width in (390, 820, 1366):
        resize(page, width, "light")
        assert no_sideways_scroll(page)
        expect(view(page).get_by_role("button", name="Play again")).to_be_visible()
        keep_screenshot(page, f"points-{width}")


def test_closing_the_page_ends_its_game(open_page, server):
    from helpers.serving import family

    def wait_for(count: int) -> None:
        deadline = time.monotonic() + 60
        while len(family(server.process.pid)) != count and time.monotonic() < deadline:
            time.sleep(0.5)
        assert len(family(server.process.pid)) == count

    page = points_page(open_page)
    press(page, "Play again")
    expect(status(page)).to_contain_text("Playing")
    page.wait_for_timeout(3000)  # and another process is ready for whoever plays next
    processes = len(family(server.process.pid))
    page.close(run_before_unload=False)
    wait_for(processes - 1)
