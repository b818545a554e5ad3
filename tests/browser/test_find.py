"""Find, as people use it: draw a digit, bring a picture, try a sample, go on with what was found."""

import base64
import io
import re

import numpy as np
import pytest
from helpers.making_pictures import encoded
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from tests.browser.conftest import no_sideways_scroll, open_tab, pixels, wait_for_change
from tests.browser.test_explore import PICTURE, settled
from tests.gan.images.test_mnist_style import photo

THREE = [
    (30, 25),
    (45, 18),
    (62, 22),
    (64, 34),
    (50, 46),
    (43, 47),
    (58, 49),
    (70, 62),
    (62, 78),
    (48, 84),
]
FOUND = ".gs-find-pane-found canvas"
GIVEN = ".gs-find-pane-given canvas.gs-picture"
READ = """selector => {
  const canvas = document.querySelector(selector);
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  return [canvas.width, Array.from(data)];
}"""


@pytest.fixture
def open_find(open_page):
    def visit(**options):
        page = open_page(**options)
        open_tab(page, "Find")
        page.locator(".gs-find-samples button").nth(10).wait_for(state="attached")
        button(page, "Draw your own").click()  # in place of the recorded search
        return page

    return visit


def draw(page, hundredths=THREE) -> None:
    box = page.locator(".gs-sketch").bounding_box()
    spots = [
        (box["x"] + x / 100 * box["width"], box["y"] + y / 100 * box["height"]) for x, y in hundredths
    ]
    page.mouse.move(*spots[0])
    page.mouse.down()
    for spot in spots[1:]:
        page.mouse.move(*spot, steps=4)
    page.mouse.up()


def steps(page, count: int) -> None:
    """Set the steps by hand."""
    page.get_by_text("Steps, starts, seed").click()
    page.get_by_role("spinbutton", name="Steps").fill(str(count))


def button(page, name: str):
    return page.locator(".gs-find").get_by_role("button", name=name)


def status(page):
    return page.locator(".gs-find-status")


def expect_done(page) -> None:
    expect(status(page)).to_have_text("Done.")


def image(page, selector: str) -> np.ndarray:
    side, data = page.evaluate(READ, selector)
    return np.array(data, dtype=int).reshape(side, side, 4)[..., 0]


def mse(page) -> float:
    return float(re.search(r"mse ([\d.e-]+)", page.locator(".gs-find-verdict").inner_text())[1])


def test_a_drawn_digit_is_found_with_a_falling_mse(open_find, keep_screenshot):
    page = open_find()
    expect(button(page, "Find the latent vector")).to_be_disabled()
    expect(button(page, "Open the found picture in Explore")).to_be_disabled()
    draw(page)
    page.evaluate("""() => {
      window.told = [];
      new MutationObserver(() => {
        const shown = document.querySelector(".gs-find-verdict").textContent.match(/mse ([\\d.e-]+)/);
        if (shown) window.told.push(Number(shown[1]));
      }).observe(document.querySelector(".gs-find-verdict"), { childList: true });
    }""")
    button(page, "Find the latent vector").click()
    expect_done(page)
    told = page.evaluate("window.told")
    # From a random picture, which stays in sight for a moment.
    assert len(told) >= 5 and told[-1] < told[0] / 3
    expect(button(page, "A random picture, before the search")).to_be_enabled()
    assert mse(page) == told[-1] < 0.01
    given, found = image(page, GIVEN), image(page, FOUND)
    assert np.square((given - found) / 255).mean() == pytest.approx(mse(page), rel=0.1, abs=1e-5)
    expect(page.locator(".gs-find-reads")).to_have_text(re.compile(r"target 3 .*found 3 "))
    keep_screenshot(page, "find_drawn_digit")


