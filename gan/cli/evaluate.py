"""`python -m gan evaluate`: the quality of a generator as one JSON object."""

import argparse
import json

from gan.cli.arguments import add_command


def evaluate(options: argparse.Namespace) -> None:
    from gan.metrics.evaluate import evaluate as measure
    from gan.models.storage import load_generator

    generator = load_generator(options.model)
    result = measure(generator, options.data, options.samples)
    print(json.dumps({"model": options.model, "data": options.data, **result}))


def add_arguments(subparsers) -> None:
    command = add_command(
        subparsers,
        evaluate,
        "Measure a generator against real pictures; one JSON object on stdout.",
        "evaluate --model digits --data mnist --samples 10000",
    )
    command.add_argument("--data", required=True, help="what it was trained on")
    command.add_argument("--samples", type=int, default=10_000, help="2 to 50,000 (default: 10,000)")
