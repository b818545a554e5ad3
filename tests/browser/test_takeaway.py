"""Export, as people use it: each file that is saved is opened and compared with the page."""

import io
import json
import re
import zipfile

import numpy as np
import onnxruntime
import pytest
import torch
from helpers.running_commands import run
from PIL import Image
from playwright.sync_api import expect

from gan.latent.vectors import seed_latents
from gan.models.storage import load_generator
from tests.browser.conftest import no_sideways_scroll, open_tab, wait_for_change
from tests.gan.images.test_video import decoded

PICTURE = ".gs-explore .gs-frame canvas"


def opened(page, tab: str):
    """The folded place of a tab, opened."""
    place = page.locator(f".gs-{tab} .gs-take")
    place.locator("> summary").click()
    expect(place.locator(".gs-code code").first).to_contain_text("import")
    return place


def saved(page, place, label: str) -> bytes:
    with page.expect_download() as download:
        place.get_by_role("button", name=re.compile(label)).click()
    return download.value.path().read_bytes()


def test_it_is_folded_and_fits_a_phone(open_page, keep_screenshot):
    page = open_page("/?model=digits", width=390, scheme="dark")
    place = page.locator(".gs-explore .gs-take")
    expect(place.locator(".gs-code").first).to_be_hidden()
    opened(page, "explore")
    assert no_sideways_scroll(page)
    for button in place.locator("> .gs-row button").all():
        assert button.bounding_box()["height"] >= 44
    keep_screenshot(page, "takeaway-phone-dark")


def test_the_lines_in_explore_make_the_picture_that_is_shown(open_page, tmp_path, monkeypatch):
    page = open_page("/?model=digits&seed=7&truncation=0.8")
    place = opened(page, "explore")
    lines = place.locator(".gs-code code")
    expect(lines.last).to_contain_text("--seeds 7 --truncation 0.8")

    def compare():
        picture = saved(page, place, "picture as a PNG")
        with Image.open(io.BytesIO(picture)) as image:
            shown = np.asarray(image.convert("L"))
        monkeypatch.chdir(tmp_path)
        exec(compile(lines.first.text_content(), "snippet", "exec"), {})
        again = np.asarray(Image.open("picture.png"))
        assert run(*lines.last.text_content().split()[3:], "--out", "other.png") == 0
        other = np.asarray(Image.open("other.png"))
        assert shown.shape == again.shape == (512, 512)
        # A rounding in the last bit of a sum may move a pixel by one level of grey.
        assert np.abs(shown.astype(int) - again).max() <= 1
        assert np.array_equal(again, other)
        return shown

    first = compare()
    # Now by sliders, which have names.
    before = page.eval_on_selector(PICTURE, "canvas => canvas.toDataURL()")
    slider = page.locator(".gs-explore .gs-direction input[type=range]").first
    slider.fill("2")
    slider.dispatch_event("change")
    wait_for_change(page, PICTURE, before)
    expect(lines.last).to_contain_text("--move slant=2.0")
    assert "base64" not in lines.first.text_content()
    assert np.abs(first.astype(int) - compare()).mean() > 1


def test_a_model_is_taken_as_zip_and_as_onnx(open_page, tmp_path):
    page = open_page("/?model=digits")
    place = opened(page, "explore")
    with zipfile.ZipFile(io.BytesIO(saved(page, place, "model as a zip"))) as archive:
        archive.extractall(tmp_path)
    z = seed_latents([1, 2], 64)
    with torch.inference_mode():
        expected = load_generator("digits")(z)
        assert torch.equal(load_generator(str(tmp_path / "digits"))(z), expected)
    content = saved(page, place, "ONNX file")
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    assert np.abs(session.run(None, {"z": z.numpy()})[0] - expected.numpy()).max() <= 1e-4
    expect(place.get_by_role("status").first).to_have_text("digits.onnx is saved.")


def test_a_walk_is_taken_as_film(open_page):
    page = open_page()
    open_tab(page, "Walk")
    expect(page.locator(".gs-film button")).to_have_count(12)
    page.get_by_role("spinbutton", name="Frames").fill("24")
    page.get_by_role("spinbutton", name="Frames").press("Tab")
    expect(page.get_by_text("of 24")).to_be_visible()
    place = opened(page, "walk")
    expect(place.locator(".gs-code code").last).to_contain_text("--keys 1 7 23 42 --frames 24")
    _, film = decoded(saved(page, place, "as a video"))
    assert film.shape == (24, 512, 512, 3)
    with Image.open(io.BytesIO(saved(page, place, "as an animation"))) as image:
        assert image.format == "GIF" and image.n_frames == 24
        image.seek(23)
        last = np.asarray(image.convert("RGB").resize((512, 512), Image.Resampling.NEAREST))
    assert np.abs(film[23].astype(int) - last).mean() < 8


@pytest.fixture
def trained(open_page):
    """A page with a short run that has ended."""
    page = open_page()
    open_tab(page, "Train")
    page.locator("label:has(input[value='glyphs'])").first.click()
    page.get_by_label("number input for Seconds").fill("10")
    page.locator("#train-button").click()
    expect(page.get_by_role("button", name="Explore this model")).to_be_visible()
    return page


def test_a_run_is_taken_whole(trained, tmp_path, keep_screenshot):
    place = opened(trained, "train")
    told = json.loads(saved(trained, place, "as JSON"))
    steps = told["numbers"]["step"]
    assert told["config"]["data"] == "glyphs" and steps[0] == 0 and steps[-1] > 0
    _, film = decoded(saved(trained, place, "history as a video"))
    assert film.shape[1:] == (512, 512, 3) and len(film) == len(steps) + 22
    with Image.open(io.BytesIO(saved(trained, place, "history as an animation"))) as image:
        assert image.format == "GIF" and image.size == (512, 512) and image.n_frames > 1
    with zipfile.ZipFile(io.BytesIO(saved(trained, place, "model as a zip"))) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    assert load_generator(str(folder)).channels == 1
    assert "Sliced Wasserstein" in (folder / "README.md").read_text()
    expect(place.locator(".gs-code code").last).to_contain_text("gan train --data glyphs")
    keep_screenshot(trained, "takeaway-train")


def test_a_token_is_cleared_and_found_nowhere(trained, server):
    token = "hf_SecretSecretSecret123"
    place = opened(trained, "train")
    place.locator(".gs-push > summary").click()
    addresses = []
    trained.on("request", lambda request: addresses.append(request.url))
    place.get_by_label("Repository").fill("anna/faces")
    place.get_by_label("Token").fill(token)
    expect(place.get_by_label("Token")).to_have_attribute("type", "password")
    place.get_by_role("button", name="Push").click()
    expect(place.get_by_label("Token")).to_have_value("")
    # This server is offline: what comes back is a sentence.
    expect(place.locator(".gs-push").get_by_role("alert")).to_contain_text("could not be written")
    kept = trained.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie, history.state])"
    )
    assert token not in kept + trained.content() + trained.url + "".join(addresses)
    log = (server.runs.parent / "log").read_text()
    assert token not in log
    for path in server.runs.rglob("*.json"):
        assert token not in path.read_text()