def test_a_drawing_is_scaled_and_centred_as_mnist_is(open_find):
    page = open_find()
    # Small and in a corner; the same strokes in the middle must give the same picture.
    pictures = []
    for shrink, corner in ((0.3, 5), (0.6, 20)):
        draw(page, [(corner + x * shrink, corner + y * shrink) for x, y in THREE])
        steps(page, 1) if not pictures else None
        # What is shown before, recorded or of the first drawing, must not be taken for the new one.
        page.eval_on_selector(GIVEN, "canvas => canvas.getContext('2d').clearRect(0, 0, 32, 32)")
        blank = pixels(page, GIVEN)
        button(page, "Find the latent vector").click()
        wait_for_change(page, GIVEN, blank)
        expect_done(page)
        pictures.append(image(page, GIVEN))
        button(page, "Back to the drawing").click()
        button(page, "Clear").click()
    for shown in pictures:
        ink = shown / shown.sum()
        middle = [(ink.sum(axis) * (np.arange(32) + 0.5)).sum() for axis in (0, 1)]
        assert middle == pytest.approx([16, 16], abs=0.3)
        rows = np.flatnonzero(shown.max(1) > 60)
        assert 18 <= rows[-1] - rows[0] + 1 <= 22
        assert shown.max() == 255
    assert np.abs(pictures[0] - pictures[1]).mean() < 8


def test_undo_and_clear(open_find):
    page = open_find()
    empty = pixels(page, ".gs-sketch")
    draw(page)
    one = pixels(page, ".gs-sketch")
    draw(page, [(10, 90), (90, 90)])
    assert pixels(page, ".gs-sketch") not in (one, empty)
    button(page, "Undo").click()
    assert pixels(page, ".gs-sketch") == one
    button(page, "Clear").click()
    assert pixels(page, ".gs-sketch") == empty
    expect(button(page, "Undo")).to_be_disabled()
    expect(button(page, "Find the latent vector")).to_be_disabled()


def test_a_brought_picture_is_turned_upright_and_searched_for_at_once(open_find):
    page = open_find()
    steps(page, 20)
    photo = Image.new("L", (300, 400), 0)
    ImageDraw.Draw(photo).line([(150, 60), (150, 200)], fill=255, width=60)  # in the upper half
    note = Image.Exif()
    note[0x112] = 6
    content = encoded(photo.rotate(90, expand=True), "JPEG", quality=95, exif=note)
    button(page, "Your picture").click()
    chosen = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}
    page.locator(".gs-find input[type=file]").set_input_files(chosen)
    expect_done(page)
    given = image(page, GIVEN)
    assert given[4:12, 15:17].min() > 200 and given[22:].max() < 40
    page.get_by_label("Dark, light").select_option("swapped")
    page.wait_for_function(
        f"document.querySelector('{GIVEN}').getContext('2d').getImageData(0, 31, 1, 1).data[0] > 200"
    )
    expect_done(page)


def test_a_photographed_digit_on_paper_is_told_and_made_like_mnist_s(open_find, keep_screenshot):
    page = open_find()
    steps(page, 30)
    content = encoded(Image.fromarray(photo(7)), "JPEG", quality=85)
    chosen = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}
    page.locator(".gs-find input[type=file]").set_input_files(chosen)
    expect_done(page)
    button(page, "It is a digit on paper").click()
    expect(button(page, "It is a digit on paper")).to_be_hidden()
    expect_done(page)
    expect(page.get_by_label("Dark, light")).to_have_value("paper")
    given = image(page, GIVEN)
    assert given[:2].max() == 0 and given.max() == 255
    expect(page.locator(".gs-find-reads")).to_have_text(re.compile("target 7 "))
    keep_screenshot(page, "find_photo")


def test_what_is_no_picture_is_told_and_the_next_one_is_taken(open_find):
    page = open_find()
    steps(page, 1)
    button(page, "Your picture").click()
    chosen = {"name": "notes.png", "mimeType": "image/png", "buffer": b"no picture"}
    page.locator(".gs-find input[type=file]").set_input_files(chosen)
    alert = page.locator(".gs-find").get_by_role("alert")
    expect(alert).to_contain_text("not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture")
    expect(button(page, "Choose a picture")).to_be_visible()
    good = {"name": "a.png", "mimeType": "image/png", "buffer": encoded(Image.new("L", (40, 40), 9))}
    page.locator(".gs-find input[type=file]").set_input_files(good)
    expect_done(page)
    expect(alert).to_have_text("")


def test_a_pasted_picture_is_taken(open_find):
    page = open_find()
    steps(page, 1)
    page.evaluate(
        """text => {
          const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
          const data = new DataTransfer();
          data.items.add(new File([bytes], "pasted.png", { type: "image/png" }));
          document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data }));
        }""",
        base64.b64encode(encoded(Image.new("L", (32, 32), 77))).decode(),
    )
    expect_done(page)
    assert (image(page, GIVEN) == 77).all()


