"""Own pictures and own weights, as people bring them: dropped, chosen, looked at, trained on, gone."""

import json
import os
import re
import shutil
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from helpers.making_pictures import coloured, encoded
from helpers.waiting import PATIENCE
from PIL import ExifTags, Image
from playwright.sync_api import expect

from gan.models.registry import WEIGHTS_FOLDER
from tests.browser.conftest import no_sideways_scroll, open_tab, pixels, wait_for_change

SQUARES = ".gs-looked canvas"


@pytest.fixture
def folder(tmp_path):
    """A folder of a visitor's: two classes, an equal picture, a phone's, and some that are no use."""
    top = tmp_path / "mine"
    for name, first in (("cats", 0), ("dogs", 20)):
        (top / name).mkdir(parents=True)
        for index in range(first, first + 12):
            (top / name / f"{index:02}.png").write_bytes(encoded(coloured(index)))
    phone = coloured(99, 64, 32)
    notes = phone.getexif()
    notes[ExifTags.Base.Orientation] = 6
    (top / "dogs" / "phone.jpg").write_bytes(encoded(phone, "JPEG", exif=notes))
    (top / "dogs" / "again.bmp").write_bytes(encoded(coloured(20), "BMP"))
    (top / "dogs" / "<b>bold<").write_bytes(b"no picture")
    (top / "cats" / "half.png").write_bytes(encoded(coloured(3))[:500])
    return top


def own_page(open_page, **options):
    page = open_page(**options)
    open_tab(page, "Train")
    page.get_by_role("radio", name="Your own pictures").click()
    expect(page.get_by_text("Drop pictures, a zip or a folder here")).to_be_visible()
    return page


def drop(page, *paths: Path) -> None:
    """As from the system's file manager, folders and all."""
    box = page.locator(".gs-drop").bounding_box()
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send(
            "Input.dispatchDragEvent",
            {
                "type": kind,
                "x": box["x"] + 20,
                "y": box["y"] + 12,
                "data": {"items": [], "files": [str(path) for path in paths], "dragOperationsMask": 1},
            },
        )


def counts(page):
    return page.locator(".gs-counts")


def test_a_dropped_folder_is_looked_at_and_trained_on(open_page, folder, keep_screenshot):
    page = own_page(open_page)
    drop(page, folder)
    expect(counts(page)).to_have_text("25 pictures · 1 equal one left out · 2 classes: cats, dogs")
    expect(page.get_by_text("Fewer than 1,000")).to_be_visible()
    page.get_by_text("2 files left out, and why").click()
    listed = page.locator(".gs-looked li")
    expect(listed).to_have_text(
        [
            "mine/cats/half.png: damaged or cut off",
            "mine/dogs/_b_bold_: not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture",
        ]
    )
    before = pixels(page, SQUARES)
    page.get_by_role("button", name="Grey", exact=True).click()
    grey = wait_for_change(page, SQUARES, before)
    page.get_by_role("button", name="Pad").click()
    wait_for_change(page, SQUARES, grey)
    # Few pictures: a shipped model that draws grey pictures of this size is suggested, and why.
    expect(page.locator(".gs-start")).to_contain_text("Suggested for 25 pictures")
    keep_screenshot(page, "own-pictures")
    field = page.get_by_role("spinbutton", name=re.compile("Seconds"))
    field.fill("10")
    field.press("Tab")
    page.locator("#train-button").click()
    view = page.locator(".gs-train")
    expect(view).to_contain_text("Finished")
    for words in (
        "your pictures (25)", "augment=color,translation,cutout", "32×32 grey", "Only 25 pictures", "starts from",
    ):  # fmt: skip
        expect(view).to_contain_text(words)
    page.locator(".gs-train-buttons").get_by_role("button", name="Continue").click()
    expect(view).to_contain_text("Training")
    page.locator(".gs-train-buttons").get_by_role("button", name="Stop").click()
    expect(view).to_contain_text("Stopped")
    page.get_by_role("button", name="Explore this model").click()
    chosen = page.locator("#menu-explore input")
    expect(chosen).to_have_value(
        re.compile(r"^your run — your pictures \(25\) · Quick, .*augment.* · \d\d:\d\d$")
    )
    expect(page.locator(".gs-explore .gs-facts")).to_contain_text("32×32 grey")


