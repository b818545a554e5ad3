"""`evaluate` gives each distance with its floor, measured on pictures that were held back."""

import json
import sys

import numpy as np
import pytest
import torch
from helpers.making_pictures import coloured
from PIL import Image

from gan.data.image_tensors import to_float
from gan.data.load import load_images
from gan.metrics.distances import sliced_wasserstein
from gan.metrics.evaluate import evaluate
from gan.metrics.judge import draw_fakes
from gan.models.flops import multiply_adds, parameter_count
from gan.models.generator import Generator

# The package also has a function of this name.
evaluating = sys.modules["gan.metrics.evaluate"]


@pytest.fixture
def generator():
    torch.manual_seed(0)
    return Generator("dcgan", 32, 1, 4, 8).eval()


def test_the_numbers_are_those_of_the_metrics(generator):
    result = evaluate(generator, "shapes", 60)
    test = to_float(load_images("shapes", 32, 1, 60, split="test").pixels)
    train = to_float(load_images("shapes", 32, 1, 60).pixels)
    assert result["samples"] == 60
    assert result["parameters"] == parameter_count(generator)
    assert result["multiply_adds"] == multiply_adds(generator)
    assert result["sliced_wasserstein"] == sliced_wasserstein(test, draw_fakes(generator, 60))
    assert result["sliced_wasserstein_floor"] == sliced_wasserstein(test, train)
    assert 0 < result["sliced_wasserstein_floor"] < result["sliced_wasserstein"]
    assert "frechet" not in result
    assert json.loads(json.dumps(result)) == result


def digits(count: int, offset: int = 0) -> list:
    glyphs = load_images("glyphs", 28, 1, count + offset).pixels[offset:, 0].numpy()
    from PIL import Image

    return [(Image.fromarray(glyph), i % 10) for i, glyph in enumerate(glyphs)]


def test_mnist_gets_the_frechet_distance_and_its_classes_too(generator, parquet_folder):
    folder = parquet_folder({"train": digits(60), "test": digits(50, 60)}, name="mnist")
    result = evaluate(generator, str(folder), 1000)
    assert result["samples"] == 50
    assert 0 < result["frechet_floor"] < result["frechet"]
    assert result["frechet_ratio"] == pytest.approx(result["frechet"] / result["frechet_floor"])
    assert sum(result["shares"]) == pytest.approx(1)
    assert len(result["shares"]) == 10
    assert 0 <= result["confident"] <= 1
    assert json.loads(json.dumps(result)) == json.loads(json.dumps(result, default=float))


def test_a_folder_without_a_test_split_is_halved(generator, picture_folder):
    result = evaluate(generator, str(picture_folder(9)), 1000)
    assert result["samples"] == 4
    assert result["sliced_wasserstein_floor"] > 0


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("name", ["small", "mnist"])
def test_two_pictures_are_enough_or_the_error_is_clear(generator, picture_folder, count, name):
    files = {f"{i}.png": coloured(i) for i in range(count)}
    try:
        assert evaluate(generator, str(picture_folder(files, name)))["samples"] == 1
    except ValueError as error:
        assert "\n" not in str(error)


def test_the_generator_decides_the_shape_of_the_data(parquet_folder):
    folder = parquet_folder({"train": [(coloured(i), i) for i in range(8)]})
    torch.manual_seed(0)
    colour = Generator("tutorial", 64, 3, 4, 8).eval()
    assert evaluate(colour, str(folder), 8)["samples"] == 4


@pytest.mark.parametrize("samples", [0, 1, -5, 50_001, True, "9", None, float("nan"), 2.5])
def test_a_bad_number_of_samples_is_refused(generator, samples):
    with pytest.raises(ValueError, match="samples must be"):
        evaluate(generator, "shapes", samples)


def test_unknown_data_is_refused(generator):
    with pytest.raises(ValueError, match="no data called 'cats'"):
        evaluate(generator, "cats")


def test_the_floor_of_sorted_class_folders_is_between_samples_of_all_classes(generator, picture_folder):
    def bright(index: int, level: int):
        noise = np.random.default_rng(index).integers(0, 60, (32, 32), dtype=np.uint8)
        return Image.fromarray(noise + np.uint8(level))

    files = {f"cats/{i:02}.png": bright(i, 20) for i in range(20)}
    files |= {f"dogs/{i:02}.png": bright(100 + i, 180) for i in range(20)}
    result = evaluate(generator, str(picture_folder(files)), 1000)
    assert result["samples"] == 20
    # Half of either side are cats: the dogs are about 1.25 away from them.
    assert result["sliced_wasserstein_floor"] < 0.2


def test_grey_data_say_nothing_of_a_model_of_colours(picture_folder, monkeypatch):
    coloured_generator = Generator("dcgan", 32, 3, 4, 8).eval()
    files = {f"{i}.png": coloured(i).convert("L") for i in range(80)}
    limits, load = [], evaluating.load_images
    monkeypatch.setattr(
        evaluating, "load_images", lambda *rest, **more: limits.append(rest[3]) or load(*rest, **more)
    )
    with pytest.raises(ValueError, match="has grey pictures, and this model draws coloured ones"):
        evaluate(coloured_generator, str(picture_folder(files)))
    # Said before all pictures are read.
    assert limits == [64]
