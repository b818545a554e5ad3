"""The report card: a generator against real pictures, beside as many held-out real ones, with a verdict."""

import time
from collections.abc import Iterator

from torch import Tensor

from gan.common import checks
from gan.metrics.judge import draw_pixels
from gan.models.generator import Generator
from gan.report import measurements
from gan.report.card import Card, Progress
from gan.report.reference_data import MIN_PICTURES, ReferenceData, load_reference
from gan.report.verdict import verdict_on
from gan.settings.config import MAX_SEED, TrainConfig

SAMPLES = 2000
MAX_SAMPLES = 5000
SHOWN = 48  # samples on the card


def report(
    generator: Generator,
    data: str,
    samples: int = SAMPLES,
    seed: int = 0,
    training: TrainConfig | None = None,
) -> Iterator[Progress]:
    """Evaluate a generator against pictures of `data`; the last Progress holds the finished card.

    `training`: the config that it was trained with, if known. The same arguments give the same card but
    for `seconds`. ValueError for data that cannot be read or has fewer than 20 pictures to measure with,
    `samples` outside 10 to 5,000, or a bad seed.
    """
    samples = checks.integer("samples", samples, MIN_PICTURES, MAX_SAMPLES)
    seed = checks.integer("seed", seed, 0, MAX_SEED)
    start, card = time.perf_counter(), Card(data, seed=seed)
    yield Progress("Reading the real pictures", 0.0, card)
    reals = load_reference(data, generator.size, generator.channels, samples, seed, training)
    yield Progress(f"Drawing {len(reals.reference):,} samples", 0.25, card)
    fakes = draw_pixels(generator, len(reals.reference), seed)
    for progress in judge(fakes, reals, seed):
        progress.card.seconds = time.perf_counter() - start
        yield Progress(progress.doing, 0.4 + 0.6 * progress.part, progress.card)


def judge(fakes: Tensor, reals: ReferenceData, seed: int = 0) -> Iterator[Progress]:
    """Evaluate `fakes`, uint8 (N, C, H, W) of the shape of `reals.reference`; ValueError for another shape."""
    count = len(reals.reference)
    if fakes.shape != reals.reference.shape:
        raise ValueError(f"{count} pictures of the shape of the real ones are needed.")
    searched = len(reals.train)
    card = Card(reals.source, count, seed, searched, max(reals.trained_on, searched), reals.unseen)
    card.pictures["samples"] = fakes[:SHOWN]
    case = measurements.Case(fakes, reals)
    steps = [
        ("Comparing sharpness", measurements.measure_sharpness),
        ("Comparing distributions", measurements.measure_distance),
        ("Looking for copies and repeats", measurements.measure_copies),
        ("Measuring realism and variety", measurements.measure_overlap),
        ("Counting classes", measurements.count_classes),
    ]
    for index, (doing, step) in enumerate(steps):
        yield Progress(doing, index / len(steps), card)
        step(card, case)
    card.verdict = verdict_on(card)
    yield Progress("Done", 1.0, card)
