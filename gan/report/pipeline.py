"""The report card: is a generator good, and if not, what is wrong with it?

Every number stands beside the one that held-out real pictures get from the same reference, in equal
number: nothing here has a meaning of its own. Results come one after another, as they are measured.
"""

import time
from collections.abc import Iterator

import torch
from torch import Tensor

from gan.common import checks
from gan.data.image_tensors import to_uint8
from gan.metrics.judge import draw_fakes
from gan.models.generator import Generator
from gan.report import measurements
from gan.report.card import Card, Progress
from gan.report.reference_data import FEWEST, Reals, gather
from gan.report.verdict import judged
from gan.settings.config import MAX_SEED, TrainConfig

SAMPLES = 2000
MOST_SAMPLES = 5000
SHOWN = 48


def report(
    generator: Generator,
    data: str,
    samples: int = SAMPLES,
    seed: int = 0,
    learnt: TrainConfig | None = None,
) -> Iterator[Progress]:
    """Judge a generator against pictures of `data`; the last Progress holds the finished card.

    `learnt`: how the generator was trained, if known. The same arguments give the same card, seconds
    aside. ValueError for data that cannot be read or has fewer than 20 pictures to measure with.
    """
    samples = checks.integer("samples", samples, FEWEST, MOST_SAMPLES)
    seed = checks.integer("seed", seed, 0, MAX_SEED)
    began, card = time.perf_counter(), Card(data, seed=seed)
    yield Progress("Reading the real pictures", 0.0, card)
    reals = gather(data, generator.size, generator.channels, samples, seed, learnt)
    yield Progress(f"Drawing {len(reals.reference):,} samples", 0.25, card)
    drawn = to_uint8(draw_fakes(generator, len(reals.reference), seed))
    fakes = torch.from_numpy(drawn).permute(0, 3, 1, 2).contiguous()
    for progress in judge(fakes, reals, seed):
        progress.card.seconds = time.perf_counter() - began
        yield Progress(progress.doing, 0.4 + 0.6 * progress.part, progress.card)


def judge(fakes: Tensor, reals: Reals, seed: int = 0) -> Iterator[Progress]:
    """Judge pictures, uint8 (N, C, H, W), as many as there are in `reals.reference`."""
    count = len(reals.reference)
    if fakes.shape != reals.reference.shape:
        raise ValueError(f"{count} pictures of the shape of the real ones are needed.")
    card = Card(
        reals.source, count, seed, len(reals.train), max(reals.of, len(reals.train)), reals.unseen
    )
    card.pictures["samples"] = fakes[:SHOWN]
    case = measurements.Case(fakes, reals)
    steps = [
        ("Comparing sharpness", measurements.compare_sharpness),
        ("Comparing distributions", measurements.compare_distributions),
        ("Looking for copies and repeats", measurements.look_for_copies),
        ("Measuring realism and variety", measurements.measure_overlap),
        ("Counting classes", measurements.count_classes),
    ]
    for index, (doing, step) in enumerate(steps):
        yield Progress(doing, index / len(steps), card)
        step(card, case)
    card.verdict = judged(card)
    yield Progress("Done", 1.0, card)
