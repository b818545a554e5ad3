"""How good are the pictures after so many seconds? Trains with the project's own loop and evaluates.

    python -m benchmarks.quality --data mnist --method quick --seconds 30 60 120 --seeds 0 1 2
    python -m benchmarks.quality --data shapes --seconds 60 --set labels=ignored

Each run is trained anew; nothing is chosen afterwards: every seed is reported. With --data mnist the
Fréchet distance of 10,000 fakes to the 10,000 test pictures is given beside its floor, that of 10,000
train pictures; for all other data the sliced Wasserstein distance. Run it on a quiet machine.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

import torch

from gan.metrics.evaluate import evaluate
from gan.models.storage import read_generator
from gan.settings.command_line import with_choices
from gan.training.loop import train


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", default="glyphs")
    parser.add_argument("--method", default="quick")
    parser.add_argument("--seconds", type=float, nargs="+", default=[60])
    parser.add_argument("--seeds", type=int, nargs="+", default=[0])
    parser.add_argument("--samples", type=int, default=10_000)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE")
    parser.add_argument("--keep", help="folder that keeps the last run's weights")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    for seconds in options.seconds:
        rows = [measure(options, seconds, seed) for seed in options.seeds]
        ratios = [row["ratio"] for row in rows]
        summary = {"seconds": seconds, "median_ratio": statistics.median(ratios)}
        print(json.dumps({**summary, "lowest": min(ratios), "highest": max(ratios)}), flush=True)


def measure(options: argparse.Namespace, seconds: float, seed: int) -> dict:
    """Train once, evaluate what would be shipped, print one row."""
    settings = {"data": options.data, "method": options.method, "seed": seed}
    config = with_choices(options.set, **settings, seconds=seconds)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(options.keep or folder)
        *_, snapshot = train(config, out=out)
        result = evaluate(read_generator(out), options.data, options.samples)
    metric = "frechet" if "frechet" in result else "sliced_wasserstein"
    row = {
        "data": options.data,
        "method": options.method,
        "set": options.set,
        "seconds": round(snapshot.seconds, 1),
        "seed": seed,
        "steps": snapshot.step,
        "images_per_second": round(snapshot.images / snapshot.seconds),
        "metric": metric,
        "distance": result[metric],
        "floor": result[f"{metric}_floor"],
        "ratio": result[metric] / result[f"{metric}_floor"],
        "confident": result.get("confident"),
        "shares": result.get("shares"),
        "findings": snapshot.findings,
    }
    print(json.dumps(row), flush=True)
    return row


if __name__ == "__main__":
    main()
