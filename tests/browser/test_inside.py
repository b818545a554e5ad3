"""Inside, as people use it: look at layers, switch units, paint by mouse and keyboard, ask the discriminator, share."""

import re

import pytest
import torch
from PIL import Image
from playwright.sync_api import expect

from gan.common.files import digest
from gan.maps.latent_map import draw_map
from gan.maps.map_file import write_map
from gan.models.generator import Generator
from gan.models.init import initialise
from gan.models.registry import WEIGHTS_FILE, WEIGHTS_FOLDER
from gan.models.storage import save_generator
from gan.settings.config import TrainConfig
from tests.browser.conftest import at_rest, no_sideways_scroll, pixels, wait_for_change

PICTURE = ".gs-inside canvas.gs-picture"
LAYERS = ".gs-inside-layer"
CONTENT = f"document.querySelector('{PICTURE}').toDataURL()"


def inside_page(open_page, path="/?tab=inside", **options):
    page = open_page(path, **options)
    expect(page.locator(".gs-unit").first).to_be_visible()
    expect(page.locator(f"{LAYERS} canvas").first).to_be_visible()
    at_rest(page, PICTURE)
    return page


def button(page, name):
    return page.locator(".gs-inside").get_by_role("button", name=name)


def paint(page, places):
    """Drag the brush over these places, shares of the picture's side."""
    page.locator(".gs-brush").scroll_into_view_if_needed()
    box = page.locator(".gs-brush").bounding_box()
    for index, (x, y) in enumerate(places):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
        if not index:
            page.mouse.down()
    page.mouse.up()


def link_of(page) -> str:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    button(page, "Copy link").click()
    expect(page.locator(".gs-inside .gs-actions [role=status]")).to_contain_text("Link copied")
    link = page.evaluate("navigator.clipboard.readText()")
    return link[link.index("?") - 1 :]


def test_hair_is_painted_taken_back_and_shared_to_the_pixel(open_page, keep_screenshot):
    page = inside_page(open_page)
    plain = pixels(page, PICTURE)
    page.locator(".gs-part", has_text="hair").click()
    paint(page, [(0.2, 0.6), (0.15, 0.9)])
    wait_for_change(page, PICTURE, plain)
    painted = at_rest(page, PICTURE)
    assert painted != plain
    keep_screenshot(page, "inside")
    button(page, "Original").click()
    wait_for_change(page, PICTURE, painted)
    assert at_rest(page, PICTURE) == plain
    button(page, "Original").click()
    wait_for_change(page, PICTURE, plain)
    link = link_of(page)
    assert "inside=more.hair." in link and len(link) < 400
    # One stroke is one step.
    button(page, "Undo").click()
    wait_for_change(page, PICTURE, painted)
    assert at_rest(page, PICTURE) == plain
    expect(button(page, "Undo")).to_be_disabled()
    page.keyboard.press("Control+y")
    wait_for_change(page, PICTURE, plain)
    assert at_rest(page, PICTURE) == painted
    again = inside_page(open_page, link)
    assert pixels(again, PICTURE) == painted


def test_a_unit_is_switched_off_alone_and_left_as_it_was(open_page):
    page = inside_page(open_page)
    plain = pixels(page, PICTURE)
    page.locator(LAYERS).nth(1).click()
    expect(page.locator(".gs-inside h3", has_text="8×8")).to_be_visible()
    tile = page.locator(".gs-unit").first
    expect(tile.locator("canvas")).to_have_attribute("width", "8")
    tile.click()
    button(page, "Switch this unit off").click()
    off = wait_for_change(page, PICTURE, plain)
    expect(tile).to_contain_text("×0")
    button(page, "Only this one").click()
    wait_for_change(page, PICTURE, off)
    expect(page.locator(".gs-unit").nth(3)).to_contain_text("×0")
    # Another one than the only one: that is then no longer the only one.
    page.locator(".gs-unit").nth(3).click()
    button(page, "As it was").click()
    expect(page.locator(".gs-unit").nth(3)).not_to_contain_text("×")
    expect(page.locator(".gs-unit").nth(2)).not_to_contain_text("×")
    tile.click()
    button(page, "As it was").click()
    expect(tile).not_to_contain_text("×0")
    page.wait_for_function(
        "([s, plain]) => document.querySelector(s).toDataURL() === plain", arg=[PICTURE, plain]
    )
    button(page, "Show all").click()
    expect(page.locator(".gs-unit")).to_have_count(128)


