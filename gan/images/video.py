"""Frames as films: MP4, and which frames of a long history go into a film.

PyAV (FFmpeg with x264) encodes. It is imported only where a film is made.
"""

import io

import numpy as np

from gan.common import checks
from gan.images.encode import MAX_SCALE, gif

FORMATS = ("gif", "mp4")
# Near lossless: a wrong level of grey here and there, which no eye sees.
QUALITY = {"crf": "16", "preset": "veryfast", "threads": "1"}
BT709 = 1  # its number in ITU-T H.273, for matrix, primaries and transfer alike
LIMITED = 1
# A GIF packs each frame for itself: of a long film it takes every so many-th only.
MOST_IN_GIF = 80
GIF_SIDE = 512
HELD_SECONDS = 1.5  # how long a history's last frame stays


def film_form(name: str) -> str:
    """mp4 if a file's name ends so, else gif."""
    return "mp4" if name.lower().endswith(".mp4") else "gif"


def mp4(frames: np.ndarray, scale: int = 2, frames_per_second: int = 20) -> bytes:
    """uint8 (N, H, W, C) -> the bytes of an MP4 file that browsers play: H.264, yuv420p.

    Each pixel is drawn as scale × scale pixels, 1 to 32. Of colour, yuv420p keeps one value for
    2 × 2 pixels, so an even scale loses none at the edges. Odd sides get one more row or column.
    ValueError unless there are frames and 1 to 60 of them a second.
    """
    av = _library()
    scale = checks.integer("scale", scale, 1, MAX_SCALE)
    rate = checks.integer("frames per second", frames_per_second, 1, 60)
    if not len(frames):
        raise ValueError("A film needs frames: there are none.")
    buffer = io.BytesIO()
    with av.open(buffer, "w", format="mp4") as file:
        stream = file.add_stream("libx264", rate=rate, options=QUALITY)
        height, width, _ = _enlarged(frames[0], scale).shape
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        coder = stream.codec_context
        coder.colorspace = coder.color_primaries = coder.color_trc = BT709
        coder.color_range = LIMITED
        for frame in frames:
            drawn = av.VideoFrame.from_ndarray(_enlarged(frame, scale), format="rgb24")
            drawn = drawn.reformat(format="yuv420p", dst_colorspace="ITU709", dst_color_range="MPEG")
            file.mux(stream.encode(drawn))
        file.mux(stream.encode())
    return buffer.getvalue()


def film(frames: np.ndarray, form: str, scale: int = 2, frames_per_second: int = 20) -> bytes:
    """uint8 (N, H, W, C) -> a GIF or an MP4."""
    checks.choice("format", form, FORMATS)
    return {"gif": gif, "mp4": mp4}[form](frames, scale, frames_per_second)


def history(
    frames: np.ndarray, form: str, scale: int | None = None, frames_per_second: int = 15
) -> bytes:
    """A run's frames as a film that rests on its last one; a GIF takes at most 80 of them.

    Without a scale, an MP4 is drawn twice as large, for its colours; a GIF about 512 pixels wide.
    """
    checks.choice("format", form, FORMATS)
    if scale is None:
        scale = 2 if form == "mp4" else max(1, GIF_SIDE // frames.shape[1])
    if form == "gif":
        frames = frames[spread(len(frames), MOST_IN_GIF)]
    held = np.repeat(frames[-1:], round(HELD_SECONDS * frames_per_second), axis=0)
    return film(np.concatenate([frames, held]), form, scale, frames_per_second)


def spread(count: int, most: int) -> np.ndarray:
    """At most `most` of the places 0 to count - 1, evenly spaced, both ends kept."""
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
