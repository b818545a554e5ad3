"""Breed, as people use it: choose, go back, mix, keep, walk, add and subtract, share."""

import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.browser.conftest import (
    hand_over,
    no_sideways_scroll,
    open_tab,
    pixels,
    resize,
    wait_for_change,
)

GRID = ".gs-brood"
PARENT = ".gs-parent canvas"
WORDS = ".gs-words"


def breed_page(open_page, path="/", **options):
    page = open_page(path, **options)
    if "breed=" not in path:
        open_tab(page, "Breed")
    expect(child(page, 16)).to_be_enabled()
    return page


def child(page, number):
    return page.get_by_role("button", name=f"Child {number}", exact=True)


def picture(number):
    return f"{GRID} button:nth-child({number}) canvas"


def all_pixels(page):
    return [pixels(page, picture(number)) for number in range(1, 17)]


def choose(page, number):
    """Press a child, and wait for its own children."""
    before = page.locator(WORDS).inner_text()
    child(page, number).click()
    expect(page.locator(WORDS)).not_to_have_text(before, use_inner_text=True)


def slide(page, percent):
    page.get_by_role("slider", name="Difference").fill(str(percent))
    expect(page.locator(WORDS)).to_contain_text(f"difference {percent / 100:.2f}")


def link_of(page) -> str:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator(".gs-breed").get_by_role("button", name="Copy a link").click()
    expect(page.locator(".gs-breed").get_by_role("status")).to_contain_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    return link[link.index("/?") :]


def test_the_child_that_is_pressed_becomes_the_parent(open_page):
    page = breed_page(open_page)
    sixth = pixels(page, picture(6))
    choose(page, 6)
    assert pixels(page, PARENT) == sixth
    expect(page.locator(WORDS)).to_contain_text("16 children of child 6 of seed 42")
    assert pixels(page, picture(6)) != sixth


def test_old_children_stay_until_the_new_ones_come_and_nothing_moves(open_page):
    page = breed_page(open_page)
    before, place = all_pixels(page), child(page, 16).bounding_box()
    held = []
    page.route("**/ganscope/children*", lambda route: held.append(route))
    child(page, 6).click()
    expect(page.locator(GRID)).to_have_class(re.compile("gs-busy"))
    assert all_pixels(page) == before and child(page, 16).bounding_box() == place
    held[0].continue_()
    expect(page.locator(GRID)).not_to_have_class(re.compile("gs-busy"))
    assert child(page, 16).bounding_box() == place


def test_ancestors_lead_back_and_branches_are_not_lost(open_page):
    page = breed_page(open_page)
    first = all_pixels(page)
    choose(page, 6)
    choose(page, 3)
    tree = page.locator(".gs-tree")
    expect(tree.get_by_role("button")).to_have_count(3)
    tree.get_by_role("button", name=re.compile("^seed 42")).click()
    expect(page.locator(WORDS)).to_contain_text("children of seed 42")
    assert all_pixels(page) == first
    choose(page, 9)
    expect(tree.get_by_role("button")).to_have_count(4)
    # The branch that was left is still there.
    tree.get_by_role("button", name=re.compile("^child 3 of child 6")).click()
    expect(page.locator(WORDS)).to_contain_text("children of child 3 of child 6")
    expect(tree.locator("[aria-current]")).to_have_count(1)


def test_back_and_forward_by_keys_and_by_buttons(open_page):
    page = breed_page(open_page)
    first = all_pixels(page)
    choose(page, 6)
    second = all_pixels(page)
    slide(page, 20)
    page.keyboard.press("Control+z")
    expect(page.locator(WORDS)).to_contain_text("difference 0.40")
    assert all_pixels(page) == second
    page.get_by_role("button", name=re.compile("^One step back")).click()
    expect(page.locator(WORDS)).to_contain_text("children of seed 42, difference 0.40")
    assert all_pixels(page) == first
    expect(page.get_by_role("button", name=re.compile("^One step back"))).to_be_disabled()
    page.get_by_role("button", name=re.compile("^One step forward")).click()
    expect(page.locator(WORDS)).to_contain_text("child 6")
    assert all_pixels(page) == second