def test_by_keyboard_alone(open_page):
    page = inside_page(open_page)
    plain = pixels(page, PICTURE)
    page.locator(".gs-part").first.focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".gs-part").nth(1)).to_have_attribute("aria-pressed", "true")
    page.locator(".gs-brush").focus()
    for _ in range(8):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    painted = wait_for_change(page, PICTURE, plain)
    page.keyboard.press("Control+z")
    wait_for_change(page, PICTURE, painted)
    assert at_rest(page, PICTURE) == plain


def test_the_film_plays_to_the_picture(open_page):
    page = inside_page(open_page)
    picture = pixels(page, PICTURE)
    button(page, "Play").click()
    page.wait_for_function("s => document.querySelector(s).width === 4", arg=PICTURE)
    page.wait_for_function("s => document.querySelector(s).width === 32", arg=PICTURE)
    page.wait_for_function(
        "([s, before]) => document.querySelector(s).toDataURL() === before", arg=[PICTURE, picture]
    )
    expect(button(page, "Play")).to_have_text("▶ Play")


def test_the_discriminator_says_what_it_sees(open_page, tmp_path, keep_screenshot):
    page = inside_page(open_page)
    button(page, "Ask the discriminator").click()
    columns = page.locator(".gs-critic > div:visible")
    words, number = columns.locator(".gs-critic-words"), re.compile(r"^Logit -?\d")
    expect(words).to_have_text([number, number])
    assert pixels(page, ".gs-critic > div:nth-child(1) canvas") == pixels(page, PICTURE)
    # Its layers, and the most active units of each.
    layers = columns.first.locator(".gs-critic-layer")
    expect(layers).to_contain_text(["32×32", "16×16", "8×8", "4×4"])
    expect(layers.locator("canvas")).to_have_count(32)
    before = pixels(page, ".gs-critic > div:nth-child(2) canvas")
    button(page, "Another real one").click()
    wait_for_change(page, ".gs-critic > div:nth-child(2) canvas", before)

    Image.new("RGB", (200, 100), "green").save(tmp_path / "mine.png")
    with page.expect_file_chooser() as chooser:
        button(page, "Show it a picture of yours").click()
    chooser.value.set_files(tmp_path / "mine.png")
    expect(words).to_have_text([number, number, number])
    keep_screenshot(page, "inside-critic")
    (tmp_path / "words.png").write_text("no picture")
    with page.expect_file_chooser() as chooser:
        button(page, "Show it a picture of yours").click()
    chooser.value.set_files(tmp_path / "words.png")
    expect(page.locator(".gs-inside .gs-right .gs-error:visible")).to_contain_text("cannot be used")


def test_a_drawing_is_judged_after_each_stroke(open_page, keep_screenshot):
    page = inside_page(open_page)
    button(page, "Ask the discriminator").click()
    expect(page.locator(".gs-critic")).to_be_visible()
    button(page, "Draw a picture: it is judged after each stroke").click()
    sheet, mine = page.locator(".gs-critic-paper .gs-sketch"), page.locator(".gs-critic > div").nth(2)
    page.get_by_role("button", name="Brush: blue").click()
    sheet.scroll_into_view_if_needed()
    box = sheet.bounding_box()
    said = []
    for y in (0.3, 0.7):
        page.mouse.move(box["x"] + 40, box["y"] + y * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + 200, box["y"] + y * box["height"], steps=4)
        page.mouse.up()
        if said:
            expect(mine.locator(".gs-critic-words")).not_to_have_text(said[0])
        expect(mine.locator(".gs-critic-words")).to_have_text(re.compile(r"^Logit -?\d"))
        expect(page.locator(".gs-inside .gs-hint[role=status]").first).to_have_text("")
        said.append(mine.locator(".gs-critic-words").text_content())
    shown = page.evaluate(
        "[...document.querySelectorAll('.gs-critic > div')][2].querySelector('.gs-critic-maps canvas')"
        ".getContext('2d').getImageData(64, 38, 1, 1).data.slice(0, 3).join()"
    )
    assert shown == "58,110,168"  # the blue of the stroke
    keep_screenshot(page, "inside-critic-drawing")


