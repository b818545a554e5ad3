"""A game on points that goes on as someone asks: by steps, by halves of one, with other settings.

What gan/training/loop.py does from start to end, this does at will, with the same trainer: the same settings
and seed give the same steps in both.
"""

import dataclasses
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor, nn

from gan.data.image_tensors import Images
from gan.data.point_clouds import is_points
from gan.data.point_csv import check_points, fit_points
from gan.latent.vectors import seed_latents
from gan.metrics.points import SAMPLE_COUNT, PointJudge, PointQuality
from gan.playground import views
from gan.settings.config import TrainConfig, method_of
from gan.settings.method import HORIZON
from gan.settings.rules import PROBABILITIES
from gan.training.dataset import hold_out, load_data
from gan.training.diagnosis import Finding, diagnose, diverged
from gan.training.health import HealthProbe, traceless
from gan.training.loop import LOOK_EVERY
from gan.training.point_trainer import trainer_for
from gan.training.resolve import resolve
from gan.training.trainer import Batch
from gan.training.trainer_state import carry_over

FAKES = 400
CELLS = 48
AT_ONCE = 64  # points that D is shown, if its batches are no larger
# Shares of the time that measuring and the diagnosis may take.
MEASURE_SHARE, LOOK_SHARE = 0.06, 0.03
# What may change while a game goes on is all but these.
FIXED = ("data", "seed", "limit", "activation", "noise")


class OtherGame(ValueError):
    """Settings that a game cannot take over while it goes on."""


@dataclass(frozen=True)
class Frame:
    """The game after `step` steps, as it is drawn. Points are float32, in the units of the data.

    `fakes` (N, 2) of the same noise each time; `scores` (N,): what D believes of each, 1 for real: its
    probability or, where the loss knows none, its logits centred between real and fake, in units of
    their spread, and then squashed as one, in `means` too;
    `pulls` (N, 2): where G's loss would have each go; `surface` uint8 (48, 48): 255 D(x), row 0 lowest,
    over the square of `Playground.corner` and `side`; `grid`: see gan.playground.views.manifold, empty where
    z is longer. Losses, probabilities and gradient norms as in gan.training.snapshot.Snapshot. `half`: "d" or
    "g" after a step of that player alone, else "".
    """

    step: int
    half: str
    means: dict[str, float]
    d_gradient: float
    g_gradient: float
    quality: PointQuality | None
    findings: tuple[Finding, ...]
    fakes: np.ndarray
    scores: np.ndarray
    pulls: np.ndarray
    surface: np.ndarray
    grid: np.ndarray


