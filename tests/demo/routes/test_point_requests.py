"""Pictures of a page as a GIF, and what is no such thing."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from demo.routes.point_requests import END_SECONDS, MAX_FRAMES, make_gif


def framed(*pictures: bytes) -> bytes:
    return b"".join(len(picture).to_bytes(4, "little") + picture for picture in pictures)


def png(width: int = 30, height: int = 20, colour: str = "red", mode: str = "RGB") -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), colour).convert(mode).save(buffer, "PNG")
    return buffer.getvalue()


def made(width: int, height: int, *more: tuple[bytes, bytes]) -> bytes:
    """A PNG that says it is so large, with further chunks, and has no pixels."""
    header = (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    chunks = (header, *more, (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    told = [struct.pack(">I", len(b)) + a + b + struct.pack(">I", zlib.crc32(a + b)) for a, b in chunks]
    return b"\x89PNG\r\n\x1a\n" + b"".join(told)


def as_gif() -> bytes:
    buffer = io.BytesIO()
    Image.new("P", (30, 20)).save(buffer, "GIF")
    return buffer.getvalue()


def test_every_picture_is_a_frame_and_the_last_stays_longer():
    colours = ("red", "lime", "blue")
    film = Image.open(io.BytesIO(make_gif(framed(*(png(colour=each) for each in colours)), 80)))
    assert (film.format, film.n_frames, film.size, film.info["loop"]) == ("GIF", 3, (30, 20), 0)
    durations, shown = [], []
    for place in range(3):
        film.seek(place)
        durations.append(film.info["duration"])
        shown.append(np.asarray(film.convert("RGB"))[10, 15])
    assert durations == [80, 80, 1000 * END_SECONDS]
    assert np.abs(np.array(shown, int) - 255 * np.eye(3, dtype=int)).max() <= 8


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_any_kind_of_png_will_do(mode):
    picture = png() if mode == "I;16" else png(mode=mode)
    if mode == "I;16":
        buffer = io.BytesIO()
        Image.new("I;16", (30, 20)).save(buffer, "PNG")
        picture = buffer.getvalue()
    assert make_gif(framed(picture), 80)[:3] == b"GIF"


def test_the_largest_and_the_most_are_taken():
    assert make_gif(framed(png(800, 800), png(800, 800, "blue")), 20)[:3] == b"GIF"
    assert make_gif(framed(*[png(1, 1)] * MAX_FRAMES), 20)[:3] == b"GIF"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "no pictures"),
        (b"hello, this is no picture", "cut off"),
        (b"\0\0\0\0", "cut off"),
        (framed(png())[:-1], "cut off"),
        (framed(png()) + b"\1\0", "cut off"),
        (framed(b"hello"), "must be PNG"),
        (framed(as_gif()), "must be PNG"),
        (framed(png()[:50]), "must be PNG"),
        (framed(made(10, 10)), "must be PNG"),
        (framed(made(0, 0)), "must be PNG"),
        (framed(made(9, 9, (b"zTXt", b"a\0\0" + zlib.compress(b"x" * 10**7)))), "must be PNG"),
        (framed(png(), png(20, 30)), "of one size"),
        (framed(made(801, 1)), "at most 800 × 800"),
        (framed(made(10_000, 10_000)), "at most 800 × 800"),
        (framed(made(20_000, 20_000)), "at most 800 × 800"),
        (framed(made(2**31 - 1, 2**31 - 1)), "at most 800 × 800"),
        (framed(*[png(1, 1)] * 1000), "At most 120 pictures"),
    ],
    ids=lambda value: value.replace(" ", "_") if isinstance(value, str) else "",
)
def test_what_is_no_animation_is_refused(body, words):
    with pytest.raises(ValueError, match=words):
        make_gif(body, 80)