def test_a_model_without_a_discriminator_says_so_and_pictures_have_other_parts(open_page):
    page = inside_page(open_page, "/?tab=inside&model=digits&seed=3")
    expect(page.locator(".gs-part")).to_have_text(["paper", "ink"])
    button(page, "Ask the discriminator").click()
    expect(
        page.locator(".gs-inside .gs-error", has_text="came without its discriminator")
    ).to_be_visible()


def test_another_layer_or_model_leaves_no_chosen_unit(open_page):
    page = inside_page(open_page)
    page.locator(".gs-unit").nth(5).click()
    expect(button(page, "Switch this unit off")).to_be_visible()
    page.locator(LAYERS).first.click()
    expect(button(page, "Switch this unit off")).to_be_hidden()
    expect(page.locator(".gs-unit")).to_have_count(24)
    page.locator(".gs-unit").nth(5).click()
    menu = page.locator("#menu-inside input")
    menu.fill("digits")
    menu.press("Enter")
    expect(page.locator(".gs-part")).to_have_text(["paper", "ink"])
    expect(button(page, "Switch this unit off")).to_be_hidden()
    expect(page.locator(".gs-inside .gs-left > div.gs-error")).to_be_empty()


def test_a_picture_comes_from_explore(open_page):
    page = open_page("/?model=faces&seed=28&weights=none")
    picture = at_rest(page, ".gs-explore canvas.gs-picture")
    page.get_by_role("button", name="Look inside").first.click()
    expect(page.get_by_role("spinbutton", name="Seed").last).to_be_visible()
    page.wait_for_function(
        "([s, other]) => document.querySelector(s)?.toDataURL() === other", arg=[PICTURE, picture]
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ("inside=9.1x0", "inside=9.1x0 is no change of this model's units"),
        ("inside=<b>", "is no change of this model's units"),
        ("inside=more.beard." + "A" * 171, "is no change of this model's units"),
        ("inside=2.1x0&at=zz", "at=zz does not fit this model"),
        ("inside=2.1x0&seed=-1", "seed=-1 is no whole number"),
    ],
)
def test_what_is_wrong_in_a_link_is_said(open_page, fields, words):
    page = open_page(f"/?model=faces&weights=x&{fields}")
    expect(page.locator(".gs-inside .gs-left > div.gs-error")).to_contain_text(words)
    expect(page.locator(".gs-unit").first).to_be_visible()


@pytest.mark.parametrize("width", [1440, 820, 390])
def test_nothing_is_cut_off(open_page, width):
    page = inside_page(open_page, width=width)
    page.locator(".gs-part", has_text="glasses").click()
    assert no_sideways_scroll(page)


def test_a_stage_draws_by_a_latent_of_its_own(open_page, keep_screenshot):
    page = inside_page(open_page)
    start = pixels(page, PICTURE)
    page.get_by_text("Latents of single stages", exact=True).click()
    expect(page.get_by_role("group", name="Stage")).to_have_text("colours")
    share = page.get_by_role("slider", name="How much of this seed")
    expect(share).to_have_value("0")
    field = page.get_by_role("spinbutton", name="Seed of this stage")
    field.fill("11")
    field.press("Enter")
    expect(share).to_have_value("1")
    page.wait_for_function(f"start => {CONTENT} !== start", arg=start)
    at_rest(page, PICTURE)
    coloured = pixels(page, PICTURE)
    skin = page.locator(".gs-stage-directions").get_by_role("slider", name="dark skin")
    skin.fill("2")
    skin.dispatch_event("change")
    page.wait_for_function(f"start => {CONTENT} !== start", arg=coloured)
    keep_screenshot(page, "inside-stages")
    link = link_of(page)
    assert "inside=z1.seed.11x1,z1.named.dark_skinx2" in link
    button(page, "One change back (Ctrl+Z)").click()
    expect(skin).to_have_value("0")
    page.wait_for_function(f"start => {CONTENT} === start", arg=coloured)
    button(page, "Have this stage draw by the picture's own latent again").click()
    expect(share).to_have_value("0")
    page.wait_for_function(f"start => {CONTENT} === start", arg=start)
    field.fill("-1")
    field.press("Enter")
    expect(page.locator(".gs-inside-fold").first).to_contain_text("Seeds are whole numbers")

    again = inside_page(open_page, link)
    expect(again.locator(".gs-stage-directions").get_by_role("slider", name="dark skin")).to_have_value(
        "2"
    )
    expect(again.get_by_role("slider", name="How much of this seed")).to_have_value("1")


