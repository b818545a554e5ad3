"""The faults of the soak (benchmarks/soak.py): kills, a full disk, slow and broken connections, restarts."""

import asyncio
import contextlib
import os
import random
import resource
import signal
import socket
import time
from pathlib import Path

from benchmarks.soak_world import World, niceness_of
from demo.backend.jobs import jobs
from demo.backend.runs import queue as run_queue

# By these, beyond the server's own niceness, its processes are told apart.
RENDERER, JOB, WORKER = 0, jobs.NICENESS, run_queue.NICENESS
MOST_NICE = 19
FULL_BYTES = 2048  # a file may not grow beyond it while the disk is "full"
FULL_SECONDS = 12.0
WAIT_SECONDS = 20.0  # for a process of the kind that is to be killed
RESTARTS = ("restart by SIGTERM", "restart by SIGKILL")
FAULTS = (
    "kill the renderer",
    "kill a worker",
    "kill a job",
    "full disk",
    "broken connections",
    *RESTARTS,
)


async def rage(world: World, rng: random.Random, seconds: float, mean: float) -> None:
    """One fault after another for so many seconds, about every `mean` of them; no restart in the second half, in
    which the memory of the server is watched."""
    begin, bag = time.monotonic(), []
    while (past := time.monotonic() - begin) < seconds:
        await asyncio.sleep(rng.uniform(0.6, 1.4) * mean)
        allowed = [name for name in FAULTS if name not in RESTARTS or past < 0.45 * seconds]
        # Each kind once before any comes again.
        bag = [name for name in bag if name in allowed] or rng.sample(allowed, len(allowed))
        await do(world, bag.pop(), rng)


async def do(world: World, name: str, rng: random.Random) -> None:
    """One fault, to its end."""
    if name.startswith("kill"):
        kind = {"renderer": RENDERER, "worker": WORKER, "job": JOB}[name.split()[-1]]
        await kill_one(world, name, kind, rng)
    elif name == "full disk":
        await fill_disk(world)
    elif name == "broken connections":
        with world.fault(name):
            await asyncio.gather(*(asyncio.to_thread(break_off, world.port, k) for k in range(6)))
    else:
        with world.fault(name):
            number = signal.SIGKILL if name.endswith("SIGKILL") else signal.SIGTERM
            await asyncio.to_thread(world.end, number)
            await asyncio.to_thread(world.start)


async def kill_one(world: World, name: str, niceness: int, rng: random.Random) -> None:
    """kill -9 of one of the server's workers of that niceness, once there is one."""
    until, own = time.monotonic() + WAIT_SECONDS, niceness_of(world.server.process.pid)
    while time.monotonic() < until:
        wanted = min(own + niceness, MOST_NICE)
        if found := [each for each in workers(world) if niceness_of(each) == wanted]:
            with world.fault(name), contextlib.suppress(ProcessLookupError):
                os.kill(rng.choice(found), signal.SIGKILL)
            return
        await asyncio.sleep(0.2)


def workers(world: World) -> list[int]:
    """The server's processes that were forked from its fork server."""
    server = world.server.process.pid
    return [each for each in world.server.family() if each != server and parent_of(each) != server]


def parent_of(process: int) -> int:
    try:
        return int(Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[1])
    except OSError:
        return 0


async def fill_disk(world: World) -> None:
    """No file can be written beyond FULL_BYTES for a while, by any process of the server."""
    with world.fault("full disk"):
        try:
            until = time.monotonic() + FULL_SECONDS
            while time.monotonic() < until:  # again and again: processes come meanwhile
                limit_files(world, FULL_BYTES)
                await asyncio.sleep(0.5)
        finally:
            limit_files(world, resource.RLIM_INFINITY)
    await asyncio.sleep(1)
    limit_files(world, resource.RLIM_INFINITY)  # of those that were forked in that moment


def limit_files(world: World, size: int) -> None:
    for process in world.server.family():
        with contextlib.suppress(OSError):
            _, most = resource.prlimit(process, resource.RLIMIT_FSIZE)
            resource.prlimit(process, resource.RLIMIT_FSIZE, (size, most))


def break_off(port: int, kind: int) -> None:
    """A client that sends half of a body, or headers without an end, or takes nothing of an answer, and leaves."""
    path = "/gradio_api/ganscope/" + ("own" if kind % 2 else "pictures?model=faces")
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: 4096\r\n"
    parts = [head, head + "\r\nhalf", "GET /config HTTP/1.1\r\nHost: x\r\n\r\n"]
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
        line.sendall(parts[kind % 3].encode())
        time.sleep(5)
