"""Report in a browser: a model is judged, its card is read, saved, and stopped."""

import json
from pathlib import Path

import torch
from playwright.sync_api import expect

from gan.models.generator import Generator
from gan.models.storage import save_generator
from gan.settings.config import TrainConfig
from tests.browser.conftest import no_sideways_scroll, open_tab


def make_run(runs: Path) -> str:
    """A run that has learnt nothing, of few pictures: quick to judge, and poor."""
    torch.manual_seed(
        0
    )  # another one may repeat itself, and of few different samples little is certain
    generator = Generator("dcgan", size=32, channels=1, width=4, z_dim=8)
    save_generator(runs / "abc", generator, TrainConfig(data="glyphs", limit=150))
    return "run:abc"


def test_a_model_is_judged_and_its_card_read_saved_and_kept_small(open_page, server, keep_screenshot):
    model = make_run(server.runs)
    page = open_page(f"/?model={model}", width=390)
    page.get_by_role("button", name="Open Report with this model").click()
    # The strip of tabs is wider than a phone, and Report is at its end.
    expect(page.get_by_role("tab", name="Report")).to_be_in_viewport(ratio=1)
    card = page.locator(".gs-report")
    expect(card.get_by_label("Judge by")).to_have_value("glyphs")
    expect(card.locator("[data-measure]")).to_have_count(10)
    card.get_by_text("More", exact=True).click()
    card.get_by_label("Samples").fill("60")
    card.get_by_role("button", name="Judge").click()
    expect(card.get_by_text("Judged in")).to_be_visible()
    expect(card.locator(".gs-report-headline")).to_contain_text("Something is clearly wrong")
    precision = card.locator("[data-measure=precision]")
    expect(precision).to_contain_text("real")
    expect(precision).to_have_attribute("data-level", "poor")
    precision.locator("summary").click()
    expect(precision.get_by_text("Kynkäänniemi")).to_be_visible()
    expect(card.get_by_role("img", name="Closest pairs").locator("canvas")).to_have_count(16)
    expect(card.locator(".gs-report-classes li")).to_have_count(36)
    assert no_sideways_scroll(page)
    keep_screenshot(page, "report-390")
    with page.expect_download() as saved:
        card.get_by_role("button", name="Save as JSON").click()
    as_dict = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert (as_dict["model"], as_dict["samples"]) == (model, 60)


def test_the_command_names_what_the_visitor_has(open_page, server):
    make_run(server.runs)
    page = open_page("/?model=run:abc")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Open Report with this model").click()
    card = page.locator(".gs-report")
    expect(card.get_by_label("Judge by")).to_have_value("glyphs")
    card.get_by_role("button", name="Copy command").click()
    expect(card.get_by_text("Command copied.")).to_contain_text("ganscope-abc is the model's folder")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("python -m gan report --model ganscope-abc --data glyphs --samples ")


def test_it_can_be_stopped_and_refusals_are_told(open_page, server):
    make_run(server.runs)
    page = open_page()
    open_tab(page, "Report")
    card = page.locator(".gs-report")
    # What the model was trained on stands there already.
    expect(card.get_by_label("Judge by")).to_have_value("faces")
    card.get_by_role("button", name="Judge").click()
    card.get_by_role("button", name="Stop").click()
    expect(card.get_by_text("Stopped.")).to_be_visible()
    expect(card.get_by_role("button", name="Judge")).to_be_enabled()
    card.get_by_label("Judge by").select_option(label="Folder or Hub id …")
    card.get_by_role("button", name="Judge").click()
    expect(card.get_by_role("alert")).to_contain_text("Type a folder or a Hub id")
    card.get_by_label("Folder or Hub id").fill("/etc")
    card.get_by_label("Folder or Hub id").press("Enter")
    expect(card.get_by_role("alert")).to_contain_text("/etc")


def test_what_is_never_drawn_is_looked_for_on_the_map(open_page):
    page = open_page("/?tab=report")
    page.get_by_role("button", name="See on the map where it draws nothing").click()
    expect(page.locator(".gs-map")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Real pictures")).to_be_checked()
    expect(page.get_by_text("In green: real pictures")).to_be_visible()