def test_models_that_take_z_once_have_no_sliders_of_stages(open_page):
    page = inside_page(open_page, "/?tab=inside&model=digits&seed=3")
    expect(page.get_by_text("Latents of single stages", exact=True)).to_be_hidden()


def test_forms_are_mixed_with_colours(open_page, keep_screenshot):
    page = inside_page(open_page)
    page.get_by_text("Mixing", exact=True).click()
    cells = page.locator(".gs-mix-cell")
    expect(cells).to_have_count(24)
    cell = ".gs-mix-cell[aria-label='Form of seed 5, the rest of seed 11'] canvas"
    below = cell.replace("seed 11", "seed 42")
    alike = (
        "([a, b, same]) => same === ("
        + " === ".join(f"document.querySelector({x}).toDataURL()" for x in "ab")
        + ")"
    )
    page.wait_for_function(alike, arg=[cell, below, False])
    keep_screenshot(page, "inside-mix")
    page.get_by_role("slider", name="How much of the rows").press("Home")
    # Nothing of the rows: a column is one picture.
    page.wait_for_function(alike, arg=[cell, below, True])
    page.get_by_role("slider", name="How much of the rows").press("End")
    page.locator(cell).click()
    large = page.locator(".gs-mix-large")
    expect(large).to_contain_text("Form of seed 5, the rest of seed 11")
    assert page.evaluate("document.querySelector('.gs-mix-large canvas').width") == 128
    page.wait_for_function("document.querySelector('.gs-mix-large canvas').toDataURL().length > 1000")
    mixture = pixels(page, ".gs-mix-large canvas")
    button(page, "Show this mixture as Inside's picture, to look into and to change").click()
    page.wait_for_function(f"mixture => {CONTENT} === mixture", arg=mixture)
    assert "inside=z1.seed.11x1" in link_of(page)
    page.locator(".gs-mix-head[aria-label='Seed 42']").click()
    expect(page.locator(".gs-inside").get_by_role("spinbutton", name="Seed")).to_have_value("42")
    button(page, "Mix other pictures").click()
    expect(page.locator(cell)).to_have_count(0)


def test_a_model_that_takes_z_once_says_so(open_page):
    page = inside_page(open_page, "/?tab=inside&model=photos")
    page.get_by_text("Mixing", exact=True).click()
    expect(page.get_by_text("takes z at its first layer alone")).to_be_visible()


MAP = ".gs-map"


def unfold_map(page):
    page.get_by_text("Map of the latent space").click()
    expect(page.locator(MAP)).to_be_visible()
    page.locator(MAP).scroll_into_view_if_needed()


def test_a_picture_of_the_map_is_shown_and_a_path_is_walked(open_page, keep_screenshot):
    page = inside_page(open_page)
    unfold_map(page)
    expect(page.get_by_text("The pictures of seeds 0 to")).to_be_visible()
    keep_screenshot(page, "inside-map")
    before, seed = (
        pixels(page, PICTURE),
        page.locator(".gs-inside").get_by_role("spinbutton", name="Seed"),
    )
    box = page.locator(MAP).bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_for_change(page, PICTURE, before)
    assert int(seed.input_value()) < 4000

    button(page, "Draw a line over the map").click()
    left, top = box["x"] + box["width"] / 2 - 120, box["y"] + box["height"] / 2
    page.mouse.move(left, top)
    page.mouse.down()
    page.mouse.move(left + 240, top + 20, steps=20)
    page.mouse.up()
    said = page.get_by_text(re.compile(r"A path through \d+ pictures"))
    count = int(re.search(r"\d+", said.inner_text())[0])
    assert 3 <= count <= 24
    button(page, "Play the path in Walk").click()
    expect(page.locator(".gs-walk .gs-keys li")).to_have_count(count)