def test_the_keyboard_alone_moves_chooses_and_keeps(open_page):
    page = breed_page(open_page)
    child(page, 1).focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp", "ArrowUp", "ArrowLeft", "ArrowDown"):
        page.keyboard.press(key)
    expect(child(page, 5)).to_be_focused()
    page.keyboard.press("k")
    expect(page.locator(".gs-shelf .gs-face")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(WORDS)).to_contain_text("children of child 5")
    expect(child(page, 5)).to_be_focused()


def test_twins_are_all_alike_and_strangers_are_not(open_page):
    page = breed_page(open_page)
    slide(page, 0)
    assert len(set(all_pixels(page))) == 1
    slide(page, 100)
    assert len(set(all_pixels(page))) == 16


def test_other_children_are_others_of_the_same_parent(open_page):
    page = breed_page(open_page)
    first = pixels(page, picture(1))
    page.get_by_role("button", name="Other children of the same parents").click()
    wait_for_change(page, picture(1), first)
    expect(page.locator(WORDS)).to_contain_text("children of seed 42")


def test_two_parents_are_mixed_and_parted_again(open_page):
    page = breed_page(open_page)
    alone = all_pixels(page)
    field = page.get_by_role("spinbutton", name="Seed of a second parent")
    field.fill("45")
    field.press("Enter")
    expect(page.locator(WORDS)).to_contain_text("children of seed 42 and seed 45, difference 0.10")
    assert set(all_pixels(page)).isdisjoint(alone)
    page.get_by_role("button", name="Remove the second parent").click()
    expect(page.locator(WORDS)).to_contain_text("children of seed 42, difference 0.40")
    assert all_pixels(page) == alone


def test_a_child_is_dragged_onto_the_second_parent(open_page):
    page = breed_page(open_page)
    page.drag_and_drop(f"{GRID} button:nth-child(4)", ".gs-mix")
    expect(page.locator(WORDS)).to_contain_text("children of seed 42 and child 4 of seed 42")


def test_the_shelf_walks_survives_a_reload_and_is_emptied(open_page):
    page = breed_page(open_page)
    kept = [pixels(page, picture(number)) for number in (2, 7)]
    for number in (2, 7):
        child(page, number).focus()
        page.keyboard.press("k")
    page.keyboard.press("k")  # once more: it is there already
    expect(page.locator(".gs-shelf .gs-face")).to_have_count(2)
    page.get_by_role("button", name="Open Walk with the pictures of the shelf").click()
    keys = page.locator(".gs-keys li")
    expect(keys).to_have_count(2)
    expect(keys.first).to_contain_text("child 2 of seed 42")
    expect(page.get_by_text("frame 1 of 60")).to_be_visible()
    for i in (1, 2):
        page.wait_for_function(
            "([key, kept]) => document.querySelector(key).toDataURL() === kept",
            arg=[f".gs-keys li:nth-child({i}) canvas", kept[i - 1]],
        )
    page.reload()
    open_tab(page, "Breed")
    expect(page.locator(".gs-shelf .gs-face")).to_have_count(2)
    page.wait_for_function("document.querySelector('.gs-shelf canvas').width === 128")
    assert pixels(page, ".gs-shelf li:nth-child(1) canvas") == kept[0]
    page.get_by_role("button", name="Make it the parent: child 2").click()
    expect(page.locator(WORDS)).to_contain_text("children of child 2 of seed 42")
    assert pixels(page, PARENT) == kept[0]
    for _ in range(2):
        page.get_by_role("button", name="Remove from the shelf").first.click()
    expect(page.locator(".gs-shelf")).to_contain_text("Empty")


def test_a_shelf_that_someone_else_wrote_does_no_harm(open_page):
    # A browser's shelf of "faces" is that of the weights of then.
    page = open_page("/?model=faces64&breed=7.c0d35s2")
    shelf = '{"faces": [{"text": "<b>", "label": "<img src=x onerror=alert(1)>"}, null, {"text": 7}]}'
    page.evaluate("text => localStorage.setItem('ganscope-shelf', text)", shelf)
    page.reload()
    expect(page.locator(".gs-shelf .gs-face")).to_have_count(1)  # 7 is a seed
    expect(child(page, 16)).to_be_enabled()


