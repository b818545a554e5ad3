"""Latency from a slider's move to the picture on the screen: Explore and three plain Gradio designs.

    python -m benchmarks.slider    # about ten minutes, on an idle machine

All draw the shipped `faces` (128×128; Explore drafts of 64×64 while it moves) in one thread, in Chromium, in turn in
each round, behind a proxy that adds network delay: half of it each way, order kept, unlimited bandwidth, and no delay
for opening a connection. The Gradio designs are in slider_peers.py.

**Single moves**, as by the keyboard: the slider has the focus; a script sets its value and sends
`input` and `change`. A `requestAnimationFrame` loop reads back the picture (a canvas, or an `img`
that is loaded and decoded, drawn at 64×64) before each frame. The latencies are from `input` to the frames
with the *first* and with the *last* change of pixels: a coarse picture or a draft, and the picture itself; the
next move comes 300 ms later, and when the picture has not changed for 150 ms. The screen shows a frame
up to 16.7 ms later: the same for all.

**A drag**: real mouse events, 120 per second for two seconds, from end to end; the button is pressed
0.2 s after the mouse has arrived, on a slider that was not used since its last change (Explore gets a
new seed each time). *Pictures* are different consecutive ones on the screen, per second; the slider has
121 positions, so 60 is the maximum. *Lag*: each new picture is matched to the nearest of the 121 (means
of 2×2 pixels); the lag is the time since the slider's thumb was first at that position, or 0 if the
picture is ahead. Lossy compression (gr.Image sends WebP) may move the match by a step, or 17 ms.
*Requests* are all requests from the press to a second after the release; those of Explore include its
other previews.
"""

import argparse
import asyncio
import base64
import contextlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

import numpy as np
from playwright.async_api import Page, async_playwright

from benchmarks.slider_peers import REACH, STEP, draw

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PORT, PROXY = 7900, 7910
OURS = "Explore"
DESIGNS = ("gr.Image, queue", "gr.Image, queue=False", "gr.HTML, queue=False", OURS)
POSITIONS = np.round(np.arange(-REACH, REACH + STEP / 2, STEP), 2)
DRAG_SECONDS, RATE = 2.0, 120
PRESS_DELAY_MS = 200
SCRIPT = """(ours) => {
  const find = ours
    ? () => document.querySelector(".gs-explore .gs-frame canvas")
    : () => [...document.querySelectorAll(".gradio-container img")]
        .find((one) => one.complete && one.naturalWidth >= 64);
  const slider = window.slider = document.querySelector(
    ours ? ".gs-direction input[type=range]" : "input[type=range]");
  const pen = Object.assign(document.createElement("canvas"), { width: 64, height: 64 })
    .getContext("2d", { willReadFrequently: true });
  const log = window.log = { pictures: [], inputs: [] };
  let last = "";
  slider.addEventListener("input", () => log.inputs.push([performance.now(), Number(slider.value)]));
  const look = () => {
    requestAnimationFrame(look);
    const shown = find();
    if (!shown) return;
    pen.drawImage(shown, 0, 0, 64, 64);
    const bytes = pen.getImageData(0, 0, 64, 64).data;
    const text = String.fromCharCode.apply(null, bytes);
    if (text === last) return;
    last = text;
    log.pictures.push([performance.now(), btoa(text)]);
  };
  look();
  window.move = async (value) => {
    const start = performance.now(), before = log.pictures.length;
    slider.value = value;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    slider.dispatchEvent(new Event("change", { bubbles: true }));
    const changed = () => log.pictures.length > before ? log.pictures.at(-1)[0] : Infinity;
    const done = (now) => now - start > 3000 || (now - start > 300 && now - changed() > 150);
    while (!done(performance.now())) await new Promise((go) => setTimeout(go, 20));
    return [log.pictures[before]?.[0] ?? Infinity, changed()].map((moment) => moment - start);
  };
}"""


