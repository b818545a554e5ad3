"""Learn: lessons with live figures, predictions that are measured, the tour; in English and Chinese."""

import json
import re

import pytest
from helpers.serving import ROOT
from playwright.sync_api import expect

from tests.browser.conftest import no_sideways_scroll, resize
from tests.browser.test_accessibility import grave_faults

LESSONS = json.loads((ROOT / "demo/web/texts/en/lessons.json").read_text(encoding="utf-8"))
MEASURED = re.compile("^(Right|Not so)")
# Their questions need nothing but the figure.
AT_ONCE = ("what", "generator", "maths", "latent", "judging", "after")


def opened(page, lesson: str):
    heading = page.locator(".gs-lesson h2")
    expect(heading).to_have_text(LESSONS[lesson]["title"])
    expect(page.locator(".gs-figure > :not(p)").first).to_be_visible()
    return page.locator(".gs-lesson")


def test_every_lesson_opens_and_most_predictions_are_measured_at_once(open_page, keep_screenshot):
    page = open_page("/?learn=what")
    for lesson in LESSONS:
        shown = opened(page, lesson)
        if lesson in AT_ONCE:
            shown.get_by_role("radio").first.check()
            shown.get_by_role("button", name="Measure").click()
            expect(shown.locator(".gs-question .gs-verdict")).to_have_text(MEASURED)
        expect(shown.locator(".gs-error")).to_have_text("")
        assert grave_faults(page) == [], lesson
        keep_screenshot(page, f"learn-{lesson}")
        # As wide as at a zoom of 200 %, and dark.
        resize(page, 720, "dark")
        assert no_sideways_scroll(page), lesson
        assert grave_faults(page) == [], (lesson, "dark")
        resize(page, 1440, "light")
        following = shown.get_by_role("button", name="→")
        if following.count():
            following.click()
    expect(page.locator(".gs-contents")).to_contain_text(f"{len(AT_ONCE)} of {len(LESSONS)} done")
    # The place is kept in this browser; an address names it.
    assert "learn=after" in page.url
    page.reload()
    opened(page, "after")
    page.goto(page.url.split("?")[0] + "?tab=learn")
    opened(page, "after")


def test_who_wants_less_motion_starts_the_film_himself(open_page):
    page = open_page("/?learn=generator")
    opened(page, "generator")
    page.emulate_media(reduced_motion="reduce")
    page.locator(".gs-contents").get_by_role("button", name=LESSONS["what"]["title"]).click()
    shown = opened(page, "what")
    shown.locator(".gs-figure").scroll_into_view_if_needed()
    slider = shown.locator(".gs-figure").get_by_role("slider")
    expect(slider).to_be_enabled()
    at_rest = slider.input_value()
    page.wait_for_timeout(1500)
    assert slider.input_value() == at_rest
    page.emulate_media(reduced_motion="no-preference")
    page.reload()
    moving = opened(page, "what").locator(".gs-figure")
    moving.scroll_into_view_if_needed()
    expect(moving.get_by_role("slider")).not_to_have_value(at_rest)


@pytest.mark.parametrize("lesson", ["what", "critic", "maths", "code", "bug", "judging"])
def test_a_lesson_on_a_phone_in_the_dark(open_page, keep_screenshot, lesson):
    lesson = {"critic": "discriminator"}.get(lesson, lesson)
    page = open_page(f"/?learn={lesson}", 390, "dark")
    opened(page, lesson)
    page.wait_for_timeout(1000)
    assert no_sideways_scroll(page)
    keep_screenshot(page, f"learn-{lesson}-phone")


def test_a_bug_is_predicted_run_and_explained(open_page):
    page = open_page("/?learn=bug")
    shown = opened(page, "bug")
    bug, outcomes = LESSONS["bug"]["bugs"]["stride"], LESSONS["bug"]["outcomes"]
    shown.get_by_text(bug["title"]).click()
    expect(shown.locator("ins")).to_contain_text("nn.Conv2d(32, 1, 4, stride=2, padding=1)")
    expect(shown.locator("del")).to_contain_text("nn.ConvTranspose2d(32, 1, 4, stride=2, padding=1)")
    shown.get_by_role("button", name="Run it for 20 s").click()
    expect(shown).to_contain_text("Choose what you expect first.")
    shown.get_by_text(outcomes["frozen"]).click()
    shown.get_by_role("button", name="Run it for 20 s").click()
    verdict = shown.locator(".gs-bug .gs-verdict")
    expect(verdict).to_contain_text(f"and this happened: {outcomes['error']}")
    expect(verdict).to_contain_text("PyTorch stopped it: mat1 and mat2 shapes cannot be multiplied")
    expect(verdict).to_contain_text(bug["why"])


