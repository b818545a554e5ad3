"""Grids, PNGs and GIFs contain exactly the images that were encoded."""

import io

import numpy as np
import pytest
from PIL import Image

from gan.images import encode


def noise(count: int, channels: int, size: int = 8) -> np.ndarray:
    rng = np.random.default_rng(0)
    return rng.integers(0, 256, (count, size, size, channels), dtype=np.uint8)


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("scale", [1, 3, 32])
def test_a_png_gives_every_pixel_back(channels, scale):
    picture = noise(1, channels)[0]
    image = np.asarray(opened(encode.png(picture, scale))).reshape(8 * scale, 8 * scale, channels)
    for dx in (0, scale - 1):
        assert np.array_equal(image[dx::scale, dx::scale], picture)


def test_a_grid_goes_row_by_row_and_is_white_where_nothing_is():
    sheet = encode.grid(noise(5, 3))
    assert sheet.shape == (2 * 8, 3 * 8, 3)
    for index, picture in enumerate(noise(5, 3)):
        row, column = divmod(index, 3)
        assert np.array_equal(sheet[8 * row :, 8 * column :][:8, :8], picture)
    assert (sheet[8:, 16:] == 255).all()


@pytest.mark.parametrize(
    ("count", "columns", "shape"),
    [(1, None, (8, 8)), (64, None, (64, 64)), (3, 8, (8, 24)), (6, 2, (24, 16)), (2, None, (8, 16))],
)
def test_the_shape_of_a_grid(count, columns, shape):
    assert encode.grid(noise(count, 1), columns).shape == (*shape, 1)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_gif_holds_all_frames_loops_and_keeps_its_rate(channels):
    frames = noise(7, channels)
    image = opened(encode.gif(frames, scale=2, frames_per_second=20))
    assert image.n_frames == 7
    assert image.info["loop"] == 0
    for index in range(7):
        image.seek(index)
        assert image.info["duration"] == 50
        shown = np.asarray(image.convert("L" if channels == 1 else "RGB")).reshape(16, 16, channels)
        error = np.abs(shown[::2, ::2].astype(int) - frames[index])
        # Grey is exact; colours are those of one palette of 256 for all frames.
        assert error.max() == 0 if channels == 1 else error.mean() < 25


def test_few_colours_are_exact_in_a_gif():
    colours = np.random.default_rng(1).integers(0, 256, (20, 3), dtype=np.uint8)
    frames = colours[np.random.default_rng(2).integers(0, 20, (4, 8, 8))]
    image = opened(encode.gif(frames))
    for index in range(4):
        image.seek(index)
        assert np.array_equal(np.asarray(image.convert("RGB")), frames[index])


@pytest.mark.parametrize("scale", [0, 33, -1, 1.5, True, "2", None, float("nan"), 10**9])
def test_bad_scales_are_refused(scale):
    for draw in (lambda: encode.png(noise(1, 1)[0], scale), lambda: encode.gif(noise(2, 1), scale)):
        with pytest.raises(ValueError, match="scale must be"):
            draw()


@pytest.mark.parametrize("rate", [0, -5, 51, float("nan"), True, "20"])
def test_bad_rates_are_refused(rate):
    with pytest.raises(ValueError, match="frames per second must be"):
        encode.gif(noise(2, 1), frames_per_second=rate)


def test_previews_are_means_of_blocks_of_what_is_larger_than_64_pixels():
    picture = np.zeros((1, 128, 128, 1), np.uint8)
    picture[0, :2, :2, 0] = [[10, 20], [30, 43]]  # mean 25.75
    picture[0, 126:, 126:, 0] = [[255, 255], [255, 253]]  # mean 254.5, to the even number
    small = encode.previews(picture)
    assert small.shape == (1, 64, 64, 1) and small.dtype == np.uint8
    assert (small[0, 0, 0, 0], small[0, 63, 63, 0], small.max(where=small < 200, initial=0)) == (
        26,
        254,
        26,
    )
    huge = encode.previews(noise(2, 3, 256))
    assert np.abs(huge - noise(2, 3, 256).reshape(2, 64, 4, 64, 4, 3).mean((2, 4))).max() <= 0.5
    for side in (32, 64):
        assert np.array_equal(encode.previews(noise(2, 3, side)), noise(2, 3, side))


@pytest.mark.parametrize(
    ("side", "preview", "scale"), [(32, 32, 2), (64, 64, 2), (128, 64, 1), (256, 64, 1)]
)
def test_what_a_side_becomes_in_previews_and_in_files(side, preview, scale):
    assert encode.preview_side(side) == preview
    assert opened(encode.strip(noise(3, 3, side))).size == (3 * side * scale, side * scale)
