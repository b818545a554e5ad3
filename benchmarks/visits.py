"""Memory of the server over many visits: does it keep what visitors leave?

    python -m benchmarks.visits --visits 2000

Each visit does what a browser does: it gets the page, sends the events that Gradio sends when a page has
loaded, reads their answers, asks for the first model and latent, and says that it is closed.
Then comes the next one. Printed every 100 visits: the resident memory of the server's own process, from
/proc on Linux. The first `MAX_SESSIONS` visits may cost memory, for Gradio holds so many sessions; the
others should not.
"""

import argparse
import asyncio
import json
import re
import secrets
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks.start import Server
from demo.page import MAX_SESSIONS

SHOWN_EVERY = 100
AT_ONCE = 4
EVENT_SECONDS = 60
TOKEN = re.compile("[0-9a-f]{32}")


def resident_mb(process: int) -> float:
    """Resident memory of a process in MB."""
    (line,) = [
        line
        for line in Path(f"/proc/{process}/status").read_text().splitlines()
        if line.startswith("VmRSS")
    ]
    return int(line.split()[1]) / 1024


def load_events(config: dict) -> list[dict]:
    """The events that a page sends when it has loaded, as bodies for the queue."""
    values = {each["id"]: each["props"].get("value") for each in config["components"]}
    return [
        {
            "fn_index": each["id"],
            "data": [values.get(component) for component in each["inputs"]],
            "trigger_id": None,
        }
        for each in config["dependencies"]
        if any(target[1] == "load" for target in each["targets"]) and each["backend_fn"]
    ]


async def visit(url: str, events: list[dict]) -> None:
    """One visit, from the page's request to the news that it is closed."""
    session = secrets.token_hex(6)
    async with httpx.AsyncClient(base_url=url, timeout=EVENT_SECONDS) as client:
        await client.get("/")
        for body in events:
            joined = body | {"session_hash": session}
            (await client.post("/gradio_api/queue/join", json=joined)).raise_for_status()
        token = await read_token(client, session)
        for path in ("model?name=faces", "latents?model=faces&seeds=42"):
            (await client.get(f"/gradio_api/ganscope/{path}")).raise_for_status()
        (await client.post("/gradio_api/ganscope/page/closed", content=token)).raise_for_status()


async def read_token(client: httpx.AsyncClient, session: str) -> str:
    """The page's token, which is among the answers to its first events; all of them are read."""
    token, query = "", {"session_hash": session}
    async with client.stream("GET", "/gradio_api/queue/data", params=query) as stream:
        async for line in stream.aiter_lines():
            message = json.loads(line[5:]) if line.startswith("data:") else {"msg": ""}
            if message["msg"] == "close_stream":
                break
            for value in message.get("output", {}).get("data", ()):
                token = value if TOKEN.fullmatch(str(value)) else token
    return token


async def run(url: str, process: int, count: int) -> None:
    async with httpx.AsyncClient(timeout=60) as client:
        config = (await client.get(f"{url}/config")).json()
    events, started = load_events(config), time.perf_counter()
    print(f"{len(events)} events a visit\nvisits  server, MB  s/visit")
    print(f"{0:6}  {resident_mb(process):10.0f}")
    for done in range(SHOWN_EVERY, count + 1, SHOWN_EVERY):
        left = iter(range(SHOWN_EVERY))

        async def visitor(left=left):
            for _ in left:
                await visit(url, events)

        await asyncio.gather(*(visitor() for _ in range(AT_ONCE)))
        seconds = (time.perf_counter() - started) / done
        print(f"{done:6}  {resident_mb(process):10.0f}  {seconds:7.2f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=2000)
    count = parser.parse_args().visits
    print(f"Gradio may hold {MAX_SESSIONS} sessions")
    with tempfile.TemporaryDirectory() as folder:
        server = Server(["app.py"], Path(folder))
        try:
            asyncio.run(run(server.url, server.process.pid, count))
        finally:
            server.close()


if __name__ == "__main__":
    main()
