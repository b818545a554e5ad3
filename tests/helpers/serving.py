"""Fixtures for tests of the page: the real server in a process of its own, as users start it."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
START_SECONDS = 300
TEACHER_KEY = "only-the-tests-know-this-key"
HINT = "no Chromium: install it (Debian: apt-get install chromium) to run the browser tests"
# Root may not use Chromium's sandbox; the rest keeps it from calling home.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Server:
    url: str
    process: subprocess.Popen
    runs: Path
    pictures: Path  # a folder that visitors may name


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The page, served by `python app.py`."""
    with serving(tmp_path_factory.mktemp("server")) as served:
        yield served


@contextlib.contextmanager
def serving(folder: Path, command: Sequence[str] = ("app.py",), cwd: Path = ROOT, **more: str):
    """`python app.py` with runs and cache in `folder`, ended as by Ctrl-C; `more` variables."""
    port = free_port()
    settings = {
        "GRADIO_SERVER_PORT": str(port),
        "GANSCOPE_RUNS": str(folder / "runs"),
        "GANSCOPE_TEACHER_KEY": TEACHER_KEY,
        "GANSCOPE_CACHE": str(folder / "cache"),
        "GANSCOPE_ROOTS": str(folder / "pictures"),
        # Hub ids must fail at once, here and on machines that have a network.
        "HF_HUB_OFFLINE": "1",
        # Tests are loops.
        "GANSCOPE_PER_MINUTE": "0",
        **more,
    }
    log = (folder / "log").open("w+")
    process = subprocess.Popen(
        [sys.executable, *command], cwd=cwd, env={**os.environ, **settings}, stdout=log, stderr=log
    )
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + START_SECONDS
    while not answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            log.seek(0)
            pytest.fail(f"the server did not start:\n{log.read()[-3000:]}")
        time.sleep(0.2)
    try:
        yield Server(url, process, folder / "runs", folder / "pictures")
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
        log.close()


@contextlib.contextmanager
def serving_here(folder: Path, **options):
    """(services, address of the API) of the page, served by a thread of this process."""
    from demo import page
    from demo.backend.services import make_services

    services, port = make_services(folder=folder), free_port()
    served = page.serve(services, server_port=port, quiet=True, **options)
    try:
        yield services, f"http://127.0.0.1:{port}/gradio_api"
    finally:
        services.close()
        served.close(verbose=False)


def family(process: int) -> set[int]:
    """Ids of a process and of all below it."""
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(path.parent.name)] = int(path.read_text().rsplit(")", 1)[1].split()[1])
    found, new = set(), {process}
    while new:
        found |= new
        new = {child for child, parent in parents.items() if parent in new}
    return found


def alive(process: int) -> bool:
    """Whether a process is there, and not only waiting to be forgotten."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except OSError:
        return False


@pytest.fixture(scope="session")
def playwright():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is; a skip without one, or a failure under CI=true."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(HINT)
    return path


@pytest.fixture(scope="session")
def browser(playwright, chromium):
    """A headless Chromium whose contexts are visitors without a past."""
    launched = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
    yield launched
    launched.close()


@pytest.fixture(scope="session")
def profile(playwright, chromium, tmp_path_factory):
    """A Chromium with a profile on disk: its compiled scripts halve what a page costs to open."""
    folder = tmp_path_factory.mktemp("profile")
    context = playwright.chromium.launch_persistent_context(
        folder, executable_path=chromium, args=FLAGS
    )
    yield context
    context.close()
