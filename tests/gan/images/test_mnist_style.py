"""Photos of handwritten digits are converted to MNIST's style for any pen, light and paper."""

import numpy as np
import pytest
import torch
from helpers.making_pictures import encoded
from PIL import Image, ImageDraw, ImageFilter

from gan.data.image_tensors import to_float
from gan.images.inversion_target import LIGHTS, inversion_target
from gan.images.mnist_style import to_mnist_style
from gan.models.lenet import load_lenet

STROKES = {
    1: [[(610, 400), (590, 1200)]],
    3: [[(400, 450), (700, 420), (720, 640), (560, 760), (740, 860), (700, 1150), (420, 1180)]],
    4: [[(460, 400), (400, 800), (800, 790)], [(720, 450), (690, 1200)]],
    7: [[(350, 450), (850, 440), (600, 900), (520, 1250)]],
}


def photo(digit: int, pen: int = 40, shift: int = 0, shade: float = 0.6) -> np.ndarray:
    """uint8 (1600, 1200, 3): ink on paper that is lighter on one side, noise, a speck, a dark rim."""
    sheet = Image.new("RGB", (1200, 1600), (225, 220, 205))
    brush = ImageDraw.Draw(sheet)
    for line in STROKES[digit]:
        brush.line(
            [(x + shift, y + shift) for x, y in line], fill=(40, 40, 60), width=pen, joint="curve"
        )
    brush.ellipse((100, 300, 120, 320), fill=(60, 60, 60))
    pixels = np.asarray(sheet.filter(ImageFilter.GaussianBlur(3))).astype(float)
    pixels *= np.linspace(1.05, shade, 1200)[None, :, None]
    pixels += np.random.default_rng(0).normal(0, 6, pixels.shape)
    pixels[:, :30] *= 0.4
    return pixels.clip(0, 255).astype(np.uint8)


def written(pixels: np.ndarray) -> np.ndarray:
    content = encoded(Image.fromarray(pixels), "JPEG", quality=80)
    return inversion_target(content, 32, 1, light="paper")


@pytest.mark.parametrize("pen", [14, 40, 90])
@pytest.mark.parametrize("digit", STROKES)
def test_lenet_classifies_it(digit, pen):
    digit_image = written(photo(digit, pen))
    target = to_float(torch.from_numpy(digit_image).permute(2, 0, 1)[None])
    assert load_lenet()(target).softmax(1)[0, digit] > 0.9
    # As much ink as MNIST's have: on average 59 (ones) to 134 (noughts) white pixels of 1,024.
    assert 40 < digit_image.sum() / 255 < 150


def test_it_is_scaled_and_centred_as_in_mnist():
    digit_image = written(photo(3)).astype(float)[..., 0]
    rows, columns = np.flatnonzero(digit_image.max(1) > 60), np.flatnonzero(digit_image.max(0) > 60)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 in (19, 20, 21)
    for axis in (0, 1):
        mass = digit_image.sum(axis) / digit_image.sum()
        assert abs((mass * (np.arange(32) + 0.5)).sum() - 16) < 0.6
    assert digit_image.max() == 255 and digit_image[:2].max() == 0


def test_position_inversion_and_uneven_light_hardly_matter():
    plain = written(photo(4)).astype(float)
    for other in (photo(4, shift=-150), 255 - photo(4), photo(4, shade=1.0)):
        assert np.abs(written(other) - plain).mean() < 6


@pytest.mark.parametrize("light", [0, 128, 255])
def test_paper_without_ink_is_refused(light):
    with pytest.raises(ValueError, match=r"^without any ink"):
        to_mnist_style(np.full((256, 256), light, np.uint8), 32)


@pytest.mark.parametrize("seed", range(20))
def test_any_input_gives_an_image_or_a_reason(seed):
    rng = np.random.default_rng(seed)
    coarse = rng.integers(0, 256, (2 + seed, 2 + seed), dtype=np.uint8)
    grey = np.asarray(Image.fromarray(coarse).resize((256, 256), Image.Resampling(seed % 4)))
    try:
        digit_image = to_mnist_style(grey, 32)
    except ValueError:
        return
    assert digit_image.shape == (32, 32) and digit_image.max() == 255


def test_light_is_kept_or_inverted():
    pixels = np.arange(32 * 32, dtype=np.uint8).reshape(32, 32)
    content = encoded(Image.fromarray(pixels))
    assert np.array_equal(inversion_target(content, 32, 1)[..., 0], pixels)
    assert np.array_equal(inversion_target(content, 32, 1, light="swapped")[..., 0], 255 - pixels)
    with pytest.raises(ValueError, match=f"Unknown light 'x': choose one of {', '.join(LIGHTS)}"):
        inversion_target(content, 32, 1, light="x")
    with pytest.raises(ValueError, match="draws in colour"):
        inversion_target(content, 32, 3, light="paper")
