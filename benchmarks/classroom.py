"""Latency under load: thirty users move sliders while a run trains.

    python -m benchmarks.classroom

Thirty sessions send the requests of the page: each opens it and its model, then moves one of its sliders
twice a second for a minute, one picture per move, and requests the previews along the sliders when
nothing has moved for a while, as drafts (demo/web/explore/). First without a run, then while one trains, with
different seeds and with one seed; the run's speed is compared with that without users. Memory is the
proportional set size (PSS) of all processes, from /proc on Linux.
"""

import argparse
import asyncio
import json
import random
import statistics
import time
from collections.abc import Sequence
from functools import partial

import httpx
import numpy as np

from benchmarks.start import Server, with_server
from demo.backend.generators import find_set

MODEL = "faces"
MOVE_SECONDS = 0.5  # mean time between two moves of a session (uniform, 0.2 to 1.8 times this)
SETTLE_SECONDS = 0.8  # previews are requested after so long without a move
PARALLEL_STRIPS = 2
STOPS = np.linspace(-3, 3, 7)
WARM_UP = 5.0


class Session:
    """A browser on Explore: its state and requests, and the latency of each move."""

    def __init__(self, url: str, seed: int, number: int, model: str = MODEL):
        # The server closes connections that were idle for 5 s: one that is about to be closed must not be used again.
        limits = httpx.Limits(keepalive_expiry=3.0)
        self.client = httpx.AsyncClient(base_url=url, timeout=30, limits=limits)
        self.seed, self.random, self.model = seed, random.Random(number), model
        self.milliseconds: list[float] = []
        self.failures: list[str] = []
        self.move_count = 0

    async def open(self) -> None:
        await self.client.get("/")
        await self.open_model()

    async def open_model(self) -> None:
        self.info = (await self._request("GET", "model", name=self.model)).json()
        answer = await self._request("GET", "latents", model=self.model, seeds=str(self.seed))
        self.z = np.frombuffer(answer.content, "<f4")
        rows = find_set(self.info, "sefa")["directions"]
        self.directions = np.array([row["vector"] for row in rows], dtype=np.float32)
        self.moves = np.zeros(len(self.directions), dtype=np.float32)

    async def _request(
        self, verb: str, path: str, body: bytes | None = None, **query
    ) -> httpx.Response:
        path = f"/gradio_api/ganscope/{path}"
        answer = await self.client.request(verb, path, params=query, content=body)
        answer.raise_for_status()
        return answer

    async def move_until(self, until: float) -> None:
        """Move sliders until `until`, after a random delay of up to `MOVE_SECONDS`."""
        await asyncio.sleep(self.random.uniform(0, MOVE_SECONDS))
        previews = set()
        while time.perf_counter() < until:
            due = time.perf_counter() + MOVE_SECONDS * self.random.uniform(0.2, 1.8)
            self.move_count += 1
            await self._move()
            task = asyncio.create_task(self._strips(self.move_count))
            previews.add(task)
            task.add_done_callback(previews.discard)
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
        await asyncio.gather(*previews)

    async def _move(self) -> None:
        self.moves[self.random.randrange(len(self.moves))] = self.random.uniform(-3, 3)
        started = time.perf_counter()
        try:
            shape = await self._pictures(self.z + self.moves @ self.directions)
            if shape != f"1,{self.info['size']},{self.info['size']},{self.info['channels']}":
                self.failures.append(f"shape {shape}")
        except httpx.HTTPError as error:
            self.failures.append(repr(error))
        self.milliseconds.append(1000 * (time.perf_counter() - started))

    async def _strips(self, move_count: int) -> None:
        """Request previews as demo/web/explore/previews.js: two at once, then a pause as long as they took."""
        await asyncio.sleep(SETTLE_SECONDS)
        for k in range(0, len(self.directions), PARALLEL_STRIPS):
            if move_count != self.move_count:
                return
            started = time.perf_counter()
            await asyncio.gather(*(self._strip(k + i) for i in range(PARALLEL_STRIPS)))
            await asyncio.sleep(time.perf_counter() - started)

    async def _strip(self, k: int) -> None:
        rows = np.tile(self.moves, (len(STOPS), 1))
        rows[:, k] = STOPS
        try:
            await self._pictures(self.z + rows @ self.directions, draft="true")
        except httpx.HTTPError as error:
            self.failures.append(repr(error))

    async def _pictures(self, z: np.ndarray, **query: str) -> str:
        body = np.atleast_2d(z).astype("<f4").tobytes()
        answer = await self._request("POST", "pictures", body, model=self.model, **query)
        return answer.headers["X-Shape"]


