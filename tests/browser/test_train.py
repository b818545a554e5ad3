"""Train, as people use it: start, watch, pause, stop, continue, explore, close the tab."""

import re

from playwright.sync_api import expect

from tests.browser.conftest import open_tab, pixels, wait_for_change

FAKES = ".gs-train canvas"


def train_page(open_page, data="Glyphs", seconds=10, **options):
    page = open_page(**options)
    open_tab(page, "Train")
    page.get_by_role("radio", name=data).click()
    field = page.get_by_role("spinbutton", name=re.compile("Seconds"))
    field.fill(str(seconds))
    field.press("Tab")
    return page


def start(page):
    page.locator("#train-button").click()
    expect(view(page)).to_contain_text("Training")


def wait_for_pictures(page):
    """Of a run that has made steps: one that is stopped before them may have no model."""
    fakes = page.locator(FAKES).first
    expect(fakes).to_have_attribute("aria-label", re.compile("at step [1-9]"))


def view(page):
    return page.locator(".gs-train")


def button(page, name):
    return page.locator(".gs-train-buttons").get_by_role("button", name=name, exact=True)


def run_folders(server):
    return set(server.runs.iterdir()) if server.runs.is_dir() else set()


def test_a_run_shows_pictures_that_change_and_ends(open_page, keep_screenshot):
    page = train_page(open_page)
    before = pixels(page, FAKES)
    start(page)
    seen = {before}
    for _ in range(3):
        seen.add(wait_for_change(page, FAKES, max(seen, key=lambda text: text == pixels(page, FAKES))))
    expect(view(page)).to_contain_text("Finished")
    assert len(seen) >= 3
    for words in ("Fakes", "Reals", "guess", "real against real"):
        expect(view(page)).to_contain_text(words)
    keep_screenshot(page, "train-finished")
    page.get_by_role("button", name="Explore this model").click()
    expect(page.get_by_role("tab", name="Explore")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#menu-explore input")).to_have_value(re.compile("^your run"))
    expect(page.locator(".gs-facts")).to_contain_text("32×32 grey")
    open_tab(page, "Train")
    view(page).get_by_role("button", name="Look inside").click()
    expect(page.get_by_role("tab", name="Inside")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#menu-inside input")).to_have_value(re.compile("^your run"))


def test_the_history_goes_back_to_the_start(open_page):
    page = train_page(open_page)
    start(page)
    expect(view(page)).to_contain_text("Finished")
    last = pixels(page, FAKES)
    view(page).get_by_role("slider").fill("0")
    wait_for_change(page, FAKES, last)
    expect(view(page)).to_contain_text("step 0")
    # Of its moments only the last is kept as a model.
    page.get_by_role("button", name=re.compile("^Explore the last model, of step [1-9]")).click()
    expect(page.locator("#menu-explore input")).to_have_value(
        re.compile(r"^your run — Glyphs · Quick · \d\d:\d\d$")
    )


def test_every_model_menu_lists_the_run_that_ended_and_after_a_reload(open_page):
    page = train_page(open_page, seconds=600)
    start(page)
    wait_for_pictures(page)
    button(page, "Stop").click()
    expect(view(page)).to_contain_text("Stopped", timeout=30_000)
    for tab in ("Walk", "Breed", "Find", "Report", "Explore"):
        open_tab(page, tab)
        expect_run_in_menu(page, tab)
    page.reload()
    page.wait_for_function("document.querySelector('.gs-neighbours')?.children.length > 0")
    expect_run_in_menu(page, "Explore")
    # The open list can be searched, and leads to the run.
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("your run")
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".gs-facts")).to_contain_text("32×32 grey")
    expect(page.locator("#menu-explore input")).to_have_value(re.compile("^your run"))


def expect_run_in_menu(page, tab):
    field = page.locator(f"#menu-{tab.lower()} input")
    # Built, with its tab: an update that comes earlier is lost to Gradio.
    expect(page.locator(f".gs-{tab.lower()} button:visible").first).to_be_visible()
    field.click()
    expect(page.get_by_role("option", name=re.compile("your run"))).to_have_count(1)


def test_a_pressed_fake_opens_as_its_seed(open_page):
    page = train_page(open_page, seconds=600)
    fakes = page.locator(FAKES).first
    expect(fakes).to_have_attribute("aria-label", re.compile("at step [1-9]"))
    fakes.click(position={"x": 5, "y": 5})
    expect(view(page)).to_contain_text("This is seed 0 of a recorded run: press Train")
    start(page)
    wait_for_pictures(page)
    fakes.click(position={"x": 5, "y": 5})
    expect(view(page)).to_contain_text(
        "This is seed 0. Its model can be explored when the run has ended."
    )
    button(page, "Stop").click()
    expect(view(page)).to_contain_text("Stopped")
    box = fakes.bounding_box()
    fakes.click(position={"x": box["width"] - 5, "y": 5})
    expect(page.get_by_role("tab", name="Explore")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".gs-explore").get_by_role("spinbutton", name="Seed")).to_have_value("7")