class Delay(threading.Thread):
    """A TCP proxy from one port to another with a delay of `seconds / 2` each way."""

    def __init__(self, port: int, target: int):
        super().__init__(daemon=True)
        self.port, self.target, self.seconds = port, target, 0.0
        self.start()

    def run(self) -> None:
        asyncio.run(self.serve())

    async def serve(self) -> None:
        server = await asyncio.start_server(self.forward, "127.0.0.1", self.port)
        await server.serve_forever()

    async def forward(self, reader, writer) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.target)
        await asyncio.gather(self.copy(reader, far_writer), self.copy(far_reader, writer))

    async def copy(self, reader, writer) -> None:
        delayed: asyncio.Queue = asyncio.Queue()
        sender = asyncio.create_task(self.send(delayed, writer))
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                delayed.put_nowait((time.monotonic() + self.seconds / 2, data))
        delayed.put_nowait((time.monotonic() + self.seconds / 2, b""))
        await sender

    @staticmethod
    async def send(delayed: asyncio.Queue, writer) -> None:
        with contextlib.suppress(OSError):
            while True:
                due, data = await delayed.get()
                if (wait := due - time.monotonic()) > 0:
                    await asyncio.sleep(wait)
                if not data:
                    return writer.close()
                writer.write(data)
                await writer.drain()


@contextlib.contextmanager
def servers():
    """Context with the three Gradio designs at PORT, PORT + 1 and PORT + 2, and GANscope at PORT + 3."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            "GRADIO_SERVER_PORT": str(PORT + 3),
            "GANSCOPE_RUNS": f"{folder}/runs",
            "GANSCOPE_CACHE": f"{folder}/cache",
        }
        commands = [["-m", "benchmarks.slider_peers", str(PORT)], ["app.py"]]
        started = [
            subprocess.Popen(
                [sys.executable, *command], env={**os.environ, **environment}, stdout=subprocess.DEVNULL
            )
            for command in commands
        ]
        try:
            for offset in range(4):
                wait_for(f"http://127.0.0.1:{PORT + offset}")
            yield
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait()


def wait_for(url: str) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), urllib.request.urlopen(url):
            return
        time.sleep(0.5)
    raise SystemExit(f"{url} does not answer")


async def measure(page: Page, design: str, seed: int, moves: int) -> dict:
    """One visit of a page: single moves, then one drag."""
    ours = design == OURS
    if ours:
        await page.wait_for_function("document.querySelector('.gs-neighbours')?.children.length > 0")
    await page.wait_for_selector("input[type=range]")
    await page.wait_for_timeout(2000)
    await page.evaluate(SCRIPT, ours)
    await page.evaluate("slider.focus()")
    await page.wait_for_timeout(1000)
    # Steps of the arrow keys, and of Page Up and Page Down.
    steps = [1, 1, 12, -1, -1, -12] * (moves // 6 + 1)
    values = 0.5 + STEP * np.cumsum(steps)[: moves + 2]
    single = [await page.evaluate("value => move(value)", f"{value:.2f}") for value in values][2:]
    await page.evaluate(f"move({-REACH})")
    if ours:
        await page.locator(".gs-explore input[type=number]").first.fill(str(seed))
        await page.keyboard.press("Enter")
    await page.wait_for_timeout(2500)
    return {"single": single, **await drag(page, seed if ours else 42)}


async def drag(page: Page, seed: int) -> dict:
    box = await page.evaluate("slider.scrollIntoView(), slider.getBoundingClientRect().toJSON()")
    left, width, y = box["x"] + 8, box["width"] - 16, box["y"] + box["height"] / 2
    await page.mouse.move(left, y - 60)
    await page.evaluate("() => { log.pictures = []; log.inputs = []; }")
    requests = []
    page.on("request", lambda request: requests.append(request.url))
    await page.mouse.move(left, y)
    await page.wait_for_timeout(PRESS_DELAY_MS)
    await page.mouse.down()
    start = time.perf_counter()
    count = int(DRAG_SECONDS * RATE)
    # Without waiting until one event is handled before the next is sent, as with a real mouse.
    moves = []
    for index in range(1, count + 1):
        moves.append(asyncio.create_task(page.mouse.move(left + width * index / count, y)))
        await asyncio.sleep(max(0.0, start + index / RATE - time.perf_counter()))
    await asyncio.gather(*moves)
    took = time.perf_counter() - start
    await page.mouse.up()
    await page.wait_for_timeout(1000)
    seen = await page.evaluate("log")
    if not seen["inputs"]:
        raise SystemExit("the drag did not move the slider")
    end = seen["inputs"][-1][0]
    during = [picture for picture in seen["pictures"] if picture[0] <= end + 20]
    return {
        "rate": len(during) / took,
        "lags": lags(seen, seed),
        "requests": len([url for url in requests if not url.startswith("data:")]),
    }


def block_means(images: np.ndarray) -> np.ndarray:
    """uint8 (N, side, side, C) -> float32 (N, 3072): means of 32×32 equal squares, without alpha."""
    side = images.shape[1] // 32
    blocks = images[..., :3].astype(np.float32).reshape(-1, 32, side, 32, side, 3)
    return blocks.mean((2, 4)).reshape(len(images), -1)


def lags(seen: dict, seed: int) -> list[float]:
    """Milliseconds from when the thumb was first at a position to that position's picture."""
    known = block_means(draw(POSITIONS.tolist(), seed))
    found = []
    for when, text in seen["pictures"]:
        picture = np.frombuffer(base64.b64decode(text), np.uint8).reshape(1, 64, 64, 4)
        position = POSITIONS[np.abs(known - block_means(picture)).mean(1).argmin()]
        there = next((moment for moment, value in seen["inputs"] if value > position - STEP / 2), when)
        found.append(max(when - there, 0.0))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--moves", type=int, default=12)
    parser.add_argument("--delays", type=int, nargs="+", default=[0, 80, 150], help="ms, both ways")
    options = parser.parse_args()
    os.chdir(Path(__file__).parent.parent)
    with servers():
        report(asyncio.run(visits(options)))


