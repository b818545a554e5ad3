"""Does the server survive a term? Visitors come and go for hours while one fault after another befalls it.

    python -m benchmarks.soak
    python -m benchmarks.soak --minutes 5 --people 6 --pages 1 --fault-seconds 15

Plain clients do what the page does: they come, drag sliders, train, stop, upload, search, play on points, leave or
vanish; a few pages in Chromium do the same. Meanwhile, at random: kill -9 of the process that draws, of a worker, of a
job; a disk on which no file grows beyond 2 kB (RLIMIT_FSIZE: the error is EFBIG, not ENOSPC); connections that break
off; restarts of the server, by SIGTERM and by SIGKILL, in the first half alone. Jumps of the clock are not among them:
with libfaketime 0.9.10, time.sleep of Python 3.11 fails.

What must hold: whatever fails ends in one sentence; the server's own process does not grow by 5 % over the second
half; every run that ended opens in Explore; no process and no file is left over. Linux only: it reads /proc.
"""

import argparse
import asyncio
import random
import shutil
import statistics
import tempfile
import time
from collections import Counter
from pathlib import Path

import httpx
from playwright.async_api import async_playwright

from benchmarks.soak_faults import rage
from benchmarks.soak_visitors import come_and_go, open_pages
from benchmarks.soak_world import World
from benchmarks.start import FLAGS
from demo.backend.runs.kept import SUFFIX, read
from demo.backend.runs.run import Run
from demo.routes.http import PREFIX

MEASURE_SECONDS = 5.0
MOST_GROWTH = 0.05
LAST_SECONDS = 180.0  # for what visitors have begun
QUIET_SECONDS = 30.0  # until runs that nobody watches have ended
END_SECONDS = 10.0  # for processes, on a busy machine
JUDGED_MINUTES = 60  # a server that has just begun grows
PARTS = 5  # of the second half; the first one is compared with the last


async def soak(options: argparse.Namespace, world: World) -> None:
    """Visitors, faults and measurements for so many minutes, then a quiet moment."""
    seconds, rng = 60 * options.minutes, random.Random(options.seed)
    until = time.perf_counter() + seconds
    watching = asyncio.create_task(watch(world))
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        visitors = [come_and_go(world, number, until) for number in range(options.people)]
        pages = [open_pages(world, browser, number, until) for number in range(options.pages)]
        work = asyncio.gather(rage(world, rng, seconds, options.fault_seconds), *visitors, *pages)
        try:
            await asyncio.wait_for(work, seconds + LAST_SECONDS)
        except TimeoutError:
            world.fail(
                f"what was begun did not end within {LAST_SECONDS:.0f} s: {[*world.doing.values()]}"
            )
        await browser.close()
    watching.cancel()
    await asyncio.sleep(QUIET_SECONDS)


async def watch(world: World) -> None:
    while True:
        world.measure()
        await asyncio.sleep(MEASURE_SECONDS)


def kept_runs(world: World) -> list[Run]:
    """The runs on disk that have ended after a step."""
    runs = [read(path) for path in world.runs.glob(f"*{SUFFIX}")]
    return [run for run in runs if run.over and any(each["step"] for each in run.points)]


def lost_weights(world: World, runs: list[Run]) -> list[str]:
    """Of the runs that ended those that do not open in Explore, and why."""
    lost = []
    with httpx.Client(base_url=world.url + PREFIX, timeout=60) as client:
        for run in runs:
            answer = client.get("/model", params={"name": f"run:{run.id}"})
            if answer.status_code == 200:
                body = bytes(4 * answer.json()["z_dim"])
                answer = client.post("/pictures", params={"model": f"run:{run.id}"}, content=body)
            if answer.status_code != 200:
                lost.append(f"{run.id} ({run.state}, step {run.points[-1]['step']}): {answer.text}")
    return lost


