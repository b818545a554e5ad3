"""The process of one page's training session on points (gan.playground.session). Never imports Gradio.

It answers the numbered requests of demo.backend.work.rpc.RpcClient: `open` first, then one per action of
the page. Every answer is one binary blob (`pack_blob`). A running session takes steps between
requests, but only while its page keeps polling; after ten minutes without a request the process ends.
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

from demo.workers.messages import json_number
from gan.data.point_clouds import CLOUDS
from gan.data.point_csv import write_points
from gan.playground.session import Frame, PointSession, RestartNeeded
from gan.settings.command_line import train_command
from gan.settings.config import TrainConfig, method_of
from gan.settings.diff import differences
from gan.training.diagnosis import cured
from gan.training.resolve import resolve

MAX_REAL_POINTS = 1000
WATCHED_SECONDS = 2.5  # after so long without a request nobody is watching
IDLE_SECONDS = 600.0  # the process ends after so long without a request
EXPORTED_FAKES = 2500  # points in the CSV file
SESSION_ENDED = (
    "This session has ended on the server: press Reset to start again. Its history stays on your page."
)
FRAME_ARRAYS = ("fakes", "scores", "pulls", "surface", "grid")


def main(pipe: Connection) -> None:
    """Serve requests until the pipe is closed or the session has been idle for too long."""
    torch.set_num_threads(1)
    # Creating the first optimiser imports it, which takes two seconds: better now than on Play.
    importlib.import_module("torch._dynamo")

    server, last_request = SessionServer(), time.monotonic()
    # A spare process has no session yet, and waits for one without a limit.
    while server.session is None or time.monotonic() - last_request < IDLE_SECONDS:
        watched = time.monotonic() - last_request < WATCHED_SECONDS
        if server.running and watched:
            server.step_if_due()
        if not pipe.poll(0 if server.running and watched else 1.0):
            continue
        try:
            number, name, arguments = pipe.recv()
        except (EOFError, ConnectionError):
            return
        last_request = time.monotonic()
        pipe.send((number, *_answer(server, name, arguments)))


def _answer(server: "SessionServer", name: str, arguments: tuple) -> tuple[str, object]:
    if server.session is None and name != "open":
        return "refused", SESSION_ENDED
    try:
        return "done", REQUESTS[name](server, *arguments)
    except ValueError as error:
        return "refused", str(error)


class SessionServer:
    """Holds one session, answers requests about it, and advances it while it is running."""

    def __init__(self):
        self.session: PointSession | None = None
        self.points: np.ndarray | None = None  # uploaded or drawn by the user; None: a cloud by name
        self.requested = TrainConfig()  # as the page sent it, not resolved
        self.stop_step: int | None = None  # None: the end of the plan
        self.pace = math.inf  # steps per second
        self.running = False
        self.play_time, self.play_step = 0.0, 0  # when and at which step Play was pressed

    def step_if_due(self) -> None:
        """Take the next step, if the pace allows it now; otherwise sleep for at most 10 ms."""
        due = self.play_time + (self.session.steps - self.play_step) / self.pace
        wait = due - time.monotonic()
        if wait > 0.002:
            time.sleep(min(wait, 0.01))
            return
        self.session.step()
        if self.session.over or self.session.steps == (self.stop_step or self.session.plan):
            self.running = False

    def open(
        self,
        config: TrainConfig,
        points: np.ndarray | None,
        restarted: str = "",
        running: bool = False,
    ) -> bytes:
        """Start a new session. `restarted` tells the user why, if it replaces one that was going on.

        ValueError for uploaded data without points.
        """
        if points is None and config.data not in CLOUDS:
            raise ValueError("These data are uploaded points: draw, paste or load them first.")
        self.session, self.points = PointSession(config, points), points
        self.requested, self.running, self.stop_step = config, running, None
        self.play_time, self.play_step = time.monotonic(), 0
        header = {**self.describe(), "restarted": restarted}
        return self.reply(self.session.frame(measured=True), header=header, arrays=self.arrays())

    def describe(self) -> dict:
        """Facts that stay the same for the whole session, as JSON values."""
        judge = self.session.judge
        centres = judge.cloud.centres if judge.cloud else None
        return {
            **self.describe_settings(),
            "corner": list(map(float, judge.divergence.corner)),
            "side": float(judge.divergence.side),
            "count": len(self.session.real),
            "modes": None if centres is None else len(centres),
            "floor": dataclasses.asdict(judge.floor),
        }

    def arrays(self) -> dict[str, np.ndarray]:
        """The real points to show, float32 (N, 2), and the noise as it enters G, (N, z_dim)."""
        session = self.session
        return {
            "real": session.real[:MAX_REAL_POINTS].numpy(),
            "z": session.trainer.g.noise_input(session.z).numpy(),
        }

    def describe_settings(self) -> dict:
        """The requested settings, the method choices in force, and the equivalent command line."""
        return {
            "settings": self.requested.to_dict(),
            "chosen": active_choices(self.session.config),
            "critic": self.session.centred,
            "command": train_command(self.requested),
        }

    def play(self, pace: float | None = None, stop_step: int | None = None) -> bytes:
        """Run at `pace` steps per second until the step `stop_step`, the end of the plan, or a pause.

        ValueError if that step, or a plan whose rates decay to 0, has passed.
        """
        if stop_step is not None and stop_step <= self.session.steps:
            raise ValueError(f"The session is past step {stop_step:,} already: reset it first.")
        if self.session.at_rest:
            raise ValueError(
                f"The plan of {self.session.plan:,} steps is done, and its learning rates have decayed to "
                "0: choose a longer plan, or reset."
            )
        self.pace, self.stop_step = pace or math.inf, stop_step
        self.play_time, self.play_step = time.monotonic(), self.session.steps
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

    def step_in_frames(self) -> bytes:
        self.running = False
        return self.reply(*self.session.step_in_frames())

    def change(self, config: TrainConfig) -> bytes:
        before, running = self.session.config, self.running
        try:
            self.session.change(config)
        except RestartNeeded:
            points = self.points if config.data == before.data else None
            words = "; ".join(
                word_for_points(change) for change in differences(resolve(config), before)
            )
            return self.open(config, points, f"Restarted from step 0, with {words}.", running)
        words = [word_for_points(change) for change in differences(self.session.config, before)]
        self.requested = config
        header = {**self.describe_settings(), "changed": words}
        return self.reply(self.session.frame(), header=header)

    def samples(self) -> bytes:
        return write_points(self.session.samples(EXPORTED_FAKES)).encode()

    def reply(self, *frames: Frame, header: dict | None = None, arrays: dict | None = None) -> bytes:
        state = {"running": self.running, "over": self.session.over, "pace": self._measured_pace()}
        header = {**(header or {}), **state}
        config = self.session.config
        return pack_blob(
            header, arrays or {}, [(frame_values(frame, config), frame) for frame in frames]
        )

    def _measured_pace(self) -> float:
        """Steps per second since Play was pressed."""
        took = time.monotonic() - self.play_time
        return (self.session.steps - self.play_step) / took if self.running and took > 0 else 0.0


REQUESTS = {
    name: getattr(SessionServer, name)
    for name in ("open", "play", "pause", "look", "step", "step_of", "change", "samples")
} | {"slowly": SessionServer.step_in_frames}


def active_choices(config: TrainConfig) -> dict:
    """All method choices of a resolved config, by name."""
    method = method_of(config)
    chosen = dataclasses.asdict(method) | {"d_depth": method.depth_of_d}
    return {name: value for name, value in chosen.items() if name != "points"}


def frame_values(frame: Frame, config: TrainConfig) -> dict:
    """The scalar values of a frame, as JSON."""
    quality = frame.quality and dataclasses.asdict(frame.quality)
    values = {
        "step": frame.step,
        "half": frame.half,
        **frame.means,
        "d_gradient": frame.d_gradient,
        "g_gradient": frame.g_gradient,
        **(quality or {}),
    }
    return {name: json_number(value) for name, value in values.items()} | {
        "finding": [_finding(each, config) for each in frame.findings[-1:]]
    }


def _finding(finding, config: TrainConfig) -> dict:
    """A finding in words, and the settings for a restart with its cure."""
    better = cured(config, finding) if finding.cure else config
    changes = [word_for_points(change) for change in differences(better, config)]
    found = {"kind": finding.kind, "words": word_for_points(str(finding)), "changes": changes}
    return found | ({"cure": better.to_dict()} if changes else {})


def word_for_points(words: str) -> str:
    """A sentence of `gan` about images, reworded for points."""
    return words.replace("pictures", "points").replace("picture", "point").replace("images", "points")


def pack_blob(header: dict, arrays: dict, frames: Sequence[tuple[dict, Frame]]) -> bytes:
    """Length of the JSON header (uint32), the header, then all arrays; everything little endian.

    The header lists the arrays as {"name": [dtype, shape]}: first its own, then those of each frame.
    """
    blobs: list[bytes] = []

    def append(values: dict) -> dict:
        blobs.extend(array.astype(array.dtype.newbyteorder("<")).tobytes() for array in values.values())
        return {name: [array.dtype.name, array.shape] for name, array in values.items()}

    header = {**header, "arrays": append(arrays)}
    header["frames"] = [
        {**values, "arrays": append({name: getattr(frame, name) for name in FRAME_ARRAYS})}
        for values, frame in frames
    ]
    text = json.dumps(header).encode()
    return b"".join([len(text).to_bytes(4, "little"), text, *blobs])
