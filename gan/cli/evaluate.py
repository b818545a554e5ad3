"""`python -m gan evaluate`: the quality of a generator as one JSON object."""

import argparse
import json


def evaluate(options: argparse.Namespace) -> None:
    """Print the quality of a model as one JSON object."""
    from gan.metrics.evaluate import evaluate as measure
    from gan.models.storage import load_generator

    generator = load_generator(options.model)
    result = measure(generator, options.data, options.samples)
    print(json.dumps({"model": options.model, "data": options.data, **result}))
