"""The visitors of the soak (benchmarks/soak.py): plain clients that do what a page does, and pages in Chromium."""

import asyncio
import io
import json
import random
import re
import secrets
import time
from collections.abc import AsyncIterator

import httpx
import numpy as np
from PIL import Image
from playwright.async_api import Browser, Page
from playwright.async_api import Error as BrowserError

from benchmarks.classroom import Session
from benchmarks.room import find_token_event
from benchmarks.soak_world import Refused, World
from benchmarks.visits import load_events, read_token
from demo.backend.visitors.uploads import TOKEN_HEADER
from demo.routes.http import PREFIX
from demo.workers.upload_format import pack

MODELS = ("digits", "faces64", "faces")
PATIENCE = 60.0  # seconds for an answer, on two cores that thirty share
VANISH = 0.2  # of visitors leave without saying so
ABANDON = 0.3  # of runs are left by who started them
JOB_SECONDS = 180.0


class Visitor(Session):
    """One who comes, does several things, and leaves. Each that fails must end in one sentence."""

    def __init__(self, world: World, number: int):
        rng = random.Random(f"{number} {world.acts['visits']}")
        super().__init__(world.url, rng.randrange(1000), rng.randrange(10**9), rng.choice(MODELS))
        self.world, self.number = world, number
        self.hash, self.token, self.headers = secrets.token_hex(6), "", {}
        self.came = time.monotonic()
        self.client.timeout = PATIENCE

    async def visit(self, until: float) -> None:
        """From the page to the news that it is closed."""
        self.world.acts["visits"] += 1
        acts = (self.drag, self.drag, self.train, self.upload, self.find, self.report, self.film)
        acts += (self.play_points, self.look_inside, self.stream_run, self.travel)
        try:
            await self.come()
            for _ in range(self.random.randint(2, 6)):
                if time.perf_counter() > until:
                    break
                act = self.random.choice(acts)
                self.world.doing[self.number] = act.__name__
                await act()
                self.world.acts[act.__name__] += 1
            if self.random.random() > VANISH:
                await self._request("POST", "page/closed", self.token.encode())
        except Refused:
            await asyncio.sleep(4)  # it is noted; a visitor reads it, and comes again
        finally:
            self.world.doing.pop(self.number, None)
            await self.client.aclose()

    async def come(self) -> None:
        """What a page does when it is loaded."""
        await self._ask("GET", "/")
        config = (await self._ask("GET", "/config")).json()
        browser = find_token_event(config)
        for body in load_events(config):
            if body["fn_index"] == browser:
                body["data"] = [secrets.token_hex(16), 0]
            await self._ask("POST", "/gradio_api/queue/join", json=body | {"session_hash": self.hash})
        self.token = await self._guard("events", read_token(self.client, self.hash))
        self.headers = {TOKEN_HEADER: self.token}
        await self.open_model()

    async def _request(self, verb: str, path: str, body=None, **query) -> httpx.Response:
        return await self._ask(
            verb, f"{PREFIX}/{path}", content=body, params=query, headers=self.headers
        )

    async def _ask(self, verb: str, path: str, **options) -> httpx.Response:
        """An answer whose status is good; Refused for another, or where none came, either of which is noted."""
        what, since = f"{verb} {path.removeprefix(PREFIX)}".split("?")[0], time.monotonic()
        answer = await self._guard(what, self.client.request(verb, path, **options))
        if answer.status_code >= 400:
            try:
                said = answer.json()
                said = said.get("error") or said.get("detail")
            except ValueError:
                said = answer.text
            raise Refused(self.world.tell(said, since, what, self.came))
        return answer

    async def _guard(self, what: str, work):
        since = time.monotonic()
        try:
            return await work
        except Refused:
            raise
        except httpx.HTTPError as error:
            self.world.lost(error, since, what)
            raise Refused("no answer") from None

    async def _call(self, name: str, *data: object) -> AsyncIterator[list]:
        """What an endpoint yields, one after another."""
        path, since = f"/gradio_api/call/{name}", time.monotonic()
        body = {"data": data, "session_hash": self.hash}
        event = (await self._ask("POST", path, json=body)).json()["event_id"]
        kind = ""
        try:
            async with self.client.stream("GET", f"{path}/{event}") as stream:
                async for line in stream.aiter_lines():
                    if line.startswith("event: "):
                        kind = line[7:]
                    elif line.startswith("data: ") and kind == "error":
                        said = json.loads(line[6:])
                        said = said.get("error") if isinstance(said, dict) else said
                        raise Refused(self.world.tell(said, since, name))
                    elif line.startswith("data: [") and kind in ("generating", "complete"):
                        yield json.loads(line[6:])
        except Refused:
            raise
        except httpx.HTTPError as error:
            self.world.lost(error, since, name)
            raise Refused("no answer") from None

    async def _result(self, name: str, *data: object) -> list:
        last = []
        async for values in self._call(name, *data):
            last = values
        return last

    async def _job(self, answer: httpx.Response) -> dict | None:
        """Follow a job to its end; its result."""
        name, seen, since = answer.json()["job"], "", time.monotonic()
        while time.monotonic() - since < JOB_SECONDS:
            news = (await self._request("GET", f"jobs/{name}", seen=seen)).json()
            seen = news["version"]
            if news["state"] == "failed":
                raise Refused(self.world.tell(news["message"], since, "job"))
            if news["state"] in ("done", "stopped"):
                for file in (news["latest"] or {}).get("files", ()):
                    await self._request("GET", f"jobs/{name}/files/{file}")
                return news["latest"]
        self.world.fail(f"a job did not end within {JOB_SECONDS:.0f} s")
        return None

    async def drag(self) -> None:
        await self.move_until(time.perf_counter() + self.random.uniform(4, 12))

    async def train(self) -> None:
        """Start a run, look at it, and then stop it, leave it, or wait for its end and explore its model."""
        seconds = self.random.choice((4, 8, 15))
        (started,) = await self._result("run_start", "glyphs", "quick", seconds, self.seed, "")
        run, end = started["run"], self.random.random()
        while True:
            await asyncio.sleep(2)
            look = (await self._result("run_look", run))[0]
            if look["state"] in ("finished", "stopped"):
                break
            if look["state"] == "failed":
                raise Refused(self.world.tell(look["message"], time.monotonic() - 2, "run"))
            if look["step"] and end < ABANDON:
                return
            if look["step"] and end < 2 * ABANDON:
                await self._result("run_stop", run)
        if look["step"]:
            info = (await self._request("GET", "model", name=f"run:{run}")).json()
            await self._request("POST", "pictures", bytes(4 * info["z_dim"]), model=f"run:{run}")

    async def stream_run(self) -> None:
        """Train by one stream, which breaks off or is read to its end."""
        left = self.random.randint(3, 60)
        async for _ in self._call("train", "glyphs", "quick", 6, self.seed, ""):
            left -= 1
            if left < 0:
                return

    async def upload(self) -> None:
        name = (await self._request("POST", "own")).json()["id"]
        content = pack({f"{number}.png": noise(self.random) for number in range(12)})
        await self._request("POST", f"own/{name}/files", content)
        settings = json.dumps({"size": 32, "channels": 3}).encode()
        await self._job(await self._request("POST", f"own/{name}/pictures", settings))
        if self.random.random() < 0.5:
            await self._request("DELETE", f"own/{name}")

    async def find(self) -> None:
        query = {"edges": "crop", "light": "kept", "steps": 20, "starts": 1, "seed": self.seed}
        await self._job(
            await self._request("POST", "find", noise(self.random), model="digits", **query)
        )

    async def report(self) -> None:
        body = json.dumps({"model": "digits", "data": "glyphs", "samples": 100, "seed": self.seed})
        await self._job(await self._request("POST", "report", body.encode()))

    async def film(self) -> None:
        query = {"model": self.model, "frames": 12, "mode": "slerp", "format": "gif"}
        await self._job(await self._request("POST", "walk/film", self._keys(), **query))

    async def travel(self) -> None:
        await self._request("POST", "walk", self._keys(), model=self.model, frames=24, mode="slerp")

    def _keys(self) -> bytes:
        return np.stack([self.z, -self.z]).astype("<f4").tobytes()

    async def look_inside(self) -> None:
        body = json.dumps({"z": self.z.tolist(), "edits": ""}).encode()
        await self._request("POST", "inside/picture", body, model=self.model)

    async def play_points(self) -> None:
        settings = json.dumps({"settings": {"data": "ring", "method": "nonsaturating"}}).encode()
        game = (await self._request("POST", "points/open", settings)).headers["X-Game"]
        await self._request("POST", f"points/{game}/play", b"{}")
        for _ in range(20):
            await self._request("POST", f"points/{game}/look", b"{}")
            await asyncio.sleep(0.15)
        await self._request("POST", f"points/{game}/close")