def test_dropped_pictures_are_learnt_in_two_ways_in_compare(open_page, folder, server):
    page = open_page()
    open_tab(page, "Compare")
    page.get_by_label("Data", exact=False).filter(visible=True).first.click()
    page.get_by_role("option", name="Your own pictures").click()
    page.locator("#compare-button").click()
    expect(page.get_by_text("choose Your own pictures, drop them")).to_be_visible()
    open_tab(page, "Train")
    page.get_by_role("radio", name="Your own pictures").click()
    expect(page.get_by_text("Drop pictures, a zip or a folder here")).to_be_visible()
    page.locator(".gs-drop input").last.set_input_files(folder)
    expect(counts(page)).to_contain_text("25 pictures")
    before = pixels(page, SQUARES)
    page.get_by_role("button", name="Grey", exact=True).click()
    wait_for_change(page, SQUARES, before)
    open_tab(page, "Compare")
    field = page.get_by_role("spinbutton", name=re.compile("Training budget"))
    field.fill("3")
    field.press("Tab")
    page.locator("#compare-button").click()
    view = page.locator(".gs-comparison")
    expect(view.locator(".gs-status")).to_contain_text("Done:")
    for side in range(2):
        expect(page.locator(".gs-side-view").nth(side)).to_contain_text("Finished")
    expect(page.locator(".gs-runs")).to_contain_text("own pictures (25)")
    for name in re.search(r"compare=([\w,]+)", page.url).group(1).split(","):
        assert json.loads((server.runs / name / "train.json").read_text())["channels"] == 1


def test_files_are_added_and_begun_anew(open_page, folder, tmp_path):
    page = own_page(open_page)
    page.set_viewport_size({"width": 390, "height": 844})
    shutil.make_archive(str(tmp_path / "cats"), "zip", folder, "cats")
    page.locator(".gs-drop input").first.set_input_files(folder / "dogs" / "phone.jpg")
    alert = page.locator(".gs-yours .gs-error")
    expect(alert).to_contain_text("Only 1 usable picture was found")
    page.locator(".gs-drop input").first.set_input_files(tmp_path / "cats.zip")
    expect(counts(page)).to_have_text("13 pictures")
    expect(alert).to_be_empty()
    assert no_sideways_scroll(page)
    page.get_by_role("button", name="Start over").click()
    expect(counts(page)).to_be_hidden()
    page.locator("#train-button").click()
    expect(page.get_by_text("choose Your own pictures, drop them")).to_be_visible()


def test_a_name_is_looked_at_or_refused(open_page):
    page = open_page()
    open_tab(page, "Train")
    page.get_by_role("radio", name="Folder or Hub id").click()
    field = page.get_by_role("textbox", name="Folder or Hub id")
    field.fill("/etc")
    field.press("Enter")
    expect(page.locator(".gs-yours .gs-error")).to_contain_text("may not be read")
    field.fill("someone/pictures")
    field.press("Enter")
    expect(page.locator(".gs-yours .gs-error")).to_contain_text("could not be reached")


def test_a_link_s_shape_counts_before_its_pictures_have_been_looked_at(open_page, server):
    pictures = server.pictures / "wide"
    pictures.mkdir(parents=True)
    for index in range(12):
        (pictures / f"{index}.png").write_bytes(encoded(coloured(index, 64, 32)))
    page = open_page()
    page.route("**/data/look*", lambda route: None)  # never answered
    settings = {"data": str(pictures), "fit": "pad", "steps": 2}
    page.goto(f"{server.url}/?train={quote(json.dumps(settings))}")
    expect(page.get_by_role("button", name="Pad")).to_have_attribute("aria-pressed", "true")
    expect(page.locator(".gs-yours")).to_contain_text("Reading")
    page.locator("#train-button").click()
    expect(page.locator(".gs-train")).to_contain_text("Finished")
    name = re.search(r"run=(\w+)", page.url).group(1)
    assert json.loads((server.runs / name / "train.json").read_text())["fit"] == "pad"