def test_the_program_is_read_by_keyboard_and_taken_home(open_page):
    page = open_page("/?learn=code")
    shown = opened(page, "code")
    line = shown.get_by_role("listitem").filter(has_text="d_optim.step()")
    line.click()
    expect(shown.locator(".gs-line-note")).to_have_text("D's weights change. G's do not.")
    page.keyboard.press("ArrowUp")
    expect(shown.locator(".gs-line-note")).to_contain_text("gradient of each of D's weights")
    for kind, name in (("py", "tutorial_gan.py"), ("ipynb", "tutorial_gan.ipynb")):
        with page.expect_download() as saved:
            shown.get_by_role("button", name=f"Save as .{kind}").click()
        assert saved.value.suggested_filename == name


def test_playing_the_discriminator(open_page):
    page = open_page("/?learn=discriminator")
    shown = opened(page, "discriminator")
    cards = shown.locator(".gs-card-button")
    expect(cards).to_have_count(20)
    cards.first.click()
    shown.get_by_role("button", name="Judge").click()
    expect(shown).to_contain_text(re.compile(r"You: \d+ of 20 right\. D: \d+ of 20\."))
    expect(cards.first).to_contain_text(re.compile("real|fake"))
    shown.get_by_role("button", name="Measure").click()
    expect(shown).to_contain_text("Choose an answer first.")
    shown.get_by_role("radio").first.check()
    shown.get_by_role("button", name="Measure").click()
    expect(shown).to_contain_text("Play the level of 5,000 steps first.")


def test_one_step_of_training_part_by_part(open_page):
    page = open_page("/?learn=loop")
    shown = opened(page, "loop")
    step = shown.get_by_role("button", name="One step")
    expect(shown.locator(".gs-code .gs-line-of-code")).to_have_count(11)
    step.click()
    expect(shown.locator(".gs-caption-words")).to_have_text(re.compile("^1 · Noise"))
    for part in ("2 · Generator", "3 · Discriminator", "4 · D learns", "5 · Gradients", "6 · G learns"):
        shown.get_by_role("button", name="Next part").click()
        expect(shown.locator(".gs-caption-words")).to_have_text(re.compile(f"^{part}"))
    expect(shown.locator(".gs-lit")).to_have_text("g_optim.step()")
    shown.get_by_role("radio", name="Those of D alone").check()
    shown.get_by_role("button", name="Measure").click()
    expect(shown.locator(".gs-question .gs-verdict")).to_have_text(re.compile("^Right"))


def test_show_me_marks_the_control_and_ticks_when_it_is_used(open_page):
    page = open_page("/?learn=generator")
    opened(page, "generator")
    page.get_by_role("button", name="Show me").click()
    marked = page.locator(".gs-marked")
    expect(marked).to_be_visible()
    tour = page.locator(".gs-tour")
    expect(tour).to_contain_text("Drag any slider under Directions")
    marked.get_by_role("slider").first.press("ArrowRight")
    expect(tour).to_contain_text("✓ You changed a picture by its z.")
    tour.get_by_role("button", name="Back to the lesson").click()
    expect(page.locator(".gs-contents")).to_contain_text("1 of 11 done")
    expect(page.locator(".gs-marked")).to_have_count(0)


def test_who_is_new_is_offered_a_tour_once(open_page):
    page = open_page()
    offer, strip = page.locator(".gs-welcome"), page.get_by_role("tablist").first
    above = strip.bounding_box()
    expect(offer).to_contain_text("New here?")
    assert strip.bounding_box() == above  # nothing moves when it comes
    offer.get_by_role("button", name="A three-minute tour").click()
    expect(page.locator(".gs-tour")).to_contain_text("Drag any slider")
    page.reload()
    page.wait_for_timeout(4000)
    expect(offer).to_be_empty()


def test_the_glossary_explains_what_lessons_mark(open_page):
    page = open_page("/?learn=glossary")
    terms = page.locator(".gs-glossary dt")
    expect(terms.first).to_be_visible()
    assert terms.count() == page.locator(".gs-glossary dd").count() > 40
    page.goto(page.url.replace("glossary", "what"))
    page.locator(".gs-lesson .gs-term").first.focus()
    expect(page.locator(".gs-bubble")).to_contain_text("a generator learns to make pictures")


# Texts with so many words are sentences; fewer may be names.
SENTENCE = re.compile(r"[A-Za-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}")
TEXTS = """() => {
  const left = "script, style, pre, code, textarea, [translate=no], .gs-card a, [hidden]";
  const walker = document.createTreeWalker(document.querySelector(".gradio-container"), NodeFilter.SHOW_TEXT);
  const found = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.parentElement.closest(left) || !node.parentElement.checkVisibility()) continue;
    found.push(node.data.trim());
  }
  return found;
}"""


