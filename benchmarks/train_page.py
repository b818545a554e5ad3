"""From the click on Train to the first picture, pictures a second, and from Stop to stopped.

    python app.py &        # a fresh server: the first run pays for what is loaded only once
    python -m benchmarks.train_page

Three runs of Glyphs in one Chromium, on a machine that does nothing else.
"""

import argparse
import shutil
import time

from playwright.sync_api import Page, sync_playwright

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
WATCH = """() => {
  const canvas = document.querySelector(".gs-train canvas");
  const view = document.querySelector(".gs-train");
  const seen = (window.seen = { pictures: [], step: null, over: false });
  let last = canvas.toDataURL();
  const clicked = performance.now();
  document.querySelector("#train-button").click();
  const look = () => {
    const now = performance.now() - clicked, shown = canvas.toDataURL();
    if (shown !== last) { last = shown; seen.pictures.push(now); }
    if (!seen.step && /Training.*\\n.*step [1-9]/.test(view.innerText)) seen.step = now;
    if (!seen.over) setTimeout(look, 20);
  };
  look();
}"""


def measure(page: Page) -> None:
    page.evaluate(WATCH)
    page.wait_for_timeout(14_000)
    seen = page.evaluate("() => { window.seen.over = true; return window.seen; }")
    rate = sum(3000 < moment < 13_000 for moment in seen["pictures"]) / 10
    started = time.perf_counter()
    page.locator(".gs-train-buttons").get_by_role("button", name="Stop").click()
    page.wait_for_function("document.querySelector('.gs-train').innerText.includes('Stopped')")
    print(
        f"first new picture {seen['pictures'][0]:.0f} ms, first step {seen['step']:.0f} ms, "
        f"{rate:.1f} pictures/s, stop {time.perf_counter() - started:.2f} s"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:7860")
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(options.url)
        page.get_by_role("tab", name="Train").click()
        page.get_by_role("radio", name="Glyphs").click()
        page.wait_for_timeout(6_000)
        for _ in range(3):
            measure(page)
            page.wait_for_timeout(1_000)
        browser.close()


if __name__ == "__main__":
    main()
