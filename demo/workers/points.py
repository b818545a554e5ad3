"""The process of one training session on points for one page (gan.playground.session), without Gradio.

It takes numbered requests, as those of demo.backend.rpc.RpcClient: `open` once, then what the page's
buttons do. Every answer is one blob for the browser (`packed`). A session that is left running goes on
between requests, but only while somebody looks; one left alone for ten minutes ends.
"""

import dataclasses
import importlib
import json
import math
import time
from collections.abc import Sequence
from multiprocessing.connection import Connection

import numpy as np
import torch

from gan.data.point_clouds import CLOUDS
from gan.data.point_csv import write_points
from gan.playground.session import Frame, PointSession, RestartNeeded
from gan.settings.command_line import train_command
from gan.settings.config import TrainConfig, method_of
from gan.settings.diff import differences
from gan.training.diagnosis import cured
from gan.training.resolve import resolve

SHOWN_REALS = 1000
LOOKING_SECONDS = 2.5  # a page that asked for nothing so long is not looked at
PATIENCE_SECONDS = 600.0
EXPORTED = 2500  # fakes in a file
ENDED = "This session has ended here: press Reset to begin it anew. Its history stays on your page."
ARRAYS = ("fakes", "scores", "pulls", "surface", "grid")


def main(pipe: Connection) -> None:
    """Serve requests until the page leaves, or forgets us."""
    torch.set_num_threads(1)
    # The first optimiser of a process imports it, in two seconds that nobody should wait for.
    importlib.import_module("torch._dynamo")

    server, asked = SessionServer(), time.monotonic()
    # One that waits for its first session stays ready, however long that takes to come.
    while server.session is None or time.monotonic() - asked < PATIENCE_SECONDS:
        watched = time.monotonic() - asked < LOOKING_SECONDS
        if server.running and watched:
            server.go_on()
        if not pipe.poll(0 if server.running and watched else 1.0):
            continue
        try:
            number, name, arguments = pipe.recv()
        except EOFError:
            return
        asked = time.monotonic()
        pipe.send((number, *_answer(server, name, arguments)))


def _answer(server: "SessionServer", name: str, arguments: tuple) -> tuple[str, object]:
    if server.session is None and name != "open":
        return "refused", ENDED
    try:
        return "done", REQUESTS[name](server, *arguments)
    except ValueError as error:
        return "refused", str(error)


class SessionServer:
    """One session, and how it goes on by itself."""

    def __init__(self):
        self.session: PointSession | None = None
        self.points: np.ndarray | None = None  # those of a visitor's own
        self.asked_for = TrainConfig()
        self.goal: int | None = None  # the step to stop at
        self.pace = math.inf  # steps a second
        self.running = False
        self.began, self.began_at = 0.0, 0

    def go_on(self) -> None:
        """The next step, when it is due."""
        due = self.began + (self.session.steps - self.began_at) / self.pace
        wait = due - time.monotonic()
        if wait > 0.002:
            time.sleep(min(wait, 0.01))
            return
        self.session.step()
        if self.session.over or self.session.steps == (self.goal or self.session.plan):
            self.running = False

    def open(
        self,
        config: TrainConfig,
        points: np.ndarray | None,
        restarted: str = "",
        running: bool = False,
    ) -> bytes:
        """A new session; `restarted` says why, where it takes the place of one that went on."""
        if points is None and config.data not in CLOUDS:
            raise ValueError("These data are someone's own points: draw, paste or load them first.")
        self.session, self.points = PointSession(config, points), points
        self.asked_for, self.running, self.goal = config, running, None
        self.began, self.began_at = time.monotonic(), 0
        about = {**self.about(), "restarted": restarted}
        return self.reply(self.session.frame(measured=True), about=about, arrays=self.arrays())

    def about(self) -> dict:
        """What stays the same while this session goes on."""
        judge = self.session.judge
        centres = judge.cloud.centres if judge.cloud else None
        return {
            **self.settings(),
            "corner": list(map(float, judge.divergence.corner)),
            "side": float(judge.divergence.side),
            "count": len(self.session.real),
            "modes": None if centres is None else len(centres),
            "floor": dataclasses.asdict(judge.floor),
        }

    def arrays(self) -> dict[str, np.ndarray]:
        """The real points that are shown, and the noise as it enters G."""
        session = self.session
        return {
            "real": session.real[:SHOWN_REALS].numpy(),
            "z": session.trainer.g.noise_input(session.z).numpy(),
        }

    def settings(self) -> dict:
        """What was asked for, what is in force, and the command line for it."""
        return {
            "settings": self.asked_for.to_dict(),
            "chosen": choices_of(self.session.config),
            "critic": self.session.centred,
            "command": train_command(self.asked_for),
        }

    def play(self, pace: float | None = None, goal: int | None = None) -> bytes:
        """Go on by itself, at a pace in steps a second, until a step or until it is paused."""
        if goal is not None and goal <= self.session.steps:
            raise ValueError(f"The session is past step {goal:,} already: reset it first.")
        if self.session.at_rest:
            raise ValueError(
                f"The plan of {self.session.plan:,} steps is done, and its learning rates have fallen to "
                "0: choose a longer plan, or reset."
            )
        self.pace, self.goal = pace or math.inf, goal
        self.began, self.began_at = time.monotonic(), self.session.steps
        self.running = not self.session.over
        return self.look()

    def pause(self) -> bytes:
        self.running = False
        return self.reply(self.session.frame(measured=True))

    def look(self) -> bytes:
        return self.reply(self.session.frame(measured=not self.running))

    def step(self) -> bytes:
        self.running = False
        self.session.step()
        return self.reply(self.session.frame(measured=True))

    def step_of(self, player: str) -> bytes:
        self.running = False
        self.session.step_of(player)
        return self.reply(self.session.frame(measured=True))

    def slowly(self) -> bytes:
        self.running = False
        return self.reply(*self.session.step_in_frames())

    def change(self, config: TrainConfig) -> bytes:
        before, running = self.session.config, self.running
        try:
            self.session.change(config)
        except RestartNeeded:
            points = self.points if config.data == before.data else None
            words = "; ".join(of_points(change) for change in differences(resolve(config), before))
            return self.open(config, points, f"Begun anew from step 0, with {words}.", running)
        words = [of_points(change) for change in differences(self.session.config, before)]
        self.asked_for = config
        about = {**self.settings(), "changed": words}
        return self.reply(self.session.frame(), about=about)

    def samples(self) -> bytes:
        return write_points(self.session.samples(EXPORTED)).encode()

    def reply(self, *frames: Frame, about: dict | None = None, arrays: dict | None = None) -> bytes:
        state = {"running": self.running, "over": self.session.over, "pace": self._pace()}
        header = {**(about or {}), **state}
        config = self.session.config
        return packed(header, arrays or {}, [(numbers(frame, config), frame) for frame in frames])

    def _pace(self) -> float:
        """Steps a second since it was set going."""
        took = time.monotonic() - self.began
        return (self.session.steps - self.began_at) / took if self.running and took > 0 else 0.0


