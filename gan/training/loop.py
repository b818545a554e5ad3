"""The training loop: `for snapshot in train(config): ...`. Closing the iterator stops training."""

import contextlib
import copy
import math
import shutil
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import torch

from gan.common import checks, ranks
from gan.common.folder_lock import sole_use
from gan.data.image_tensors import Images, to_float, to_numpy
from gan.data.point_clouds import is_points
from gan.data.sources import UPLOAD_PREFIX
from gan.latent.vectors import seed_latents
from gan.metrics.quality import Quality
from gan.models.class_names import names_from_data
from gan.models.registry import STEPS_FOLDER
from gan.models.storage import save_generator
from gan.settings.config import TrainConfig
from gan.training.agreement import Agreement, never
from gan.training.batch import Batch
from gan.training.checkpoint import read_run, restore_run, save_run
from gan.training.dataset import hold_out, load_data, skipped_notes
from gan.training.device import choose_device
from gan.training.diagnosis import Finding, diagnose, diverged, unsaved
from gan.training.health import HealthProbe, HealthSigns
from gan.training.nearest_class import begin_as_nearest
from gan.training.point_trainer import trainer_for
from gan.training.preparation import begin_alike, read_data, settle
from gan.training.quality_meter import QualityMeter
from gan.training.resumed import check_resumed
from gan.training.snapshot import Snapshot
from gan.training.start_from import StartingPoint, load_start, open_start
from gan.training.stopwatch import Stopwatch
from gan.training.thread_count import ThreadChoice

PREVIEWS = 64
POINT_PREVIEWS = 1000
PREVIEW_SECONDS = 0.35
# Previews take at most this share of the time: of large pictures there are fewer.
PREVIEW_SHARE = 0.1
# Health signs are measured every so many steps, and take at most this share of the time.
HEALTH_EVERY = 25
# Without `save_every`, a run is saved at its first 1, 2, 4, ... steps below this, and then by the clock.
EARLY_STEPS = 1000
SAVE_SECONDS = 60.0
HEALTH_SHARE = 0.02
NAMELESS = (
    "The generator's classes have numbers alone: names that the data give them are empty or equal."
)


def train(
    config: TrainConfig,
    out: str | Path | None = None,
    resume: bool = False,
    overwrite: bool = False,
    device: torch.device | None = None,
    load: Callable[[TrainConfig], Images] = load_data,
    stop: Callable[[], bool] = never,
    keep_at: Collection[int] = (),
) -> Iterator[Snapshot]:
    """Train as `config` says, yielding a Snapshot at the start, a few times a second, and at the end.

    With `out`, a checkpoint is written there every `save_every` steps, by default once a minute (at first
    whenever the steps have doubled), and at the end, also when the iterator is closed, together with the
    averaged generator. A run that is there already is only replaced with `overwrite`. `resume` goes on from
    its checkpoint; with a budget in steps the weights are those of a run that was never stopped, bit for bit.
    What the averaged generator is after each step of `keep_at` stays in `out`/steps/STEP.
    A run whose weights are no longer finite goes back to the last that were, and ends with a finding. By default
    `choose_device` picks the device. `load` is called once, with the resolved config: a caller that wants to see
    the data wraps `load_data`. ValueError, before the first snapshot, for bad settings or data, and where another
    run is being written into `out`.

    Started by torchrun, its processes share each batch (gan.common.ranks): rank 0 yields and writes, on the others the
    iterator gives nothing and ends with the run. `stop`, asked before each step, ends it on all of them.
    With a budget in seconds PyTorch's threads on the CPU adapt to the machine's load, up to their number at the start.
    """
    keep_at = {checks.integer("keep_at", step, 1, 10_000_000) for step in keep_at}
    if keep_at and out is None:
        raise ValueError("To keep what the generator was after a step, name the folder of the run.")
    with ranks.joined(), contextlib.ExitStack() as held:
        # One process writes.
        out = out if ranks.rank() == 0 else None

        def settled() -> tuple[TrainConfig, int | None]:
            found = settle(config, out, resume, overwrite)
            if out is not None:
                held.enter_context(sole_use(out))
            return found

        resolved, classes = ranks.told(settled)
        run = ranks.together(
            lambda: _prepared(resolved, classes, out, resume, device or choose_device(), load)
        )
        if out is not None and keep_at:
            run.keep_at = keep_at
            if not resume:
                # Those of a run that was here before.
                shutil.rmtree(Path(out) / STEPS_FOLDER, ignore_errors=True)
        begin_alike(run.trainer)
        agreement = Agreement(stop)
        if ranks.rank():
            while (progress := agreement.progress()) < 1.0:
                run.trainer.step(progress)
            return
        threads = torch.get_num_threads()
        try:
            yield from run.snapshots(agreement)
        except GeneratorExit:
            agreement.end()
            raise
        finally:
            torch.set_num_threads(threads)
            run.save()