def test_what_was_handed_in_goes_with_its_page(open_page, folder, server):
    # The server keeps the folder of its uploads open.
    opened = [os.readlink(each) for each in Path(f"/proc/{server.process.pid}/fd").iterdir()]
    (place,) = [Path(each) for each in opened if "/ganscope-own-" in each]

    def handed_in() -> set[Path]:
        return set(place.iterdir())

    before = handed_in()
    page = own_page(open_page)
    drop(page, folder)
    expect(counts(page)).to_contain_text("25 pictures")
    mine = handed_in() - before
    assert len(mine) == 1
    page.close()
    until = time.monotonic() + PATIENCE
    while handed_in() & mine and time.monotonic() < until:
        time.sleep(0.2)
    assert not handed_in() & mine


def test_only_their_owner_sees_uploaded_pictures(open_page, folder, server):
    page = own_page(open_page)
    drop(page, folder)
    expect(counts(page)).to_contain_text("25 pictures")
    field = page.get_by_role("spinbutton", name=re.compile("Seconds"))
    field.fill("600")
    field.press("Tab")
    page.locator("#train-button").click()
    expect(page.locator(".gs-train")).to_contain_text("Training")
    expect(reals(page)).to_have_attribute("aria-label", "Real pictures: your pictures (25)")
    page.wait_for_url(re.compile("[?&]run="))
    address = page.url[page.url.index("/?") :]
    stranger = open_page(address, stranger=True)
    watched = stranger.locator(".gs-train")
    expect(watched).to_contain_text("Training")
    expect(watched).to_contain_text("own pictures (25)")
    expect(watched).to_contain_text("Files left out: 2.")
    expect(reals(stranger)).to_have_attribute("aria-label", "No real pictures yet")
    assert "half.png" not in stranger.content()
    name = re.search(r"run=(\w+)", address).group(1)
    answer = stranger.request.get(f"{server.url}/gradio_api/ganscope/runs/{name}/real")
    assert (answer.status, answer.json()["error"]) == (
        400,
        "Only the owner of these pictures sees them.",
    )
    page.locator(".gs-train-buttons").get_by_role("button", name="Stop").click()
    expect(watched).to_contain_text("Stopped")


def reals(page):
    return page.locator(".gs-reals canvas")


def test_own_weights_open_and_a_pickle_does_not(open_page, tmp_path):
    page = open_page()
    chooser = page.locator(".gs-weights input").first
    before = pixels(page, ".gs-explore .gs-frame canvas")
    digits = WEIGHTS_FOLDER / "digits"
    chooser.set_input_files([digits / "config.json", digits / "model.safetensors"])
    menu = page.locator("#menu-explore input")
    expect(menu).to_have_value("your weights — model.safetensors")
    expect(page.locator(".gs-explore .gs-facts")).to_contain_text("32×32 grey")
    mine = wait_for_change(page, ".gs-explore .gs-frame canvas", before)
    (tmp_path / "evil.pkl").write_bytes(b"\x80\x04anything")
    chooser.set_input_files(tmp_path / "evil.pkl")
    expect(page.locator(".gs-refused").first).to_contain_text("evil.pkl is a pickle")
    assert pixels(page, ".gs-explore .gs-frame canvas") == mine
    # Nobody else's menu has them.
    other = open_page(stranger=True)
    other.locator("#menu-explore input").click()
    expect(other.get_by_role("option", name=re.compile("^digits —"))).to_be_visible()
    assert other.get_by_role("option", name=re.compile("your weights")).count() == 0


def test_a_picture_of_a_phone_is_shown_upright(open_page, tmp_path):
    upright = Image.new("RGB", (60, 60), (0, 0, 255))
    upright.paste((255, 0, 0), (0, 0, 60, 30))
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    notes = turned.getexif()
    notes[ExifTags.Base.Orientation] = 6
    turned.save(tmp_path / "phone.png", exif=notes)
    (tmp_path / "other.png").write_bytes(encoded(coloured(1)))
    page = own_page(open_page)
    drop(page, tmp_path / "phone.png", tmp_path / "other.png")
    expect(counts(page)).to_have_text("2 pictures")
    # Above and below the middle of the first square.
    shown = page.eval_on_selector(
        SQUARES,
        """canvas => [8, 24].map((y) => {
          const factor = Math.floor(canvas.width / 64);
          const pen = canvas.getContext("2d");
          return [...pen.getImageData(8 * factor, y * factor, 1, 1).data].slice(0, 3);
        })""",
    )
    assert shown == [[255, 0, 0], [0, 0, 255]]