REQUESTS = {
    name: getattr(SessionServer, name)
    for name in ("open", "play", "pause", "look", "step", "step_of", "slowly", "change", "samples")
}


def choices_of(config: TrainConfig) -> dict:
    """Every choice that is in force in a resolved config, by name."""
    method = method_of(config)
    chosen = dataclasses.asdict(method) | {"d_depth": method.depth_of_d}
    return {name: value for name, value in chosen.items() if name != "points"}


def numbers(frame: Frame, config: TrainConfig) -> dict:
    """The numbers of a frame that are sent beside its arrays."""
    quality = frame.quality and dataclasses.asdict(frame.quality)
    values = {
        "step": frame.step,
        "half": frame.half,
        **frame.means,
        "d_gradient": frame.d_gradient,
        "g_gradient": frame.g_gradient,
        **(quality or {}),
    }
    return {name: _plain(value) for name, value in values.items()} | {
        "finding": [_finding(each, config) for each in frame.findings[-1:]]
    }


def _finding(finding, config: TrainConfig) -> dict:
    """What goes wrong in words, and the settings of a session begun anew with the cure."""
    better = cured(config, finding) if finding.cure else config
    changes = [of_points(change) for change in differences(better, config)]
    found = {"kind": finding.kind, "words": of_points(str(finding)), "changes": changes}
    return found | ({"cure": better.to_dict()} if changes else {})


def of_points(words: str) -> str:
    """A sentence on runs that learn pictures, worded for points."""
    return words.replace("pictures", "points").replace("picture", "point").replace("images", "points")


def _plain(value: object) -> object:
    """JSON knows no NaN; five digits are more than a page shows."""
    if isinstance(value, float):
        return float(f"{value:.5g}") if math.isfinite(value) else None
    return value


def packed(header: dict, arrays: dict, frames: Sequence[tuple[dict, Frame]]) -> bytes:
    """uint32 length of a JSON header, the header, and then its arrays, little endian, in its order.

    The header names arrays as {"name": [dtype, shape]}, its own first, then those of each frame.
    """
    blobs: list[bytes] = []

    def named(values: dict) -> dict:
        blobs.extend(array.astype(array.dtype.newbyteorder("<")).tobytes() for array in values.values())
        return {name: [array.dtype.name, array.shape] for name, array in values.items()}

    header = {**header, "arrays": named(arrays)}
    header["frames"] = [
        {**values, "arrays": named({name: getattr(frame, name) for name in ARRAYS})}
        for values, frame in frames
    ]
    text = json.dumps(header).encode()
    return b"".join([len(text).to_bytes(4, "little"), text, *blobs])
