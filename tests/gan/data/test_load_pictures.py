"""One picture at a time: from any file to a square of pixels, and from pixels to floats."""

import numpy as np
import pytest
import torch
from helpers.making_pictures import coloured, encoded
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gan.data.image_tensors import to_float, to_uint8
from gan.images.decode import DAMAGED, NOT_A_PICTURE, TOO_LARGE, fit

WHY_NOT = (NOT_A_PICTURE, DAMAGED, TOO_LARGE, "empty", "too small", "a zip", "of an unsupported")


def test_a_square_of_28_is_framed_in_32_and_not_stretched(picture_folder):
    digit = coloured(1, 28, 28).convert("L")
    digit.putpixel((0, 0), 77)
    out = fit(encoded(digit), 32, 1)[..., 0]
    assert np.array_equal(out[2:30, 2:30], np.asarray(digit))
    frame = np.ones((32, 32), bool)
    frame[2:30, 2:30] = False
    assert (out[frame] == 77).all()
    # Smaller ones are enlarged to the edge instead.
    assert np.ptp(fit(encoded(coloured(1, 27, 27)), 32, 1)[0]) > 0


def test_others_are_cropped_in_the_middle_and_averaged_down():
    picture = np.zeros((64, 128, 3), np.uint8)
    picture[:, 32:96] = 200  # the middle square
    picture[:32, 32:96] = 100
    out = fit(encoded(Image.fromarray(picture)), 32, 3)
    assert np.abs(out[:12, 3:-3].astype(int) - 100).max() <= 1
    assert np.abs(out[20:, 3:-3].astype(int) - 200).max() <= 1
    checks = (np.indices((128, 128)).sum(0) % 2 * 255).astype(np.uint8)
    assert np.abs(fit(encoded(Image.fromarray(checks)), 32, 1)[4:-4, 4:-4].astype(int) - 127).max() <= 2


FORMS = {
    "palette": ("P", "PNG"), "gif": ("P", "GIF"), "alpha": ("RGBA", "PNG"), "grey alpha": ("LA", "PNG"),
    "cmyk": ("CMYK", "JPEG"), "cmyk tiff": ("CMYK", "TIFF"), "bits": ("1", "PNG"), "grey": ("L", "PNG"),
    "jpeg": ("RGB", "JPEG"), "webp": ("RGB", "WEBP"), "bmp": ("RGB", "BMP"), "tiff": ("RGB", "TIFF"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_shows_the_same_picture(form):
    mode, kind = FORMS[form]
    picture = np.zeros((64, 64, 3), np.uint8)
    picture[:, 32:] = 255
    content = encoded(Image.fromarray(picture).convert(mode), kind)
    for channels in (1, 3):
        out = fit(content, 32, channels)
        assert out.shape == (32, 32, channels)
        assert out.dtype == np.uint8
        assert out[:, :13].max() <= 12
        assert out[:, 19:].min() >= 243


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_and_not_cut_off(kind):
    ramp = np.repeat(np.linspace(0, 65535, 64).astype(np.uint16)[None], 64, axis=0)
    content = encoded(Image.fromarray(ramp), kind)
    for channels in (1, 3):
        out = fit(content, 64, channels).astype(float)
        assert np.abs(out - (ramp / 257)[..., None]).max() <= 1.5


@pytest.mark.parametrize("width_height", [(7, 200), (200, 7), (1, 1)])
def test_too_small_pictures_are_refused(width_height):
    with pytest.raises(ValueError, match="too small"):
        fit(encoded(coloured(1, *width_height)), 32, 3)


@settings(max_examples=30)
@given(st.binary(max_size=60), st.integers(0, 3000))
def test_damaged_pictures_are_a_value_error_or_a_picture(noise, cut):
    whole = encoded(coloured(1))
    for content in (noise, whole[:cut], whole[:cut] + noise + whole[cut + len(noise) :]):
        try:
            assert fit(content, 32, 3).shape == (32, 32, 3)
        except ValueError as error:
            assert str(error).startswith(WHY_NOT)


def test_pixels_and_floats_are_each_others_inverse():
    pixels = torch.arange(256, dtype=torch.uint8).reshape(1, 1, 16, 16)
    floats = to_float(pixels)
    assert (floats.min(), floats.max()) == (-1, 1)
    assert np.array_equal(to_uint8(floats)[..., 0], pixels[0])
    wild = torch.tensor([-9.0, 9.0, float("nan"), float("inf")]).reshape(1, 1, 2, 2)
    assert to_uint8(wild).ravel().tolist() == [0, 255, 0, 255]
