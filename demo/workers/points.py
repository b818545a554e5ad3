"""The process that plays one game on points for one page (gan.playground.session). It never imports Gradio.

It takes numbered requests, as those of demo.backend.rpc.Line: `open` once, then what the page's buttons
do. Every answer is one blob for the browser (`packed`). A game that is left running goes on between
requests, but only while somebody looks; a game left alone for ten minutes ends.
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
from gan.playground.session import Frame, OtherGame, PointSession
from gan.settings.command_line import written
from gan.settings.config import TrainConfig, method_of
from gan.settings.diff import differences
from gan.training.diagnosis import cured
from gan.training.resolve import resolve

SHOWN_REALS = 1000
LOOKING_SECONDS = 2.5  # a page that asked for nothing so long is not looked at
PATIENCE_SECONDS = 600.0
EXPORTED = 2500  # fakes in a file
ENDED = "This game has ended here: press Reset to begin it anew. Its history stays on your page."
ARRAYS = ("fakes", "scores", "pulls", "surface", "grid")


def main(pipe: Connection) -> None:
    """Serve requests until the page leaves, or forgets us."""
    torch.set_num_threads(1)
    # The first optimiser of a process imports it, in two seconds that nobody should wait for.
    importlib.import_module("torch._dynamo")

    table, asked = SessionServer(), time.monotonic()
    # One that waits for its first game stays ready, however long that takes to come.
    while table.game is None or time.monotonic() - asked < PATIENCE_SECONDS:
        watched = time.monotonic() - asked < LOOKING_SECONDS
        if table.running and watched:
            table.go_on()
        if not pipe.poll(0 if table.running and watched else 1.0):
            continue
        try:
            number, name, arguments = pipe.recv()
        except EOFError:
            return
        asked = time.monotonic()
        pipe.send((number, *_answer(table, name, arguments)))


def _answer(table: "SessionServer", name: str, arguments: tuple) -> tuple[str, object]:
    if table.game is None and name != "open":
        return "refused", ENDED
    try:
        return "done", REQUESTS[name](table, *arguments)
    except ValueError as error:
        return "refused", str(error)


class SessionServer:
    """One game, and how it goes on by itself."""

    def __init__(self):
        self.game: PointSession | None = None
        self.points: np.ndarray | None = None  # of someone's own
        self.asked_for = TrainConfig()
        self.goal: int | None = None  # the step to stop at
        self.pace = math.inf  # steps a second
        self.running = False
        self.began, self.began_at = 0.0, 0

    def go_on(self) -> None:
        """The next step, when it is due."""
        due = self.began + (self.game.steps - self.began_at) / self.pace
        wait = due - time.monotonic()
        if wait > 0.002:
            time.sleep(min(wait, 0.01))
            return
        self.game.step()
        if self.game.over or self.game.steps == (self.goal or self.game.plan):
            self.running = False

    def open(
        self,
        config: TrainConfig,
        points: np.ndarray | None,
        restarted: str = "",
        running: bool = False,
    ) -> bytes:
        """A new game; `restarted` says why, where it takes the place of one that went on."""
        if points is None and config.data not in CLOUDS:
            raise ValueError("These data are someone's own points: draw, paste or load them first.")
        self.game, self.points = PointSession(config, points), points
        self.asked_for, self.running, self.goal = config, running, None
        self.began, self.began_at = time.monotonic(), 0
        about = {**self.about(), "restarted": restarted}
        return self.told(self.game.frame(measured=True), about=about, arrays=self.arrays())

    def about(self) -> dict:
        """What stays the same while this game goes on."""
        judge = self.game.judge
        centres = judge.cloud.centres if judge.cloud else None
        return {
            **self.settings(),
            "corner": list(map(float, judge.divergence.corner)),
            "side": float(judge.divergence.side),
            "count": len(self.game.real),
            "modes": None if centres is None else len(centres),
            "floor": dataclasses.asdict(judge.floor),
        }

    def arrays(self) -> dict[str, np.ndarray]:
        """The real points that are shown, and the noise as it enters G."""
        game = self.game
        return {
            "real": game.real[:SHOWN_REALS].numpy(),
            "z": game.trainer.g.noise_input(game.z).numpy(),
        }

    def settings(self) -> dict:
        """What was asked for, what is in force, and the command line for it."""
        return {
            "settings": self.asked_for.to_dict(),
            "chosen": choices_of(self.game.config),
            "critic": self.game.centred,
            "command": written(self.asked_for),
        }

    def play(self, pace: float | None = None, goal: int | None = None) -> bytes:
        """Go on by itself, at a pace in steps a second, until a step or until it is paused."""
        if goal is not None and goal <= self.game.steps:
            raise ValueError(f"The game is past step {goal:,} already: reset it first.")
        if self.game.at_rest:
            raise ValueError(
                f"The plan of {self.game.plan:,} steps is done, and its learning rates have fallen to "
                "0: choose a longer plan, or reset."
            )
        self.pace, self.goal = pace or math.inf, goal
        self.began, self.began_at = time.monotonic(), self.game.steps
        self.running = not self.game.over
        return self.look()

    def pause(self) -> bytes:
        self.running = False
        return self.told(self.game.frame(measured=True))

    def look(self) -> bytes:
        return self.told(self.game.frame(measured=not self.running))

    def step(self) -> bytes:
        self.running = False
        self.game.step()
        return self.told(self.game.frame(measured=True))

    def step_of(self, player: str) -> bytes:
        self.running = False
        self.game.step_of(player)
        return self.told(self.game.frame(measured=True))

    def slowly(self) -> bytes:
        self.running = False
        return self.told(*self.game.slowly())

    def change(self, config: TrainConfig) -> bytes:
        before, running = self.game.config, self.running
        try:
            self.game.change(config)
        except OtherGame:
            points = self.points if config.data == before.data else None
            words = "; ".join(of_points(change) for change in differences(resolve(config), before))
            return self.open(config, points, f"Begun anew from step 0, with {words}.", running)
        words = [of_points(change) for change in differences(self.game.config, before)]
        self.asked_for = config
        about = {**self.settings(), "changed": words}
        return self.told(self.game.frame(), about=about)

    def samples(self) -> bytes:
        return write_points(self.game.samples(EXPORTED)).encode()

    def told(self, *frames: Frame, about: dict | None = None, arrays: dict | None = None) -> bytes:
        state = {"running": self.running, "over": self.game.over, "pace": self._pace()}
        header = {**(about or {}), **state}
        config = self.game.config
        return packed(header, arrays or {}, [(numbers(frame, config), frame) for frame in frames])

    def _pace(self) -> float:
        """Steps a second since it was set going."""
        took = time.monotonic() - self.began
        return (self.game.steps - self.began_at) / took if self.running and took > 0 else 0.0


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
    """What a browser is told of a frame beside its arrays."""
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
    """What goes wrong in words, and the settings of a game begun again with the cure."""
    better = cured(config, finding) if finding.cure else config
    changes = [of_points(change) for change in differences(better, config)]
    told = {"kind": finding.kind, "words": of_points(str(finding)), "changes": changes}
    return told | ({"cure": better.to_dict()} if changes else {})


def of_points(words: str) -> str:
    """What is said of runs on pictures, said of points."""
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
        {**told, "arrays": named({name: getattr(frame, name) for name in ARRAYS})}
        for told, frame in frames
    ]
    text = json.dumps(header).encode()
    return b"".join([len(text).to_bytes(4, "little"), text, *blobs])
