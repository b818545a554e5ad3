"""Each frame of an MP4 shows its input image, and a long training run fits into one video."""

import io
import sys

import av
import numpy as np
import pytest
from PIL import Image

from gan.images.video import MAX_GIF_FRAMES, evenly_spaced, film, history_film, mp4


def decoded(content: bytes):
    """(stream, uint8 (N, H, W, 3)) of an MP4."""
    with av.open(io.BytesIO(content)) as file:
        stream = file.streams.video[0]
        return stream, np.stack([each.to_ndarray(format="rgb24") for each in file.decode(stream)])


def blocks(count: int, side: int = 16, channels: int = 3) -> np.ndarray:
    """Frames of flat coloured blocks, another each time."""
    rng = np.random.default_rng(0)
    small = rng.integers(0, 256, (count, side // 4, side // 4, channels), np.uint8)
    return small.repeat(4, axis=1).repeat(4, axis=2)


@pytest.mark.parametrize("channels", [1, 3])
def test_mp4_holds_every_frame_as_browsers_play_it(channels):
    frames = blocks(9, channels=channels)
    stream, shown = decoded(mp4(frames, scale=4, frames_per_second=20))
    coder = stream.codec_context
    assert (coder.name, coder.pix_fmt, stream.average_rate) == ("h264", "yuv420p", 20)
    assert (coder.colorspace, coder.color_range) == (1, 1)
    assert shown.shape == (9, 64, 64, 3)
    expected = np.broadcast_to(frames, (9, 16, 16, 3)).repeat(4, axis=1).repeat(4, axis=2)
    error = np.abs(shown.astype(int) - expected)
    assert error.mean() < 4, error.mean()
    # Each frame is nearer to its own picture than to any other.
    distances = np.abs(shown[:, None].astype(int) - expected[None]).mean((2, 3, 4))
    assert (distances.argmin(1) == np.arange(9)).all()


def test_source_pixels_stay_whole_squares():
    frames = np.zeros((2, 8, 8, 3), np.uint8)
    frames[:, ::2, ::2] = 255
    _, shown = decoded(mp4(frames, scale=8))
    squares = shown[1].reshape(8, 8, 8, 8, 3).astype(int)
    assert np.ptp(squares[:, 2:6, :, 2:6], axis=(1, 3)).max() < 12


def test_odd_sides_get_one_more_row():
    _, shown = decoded(mp4(blocks(3)[:, :15, :13], scale=1))
    assert shown.shape == (3, 16, 14, 3)


def test_a_training_film_holds_its_last_frame():
    frames = blocks(5)
    _, shown = decoded(history_film(frames, "mp4", scale=2, frames_per_second=10))
    assert len(shown) == 5 + 15
    expected = frames[4].repeat(2, axis=0).repeat(2, axis=1)
    assert np.abs(shown[-1].astype(int) - expected).mean() < 6


def test_a_gif_of_a_long_history_keeps_its_ends():
    frames = np.zeros((300, 4, 4, 1), np.uint8)
    frames[:, 0, 0, 0] = np.linspace(0, 255, 300)
    with Image.open(io.BytesIO(history_film(frames, "gif", scale=1))) as image:
        assert image.format == "GIF"
        levels = []
        for place in range(image.n_frames):
            image.seek(place)
            levels.append(image.convert("L").getpixel((0, 0)))
    assert (levels[0], levels[-1]) == (0, 255)
    assert len(set(levels)) == MAX_GIF_FRAMES
    assert list(evenly_spaced(3, 80)) == [0, 1, 2] and list(evenly_spaced(5, 3)) == [0, 2, 4]


def test_invalid_arguments_are_refused(monkeypatch):
    with pytest.raises(ValueError, match="there are none"):
        mp4(np.zeros((0, 8, 8, 3), np.uint8))
    for scale in (0, 33, 1.5):
        with pytest.raises(ValueError, match="scale must be"):
            mp4(blocks(2), scale=scale)
    with pytest.raises(ValueError, match="frames per second must be"):
        mp4(blocks(2), frames_per_second=1000)
    with pytest.raises(ValueError, match="Unknown format"):
        film(blocks(2), "avi")
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(ValueError, match="pip install av"):
        mp4(blocks(2))
