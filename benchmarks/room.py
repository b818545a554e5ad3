"""A class for ten minutes: thirty students in one room, the teacher's wall, and one run after another.

    python -m benchmarks.room --minutes 10

Each student joins with a nickname, moves a slider twice a second (benchmarks/classroom.py), and says every two seconds
where he is, as his page does. They press Train one after another, so that one run trains all the time and others wait;
every third takes the settings and the seed of the student before him, and shares his run. The teacher's board asks for
the room and for each run's newest pictures as its page does (demo/web/class/). No browser draws: run it on an idle
machine, whose two cores the server has for itself but for these requests.
"""

import argparse
import asyncio
import statistics
import time
from collections import Counter
from functools import partial

import httpx

from benchmarks.classroom import WARM_UP, Session, report
from benchmarks.start import Server, with_server
from demo.routes.classroom import TEACHER_HEADER
from demo.routes.http import PREFIX

KEY = "the key of a benchmark"
HERE_SECONDS = 2.0  # demo/web/class/student.js
BOARD_SECONDS = 0.9  # demo/web/class/board.js
RUN_SECONDS = 30
SHARED = 3  # every so many students takes the settings of the one before


class Student(Session):
    """A browser in the room: moves sliders, says where it is, and trains when it is told to."""

    async def join(self, code: str) -> None:
        self.browser = f"{self.seed:032x}"
        body = {"code": code, "nickname": f"Student {self.seed + 1}", "browser": self.browser}
        answer = await self.client.post(f"{PREFIX}/class/join", json=body)
        self.student = answer.raise_for_status().json()["student"]

    async def stay_until(self, until: float) -> None:
        """Say where this student is, until then."""
        while time.perf_counter() < until:
            body = {"student": self.student, "chapter": "what", "done": self.seed % 4,
                    "predictions": {"what": {"choice": self.seed % 3, "right": True}}}  # fmt: skip
            try:
                (await self.client.post(f"{PREFIX}/class/here", json=body)).raise_for_status()
            except httpx.HTTPError as error:
                self.failures.append(repr(error))
            await asyncio.sleep(HERE_SECONDS)

    async def train(self) -> None:
        """Start a run, as the page does with its browser's token."""
        session = f"session{self.seed}"
        await self._event(find_token_event(await self._config()), [self.browser, 0], session)
        seed = self.seed - 1 if self.seed % SHARED == SHARED - 1 else self.seed
        settings = {"data": ["faces", "quick", RUN_SECONDS, seed, ""], "session_hash": session}
        event = (await self.client.post("/gradio_api/call/run_start", json=settings)).raise_for_status()
        async with self.client.stream(
            "GET", f"/gradio_api/call/run_start/{event.json()['event_id']}", timeout=None
        ) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("event: error"):
                    self.failures.append("run_start")

    async def _config(self) -> dict:
        return (await self.client.get("/config")).json()

    async def _event(self, fn_index: int, data: list, session: str) -> None:
        body = {"data": data, "fn_index": fn_index, "session_hash": session, "event_data": None}
        (await self.client.post("/gradio_api/queue/join", json=body)).raise_for_status()
        async with self.client.stream(
            "GET", "/gradio_api/queue/data", params={"session_hash": session}, timeout=None
        ) as stream:
            async for line in stream.aiter_lines():
                if "process_completed" in line:
                    return


class Wall:
    """The teacher's page: the room every BOARD_SECONDS, and the pictures that are new."""

    def __init__(self, url: str):
        self.client = httpx.AsyncClient(base_url=url, timeout=30, headers={TEACHER_HEADER: KEY})
        self.gaps: list[float] = []
        self.sheets = 0
        self.failures: list[str] = []

    async def open(self) -> str:
        answer = await self.client.post(f"{PREFIX}/class/open", json={})
        return answer.raise_for_status().json()["code"]

    async def look_until(self, until: float) -> dict:
        """The last state of the room; notes the seconds between one complete wall and the next."""
        shown, board = {}, {}
        while time.perf_counter() < until:
            started = time.perf_counter()
            try:
                board = (await self.client.get(f"{PREFIX}/class/board")).raise_for_status().json()
                runs = {
                    each["run"]["id"]: each["run"]["step"] for each in board["students"] if each["run"]
                }
                new = [run for run, step in runs.items() if step and shown.get(run) != step]
                await asyncio.gather(*(self._sheet(run, runs[run]) for run in new))
                shown |= runs
            except httpx.HTTPError as error:
                self.failures.append(repr(error))
            await asyncio.sleep(BOARD_SECONDS)
            self.gaps.append(time.perf_counter() - started)
        return board

    async def _sheet(self, run: str, step: int) -> None:
        (await self.client.get(f"{PREFIX}/runs/{run}/frame/{step}")).raise_for_status()
        self.sheets += 1


def find_token_event(config: dict) -> int:
    """The event by which a page tells its browser's token."""
    found = [each["id"] for each in config["dependencies"] if "ganscope-browser" in str(each.get("js"))]
    return found[0]


async def press_train(students: list[Student], until: float) -> None:
    """Let one student after another press Train, as many as two before RUN_SECONDS are over."""
    for student in students:
        if time.perf_counter() > until:
            return
        try:
            await student.train()
        except (httpx.HTTPError, KeyError, IndexError) as error:
            student.failures.append(repr(error))
        await asyncio.sleep(RUN_SECONDS / 2)


async def hold(options: argparse.Namespace, server: Server) -> None:
    wall = Wall(server.url)
    code = await wall.open()
    students = [Student(server.url, number, number) for number in range(options.people)]
    await asyncio.gather(*(student.open() for student in students))
    await asyncio.gather(*(student.join(code) for student in students))
    await asyncio.gather(*(student.move_until(time.perf_counter() + WARM_UP) for student in students))
    for student in students:
        student.milliseconds.clear()
    until = time.perf_counter() + 60 * options.minutes
    board, *_ = await asyncio.gather(
        wall.look_until(until),
        press_train(students, until),
        *(student.move_until(until) for student in students),
        *(student.stay_until(until) for student in students),
    )
    report(f"{options.people} students, {options.minutes:g} minutes", students)
    states = [each["run"]["state"] for each in board["students"] if each["run"]]
    trained = [each["run"]["step"] for each in board["students"] if each["run"] and each["run"]["step"]]
    print(f"runs: {dict(Counter(states))}, steps {trained}")
    cuts = statistics.quantiles(wall.gaps, n=100)
    print(
        f"wall: {len(wall.gaps)} times, every {statistics.median(wall.gaps):.2f} s (p95 {cuts[94]:.2f}), "
        f"{wall.sheets} sheets, {len(wall.failures)} failed {wall.failures[:2] or ''}"
    )
    print(f"memory {server.megabytes():.0f} MB")
    for client in (wall.client, *(student.client for student in students)):
        await client.aclose()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    with_server(["app.py", "--class"], partial(hold, options), {"GANSCOPE_TEACHER_KEY": KEY})


if __name__ == "__main__":
    main()