def noise(rng: random.Random) -> bytes:
    """A PNG of 32 × 32 random colours."""
    buffer = io.BytesIO()
    Image.frombytes("RGB", (32, 32), rng.randbytes(3 * 32 * 32)).save(buffer, "PNG")
    return buffer.getvalue()


async def come_and_go(world: World, number: int, until: float) -> None:
    """Visits of one plain client, one after another."""
    await asyncio.sleep(number % 10)
    while time.perf_counter() < until:
        await Visitor(world, number).visit(until)


async def open_pages(world: World, browser: Browser, number: int, until: float) -> None:
    """Visits of one Chromium page, one after another."""
    rng = random.Random(f"page {number}")
    while time.perf_counter() < until:
        context = await browser.new_context(viewport={"width": 1280, "height": 900})
        page, since = await context.new_page(), time.monotonic()
        page.on("pageerror", lambda error, since=since: broken(world, str(error), since))
        try:
            world.doing[-number - 1] = "page"
            await visit_page(page, world, rng)
            world.acts["pages"] += 1
        except BrowserError as error:
            if not world.faulty(since):
                world.fail(f"page: {str(error).splitlines()[0]}")
        for words in await told(page, ".toast-text", ".gs-unloaded"):
            world.tell(words, since, "page")
        await context.close()
        world.doing.pop(-number - 1, None)
        await asyncio.sleep(1)