def test_the_page_in_chinese(open_page, keep_screenshot):
    page = open_page("/?lang=zh")
    assert page.evaluate("document.documentElement.lang") == "zh"
    names = ("探索", "漫步", "培育", "寻找", "训练", "比较", "报告", "点", "学习")
    for name in names:
        page.get_by_role("tab", name=name, exact=True).click()
        page.wait_for_timeout(2500)
        english = [text for text in page.evaluate(TEXTS) if SENTENCE.search(text)]
        assert english == [], name
        for width in (1440, 390):
            resize(page, width, "light")
            page.wait_for_timeout(300)
            assert no_sideways_scroll(page), (name, width)
            keep_screenshot(page, f"zh-{names.index(name)}-{width}")
        resize(page, 1440, "light")
    # The switch, and back; it is kept.
    page.get_by_role("button", name="Show this page in English").click()
    expect(page.get_by_role("tab", name="Explore")).to_be_visible()
    assert "lang=" not in page.url
    page.get_by_role("button", name="用中文显示本页").click()
    expect(page.get_by_role("tab", name="探索")).to_be_visible()


def test_an_error_of_the_server_in_chinese(open_page):
    page = open_page("/?lang=zh&model=digits&seed=-1")
    expect(page.locator(".gs-explore .gs-error:not(.gs-field-error)")).to_have_text(
        re.compile("^此链接中.+=-1 不是 0 到 4,294,967,295 之间的整数。$")
    )


def test_a_lesson_link_opens_what_a_teacher_prepared(open_page):
    page = open_page("/?learn=what")
    opened(page, "what")
    page.get_by_role("button", name="Prepare a lesson link").click()
    maker = page.locator(".gs-link-maker")
    page.get_by_role("tab", name="Explore").click()
    maker.get_by_label("First task, one sentence").fill("Find <b>glasses</b>.")
    maker.get_by_label("Lesson beside it").select_option("generator")
    maker.get_by_text("Hide parts of the page").click()
    maker.get_by_label("seed", exact=True).check()
    maker.get_by_role("button", name="QR code").click()
    expect(maker.get_by_role("img", name="QR code")).to_be_visible()
    page.wait_for_timeout(1000)  # the state comes to rest in the address
    link = page.evaluate(
        "decodeURIComponent(new URL(document.querySelector('.gs-qr').src).searchParams.get('text'))"
    )
    assert "task=" in link and "hide=seed" in link and "lesson=generator" in link
    page.goto(link)
    expect(page.locator(".gs-task")).to_have_text("Find <b>glasses</b>.")
    expect(page.locator(".gs-seed")).to_be_hidden()
    page.locator(".gs-beside summary").click()
    expect(page.locator(".gs-beside")).to_contain_text("G is a function: numbers in, picture out.")
    hostile = link.split("?")[0] + "?hide=body&task=" + "x" * 300
    page.goto(hostile)
    expect(page.locator(".gs-lesson-bar .gs-error").first).to_contain_text("hide=body is none of tabs")
    expect(page.locator(".gs-seed")).to_be_visible()


def test_the_projector_shows_one_thing(open_page):
    page = open_page()
    page.locator("body").press("f")
    shown = page.locator(".gs-projected")
    expect(shown).to_be_visible()
    box = shown.bounding_box()
    assert box["width"] >= 1400 and box["height"] >= 860
    page.keyboard.press("Escape")
    expect(shown).to_have_count(0)
    page.get_by_role("tab", name="Walk").click()
    page.get_by_label("Seeds to add").first.press("f")  # typing is no command
    expect(shown).to_have_count(0)


def test_in_chinese_sentences_with_terms_dropdowns_and_the_last_tab_on_a_phone(open_page):
    page = open_page("/?lang=zh", 390)
    # The terms stand where the Chinese sentence has them.
    expect(page.locator(".gs-lead").first).to_have_text(
        "拖动滑块：生成器会根据改变后的潜在向量 z 重画图片。"
    )
    menu = page.get_by_role("combobox").first
    expect(menu).to_have_value("faces — trained on faces")
    expect(page.locator("[data-shown]:visible").first).to_have_attribute(
        "data-shown", "faces — 用 faces 训练"
    )
    expect(menu).to_have_attribute("aria-description", "faces — 用 faces 训练")
    # All tabs are in the strip, none in a menu of Gradio's that the strip has no room for.
    page.get_by_role("tab", name="学习").click()
    expect(page.locator(".gs-lesson h2")).to_have_text("什么是 GAN？")
    assert page.locator(".overflow-menu").evaluate("menu => menu.getBoundingClientRect().width") == 0
