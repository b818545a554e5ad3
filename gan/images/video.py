"""Encode frames as video, MP4 or GIF, and choose which frames of a long training run go into it.

MP4 is encoded by PyAV (FFmpeg with x264), which is imported only when one is made.
"""

import io
from pathlib import Path

import numpy as np

from gan.common import checks
from gan.images.encode import MAX_SCALE, gif

FORMATS = ("gif", "mp4")
# CRF 16 is visually lossless. One thread, so that the same frames give the same bytes.
QUALITY = {"crf": "16", "preset": "veryfast", "threads": "1"}
BT709 = 1  # code of matrix, primaries and transfer function in ITU-T H.273
LIMITED_RANGE = 1
# GIF compresses each frame by itself: a long run is thinned out to keep the file small.
MAX_GIF_FRAMES = 80
GIF_SIDE = 512
HELD_SECONDS = 1.5  # how long the last frame of a training run is shown


def film_format(name: str) -> str:
    """The video format that a file name ends in, "gif" or "mp4"; ValueError for any other ending."""
    form = Path(name).suffix.lower().removeprefix(".")
    if form not in FORMATS:
        raise ValueError(f"A film must be called .gif or .mp4, not {Path(name).name!r}.")
    return form


def mp4(frames: np.ndarray, scale: int = 2, frames_per_second: int = 20) -> bytes:
    """uint8 (N, H, W, C) -> the bytes of an MP4 file that browsers play: H.264, yuv420p.

    Each pixel becomes scale × scale pixels, 1 to 32. yuv420p stores one colour for 2 × 2 pixels, so an
    even scale keeps the colours of all source pixels. Odd sides are padded by one row or column.
    ValueError without frames, for a scale out of range or a rate outside 1 to 60 frames a second.
    """
    av = _library()
    scale = checks.integer("scale", scale, 1, MAX_SCALE)
    rate = checks.integer("frames per second", frames_per_second, 1, 60)
    if not len(frames):
        raise ValueError("A video needs at least one frame: there are none.")
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as file:
        stream = file.add_stream("libx264", rate=rate, options=QUALITY)
        height, width, _ = _enlarged(frames[0], scale).shape
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        coder = stream.codec_context
        coder.colorspace = coder.color_primaries = coder.color_trc = BT709
        coder.color_range = LIMITED_RANGE
        for frame in frames:
            drawn = av.VideoFrame.from_ndarray(_enlarged(frame, scale), format="rgb24")
            drawn = drawn.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
            file.mux(stream.encode(drawn))
        file.mux(stream.encode())
    return buffer.getvalue()


def film(frames: np.ndarray, form: str, scale: int = 2, frames_per_second: int = 20) -> bytes:
    """uint8 (N, H, W, C) -> the bytes of a video; `form` is "gif" or "mp4", else ValueError."""
    checks.choice("format", form, FORMATS)
    return {"gif": gif, "mp4": mp4}[form](frames, scale, frames_per_second)


def history_film(
    frames: np.ndarray, form: str, scale: int | None = None, frames_per_second: int = 15
) -> bytes:
    """Frames of a training run as a video that holds its last frame; a GIF has at most 80 of them.

    Without a `scale` an MP4 is upscaled by 2, which keeps all its colours (see `mp4`), and a GIF by a
    whole number to at most 512 pixels wide.
    """
    checks.choice("format", form, FORMATS)
    if scale is None:
        scale = 2 if form == "mp4" else max(1, GIF_SIDE // frames.shape[1])
    if form == "gif":
        frames = frames[evenly_spaced(len(frames), MAX_GIF_FRAMES)]
    held = np.repeat(frames[-1:], round(HELD_SECONDS * frames_per_second), axis=0)
    return film(np.concatenate([frames, held]), form, scale, frames_per_second)


def evenly_spaced(count: int, most: int) -> np.ndarray:
    """At most `most` evenly spaced indices from 0 to count - 1, both ends included."""
    return np.round(np.linspace(0, count - 1, min(count, most))).astype(int)


def _enlarged(frame: np.ndarray, scale: int) -> np.ndarray:
    """uint8 (H, W, 1 or 3) -> contiguous RGB of even sides."""
    if frame.shape[-1] == 1:
        frame = frame.repeat(3, axis=2)
    frame = frame.repeat(scale, axis=0).repeat(scale, axis=1)
    height, width, _ = frame.shape
    padding = ((0, height % 2), (0, width % 2), (0, 0))
    return np.ascontiguousarray(np.pad(frame, padding, mode="edge"))


def _library():
    try:
        import av
    except ImportError as error:
        raise ValueError(
            "MP4 needs the package av, which is not installed: pip install av, or choose GIF."
        ) from error
    return av