async def visits(options: argparse.Namespace) -> dict:
    """(delay, design) -> the results of each visit (`measure`)."""
    results: dict = {}
    proxies = [Delay(PROXY + offset, PORT + offset) for offset in range(4)]
    async with async_playwright() as playwright:
        path = shutil.which("chromium")
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        for turn in range(-1, options.rounds):  # the first round warms up
            for delay in options.delays if turn >= 0 else [0]:
                for proxy, design in zip(proxies, DESIGNS, strict=True):
                    proxy.seconds = delay / 1000
                    page = await browser.new_page(viewport={"width": 1440, "height": 900})
                    page.set_default_timeout(60_000)
                    await page.goto(f"http://127.0.0.1:{proxy.port}")
                    result = await measure(page, design, 50 + turn, options.moves)
                    await page.close()
                    if turn >= 0:
                        results.setdefault((delay, design), []).append(result)
        await browser.close()
    return results


def report(results: dict) -> None:
    head = (
        "first, p50 / p95, ms | last, p50 / p95, ms | pictures/s | lag p50 / max, ms | requests a drag"
    )
    print(f"| delay | design | {head} |")
    print("|---|---|---|---|---|---|---|")
    for (delay, design), visits in results.items():
        single = [each for visit in visits for each in visit["single"]]
        lag = [each for visit in visits for each in visit["lags"]] or [float("nan")]
        rate = statistics.median(visit["rate"] for visit in visits)
        requests = statistics.median(visit["requests"] for visit in visits)
        middle, slow = np.percentile(np.array(single), [50, 95], axis=0)
        print(
            f"| {delay} ms | {design} | {middle[0]:.0f} / {slow[0]:.0f} | {middle[1]:.0f} / {slow[1]:.0f} | {rate:.0f} "
            f"| {np.percentile(lag, 50):.0f} / {max(lag):.0f} | {requests:.0f} |"
        )


if __name__ == "__main__":
    main()
