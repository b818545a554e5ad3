"""Evaluate a trained generator against images that it was not trained on."""

import dataclasses

import torch

from gan.common import checks
from gan.data.image_tensors import to_float
from gan.data.load import load_images
from gan.metrics.classifiers import CLASSIFIERS, metric_for
from gan.metrics.distances import frechet_distance, sliced_wasserstein
from gan.metrics.judge import classify, draw_fakes
from gan.models.flops import multiply_adds, parameter_count
from gan.models.generator import Generator

MAX_SAMPLES = 50_000
LOOKED_AT = 64  # images of which none has a colour if the data are grey


def check_colours(data: str, size: int, channels: int) -> None:
    """ValueError if a generator of colour images would be measured against grey data.

    Reads a few images only, so that it is said before all are loaded.
    """
    if channels == 3:
        few = load_images(data, size, channels, LOOKED_AT).pixels
        if (few == few[:, :1]).all():
            raise ValueError(
                f"{data} has grey pictures, and this model draws coloured ones: a distance between them says "
                "nothing of its quality. Choose data like those that it was trained on."
            )


def evaluate(generator: Generator, data: str, samples: int = 10_000) -> dict:
    """Distances of `samples` generated images to as many test images (or as there are), JSON-ready.

    Each comes with its floor, the distance of as many train images. Where a classifier knows the data
    (gan.metrics.classifiers) the Fréchet distance in its features is added, for digits `classify` too. ValueError
    for unknown data, and for `samples` outside 2 to 50,000.
    """
    samples = checks.integer("samples", samples, 2, MAX_SAMPLES)
    size, channels = generator.size, generator.channels
    check_colours(data, size, channels)
    test = load_images(data, size, channels, samples, split="test")
    train = load_images(data, size, channels, samples)
    count = min(len(test), len(train))
    # A folder without a test split yields the same images twice: split them into halves instead.
    if torch.equal(test.pixels[:count], train.pixels[:count]):
        count //= 2
        train = test = train.subset(train.order())
        train = train.subset(slice(count, None))
    else:
        train, test = train.sample(count), test.sample(count)
    test, train = to_float(test.pixels[:count]), to_float(train.pixels[:count])
    fakes = draw_fakes(generator, count)
    result = {
        "samples": count,
        "parameters": parameter_count(generator),
        "multiply_adds": multiply_adds(generator),
        "sliced_wasserstein": sliced_wasserstein(test, fakes),
        "sliced_wasserstein_floor": sliced_wasserstein(test, train),
    }
    metric = metric_for(data, channels, size)
    if metric in CLASSIFIERS:
        result[metric] = frechet_distance(test, fakes, metric)
        result[f"{metric}_floor"] = frechet_distance(test, train, metric)
        result[f"{metric}_ratio"] = result[metric] / result[f"{metric}_floor"]
    if metric == "frechet":
        result |= dataclasses.asdict(classify(fakes))
    return result
