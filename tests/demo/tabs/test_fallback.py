"""The plain parts: the quick view's numbers, and one sentence for anything hostile."""

import math
from concurrent.futures import Future
from pathlib import Path

import numpy as np
import pytest

from demo.backend.runs.run import Run
from demo.tabs import fallback
from gan.settings.config import TrainConfig


class Known:
    """A generator with three latent numbers, two directions, and one seed for all."""

    def __init__(self):
        rows = [{"vector": [1.0, 0.0, 0.0]}, {"vector": [0.0, 0.6, 0.8]}]
        self.info = {"sets": [{"key": "sefa", "directions": rows}]}

    def latents(self, seeds):
        answer = Future()
        answer.set_result(np.float32([[1, 2, 3]]))
        return answer


def test_latents_are_composed_as_in_the_browser():
    z = fallback.compose_latent(Known(), 7, 0.5, (2.0, -1.0, 0.0))
    assert z.dtype == np.float32
    np.testing.assert_allclose(z, [[0.5 + 2.0, 1.0 - 0.6, 1.5 - 0.8]], rtol=1e-6)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ((None, 1, (0,)), "seed must be a whole number"),
        ((True, 1, (0,)), "seed must be a whole number"),
        ((2**32, 1, (0,)), "seed must be from 0"),
        ((7, math.nan, (0,)), "truncation must be a number"),
        ((7, 2.5, (0,)), "truncation must be from 0 to 2"),
        ((7, 1, (0, None)), "direction 2 must be a number"),
        ((7, 1, (4,)), "direction 1 must be from -3 to 3"),
        ((7, 1, (0, 0, 1)), "This model has 2 directions"),
    ],
)
def test_bad_values_are_a_sentence(values, words):
    with pytest.raises(ValueError, match=words):
        fallback.compose_latent(Known(), *values)


def test_a_refusal_stands_in_place_of_the_picture_and_is_no_markup():
    def refuse(name):
        raise ValueError(f"There is no {name}.")

    assert "There is no &lt;b&gt;." in fallback.errors_as_html(refuse)("<b>")


def test_news_of_a_run_say_its_place_and_its_message():
    run = Run("abc", TrainConfig(), Path("nowhere"), "someone", message="1 < 2")
    assert "Waiting: number 3 in line" in fallback.run_html(run, 3, 32)
    assert "1 &lt; 2" in fallback.run_html(run, 3, 32)