def leftovers(world: World, known: set[str]) -> list[str]:
    """Files that should not be there once the server has ended; `known` are the ids of its runs."""
    # An empty folder that PyTorch makes once for all its processes, and uses again.
    left = [path for path in world.temporary.rglob("*") if not path.name.startswith("torchinductor_")]
    left += [path for path in world.folder.rglob(".new-*") if path not in left]
    left += [
        path
        for path in world.runs.glob("*")
        if path.name.removesuffix(SUFFIX) not in known and not path.name.startswith(".new-")
    ]
    return [str(path.relative_to(world.folder)) for path in left]


def still_there(world: World) -> list[int]:
    """Processes of the server that have not ended END_SECONDS after it."""
    until = time.monotonic() + END_SECONDS
    while (alive := world.alive()) and time.monotonic() < until:
        time.sleep(0.2)
    return alive


def course(world: World) -> str:
    """Mean memory (MB) of the server's own process in each tenth of the time."""
    size = max(len(world.memory) // 10, 1)
    parts = [world.memory[start : start + size] for start in range(0, len(world.memory), size)]
    return " ".join(f"{statistics.mean(mb for _, mb in part):.0f}" for part in parts)


def growth(world: World) -> tuple[float, float]:
    """Mean memory (MB) of the server's own process in the first and the last part of the second half."""
    begin, end = world.memory[0][0], world.memory[-1][0]
    half = [mb for at, mb in world.memory if at > (begin + end) / 2]
    part = max(len(half) // PARTS, 1)
    return statistics.mean(half[:part]), statistics.mean(half[-part:])


def judge(options: argparse.Namespace, world: World) -> bool:
    """End the server, look for what is left, print all; whether everything holds."""
    runs = kept_runs(world)
    lost = lost_weights(world, runs)
    first, last = growth(world)
    seconds = world.end()
    orphans = still_there(world)
    # What a kill left, the next start removes.
    world.start()
    known = {path.name.removesuffix(SUFFIX) for path in world.runs.glob(f"*{SUFFIX}")}
    world.end()
    orphans += still_there(world)
    left = leftovers(world, known)
    print(f"\n{options.minutes:g} minutes, {options.people} clients, {options.pages} pages")
    print(f"done: {dict(world.acts)}")
    print(f"faults: {dict(Counter(fault.name for fault in world.faults))}")
    print(f"memory of the server, MB by tenths of the time: {course(world)}")
    _list("sentences that visitors saw", world.said)
    table = [
        ("what a visitor sees is a sentence", not world.failures, world.failures),
        ("each sentence has a fault or a limit", not world.unexplained, world.unexplained),
        (
            f"memory of the server {first:.0f} -> {last:.0f} MB over the second half (judged from "
            f"{JUDGED_MINUTES} minutes on)",
            last < first * (1 + MOST_GROWTH) or options.minutes < JUDGED_MINUTES,
            (),
        ),
        (f"{len(runs)} runs that ended open in Explore", not lost, lost),
        (f"the server ended in {seconds:.1f} s, no process is left", not orphans, orphans),
        ("no file is left", not left, left),
    ]
    for words, good, found in table:
        print(f"{'holds' if good else 'FAILS'}  {words}")
        if not good:
            _list("", found)
    return all(good for _, good, _ in table)


def _list(title: str, found) -> None:
    if title:
        print(f"{title}:")
    rows = found.most_common() if isinstance(found, Counter) else [(each, 1) for each in found]
    for words, count in rows[:40]:
        print(f"  {count:5} × {words}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--people", type=int, default=27, help="plain clients")
    parser.add_argument("--pages", type=int, default=3, help="pages in Chromium")
    parser.add_argument("--fault-seconds", type=float, default=60, help="mean time between two faults")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--log", type=Path, help="keep the server's log there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ganscope-soak-") as folder:
        world = World(Path(folder))
        try:
            world.start()
            asyncio.run(soak(options, world))
            good = judge(options, world)
        finally:
            if world.server:
                world.server.process.kill()
            if options.log:
                shutil.copy(world.folder / "log", options.log)
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
