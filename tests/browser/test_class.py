"""A class in browsers: joining, the board, a run that is shown to all, and the end."""

import re

from helpers.serving import TEACHER_KEY
from playwright.sync_api import expect


def test_a_class_from_opening_to_closing(open_page, keep_screenshot):
    teacher = open_page(f"/?teacher={TEACHER_KEY}", stranger=True)
    board = teacher.locator(".gs-class-board")
    board.get_by_role("button", name="Open a class").click()
    code = board.locator(".gs-room-code")
    expect(code).to_have_text(re.compile("^[A-Z]{4}$"))
    assert TEACHER_KEY not in teacher.url
    expect(board.get_by_role("img", name="QR code to join")).to_be_visible()

    student = open_page(f"/?room={code.text_content()}&learn=generator", width=390)
    join = student.locator(".gs-join")
    join.get_by_label("Your nickname").fill("<i>Ada</i>")
    join.get_by_role("button", name="Join").click()
    expect(student.locator(".gs-in-class")).to_contain_text("<i>Ada</i> · 1 here")
    card = board.locator(".gs-wall li")
    expect(card).to_contain_text("<i>Ada</i>")
    expect(card).to_contain_text("The generator")
    expect(card).to_contain_text("no run yet")

    student.get_by_role("tab", name="Train").click()
    student.locator("#train-button").click()
    expect(card).to_contain_text(re.compile("training, step [1-9]"))
    keep_screenshot(teacher, "class-board")

    other = open_page("/", stranger=True)
    other.goto(other.url.split("?")[0] + f"?room={code.text_content()}")
    join = other.locator(".gs-join")
    join.get_by_label("Your nickname").fill("Bo")
    join.get_by_role("button", name="Join").click()
    card.first.get_by_role("button", name="Show to all").click()
    other.wait_for_url(re.compile("run="))
    expect(other.locator(".gs-train")).to_contain_text("somebody else started this run")
    expect(other.locator(".gs-in-class")).to_contain_text("Bo · 2 here")
    expect(other.locator(".gs-train-buttons").get_by_role("button", name="Stop")).to_be_disabled()

    board.get_by_role("button", name="Pause all").click()
    expect(student.locator(".gs-in-class")).to_contain_text("Your teacher has paused all runs.")
    expect(card.first).to_contain_text("paused")
    board.get_by_role("button", name="Go on").click()
    expect(card.first).to_contain_text("training")
    with teacher.expect_download() as saved:
        board.get_by_role("button", name="Results as CSV").click()
    assert saved.value.suggested_filename == "class.csv"
    board.get_by_role("button", name="Close the class").click()
    expect(student.locator(".gs-class")).to_contain_text("You are in no open room (any more)")


def test_a_wrong_code_and_a_wrong_key_are_said(open_page):
    page = open_page("/?room=AAAA")
    page.locator(".gs-join").get_by_label("Your nickname").fill("Eve")
    page.locator(".gs-join").get_by_role("button", name="Join").click()
    expect(page.locator(".gs-class .gs-error")).to_contain_text("There is no open room with this code")
    other = open_page("/?teacher=wrong", stranger=True)
    expect(other.locator(".gs-class .gs-error")).to_contain_text("Only the teacher may do this")
