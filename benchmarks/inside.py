"""Painting with units under load: pictures a second for one person, and latencies of ten, without and beside a run.

    python -m benchmarks.inside

Each person paints hair with the requests of the page: strokes of a second, a picture asked for when the last has come
and at most 20 times a second, the mask a little larger each time; then 2 s of looking, which begin with a request for
units and guesses (demo/web/inside/). For one person, strokes without a pause and without a limit come first.
"""

import argparse
import asyncio
import random
import time
from functools import partial

import httpx
import torch

from benchmarks.classroom import Training, report
from benchmarks.start import Server, with_server
from gan.inside.edit_text import write_mask
from gan.inside.limits import GRID
from gan.latent.vectors import seed_latents

MODEL, Z_DIM = "faces", 64
STROKE_SECONDS, LOOK_SECONDS, LEAST_SECONDS = 1.0, 2.0, 0.05


class Painter:
    """A browser on Inside."""

    def __init__(self, url: str, number: int):
        self.client = httpx.AsyncClient(
            base_url=url, timeout=60, limits=httpx.Limits(keepalive_expiry=3.0)
        )
        self.z, self.random = seed_latents([number], Z_DIM)[0].tolist(), random.Random(number)
        self.milliseconds: list[float] = []
        self.failures: list[str] = []

    async def ask(self, path: str, **values: object) -> None:
        address = f"/gradio_api/ganscope/inside/{path}"
        answer = await self.client.post(address, params={"model": MODEL}, json={"z": self.z, **values})
        if answer.status_code != 200:
            self.failures.append(answer.text)

    async def stroke(self, seconds: float, least: float) -> None:
        mask, until = torch.zeros(GRID, GRID), time.perf_counter() + seconds
        column = self.random.randrange(GRID - 4)
        for row in range(10**6):
            started = time.perf_counter()
            if started > until:
                return
            mask[row % GRID, column : column + 4] = 1.0
            await self.ask("picture", edits=f"more.hair.{write_mask(mask)}")
            took = time.perf_counter() - started
            self.milliseconds.append(1000 * took)
            await asyncio.sleep(max(0.0, least - took))

    async def paint_until(self, until: float) -> None:
        await asyncio.sleep(self.random.uniform(0, STROKE_SECONDS + LOOK_SECONDS))
        while time.perf_counter() < until:
            await self.stroke(STROKE_SECONDS, LEAST_SECONDS)
            await self.ask("film", edits="", layer=2, part="", count=24)
            await asyncio.sleep(LOOK_SECONDS)


async def people(url: str, count: int, seconds: float, name: str) -> None:
    painters = [Painter(url, number) for number in range(count)]
    await asyncio.gather(*(each.paint_until(time.perf_counter() + seconds) for each in painters))
    report(name, painters)


async def run(options: argparse.Namespace, server: Server) -> None:
    one = Painter(server.url, 5)
    await one.ask("film", edits="", layer=2, part="", count=24)
    await one.stroke(10.0, 0.0)
    print(f"{'one, without a pause':40} {len(one.milliseconds) / 10:.0f} pictures/s", flush=True)
    await people(server.url, options.people, options.seconds, f"{options.people} people")
    training = Training(server.url, options.seconds + 90)
    task = await training.begin()
    solo = await training.rate(10)
    beside = asyncio.create_task(
        people(server.url, options.people, options.seconds, f"{options.people} beside a run")
    )
    rate = await training.rate(options.seconds)
    await beside
    print(f"{'':40} the run keeps {rate / solo:.0%} of {solo:.1f} steps/s")
    task.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    with_server(["app.py"], partial(run, options))


if __name__ == "__main__":
    main()