def test_pause_stop_and_continue(open_page):
    page = train_page(open_page, seconds=600)
    start(page)
    button(page, "Pause").click()
    # Far sooner than the 600 s end; how soon is the machine's affair.
    expect(view(page)).to_contain_text("Paused")
    button(page, "Continue").click()
    expect(view(page)).to_contain_text("Training")
    button(page, "Stop").click()
    expect(view(page)).to_contain_text("Stopped")
    button(page, "Continue").click()
    expect(view(page)).to_contain_text("Training")
    button(page, "Stop").click()
    expect(view(page)).to_contain_text("Stopped")


def test_the_keyboard_s_focus_goes_where_the_run_can_be_acted_on(open_page):
    page = train_page(open_page, seconds=600)
    page.locator("#train-button").focus()
    page.keyboard.press("Enter")
    expect(button(page, "Stop")).to_be_focused()
    expect(view(page)).to_contain_text("Training")
    page.keyboard.press("Enter")
    expect(view(page)).to_contain_text("Stopped")
    expect(button(page, "Continue")).to_be_focused()
    # Whoever is elsewhere stays there.
    page.keyboard.press("Enter")
    page.get_by_role("tab", name="Train").focus()
    expect(view(page)).to_contain_text("Training")
    expect(page.get_by_role("tab", name="Train")).to_be_focused()
    button(page, "Stop").click()
    expect(view(page)).to_contain_text("Stopped")


def test_closing_the_tab_ends_the_run(open_page, server):
    before = run_folders(server)
    page = train_page(open_page, seconds=600)
    start(page)
    page.close()
    # The next person's run starts, which it could not while the abandoned one held the worker.
    other = train_page(open_page, seconds=10)
    other.locator("#train-button").click()
    expect(view(other)).to_contain_text("Training")
    button(other, "Stop").click()
    expect(view(other)).to_contain_text("Stopped")
    assert len(run_folders(server) - before) >= 1


def test_a_reload_neither_ends_a_run_nor_takes_it_away(open_page):
    page = train_page(open_page, seconds=600)
    start(page)
    page.wait_for_function("location.search.startsWith('?run=')")
    address = page.url
    for _ in range(2):
        page.reload()
        expect(button(page, "Stop")).to_be_enabled()
        expect(view(page)).to_contain_text("Training")
    assert page.url == address
    button(page, "Pause").click()
    expect(view(page)).to_contain_text("Paused")
    page.reload()
    button(page, "Continue").click()
    expect(view(page)).to_contain_text("Training")
    # The link alone makes nobody its owner, and says nothing of who is.
    stranger = open_page(address[address.index("/?") :], stranger=True)
    expect(view(stranger)).to_contain_text("Training")
    expect(view(stranger)).to_contain_text("You are watching")
    expect(view(page)).not_to_contain_text("You are watching", use_inner_text=True)
    # Both see the run's settings; others read them, until they want to change them.
    for shown, editable in ((page, True), (stranger, False)):
        expect(shown.get_by_role("radio", name="Glyphs")).to_be_checked()
        seconds = shown.get_by_role("spinbutton", name=re.compile("Seconds"))
        expect(seconds).to_have_value("600")
        expect(seconds).to_be_editable(editable=editable)
    stranger.locator("#unlock-button").click()
    expect(stranger.get_by_role("spinbutton", name=re.compile("Seconds"))).to_be_editable()
    expect(stranger.locator("#unlock-button")).to_be_hidden()
    expect(button(stranger, "Stop")).to_be_disabled()
    tokens = [each.evaluate("localStorage.getItem('ganscope-browser')") for each in (page, stranger)]
    assert tokens[0] != tokens[1] and all(re.fullmatch("[0-9a-f]{32}", token) for token in tokens)
    assert not any(tokens[0] in text for text in (address, page.content(), stranger.content()))
    button(page, "Stop").click()
    expect(view(stranger)).to_contain_text("Stopped")