def test_what_was_found_goes_on_in_explore_and_by_link(open_find, open_page):
    page = open_find()
    steps(page, 30)
    button(page, "Samples").click()
    button(page, "The picture of seed 1124").click()
    expect_done(page)
    found = image(page, FOUND)
    button(page, "Open the found picture in Explore").click()
    expect(page.get_by_role("tab", name="Explore")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#menu-explore input")).to_have_value(re.compile("^digits"))
    settled(page)
    assert np.abs(image(page, PICTURE) - found).max() <= 1
    open_tab(page, "Find")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    button(page, "Copy a link").click()
    expect(page.get_by_text("The link is now in the address bar.")).to_be_visible()
    linked = open_page(path=page.url[page.url.index("/?") :])
    settled(linked)
    assert np.abs(image(linked, PICTURE) - found).max() <= 1


def test_both_pictures_are_saved_and_held_against_each_other(open_find):
    page = open_find()
    steps(page, 5)
    button(page, "Samples").click()
    button(page, "A drawn 7").click()
    expect_done(page)
    found, given = image(page, FOUND), image(page, GIVEN)
    hold = button(page, "Hold to see the target").bounding_box()
    page.mouse.move(hold["x"] + 10, hold["y"] + 10)
    page.mouse.down()
    assert np.array_equal(image(page, FOUND), given)
    page.mouse.up()
    assert np.array_equal(image(page, FOUND), found)
    with page.expect_download() as download:
        button(page, "Save the target").click()
    saved = np.asarray(Image.open(io.BytesIO(download.value.path().read_bytes())).convert("L"))
    assert saved.shape == (256, 2 * 256 + 8)
    assert np.array_equal(saved[4::8, 4:256:8], given) and np.array_equal(saved[4::8, 268::8], found)


def test_a_changed_drawing_clears_the_verdict(open_find):
    page = open_find()
    steps(page, 5)
    draw(page)
    button(page, "Find the latent vector").click()
    expect_done(page)
    button(page, "Back to the drawing").click()
    assert mse(page) < 1
    draw(page, [(10, 90), (90, 90)])
    expect(page.locator(".gs-find-verdict")).to_be_empty()
    expect(page.locator(FOUND)).to_be_hidden()
    expect(button(page, "Open the found picture in Explore")).to_be_disabled()


def test_wrong_numbers_are_said_beside_their_fields(open_find):
    page = open_find()
    draw(page)
    steps(page, 0)
    page.get_by_text("Steps, starts, seed").click()  # folded again
    button(page, "Find the latent vector").click()
    error = page.locator(".gs-find .gs-field-error:visible")
    expect(error).to_have_text("steps must be a whole number from 1 to 2,000.")
    expect(page.get_by_role("spinbutton", name="Steps")).to_be_focused()
    page.get_by_role("spinbutton", name="Steps").fill("5")
    expect(error).to_have_count(0)
    button(page, "Find the latent vector").click()
    expect_done(page)


def test_a_search_can_be_stopped_and_what_it_found_is_kept(open_find):
    page = open_find()
    steps(page, 2000)
    page.get_by_role("spinbutton", name="Starts").fill("32")
    draw(page, [(20, 20), (80, 80), (20, 80), (80, 20), (50, 90), (20, 50), (90, 50)])  # no digit
    button(page, "Find the latent vector").click()
    expect(status(page)).to_have_text(re.compile("^Step [1-9]"))
    button(page, "Stop the search").click()
    expect(status(page)).to_have_text(re.compile("^Stopped"))
    shown = page.locator(".gs-find-verdict").inner_text()
    expect(button(page, "Open the found picture in Explore")).to_be_enabled()
    page.wait_for_timeout(500)
    assert page.locator(".gs-find-verdict").inner_text() == shown


def test_a_phone_draws_with_a_finger_and_nothing_runs_off_its_edge(open_find, keep_screenshot):
    page = open_find(width=390, scheme="dark")
    assert no_sideways_scroll(page)
    assert page.locator(".gs-sketch").bounding_box()["width"] > 300
    draw(page)
    steps(page, 20)
    button(page, "Find the latent vector").click()
    expect_done(page)
    assert no_sideways_scroll(page)
    keep_screenshot(page, "find_phone")
