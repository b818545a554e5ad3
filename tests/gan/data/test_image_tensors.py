"""Conversion between uint8 and float images."""

import numpy as np
import torch

from gan.data.image_tensors import to_float, to_uint8


def test_to_float_and_to_uint8_are_inverse():
    pixels = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16)
    floats = to_float(pixels)
    assert (floats.min(), floats.max()) == (-1, 1)
    assert np.array_equal(to_uint8(floats)[..., 0], pixels[0])


def test_values_out_of_range_are_clamped_and_nan_is_black():
    wild = torch.tensor([-9.0, 9.0, float("nan"), float("inf")]).reshape(1, 1, 2, 2)
    assert to_uint8(wild).ravel().tolist() == [0, 255, 0, 255]
