"""An interactive training session on points: whole or half steps on request, settings that may change.

It uses the trainer of gan/training/loop.py: the same settings and seed give the same steps in both.
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
from gan.settings.hyperparameters import HORIZON
from gan.settings.rules import PROBABILITIES
from gan.training.batch import Batch
from gan.training.dataset import hold_out, load_data
from gan.training.diagnosis import Finding, diagnose, diverged
from gan.training.health import HealthProbe, preserved_buffers
from gan.training.loop import HEALTH_EVERY
from gan.training.point_trainer import trainer_for
from gan.training.resolve import resolve
from gan.training.trainer_state import carry_over

FAKES = 400
CELLS = 48
MIN_BATCH = 64  # points per pass of D, at least: its batch may be smaller
# Largest shares of the time that quality and health signs may take.
MAX_SHARES = {"quality": 0.06, "health": 0.03}
# Settings whose change needs a new session, besides those that change the networks' shapes.
FIXED = ("data", "seed", "limit", "activation", "noise")


class RestartNeeded(ValueError):
    """A change of settings that needs a new session; the message says why."""


@dataclass(frozen=True)
class Frame:
    """What a page draws of a session after `step` steps. Points are float32, in the units of the data.

    `fakes` (N, 2), of the same latents each time, and for each: `scores` (N,), D's probability of real,
    0 to 1; `pulls` (N, 2), the negative gradient of G's loss (gan.playground.views.pulls).
    With a loss whose logits are not those of a probability, scores (and D's means in `means`) are
    sigmoid(2 (d - m) / s), with m midway between the mean logits of real and fake and s the standard
    deviation of both.
    `surface` uint8 (48, 48): 255 D(x), row 0 lowest, over the square of `PointSession.corner` and `side`.
    `grid`: gan.playground.views.manifold, empty for a z of more than two numbers.
    Losses, probabilities and gradient norms as in gan.training.snapshot.Snapshot. `half`: "d" or "g"
    after an update of that player alone, else "".
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
    """A session for a config whose data are points.

    `points` (N, 2): uploaded data, which are moved and scaled so that the longer side is from -1 to 1;
    without them the data are those that the config names. ValueError for bad settings or points.
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
        self._reset_health()
        self.z = seed_latents(range(FAKES), self.config.z_dim)
        rng = torch.Generator().manual_seed(self.config.seed)
        self.quality_z = torch.randn((SAMPLE_COUNT, self.config.z_dim), generator=rng)
        self.half, self.over = "", False
        self.findings: list[Finding] = []
        self.due = dict.fromkeys(MAX_SHARES, 0.0)  # when each measurement may be taken again

    def _reset_health(self) -> None:
        """Health signs of an earlier trainer say nothing of this one."""
        self.probe, self.health = HealthProbe(self.trainer, self.held), []

    @property
    def steps(self) -> int:
        return self.trainer.steps

    @property
    def plan(self) -> int:
        """Steps over which schedules, such as those of learning rates, run."""
        return self.config.steps or HORIZON

    @property
    def progress(self) -> float:
        return self.steps / self.plan

    @property
    def at_rest(self) -> bool:
        """Whether further steps would change nothing: the plan is done, and learning rates are 0."""
        return self.steps >= self.plan and method_of(self.config).lr_end == 0

    def step(self) -> None:
        """One step of both players; nothing once the run has diverged."""
        if self.over:
            return
        self.trainer.step(self.progress)
        self.half = ""
        if self.steps % HEALTH_EVERY == 0 and (signs := self._if_due("health", self.probe.measure)):
            self.health.append(signs)

    def step_of(self, player: str) -> None:
        """The updates of player "d" or "g" alone; they do not count as a step."""
        if not self.over:
            self.trainer.step(self.progress, d=player == "d", g=player == "g")
            self.half = player

    def step_in_frames(self) -> list[Frame]:
        """One step; returns the frames before it, after D's updates, and after G's."""
        frames = [self.frame()]
        self.trainer.after_d = lambda: frames.append(replace(self.frame(), half="d"))
        try:
            self.step()
        finally:
            self.trainer.after_d = None
        return [*frames, self.frame(measured=True)]

    def change(self, config: TrainConfig) -> None:
        """Continue with other settings; RestartNeeded for those that need other networks or data."""
        config = resolve(config)
        before, after = _fixed(self.config), _fixed(config)
        if names := [name for name in FIXED if before[name] != after[name]]:
            raise RestartNeeded(f"Another {' and '.join(names)} needs a new session.")
        trainer = trainer_for(config, self.trainer.pixels, torch.device("cpu"))
        try:
            carry_over(self.trainer, trainer)
        except ValueError as error:
            raise RestartNeeded(str(error)) from None
        self.config, self.trainer = config, trainer
        self._reset_health()

    def frame(self, measured: bool = False) -> Frame:
        """The present state. `measured`: with its quality; else with it only if the time share allows."""
        trainer = self.trainer
        means = trainer.take_means()
        self._check_finite()
        g, d = trainer.g_ema, _InParts(trainer.d, max(MIN_BATCH, self.config.batch))
        real = self.real[:FAKES]
        with preserved_buffers(trainer):
            with torch.no_grad():
                fakes = g(self.z)
                logits = self._calibrated(d, real, fakes)
                scores = logits(fakes).sigmoid()
            if self.centred:
                d_real = float(logits(real).sigmoid().mean())
                means |= {"d_real": d_real, "d_fake": float(scores.mean())}
            pulls = views.pulls(d, trainer.loss, real, fakes)
            surface = views.surface(logits, tuple(self.corner), self.side, CELLS)
        d_gradient, g_gradient = trainer.gradient_norms()
        return Frame(
            step=self.steps,
            half=self.half,
            means=means,
            d_gradient=d_gradient,
            g_gradient=g_gradient,
            quality=self._measure() if measured else self._if_due("quality", self._measure),
            findings=(*self.findings, *diagnose(self.health)),
            fakes=_floats(fakes),
            scores=_floats(scores),
            pulls=_floats(pulls),
            surface=(255 * surface.nan_to_num(0.0)).round().to(torch.uint8).numpy(),
            grid=_floats(views.manifold(g)) if self.config.z_dim <= 2 else np.empty(0, np.float32),
        )

    @property
    def centred(self) -> bool:
        """Whether only differences of D's logits mean something: sigmoid(logit) is no probability."""
        return method_of(self.config).loss not in PROBABILITIES

    @torch.no_grad()
    def _calibrated(self, d: nn.Module, real: Tensor, fakes: Tensor) -> Callable[[Tensor], Tensor]:
        """D's logits, centred and scaled where they are not those of a probability (see Frame)."""
        if not self.centred:
            return d
        d_real, d_fake = d(real), d(fakes)
        middle = (d_real.mean() + d_fake.mean()) / 2
        std = torch.cat([d_real, d_fake]).std().clamp_min(1e-12)
        return lambda points: 2 * (d(points) - middle) / std

    def samples(self, count: int) -> np.ndarray:
        """Fakes of the seeds 0 to `count` - 1: float32 (count, 2)."""
        z = seed_latents(range(count), self.config.z_dim)
        with torch.no_grad():
            return _floats(self.trainer.g_ema(z))

    def _measure(self) -> PointQuality:
        with torch.no_grad():
            return self.judge(_floats(self.trainer.g_ema(self.quality_z)))

    def _if_due(self, name: str, work: Callable):
        """The result of `work`, or None if it has used up its share of the time."""
        started = time.perf_counter()
        if started < self.due[name]:
            return None
        result = work()
        now = time.perf_counter()
        self.due[name] = now + (now - started) / MAX_SHARES[name]
        return result

    def _check_finite(self) -> None:
        if not self.over and not self.trainer.finite:
            self.over = True
            self.findings.append(diverged(self.steps))


class _InParts(nn.Module):
    """D on at most `most` points a pass, each pass with points from all over.

    A D with minibatch layers compares all points of a pass, in time and memory that grow with the square
    of their number.
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
