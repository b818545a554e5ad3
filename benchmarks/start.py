"""Start-up times of `python app.py`: to a page, its first picture, a run's first picture; and memory.

    python -m benchmarks.start

Starts the app and, in turn, a script that only imports Gradio and launches an empty page. Ports, runs
and cache are temporary; the first round fills the cache and is not counted. Run it on an idle machine.
Linux only: memory is the proportional set size (PSS) of all processes, from /proc.
"""

import argparse
import asyncio
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import IO

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parent.parent
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
]  # fmt: skip
BARE = """
import os
import gradio as gr
with gr.Blocks(analytics_enabled=False) as page:
    pass
port = int(os.environ["GRADIO_SERVER_PORT"])
page.launch(server_port=port, ssr_mode=False, run_history=False, show_error=False)
"""
PAINTED = """document.querySelector(".gs-explore canvas[aria-label^='Picture of']")"""
# A visitor reads the page before pressing Train.
PAUSE_SECONDS = 3
MEMORY_SECONDS = 30
CACHE_SECONDS = 20


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A process that serves a page; `seconds` is the time to its first response. `log`: where its stderr goes."""

    def __init__(
        self,
        arguments: list[str],
        folder: Path,
        more: dict[str, str] | None = None,
        port: int | None = None,
        log: IO | None = None,
    ):
        port = port or free_port()
        environment = {
            "GRADIO_SERVER_PORT": str(port),
            "GRADIO_ANALYTICS_ENABLED": "False",
            "GANSCOPE_RUNS": str(folder / "runs"),
            "GANSCOPE_CACHE": str(folder / "cache"),
        }
        self.url = f"http://127.0.0.1:{port}"
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env={**os.environ, **environment, **(more or {})},
            stdout=subprocess.DEVNULL,
            stderr=log,
        )
        while not self._answers():
            if self.process.poll() is not None:
                raise SystemExit("The server ended before it answered.")
            time.sleep(0.02)
        self.seconds = time.perf_counter() - started

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url, timeout=10) as response:
                return response.status == 200
        except OSError:
            return False

    def close(self) -> None:
        # Not SIGINT, which processes in the background of a shell ignore.
        self.process.terminate()
        self.process.wait(timeout=20)

    def megabytes(self) -> float:
        """The memory (PSS) of the server and all its descendants, in MB."""
        return sum(_pss_megabytes(process) for process in self.family())

    def family(self) -> set[int]:
        """The ids of the server's process and all its descendants."""
        family = {self.process.pid}
        parents = {int(stat.parent.name): _parent(stat) for stat in Path("/proc").glob("[0-9]*/stat")}
        for _ in range(4):
            family |= {child for child, parent in parents.items() if parent in family}
        return family


def with_server(
    arguments: list[str], work: Callable[[Server], Coroutine], more: dict[str, str] | None = None
) -> None:
    """Do `work` with a server of its own, whose first start has filled the dataset cache; it is closed at the end."""
    with tempfile.TemporaryDirectory() as folder:
        server = Server(arguments, Path(folder), more)
        try:
            time.sleep(CACHE_SECONDS)
            asyncio.run(work(server))
        finally:
            server.close()


def _parent(stat: Path) -> int:
    try:
        return int(stat.read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


def _pss_megabytes(process: int) -> float:
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended meanwhile
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0) / 1024


def visit(browser: Browser, server: Server, memory: bool) -> dict[str, float]:
    """Open the page as soon as it is served, then press Train twice: {measurement: value}."""
    started = time.perf_counter()
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.goto(server.url, wait_until="commit")
    page.wait_for_function(PAINTED, polling="raf")
    measured = {"first answer to first picture, s": time.perf_counter() - started}
    page.wait_for_timeout(PAUSE_SECONDS * 1000)
    page.get_by_role("tab", name="Train").click()
    for name in ("first run: Train to its first picture, s", "second run, s"):
        page.wait_for_timeout(1000)
        # Not the canvas, which shows noise until the first picture arrives.
        with page.expect_response(lambda answer: "/frame/" in answer.url) as frame:
            started = time.perf_counter()
            page.locator("#train-button").click()
        frame.value.finished()
        measured[name] = time.perf_counter() - started
        if memory and name.startswith("second"):
            page.wait_for_timeout(MEMORY_SECONDS * 1000)
            measured["memory of all processes while training, MB"] = server.megabytes()
        page.locator(".gs-train-buttons").get_by_role("button", name="Stop").click()
        page.wait_for_function("document.querySelector('.gs-train').innerText.includes('Stopped')")
    page.close()
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    rows: dict[str, list[float]] = {}
    folder = Path(tempfile.mkdtemp(prefix="ganscope-start-"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for round_number in range(options.rounds + 1):
            bare = Server(["-c", BARE], folder)
            bare.process.kill()
            bare.process.wait()
            server = Server(["app.py"], folder)
            measured = {"bare Gradio to its first answer, s": bare.seconds}
            measured |= {"GANscope to its first answer, s": server.seconds}
            measured |= {"ratio of the two": server.seconds / bare.seconds}
            measured |= visit(browser, server, memory=round_number == options.rounds)
            server.close()
            for name, value in measured.items() if round_number else ():
                rows.setdefault(name, []).append(value)
        browser.close()
    shutil.rmtree(folder)
    for name, values in rows.items():
        median = statistics.median(values)
        print(f"{name:46} {median:8.2f}   ({min(values):.2f} to {max(values):.2f})")


if __name__ == "__main__":
    main()