def test_several_people_watch_one_run(open_page):
    page = train_page(open_page, seconds=600)
    start(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link to this run").click()
    expect(view(page)).to_contain_text("Link copied.")
    link = page.evaluate("navigator.clipboard.readText()")
    watcher = open_page("/?" + link.split("?")[1], stranger=True)
    expect(view(watcher)).to_contain_text("Training")
    expect(button(watcher, "Stop")).to_be_disabled()
    button(page, "Stop").click()
    expect(view(watcher)).to_contain_text("Stopped")
    button(page, "Continue").click()
    expect(view(watcher)).to_contain_text("Training")


def test_bad_settings_are_a_sentence(open_page):
    page = train_page(open_page)
    page.get_by_text("More settings").click()
    for role, label, values in (
        ("textbox", "Width of G", {"100000": "Width of G must be from 4 to 128", "": ""}),
        ("textbox", "Batch", {"0": "Batch must be from 2", "many": "Batch must be a number", "": ""}),
        (
            "spinbutton",
            "Seed",
            {
                "": "seed must be a whole number",
                "-1": "seed must be from 0",
                "1.5": "seed must be a whole number, not 1.5",
            },
        ),
    ):
        field = page.get_by_role("tabpanel").get_by_role(role, name=re.compile(f"^{label}")).last
        for value, words in values.items():
            field.fill(value)
            field.press("Tab")
            if words:
                page.locator("#train-button").click()
                error = page.locator(".gs-train-form .gs-error").filter(has_text=words)
                expect(error).to_be_visible()
                # Beside its field, which has the focus, until something is changed.
                expect(field).to_be_focused()
                expect(field).to_have_attribute("aria-invalid", "true")
                gap = error.bounding_box()["y"] - field.bounding_box()["y"]
                assert 0 < gap < 120
                field.press("End")
                field.press("1")
                expect(error).to_be_hidden()


def test_on_a_phone_an_error_is_not_below_the_fixed_buttons(open_page):
    page = train_page(open_page, width=390)
    page.get_by_role("spinbutton", name="Seed", exact=True).last.fill("-3")
    page.locator("#train-button").click()
    error = page.locator(".gs-train-form .gs-error").filter(has_text="seed must be from 0")
    expect(error).to_be_in_viewport(ratio=1)
    bottom = page.locator(".gs-train-buttons").filter(visible=True).bounding_box()["y"]
    box = error.bounding_box()
    assert box["y"] + box["height"] <= bottom


def test_data_that_is_not_there_is_a_sentence(open_page):
    page = train_page(open_page, data="Folder or Hub id")
    page.get_by_role("textbox", name=re.compile("Folder or Hub id")).fill("/etc")
    page.locator("#train-button").click()
    expect(page.get_by_text("may not be read from this page").first).to_be_visible()


def test_a_link_to_settings_fills_the_form(open_page):
    page = train_page(open_page, data="Glyphs", seconds=25)
    page.get_by_role("spinbutton", name="Seed", exact=True).last.fill("77")
    page.get_by_role("button", name="More settings").click()
    page.get_by_label("Width").fill("16")
    page.get_by_label("Width").press("Tab")
    page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.get_by_role("button", name="Copy link to these settings").click()
    page.wait_for_function("location.search.includes('train=')")
    again = open_page(page.url[page.url.index("/?") :])
    expect(again.get_by_role("tab", name="Train")).to_have_attribute("aria-selected", "true")
    expect(again.get_by_role("radio", name="Glyphs")).to_be_checked()
    expect(again.get_by_role("spinbutton", name=re.compile("Seconds"))).to_have_value("25")
    again.get_by_role("button", name="More settings").click()
    expect(again.get_by_label("Width")).to_have_value("16")


def test_train_pressed_before_the_link_has_filled_the_form_trains_by_the_link(visitor, server):
    page = visitor()
    # What events answer is late: the form still has its defaults when Train is pressed.
    page.add_init_script(
        "const fetched = window.fetch;"
        "window.fetch = async (...given) => {"
        "  if (/queue\\/data/.test(given[0]?.url ?? given[0])) await new Promise((go) => {"
        "    const look = setInterval(() => window.letThrough && (clearInterval(look), go()), 50); });"
        "  return fetched(...given); };"
    )
    page.goto(server.url + '/?train={"data":"glyphs","seconds":15}')
    page.locator("#train-button").wait_for()
    expect(page.get_by_role("radio", name="Faces")).to_be_checked()
    page.locator("#train-button").click()
    page.evaluate("window.letThrough = true")
    facts = page.locator(".gs-train .gs-live")
    expect(facts).to_contain_text("Glyphs · Quick")
    expect(page.get_by_role("radio", name="Glyphs")).to_be_checked()
    page.locator(".gs-train-buttons").get_by_role("button", name="Stop").click()
    # What is chosen in the filled form counts, not the link.
    page.get_by_role("radio", name="Shapes").check()
    page.locator("#train-button").click()
    expect(facts).to_contain_text("Shapes · Quick")
    page.locator(".gs-train-buttons").get_by_role("button", name="Stop").click()


def test_a_link_to_settings_that_are_wrong_says_so(open_page):
    page = open_page('/?train={"seconds":-4}')
    expect(page.get_by_text("seconds must be")).to_be_visible()


def test_a_link_puts_no_markup_into_a_message(open_page):
    page = open_page("/")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(page.url + '?train={"data":"faces","method":"<img src=/planted.png><h1>Log in</h1>"}')
    expect(page.get_by_text("<img src=/planted.png>").first).to_be_visible()
    expect(page.get_by_role("heading", name="Log in")).to_have_count(0)
    assert not any("planted" in url for url in requests if "train=" not in url)