def _prepared(
    config: TrainConfig,
    classes: int | None,
    out: str | Path | None,
    resume: bool,
    device: torch.device,
    load: Callable,
) -> "TrainingLoop":
    """A run that is ready to go on, or to begin."""
    start = open_start(config) if config.start_from and not resume else None
    classes = start.generator.classes if start else classes
    config, images, notes = read_data(config, classes, load)
    # What is trained on is a copy without the pictures that are held out: the rest is let go.
    run = TrainingLoop(config, images, Path(out) if out else None, device, classes)
    run.notes += notes
    if resume and out:
        run.restore()
    elif start:
        run.begin_from(start)
    return run


class TrainingLoop:
    """A run in progress. `classes`: those of G, where it starts from a model that has its own."""

    def __init__(
        self,
        config: TrainConfig,
        images: Images,
        out: Path | None,
        device: torch.device,
        classes: int | None = None,
    ):
        self.config, self.out = config, out
        self.meter = QualityMeter(config, images)
        train, held = hold_out(images)
        self.trainer = trainer_for(config, train.pixels, device, train.labels, classes)
        labels = None if held.labels is None else held.labels.to(device)
        self.probe = HealthProbe(self.trainer, Batch(to_float(held.pixels).to(device), labels))
        self.health: list[HealthSigns] = []
        self.health_due = 0.0
        previews = POINT_PREVIEWS if is_points(config.data) else PREVIEWS
        self.z = seed_latents(range(previews), config.z_dim).to(device)
        self.clock = Stopwatch()
        self.threads = ThreadChoice(torch.get_num_threads())
        self.notes: tuple[str, ...] = skipped_notes(images)
        # Whoever has the link to a run may open its model; the folders of uploads are for their owner alone.
        if (classes := self.trainer.classes) and not config.data.startswith(UPLOAD_PREFIX):
            names = self.trainer.g_ema.class_names = names_from_data(images.classes, classes)
            self.notes += (NAMELESS,) * bool(images.classes and not names)
        self.findings: list[Finding] = []  # permanent ones; those of diagnose() come and go
        self.diverged = False
        self.last_finite = copy.deepcopy(self.trainer.g_ema.state_dict())
        self.saved_step, self.save_due = -1, SAVE_SECONDS
        self.keep_at: Collection[int] = ()
        self.last_snapshot = (0, 0.0)  # images and seconds

    def begin_from(self, start: StartingPoint) -> None:
        load_start(self.trainer, start)
        if self.trainer.g_ema.classes and not self.trainer.classes:
            self.notes += begin_as_nearest(self.trainer, start)
        self.last_finite = copy.deepcopy(self.trainer.g_ema.state_dict())
        self.notes += start.notes(self.config)

    def restore(self) -> None:
        saved, self.clock.before = read_run(self.out)
        check_resumed(self.out, saved, self.config)
        restore_run(self.out, self.trainer)
        self.last_finite = copy.deepcopy(self.trainer.g_ema.state_dict())
        self.saved_step = self.trainer.steps
        self.last_snapshot = (self.trainer.images, self.clock.seconds)
        self.save_due = self.clock.seconds + SAVE_SECONDS

    @property
    def progress(self) -> float:
        if self.config.steps is not None:
            return min(self.trainer.steps / self.config.steps, 1.0)
        return min(self.clock.seconds / self.config.seconds, 1.0)

    def snapshots(self, agreement: Agreement | None = None) -> Iterator[Snapshot]:
        """Train until the budget is used, with a snapshot before, meanwhile and after."""
        agreement = agreement or Agreement()
        yield self._snapshot()
        quality: Quality | None = None
        preview_due, quality_due = 0.0, math.inf
        self.clock.start()
        while (progress := agreement.progress(1.0 if self.diverged else self.progress)) < 1.0:
            self.trainer.step(progress)
            self._measure_health()
            self._save_periodically()
            if self.clock.seconds < preview_due or self.progress >= 1.0:
                continue
            self._check_finite()
            if self.clock.seconds >= quality_due:
                quality, quality_due = self._measure()
            started = self.clock.seconds
            snapshot, quality = self._snapshot(quality), None
            pause = max(PREVIEW_SECONDS, (self.clock.seconds - started) / PREVIEW_SHARE)
            self.clock.stop()
            self._choose_threads(snapshot.images_per_second)
            yield snapshot
            if self.meter.judge is None:
                # Takes seconds, of which the budget knows nothing: after the first pictures that have learnt.
                quality, quality_due = self._measure()
            self.clock.start()
            preview_due = self.clock.seconds + pause
        self.clock.stop()
        self._check_finite()
        self.save()
        yield self._snapshot(self._measure()[0], final=True)

    def _snapshot(self, quality: Quality | None = None, final: bool = False) -> Snapshot:
        trainer, seconds = self.trainer, self.clock.seconds
        images, elapsed = trainer.images - self.last_snapshot[0], seconds - self.last_snapshot[1]
        self.last_snapshot = (trainer.images, seconds)
        d_gradient, g_gradient = trainer.gradient_norms()
        with torch.no_grad():
            samples = to_numpy(trainer.g_ema(self.z))
        return Snapshot(
            step=trainer.steps,
            images=trainer.images,
            seconds=seconds,
            progress=self.progress,
            images_per_second=images / elapsed if elapsed > 0 else 0.0,
            **trainer.take_means(),
            d_gradient=d_gradient,
            g_gradient=g_gradient,
            samples=samples,
            quality=quality,
            notes=self.notes,
            findings=(*self.findings, *diagnose(self.health)),
            final=final,
        )

    def _choose_threads(self, speed: float) -> None:
        # A budget in steps promises the same weights each time, and sums depend on the threads. Ranks wait for each
        # other: there the threads of one would change little.
        budget = ranks.size() == 1 and self.config.seconds is not None
        if budget and self.trainer.device.type == "cpu":
            torch.set_num_threads(self.threads.next(speed))

    def _measure_health(self) -> None:
        if self.trainer.steps % HEALTH_EVERY or self.clock.seconds < self.health_due:
            return
        started = time.perf_counter()
        with ranks.alone():
            self.health.append(self.probe.measure())
        self.health_due = self.clock.seconds + (time.perf_counter() - started) / HEALTH_SHARE

    def _measure(self) -> tuple[Quality, float]:
        """The quality now, and when it is due again."""
        quality, pause = self.meter.measure(self.trainer.g_ema)
        return quality, self.clock.seconds + pause

    def _check_finite(self) -> None:
        """Remember these weights, or if some are not finite restore the last finite ones and end the run."""
        if self.diverged:
            return
        if self.trainer.finite and self.trainer.means.finite:
            self.last_finite = copy.deepcopy(self.trainer.g_ema.state_dict())
            return
        self.diverged = True
        self.trainer.g_ema.load_state_dict(self.last_finite)
        self.findings.append(diverged(self.trainer.steps))

    def _save_periodically(self) -> None:
        every, steps = self.config.save_every, self.trainer.steps
        due = steps % every == 0 if every else self.clock.seconds >= self.save_due
        # More often at first: a run that is killed before its first save loses everything.
        early = steps.bit_count() == 1 and steps < (every or EARLY_STEPS)
        if self.out and (due or early):
            self._try_to(self.save)
            self.save_due = self.clock.seconds + SAVE_SECONDS
        if steps in self.keep_at:
            kept = self.out / STEPS_FOLDER / str(steps)
            self._try_to(lambda: save_generator(kept, self.trainer.g_ema, self.config))

    def _try_to(self, save: Callable[[], None]) -> None:
        try:
            save()
        except ValueError as error:
            # A full disk must not end the run: a later save may succeed.
            if all(finding.kind != "unsaved" for finding in self.findings):
                self.findings.append(unsaved(self.trainer.steps, str(error)))

    def save(self) -> None:
        """Write the averaged generator and, unless the run diverged, a checkpoint."""
        if not self.out or self.saved_step == self.trainer.steps:
            return
        self._check_finite()
        # The small file first: on a full disk it may fit where the checkpoint does not.
        save_generator(self.out, self.trainer.g_ema, self.config)
        if not self.diverged:
            save_run(self.out, self.trainer, self.clock.seconds)
        self.saved_step = self.trainer.steps