def test_the_map_by_keyboard_and_real_pictures_on_it(open_page):
    page = inside_page(open_page)
    unfold_map(page)
    canvas = page.locator(MAP)
    canvas.focus()
    before = pixels(page, MAP)
    page.keyboard.press("+")
    nearer = wait_for_change(page, MAP, before)
    page.keyboard.press("ArrowRight")
    moved = wait_for_change(page, MAP, nearer)
    page.get_by_role("checkbox", name="Real pictures").check()
    wait_for_change(page, MAP, moved)
    button(page, "Show the whole map").click()
    picture = pixels(page, PICTURE)
    canvas.focus()
    page.keyboard.press("Enter")
    wait_for_change(page, PICTURE, picture)


def test_digits_lie_together_under_their_names(open_page, keep_screenshot):
    weights = digest(WEIGHTS_FOLDER / "digits" / WEIGHTS_FILE)[:12]
    page = inside_page(open_page, f"/?tab=inside&model=digits&weights={weights}")
    unfold_map(page)
    # Pictures of MNIST are not shipped.
    expect(page.get_by_role("checkbox", name="Real pictures")).to_be_hidden()
    names = page.locator(".gs-map-labels span")
    expect(names.first).to_be_visible()
    keep_screenshot(page, "inside-map-digits")
    assert len(set(names.all_inner_texts())) >= 8
    places = [names.nth(index).bounding_box() for index in range(names.count())]
    apart = {(round(place["x"] / 20), round(place["y"] / 20)) for place in places}
    assert len(apart) >= 8, "names lie over each other"


def test_the_map_of_a_run_stands_beside_what_it_was_earlier(open_page, server, keep_screenshot):
    seeds = Generator("dcgan", size=32, channels=1, width=4, z_dim=8)
    for start, folder in enumerate((server.runs / "unfolds", server.runs / "unfolds" / "steps" / "64")):
        initialise(seeds, torch.Generator().manual_seed(start))
        save_generator(folder, seeds.eval(), TrainConfig(data="glyphs"))
        *_, last = draw_map(seeds, samples=50, reals=0)
        write_map(folder, last.made, folder / WEIGHTS_FILE)
    page = inside_page(open_page, "/?tab=inside&model=run:unfolds")
    unfold_map(page)
    page.get_by_role("combobox", name="The map after fewer steps").select_option("after 64 steps")
    maps = page.locator(MAP)
    expect(maps).to_have_count(2)
    expect(page.get_by_role("heading", name="After 64 steps")).to_be_visible()
    first, second = (maps.nth(index).bounding_box() for index in range(2))
    assert first["y"] == second["y"] and first["x"] + first["width"] <= second["x"]
    keep_screenshot(page, "inside-map-earlier")
    # What showed the whole still does where there is less room.
    latest = ".gs-map-figure:last-child .gs-map"
    whole = at_rest(page, latest)
    button(page, "Show the whole map").click()
    assert at_rest(page, latest) == whole
    # A picture of the earlier map is one of a seed: what the run draws of it now is shown.
    whole, (x, y) = min(first["width"], first["height"]), (last.made.places[0] - 0.5).tolist()
    maps.first.click(
        position={"x": first["width"] / 2 + x * whole, "y": first["height"] / 2 + y * whole}
    )
    expect(page.locator(".gs-inside").get_by_role("spinbutton", name="Seed")).to_have_value("0")
    page.get_by_role("combobox", name="The map after fewer steps").select_option("nothing")
    expect(maps.first).to_be_hidden()


def test_a_link_shows_the_mixture_and_the_place_on_the_map(open_page):
    page = inside_page(open_page)
    page.get_by_text("Mixing", exact=True).click()
    button(page, "Mix other pictures").click()
    share = page.get_by_role("slider", name="How much of the rows")
    share.press("ArrowLeft")
    unfold_map(page)
    button(page, "Enlarge the map").click()
    page.locator(MAP).press("ArrowRight")
    at_rest(page, MAP)
    cells = page.locator(".gs-mix-cell")
    names = [cell.get_attribute("aria-label") for cell in cells.all()]
    link = link_of(page)
    again = inside_page(open_page, link)
    expect(again.get_by_role("slider", name="How much of the rows")).to_have_value("0.95")
    expect(again.locator(MAP)).to_be_visible()
    assert [cell.get_attribute("aria-label") for cell in again.locator(".gs-mix-cell").all()] == names
    at_rest(again, MAP)
    # To within a tenth of a pixel, by the numbers: x, y, and how much it is enlarged.
    assert link_of(again) == link and re.search(r"map=0\.5[0-9]+,0\.5,1\.5(&|$)", link)
    wrong = inside_page(open_page, "/?tab=inside&mix=5~7~3~0&map=0.5,0.5,2~64")
    notice = wrong.locator(".gs-inside .gs-error").first
    expect(notice).to_contain_text("mix=5~7~3~0 is no mixture of seeds")
    expect(notice).to_contain_text("a step after which this model was not kept")