@pytest.mark.parametrize("model", ["faces", "digits"])
def test_a_link_opens_on_the_same_children_to_the_pixel(open_page, model):
    page = breed_page(open_page, f"/?model={model}&breed=7.c0d35s2")
    choose(page, 6)
    field = page.get_by_role("spinbutton", name="Seed of a second parent")
    field.fill("45")
    field.press("Enter")
    expect(page.locator(WORDS)).to_contain_text("and seed 45")
    choose(page, 11)
    slide(page, 33)
    before = pixels(page, picture(1))
    page.get_by_role("button", name="Other children of the same parents").click()
    wait_for_change(page, picture(1), before)
    link = link_of(page)
    assert len(link) < 120
    again = breed_page(open_page, link)
    expect(again.locator(WORDS)).to_have_text(page.locator(WORDS).inner_text(), use_inner_text=True)
    assert all_pixels(again) == all_pixels(page)
    assert pixels(again, PARENT) == pixels(page, PARENT)
    expect(again.locator(".gs-tree").get_by_role("button")).to_have_count(4)
    expect(again.locator("#menu-breed input")).to_have_value(re.compile(f"^{model}"))


@pytest.mark.parametrize(
    "recipe",
    [
        "x",
        "42",
        "42.c1d1s1",
        "c0d1s1",
        "42.c0d101s1",
        "zAAAA.c0d1s1",
        "%3Cb%3E",
        "1" * 5000,
        "42.a0m0p0",
    ],
)
def test_a_hostile_link_is_told_and_something_is_shown(open_page, recipe):
    page = breed_page(open_page, f"/?model=digits&breed={recipe}")
    expect(page.locator(".gs-breed .gs-error")).to_contain_text("is a recipe that does not fit digits")
    expect(page.locator(WORDS)).to_contain_text("children of seed 42")


def test_a_link_that_only_the_server_can_refuse_is_told_too(open_page):
    page = breed_page(open_page, "/?model=digits&breed=7.c0d35s1i99.c1d35s1")
    expect(page.locator(".gs-breed .gs-error")).to_contain_text("index of a child must be")
    expect(page.locator(WORDS)).to_contain_text("children of seed 42")
    expect(page.locator(".gs-tree").get_by_role("button")).to_have_count(1)


def test_a_link_to_a_model_that_is_not_here_is_told(open_page):
    page = breed_page(open_page, "/?model=nope&breed=42.c0d35s1")
    expect(page.locator(".gs-breed .gs-error")).to_contain_text("no model called")
    expect(page.locator(WORDS)).to_contain_text("children of seed 42")


def test_a_latent_from_another_tab_is_bred_from(open_page):
    page = open_page()
    numbers = "Float32Array.from({length: 64}, (_, i) => Math.sin(i * i) * 1.5)"
    hand_over(page, "breed", f"{{model: 'digits', z: {numbers}, label: 'a sine'}}")
    expect(page.locator(WORDS)).to_contain_text("children of a sine")
    expect(page.locator("#menu-breed input")).to_have_value(re.compile("^digits"))
    again = breed_page(open_page, link_of(page))
    assert all_pixels(again) == all_pixels(page)


def test_explore_opens_breed_with_its_seed_or_with_what_was_made_of_it(open_page):
    page = open_page("/?model=digits&seed=7")
    button = page.get_by_role("button", name="Open Breed with children of this picture")
    button.click()
    expect(page.locator(WORDS)).to_contain_text("children of seed 7,")
    open_tab(page, "Explore")
    page.get_by_role("slider", name="Truncation").fill("0.5")
    button.click()
    expect(page.locator(WORDS)).to_contain_text("children of seed 7, edited")


def test_the_parent_opens_in_explore_with_its_picture(open_page):
    page = breed_page(open_page)
    choose(page, 6)
    parent = pixels(page, PARENT)
    page.get_by_role("button", name="Open the parent in Explore").click()
    expect(page.get_by_text("Begins at child 6 of seed 42")).to_be_visible()
    page.wait_for_function(
        "parent => document.querySelector('.gs-explore .gs-picture').toDataURL() === parent", arg=parent
    )


