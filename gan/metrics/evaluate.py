"""Evaluate a trained generator against images that it was not trained on."""

import dataclasses

import torch

from gan.common import checks
from gan.data.image_tensors import to_float
from gan.data.load import load_images
from gan.metrics.distances import frechet_distance, metric_for, sliced_wasserstein
from gan.metrics.judge import classify, draw_fakes
from gan.models.flops import multiply_adds, parameter_count
from gan.models.generator import Generator

MAX_SAMPLES = 50_000


def evaluate(generator: Generator, data: str, samples: int = 10_000) -> dict:
    """Distances of `samples` generated images to as many test images (or as there are), JSON-ready.

    Each comes with its floor, the distance of as many train images. For grey 32×32 MNIST the Fréchet distance
    and `classify` are added. ValueError for unknown data, and for `samples` outside 2 to 50,000.
    """
    samples = checks.integer("samples", samples, 2, MAX_SAMPLES)
    size, channels = generator.size, generator.channels
    test = load_images(data, size, channels, samples, split="test").pixels
    train = load_images(data, size, channels, samples).pixels
    count = min(len(test), len(train))
    # A folder without a test split yields the same images twice: split them into halves instead.
    if torch.equal(test[:count], train[:count]):
        count //= 2
        train = train[count:]
    test, train = to_float(test[:count]), to_float(train[:count])
    fakes = draw_fakes(generator, count)
    result = {
        "samples": count,
        "parameters": parameter_count(generator),
        "multiply_adds": multiply_adds(generator),
        "sliced_wasserstein": sliced_wasserstein(test, fakes),
        "sliced_wasserstein_floor": sliced_wasserstein(test, train),
    }
    if metric_for(data, channels, size) == "frechet":
        result["frechet"] = frechet_distance(test, fakes)
        result["frechet_floor"] = frechet_distance(test, train)
        result["frechet_ratio"] = result["frechet"] / result["frechet_floor"]
        result |= dataclasses.asdict(classify(fakes))
    return result