class Training:
    """A run started through the endpoint /train, and its newest numbers."""

    def __init__(self, url: str, seconds: float):
        self.url, self.seconds, self.newest = url, seconds, {}

    async def follow(self) -> None:
        async with httpx.AsyncClient(base_url=self.url, timeout=None) as client:
            settings = {"data": ["faces", "quick", self.seconds, 0]}
            event = (await client.post("/gradio_api/call/train", json=settings)).json()["event_id"]
            async with client.stream("GET", f"/gradio_api/call/train/{event}") as stream:
                async for line in stream.aiter_lines():
                    if line.startswith("data: ["):
                        self.newest = json.loads(line[6:])[0] or self.newest

    async def begin(self) -> asyncio.Task:
        """Start the run and wait for its first step; the task that follows it."""
        task = asyncio.create_task(self.follow())
        while not self.newest.get("step"):
            await asyncio.sleep(0.1)
        return task

    async def rate(self, seconds: float) -> float:
        """Steps per second over the next `seconds`, by the wall clock."""
        steps, started = self.newest["step"], time.perf_counter()
        await asyncio.sleep(seconds)
        return (self.newest["step"] - steps) / (time.perf_counter() - started)


async def simulate(url: str, users: int, seconds: float, same: bool) -> list[Session]:
    """Let `users` sessions move sliders for `seconds`, after a warm-up; on the `same` seed, or different ones."""
    sessions = [Session(url, 42 if same else number, number) for number in range(users)]
    await asyncio.gather(*(session.open() for session in sessions))
    await asyncio.gather(*(session.move_until(time.perf_counter() + WARM_UP) for session in sessions))
    for session in sessions:
        session.milliseconds.clear()
    await asyncio.gather(*(session.move_until(time.perf_counter() + seconds) for session in sessions))
    for session in sessions:
        await session.client.aclose()
    return sessions


def report(name: str, sessions: Sequence) -> None:
    """Print the latencies of sessions, which have `milliseconds` and `failures`."""
    waits = [wait for session in sessions for wait in session.milliseconds]
    failures = [failure for session in sessions for failure in session.failures]
    cuts = statistics.quantiles(waits, n=100)
    wait = f"median {statistics.median(waits):5.1f} ms, p95 {cuts[94]:5.1f}, p99 {cuts[98]:5.1f}"
    count = f"{len(waits)} moves, {len(failures)} failed {failures[:2] or ''}"
    print(f"{name:40} {wait}, slowest {max(waits):5.0f}; {count}", flush=True)


async def run(options: argparse.Namespace, server: Server) -> None:
    without_run = await simulate(server.url, options.people, options.seconds, same=False)
    report("different seeds, no run", without_run)
    before = server.megabytes()
    total = 2 * (options.seconds + WARM_UP) + 90
    training = Training(server.url, total)
    task = await training.begin()
    solo = await training.rate(15)
    for same, name in (
        (False, "different seeds, one run training"),
        (True, "the same seed, one run training"),
    ):
        simulation = asyncio.create_task(simulate(server.url, options.people, options.seconds, same))
        await asyncio.sleep(WARM_UP + 2)
        rate = await training.rate(options.seconds - 5)
        report(name, await simulation)
        print(
            f"{'':40} training {rate:.1f} steps/s, {rate / solo:.0%} of {solo:.1f} without users",
            flush=True,
        )
        print(f"{'':40} memory {server.megabytes():.0f} MB ({before:.0f} before the run)", flush=True)
    again = await training.rate(15)
    print(f"{'':40} training without users again {again:.1f} steps/s")
    task.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60)
    options = parser.parse_args()
    with_server(["app.py"], partial(run, options))


if __name__ == "__main__":
    main()