async def visit_page(page: Page, world: World, rng: random.Random) -> None:
    """Drag a slider, train, stop, look at another tab."""
    await page.goto(world.url, timeout=60_000)
    slider = page.locator("#tab-explore input[type=range]").first
    await slider.wait_for(timeout=60_000)
    for _ in range(20):
        await slider.fill(f"{rng.uniform(0.3, 1):.1f}")
        await page.wait_for_timeout(100)
    await page.get_by_role("tab", name="Train").click()
    await page.locator("#train-button").click()
    await page.wait_for_timeout(8000)
    stop = page.locator(".gs-train-buttons").get_by_role("button", name="Stop")
    if await stop.is_enabled():
        await stop.click()
    await page.get_by_role("tab", name=rng.choice(("Walk", "Breed", "Inside", "Points"))).click()
    await page.wait_for_timeout(3000)


def broken(world: World, error: str, since: float) -> None:
    """Note an error of the page's scripts, unless it is a file that did not come from a server that was down."""
    if not (
        re.search("dynamically imported module|preload CSS", error) and world.faulty(since, "restart")
    ):
        world.fail(f"a script of the page: {error}")


async def told(page: Page, *where: str) -> list[str]:
    """The messages that the page shows, without their buttons."""
    try:
        shown = await page.locator(", ".join(where)).all_inner_texts()
        return [words.split("\n")[0] for words in shown]
    except BrowserError:
        return []