class PointSession:
    """One game. `points` (N, 2) are someone's own, fitted into a square; without, `config.data` says.

    ValueError for settings or points that make no game.
    """

    def __init__(self, config: TrainConfig, points: np.ndarray | None = None):
        if not is_points(config.data):
            raise ValueError(f"{config.data} is not a cloud of points: the playground is for those.")
        self.config = resolve(config)
        if points is None:
            images = load_data(self.config)
        else:
            images = Images(config.data, torch.from_numpy(fit_points(check_points(points))))
        train, held = hold_out(images)
        self.real, self.held = images.pixels, Batch(held.pixels)
        self.judge = PointJudge(config.data, self.real.numpy())
        self.corner, self.side = self.judge.divergence.corner, self.judge.divergence.side
        self.trainer = trainer_for(self.config, train.pixels, torch.device("cpu"))
        self._begin()
        self.z = seed_latents(range(FAKES), self.config.z_dim)
        numbers = torch.Generator().manual_seed(self.config.seed)
        self.many_z = torch.randn((SAMPLE_COUNT, self.config.z_dim), generator=numbers)
        self.half, self.over = "", False
        self.findings: list[Finding] = []
        self.due = {"look": 0.0, "measure": 0.0}

    def _begin(self) -> None:
        """With a trainer that is new the diagnosis begins anew."""
        self.doctor, self.vitals = HealthProbe(self.trainer, self.held), []

    @property
    def steps(self) -> int:
        return self.trainer.steps

    @property
    def plan(self) -> int:
        """The step at which what falls with time, as learning rates do, has fallen to its end."""
        return self.config.steps or HORIZON

    @property
    def progress(self) -> float:
        return self.steps / self.plan

    @property
    def at_rest(self) -> bool:
        """Whether further steps would change nothing: the plan is done, and its rates are 0."""
        return self.steps >= self.plan and method_of(self.config).lr_end == 0

    def step(self) -> None:
        """One step of both players; nothing once the numbers are infinite."""
        if self.over:
            return
        self.trainer.step(self.progress)
        self.half = ""
        if self.steps % LOOK_EVERY == 0 and (vitals := self._sparingly("look", self.doctor.look)):
            self.vitals.append(vitals)

    def step_of(self, player: str) -> None:
        """The updates of "d" or of "g" alone; they do not count as a step."""
        if not self.over:
            self.trainer.step(self.progress, d=player == "d", g=player == "g")
            self.half = player

    def slowly(self) -> list[Frame]:
        """One step: how it is before, after D's updates, and after G's."""
        frames = [self.frame()]
        self.trainer.between = lambda: frames.append(replace(self.frame(), half="d"))
        try:
            self.step()
        finally:
            self.trainer.between = None
        return [*frames, self.frame(measured=True)]

    def change(self, config: TrainConfig) -> None:
        """Go on with other settings; OtherGame for those that need other networks or data."""
        config = resolve(config)
        before, after = _fixed(self.config), _fixed(config)
        if names := [name for name in FIXED if before[name] != after[name]]:
            raise OtherGame(f"With another {' and '.join(names)} the game begins anew.")
        trainer = trainer_for(config, self.trainer.pixels, torch.device("cpu"))
        try:
            carry_over(self.trainer, trainer)
        except ValueError as error:
            raise OtherGame(str(error)) from None
        self.config, self.trainer = config, trainer
        self._begin()

    def frame(self, measured: bool = False) -> Frame:
        """How the game stands. `measured`: with the quality, whatever it costs; else now and then."""
        trainer = self.trainer
        means = trainer.take_means()
        self._check_health()
        g, d = trainer.g_ema, _InParts(trainer.d, max(AT_ONCE, self.config.batch))
        few = self.real[:FAKES]
        with traceless(trainer):
            with torch.no_grad():
                fakes = g(self.z)
                belief = self._belief(d, few, fakes)
                scores = belief(fakes).sigmoid()
            if self.centred:
                means |= {"d_real": float(belief(few).sigmoid().mean()), "d_fake": float(scores.mean())}
            pulls = views.pulls(d, trainer.loss, few, fakes)
            surface = views.surface(belief, tuple(self.corner), self.side, CELLS)
        d_gradient, g_gradient = trainer.gradient_norms()
        return Frame(
            step=self.steps,
            half=self.half,
            means=means,
            d_gradient=d_gradient,
            g_gradient=g_gradient,
            quality=self._measure() if measured else self._sparingly("measure", self._measure),
            findings=(*self.findings, *diagnose(self.vitals)),
            fakes=_floats(fakes),
            scores=_floats(scores),
            pulls=_floats(pulls),
            surface=_bytes(surface),
            grid=_floats(views.manifold(g)) if self.config.z_dim <= 2 else np.empty(0, np.float32),
        )

    @property
    def centred(self) -> bool:
        """Whether D gives scores of which only differences mean something, and no probabilities."""
        return method_of(self.config).loss not in PROBABILITIES

    @torch.no_grad()
    def _belief(self, d: nn.Module, real: Tensor, fakes: Tensor) -> Callable[[Tensor], Tensor]:
        """D's logits, made comparable to those of a probability."""
        if not self.centred:
            return d
        d_real, d_fake = d(real), d(fakes)
        middle = (d_real.mean() + d_fake.mean()) / 2
        spread = torch.cat([d_real, d_fake]).std().clamp_min(1e-12)
        return lambda points: 2 * (d(points) - middle) / spread

    def samples(self, count: int, seeds_from: int = 0) -> np.ndarray:
        """Fakes of seeds one after another: float32 (count, 2)."""
        z = seed_latents(range(seeds_from, seeds_from + count), self.config.z_dim)
        with torch.no_grad():
            return _floats(self.trainer.g_ema(z))

    def _measure(self) -> PointQuality:
        with torch.no_grad():
            return self.judge(_floats(self.trainer.g_ema(self.many_z)))

    def _sparingly(self, name: str, work: Callable):
        """What `work` gives, or None where its share of the time is used up."""
        share = {"look": LOOK_SHARE, "measure": MEASURE_SHARE}[name]
        started = time.perf_counter()
        if started < self.due[name]:
            return None
        result = work()
        now = time.perf_counter()
        self.due[name] = now + (now - started) / share
        return result

    def _check_health(self) -> None:
        if not self.over and not self.trainer.finite:
            self.over = True
            self.findings.append(diverged(self.steps))


class _InParts(nn.Module):
    """D, shown at most so many points at once, each time some from all over.

    It may compare those that it sees, as it does with a batch, in time and memory that grow with the
    square of their number.
    """

    def __init__(self, d: nn.Module, most: int):
        super().__init__()
        self.d, self.most = d, most

    def forward(self, points: Tensor) -> Tensor:
        parts = math.ceil(len(points) / self.most)
        logits = points.new_empty(len(points))
        for part in range(parts):
            logits[part::parts] = self.d(points[part::parts])
        return logits


def _fixed(config: TrainConfig) -> dict:
    return {**dataclasses.asdict(method_of(config)), **dataclasses.asdict(config)}


def _floats(values: Tensor) -> np.ndarray:
    return values.detach().to(torch.float32).numpy()


def _bytes(shares: Tensor) -> np.ndarray:
    """From [0, 1] to 0 to 255; what is not finite becomes 0."""
    return (255 * shares.nan_to_num(0.0)).round().to(torch.uint8).numpy()
