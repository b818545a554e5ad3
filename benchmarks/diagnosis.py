"""The diagnosis of training failures: detection rate, delay, false alarms, and success of the cures.

    python -m benchmarks.diagnosis --seeds 100-119 --out diagnosis.json

Every failure lesson (gan.settings.failure_lessons) trains from every seed for at most 800 steps, probed
every 25, until its kind is found; the delay is counted from the first probe that shows it. It is then
trained again with the cure of the finding, and counts as cured if the 800 steps give no finding of that
kind. Healthy runs are those of several methods on the same data, and any finding there is a false alarm.
The cost of a probe is printed too; the training loop spends at most 2 % of its time on them.
"""

import argparse
import json
import statistics
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import torch

from gan.data.image_tensors import to_float
from gan.latent.seeds import parse_seeds
from gan.settings.config import TrainConfig
from gan.settings.failure_lessons import LESSONS, STEPS
from gan.training.batch import Batch
from gan.training.dataset import hold_out, load_data
from gan.training.diagnosis import cured, diagnose
from gan.training.health import HealthProbe
from gan.training.loop import HEALTH_EVERY
from gan.training.point_trainer import trainer_for
from gan.training.resolve import resolve

# Methods that cover all classes of MNIST within 30 s of one core, or at least seven of the ring's eight
# modes within 10 s (benchmarks/methods.py).
HEALTHY = {
    "glyphs": (
        "quick",
        "nonsaturating",
        "lsgan",
        "minibatch_discrimination",
        "label_smoothing",
        "conditional",
    ),
    "ring": ("quick", "hinge", "r3gan", "r1", "r2", "dragan", "sngan"),
}
PICTURES = {"size": 32, "channels": 1, "width": 16, "d_width": 16}


def run(name: str, settings: dict, seed: int, cure: bool) -> dict:
    """One row: findings and their steps; with `cure`, also the findings of the cured run."""
    torch.set_num_threads(1)
    config = TrainConfig(**settings, steps=STEPS, seed=seed)
    found, milliseconds = train_and_diagnose(config, until=name)
    row = {"name": name, "data": config.data, "method": config.method, "seed": seed, "ms": milliseconds}
    row["found"] = {kind: (step, step - finding.step) for kind, (step, finding) in found.items()}
    if cure and (hit := found.get(name)):
        again, _ = train_and_diagnose(cured(config, hit[1]))
        row["cured"] = name not in again
        row["after_cure"] = {kind: step for kind, (step, _) in again.items()}
    return row


def train_and_diagnose(config: TrainConfig, until: str = "") -> tuple[dict, float]:
    """({kind: (step, finding)} in the order of detection, milliseconds per probe)."""
    config = resolve(config)
    train, held = hold_out(load_data(config))
    trainer = trainer_for(config, train.pixels, torch.device("cpu"), train.labels)
    probe = HealthProbe(trainer, Batch(to_float(held.pixels), held.labels))
    found, history, spent = {}, [], 0.0
    while trainer.steps < STEPS and until not in found:
        trainer.step(trainer.steps / STEPS)
        if trainer.steps % HEALTH_EVERY == 0:
            started = time.process_time()
            history.append(probe.measure())
            spent += time.process_time() - started
            for finding in diagnose(history):
                found.setdefault(finding.kind, (trainer.steps, finding))
    return found, round(1000 * spent / len(history), 2)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=parse_seeds, default=parse_seeds("100-119"))
    parser.add_argument("--only", nargs="+", help="kinds, or 'healthy'")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--out", type=Path, help="a JSON file with all rows")
    options = parser.parse_args()
    jobs = []
    for seed in options.seeds:
        for lesson in LESSONS.values():
            jobs.append((lesson.kind, lesson.settings, seed, True))
        for data, methods in HEALTHY.items():
            settings = {"data": data, "method": methods[seed % len(methods)]}
            jobs.append(("healthy", settings | (PICTURES if data == "glyphs" else {}), seed, False))
    jobs = [job for job in jobs if not options.only or job[0] in options.only]
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        rows = []
        for row in pool.map(run, *zip(*jobs, strict=True)):
            rows.append(row)
            print(json.dumps(row), flush=True)
    table(rows)
    if options.out:
        options.out.write_text(json.dumps(rows, indent=1))


def table(rows: list[dict]) -> None:
    print("| failure | runs | found | at step (latest) | delay in steps | other findings | cured |")
    print("|---" * 7 + "|")
    for name in dict.fromkeys(row["name"] for row in rows if row["name"] != "healthy"):
        failed = [row for row in rows if row["name"] == name]
        hits = [row["found"][name] for row in failed if name in row["found"]]
        others = sum(bool(row["found"].keys() - {name}) for row in failed)
        when = [f"{statistics.median(of):.0f} ({max(of)})" for of in zip(*hits, strict=True)]
        restored = sum(row.get("cured", False) for row in failed)
        cells = [name, len(failed), len(hits), *(when or "––"), others, f"{restored} of {len(hits)}"]
        print("|", " | ".join(map(str, cells)), "|")
    healthy = [row for row in rows if row["name"] == "healthy"]
    alarms = [row for row in healthy if row["found"]]
    print(f"\nFalse alarms: {len(alarms)} of {len(healthy)} healthy runs: {alarms}")
    print(f"One probe takes {statistics.median(row['ms'] for row in rows):.1f} ms (median).")


if __name__ == "__main__":
    main()