def test_a_map_that_came_while_it_was_folded_is_whole_when_it_is_unfolded(open_page):
    page = inside_page(open_page)
    summary = page.get_by_text("Map of the latent space")
    with page.expect_response("**/map.webp"):
        summary.click()
        summary.click()
    page.wait_for_timeout(1000)
    expect(page.locator(MAP)).to_be_hidden()
    summary.click()
    expect(page.locator(MAP)).to_be_visible()
    drawn = """() => {
        const map = document.querySelector(".gs-map"), { width, height } = map;
        return map.getContext("2d").getImageData(0, 0, width, height).data.some((value) => value > 0);
    }"""
    page.wait_for_function(drawn)


def pull(page, start, end):
    """Pull a point of the picture, both places shares of its side, and wait until that has ended."""
    button(page, "Pull").click()
    page.locator(".gs-drag").scroll_into_view_if_needed()
    box = page.locator(".gs-drag").bounding_box()
    for index, (x, y) in enumerate((start, end)):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"], steps=4)
        if not index:
            page.mouse.down()
    page.mouse.up()
    said = page.locator(".gs-inside p[role=status]", has_text=re.compile("Arrived|Stuck|Stopped"))
    expect(said).to_be_visible(timeout=60_000)


def test_a_point_is_pulled_taken_back_and_shared_to_the_pixel(open_page, keep_screenshot):
    page = inside_page(open_page)
    plain = pixels(page, PICTURE)
    pull(page, (0.41, 0.72), (0.41, 0.78))
    wait_for_change(page, PICTURE, plain)
    pulled = at_rest(page, PICTURE)
    keep_screenshot(page, "inside-drag")
    link = link_of(page)
    assert re.search(r"inside=pull\.[\d.-]+x\d+", link)
    button(page, "Undo").click()
    wait_for_change(page, PICTURE, pulled)
    assert at_rest(page, PICTURE) == plain
    page.keyboard.press("Control+y")
    wait_for_change(page, PICTURE, plain)
    assert at_rest(page, PICTURE) == pulled
    again = inside_page(open_page, link)
    assert pixels(again, PICTURE) == pulled


def test_points_are_pulled_and_held_by_keyboard(open_page):
    page = inside_page(open_page)
    plain = pixels(page, PICTURE)
    button(page, "Hold still").click()
    page.locator(".gs-drag").focus()
    page.keyboard.press("Space")
    button(page, "Pull").click()
    page.locator(".gs-drag").focus()
    for key in (
        "ArrowDown",
        "ArrowDown",
        "ArrowDown",
        "ArrowDown",
        "Space",
        "ArrowDown",
        "ArrowDown",
        "Space",
    ):
        page.keyboard.press(key)
    wait_for_change(page, PICTURE, plain)
    said = page.locator(".gs-inside p[role=status]", has_text=re.compile("Arrived|Stuck|Stopped"))
    expect(said).to_be_visible(timeout=60_000)
    assert re.search(r"pull\.64\.72\.64\.76x\d+h64\.64", link_of(page))


def test_several_points_are_pulled_at_once(open_page):
    page = inside_page(open_page)
    plain = pixels(page, PICTURE)
    button(page, "Pull").first.click()
    page.get_by_label("Several points at once").check()
    page.locator(".gs-drag").scroll_into_view_if_needed()
    box = page.locator(".gs-drag").bounding_box()
    for x in (0.3, 0.7):
        page.mouse.move(box["x"] + x * box["width"], box["y"] + 0.85 * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + x * box["width"], box["y"] + 0.88 * box["height"], steps=4)
        page.mouse.up()
    assert at_rest(page, PICTURE) == plain
    button(page, "Pull them all").click()
    said = page.locator(".gs-inside p[role=status]", has_text=re.compile("Arrived|Stuck|Stopped"))
    expect(said).to_be_visible(timeout=60_000)
    assert re.search(r"inside=pull\.[\d.-]+%2B[\d.-]+x\d+", link_of(page))