def test_a_sum_that_was_found_to_work_and_one_of_our_own(open_page):
    page = breed_page(open_page)
    page.get_by_role("button", name="Add what some pictures have").click()
    expect(page.locator(WORDS)).to_contain_text("16 pictures near A − B + C, difference 0.08")
    slots = page.locator(".gs-slot")
    expect(slots.nth(0).get_by_role("button")).to_have_count(6)
    before = pixels(page, PARENT)
    slots.nth(2).get_by_role("textbox").fill("79, 36")
    slots.nth(2).get_by_role("textbox").press("Enter")
    expect(slots.nth(2).get_by_role("button")).to_have_count(3)
    wait_for_change(page, PARENT, before)
    slots.nth(2).get_by_role("button", name="Take seed 98 out").click()
    expect(slots.nth(2).get_by_role("button")).to_have_count(2)
    slots.nth(2).get_by_role("button", name="Take seed 79 out").click()
    expect(slots.nth(2).get_by_role("button")).to_have_count(1)
    slots.nth(2).get_by_role("button").click()
    expect(page.locator(".gs-breed").get_by_role("status")).to_contain_text("needs a picture")
    again = breed_page(open_page, link_of(page))
    assert all_pixels(again) == all_pixels(page)
    expect(again.locator(".gs-slot").nth(1).get_by_role("button")).to_have_count(6)
    # From the sum, children are bred as from any picture; and the sum is found again.
    choose(again, 5)
    expect(again.locator(WORDS)).to_contain_text("children of child 5 of A − B + C")
    expect(again.locator(".gs-sum")).to_be_hidden()
    again.get_by_role("button", name="Add what some pictures have").click()
    expect(again.locator(".gs-slot").nth(0).get_by_role("button")).to_have_count(6)


def test_bad_seeds_in_a_sum_are_told(open_page):
    page = breed_page(open_page)
    page.get_by_role("button", name="Add what some pictures have").click()
    field = page.locator(".gs-slot").nth(0).get_by_role("textbox")
    error = page.locator(".gs-breed .gs-error")
    for seeds in ("x", "-1", "4294967296", "1.5", ""):
        field.fill("3")
        field.press("Enter")
        expect(error).to_be_hidden()
        field.fill(seeds)
        field.press("Enter")
        expect(error).to_contain_text("Type seeds as whole numbers")


def test_a_late_picture_of_a_sum_leaves_a_newer_error(open_page):
    page = breed_page(open_page)
    page.get_by_role("button", name="Add what some pictures have").click()
    slot = page.locator(".gs-slot").nth(0)
    field, faces = slot.get_by_role("textbox"), slot.get_by_role("button")
    expect(faces).to_have_count(6)
    held = []
    page.route("**/ganscope/latents*", lambda route: held.append(route))
    field.fill("3")
    with page.expect_request("**/ganscope/latents*"):
        field.press("Enter")
    field.fill("x")
    field.press("Enter")
    error = page.locator(".gs-breed .gs-error")
    expect(error).to_contain_text("Type seeds as whole numbers")
    held[0].continue_()
    expect(faces).to_have_count(7)
    expect(error).to_contain_text("Type seeds as whole numbers")
    field.fill("4")
    page.unroute_all()
    field.press("Enter")
    expect(faces).to_have_count(8)
    expect(error).to_be_hidden()


def test_pictures_are_saved(open_page):
    page = breed_page(open_page)
    for name, side in (
        ("Save all children in one PNG file", 512),
        ("Save the parent as a PNG file", 512),
    ):
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        with Image.open(io.BytesIO(download.value.path().read_bytes())) as image:
            assert (image.format, image.size) == ("PNG", (side, side))


def test_another_model_begins_anew(open_page):
    page = breed_page(open_page)
    choose(page, 6)
    page.locator("#menu-breed input").click()
    page.get_by_role("option", name=re.compile("^digits —")).click()
    expect(page.locator(WORDS)).to_contain_text("children of seed 42")
    page.wait_for_function("document.querySelector('.gs-brood canvas').width === 32")
    expect(page.locator(".gs-tree").get_by_role("button")).to_have_count(1)


def test_it_fits_every_screen(open_page, keep_screenshot):
    page = breed_page(open_page)
    choose(page, 6)
    page.get_by_role("button", name="Keep the parent on the shelf").click()
    screens = ((1440, "light"), (1366, "dark"), (390, "light"), (390, "dark"))
    for name in ("breed", "breed-sum"):
        for width, scheme in screens:
            resize(page, width, scheme)
            assert no_sideways_scroll(page), f"{name} at {width}"
            keep_screenshot(page, f"{name}-{width}-{scheme}")
        if name == "breed":
            page.get_by_role("button", name="Add what some pictures have").click()
            expect(page.locator(WORDS)).to_contain_text("A − B + C")
