"""Images that are refused: with the right reason, and before they take memory or time."""

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from helpers.making_pictures import coloured, encoded
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from gan.images import decode
from gan.images.decode import DAMAGED, NOT_AN_IMAGE, TOO_LARGE, open_image
from tests.gan.images.test_decode import square, tiff

ROOT = Path(__file__).parents[3]


def reason(content: bytes) -> str | None:
    """Why a picture is refused; None if it is not."""
    try:
        square(content)
    except ValueError as error:
        return str(error)
    return None


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def claiming(width: int, height: int) -> dict[str, bytes]:
    """Files of a few bytes that claim so many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    small = encoded(coloured(1, 16, 16), "WEBP")[12:]
    ends = b"".join(struct.pack("<I", min(side, 20_000) - 1)[:3] for side in (width, height))
    frame = bytes(6) + b"\x0f\0\0\x0f\0\0\x64\0\0\0" + small
    frame = b"ANMF" + struct.pack("<I", len(frame)) + frame
    webp = b"WEBPVP8X\x0a\0\0\0\x02\0\0\0" + ends + b"ANIM\x06\0\0\0" + bytes(6) + frame
    jpeg = encoded(coloured(1), "JPEG")
    sides = struct.pack(">HH", min(height, 65500), min(width, 65500))
    tags = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: 9}
    gif = struct.pack("<HH", min(width, 65535), min(height, 65535))
    return {
        "png": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(9))),
        "webp": b"RIFF" + struct.pack("<I", len(webp)) + webp,
        "jpeg": jpeg.replace(struct.pack(">HH", 32, 32), sides, 1),
        "tiff": tiff(tags, bytes(9)),
        "gif": b"GIF89a" + gif + bytes(3) + b"," + bytes(4) + gif + b"\0\x08\x01\0\0;",
        "bmp": b"BM" + struct.pack("<IHHI", 100, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 0, 0, 0, 0),
    }  # fmt: skip


@pytest.mark.parametrize("side", [100_000, 8000])
@pytest.mark.parametrize("kind", ["png", "webp", "jpeg", "tiff", "gif", "bmp"])
def test_decompression_bombs_are_detected_by_their_header(kind, side, monkeypatch):
    content = claiming(side, side)[kind]
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(ValueError, match=r"^more than 50 megapixels$"):
        open_image(content)


def test_the_same_files_with_a_small_size_in_the_header_are_not_bombs():
    # libjpeg fills in what is missing; the WebP's first frame is whole.
    reasons = {"jpeg": None, "webp": None}
    for kind, content in claiming(64, 64).items():
        assert reason(content) == reasons.get(kind, "damaged or cut off")


def test_bombs_take_no_memory():
    """In a separate process: the system reports only the peak memory of a whole process."""
    program = """
import resource, sys
sys.path += ["tests", "tests/gan"]
from tests.gan.images.test_decode_refused import claiming, reason
reason(claiming(64, 64)["webp"])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for side in (100_000, 16_000):
    for content in claiming(side, side).values():
        assert reason(content) == "more than 50 megapixels"
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 30_000  # kB


def test_a_small_tiff_of_one_giant_tile_is_refused():
    data = zlib.compress(bytes(64 * 64))
    whole = {256: 64, 257: 64, 258: 8, 259: 8, 262: 1, 277: 1}
    for side, refused in ((64, None), (20_000, "more than 50 megapixels")):
        tiles = {322: side, 323: side, 324: 8, 325: len(data)}
        assert reason(tiff(whole | tiles, data)) == refused


def test_a_jpeg_of_thousands_of_scans_is_refused(monkeypatch):
    content = encoded(coloured(1), "JPEG", progressive=True)
    scans = content.count(b"\xff\xda")
    monkeypatch.setattr(decode, "MAX_SCANNED_PIXELS", scans * 32 * 32)
    assert square(content).shape == (32, 32, 3)
    with pytest.raises(ValueError, match=r"^a JPEG of too many scans$"):
        open_image(content + b"\xff\xda")


REASONS = (NOT_AN_IMAGE, DAMAGED, TOO_LARGE, "empty", "too small", "a zip", "of an unsupported")
REFUSED = {
    "empty": (b"", "empty"),
    "text": (
        b"BM is how this text begins\n" * 9,
        "not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture",
    ),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not a PNG"),
    "pickle": (b"\x80\x04\x95\x10\0\0\0\0\0\0\0cos\nsystem\n", "not a PNG"),
    "ico": (encoded(coloured(1), "ICO"), "not a PNG"),
    "postscript": (encoded(coloured(1), "EPS"), "not a PNG"),
    "heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1", "a HEIC or AVIF picture: save it as JPEG or PNG"),
    "zip": (b"PK\3\4" + bytes(90), "a zip inside a zip, which is not opened"),
    "narrow": (encoded(coloured(1, 7, 200)), "too small: less than 8 pixels wide or high"),
    "low": (encoded(coloured(1, 200, 7)), "too small: less than 8 pixels wide or high"),
    "ints": (encoded(Image.new("I", (32, 32)), "TIFF"), r"of an unsupported pixel format \(I\)"),
    "floats": (encoded(Image.new("F", (32, 32)), "TIFF"), r"of an unsupported pixel format \(F\)"),
    "no header": (encoded(coloured(1))[:20], "damaged or cut off"),
    "no webp": (encoded(coloured(1), "WEBP")[:20], "damaged or cut off"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_reason_for_what_is_refused(what):
    content, reason = REFUSED[what]
    with pytest.raises(ValueError, match=f"^{reason}"):
        open_image(content)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"])
def test_half_a_file_is_cut_off(kind):
    content = encoded(coloured(1, 64, 64), kind)
    with pytest.raises(ValueError, match=r"^damaged or cut off$"):
        square(content[: len(content) // 2])


@pytest.mark.filterwarnings("ignore::UserWarning")  # of Pillow, about the damage
@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF"]),
    st.integers(0, 700),
    st.binary(max_size=20),
)
def test_damaged_pictures_are_a_value_error_or_a_picture(kind, at, noise):
    whole = encoded(coloured(1, 16, 16), kind)
    for content in (noise, whole[:at], whole[:at] + noise + whole[at + len(noise) :]):
        try:
            assert square(content).shape == (32, 32, 3)
        except ValueError as error:
            assert str(error).startswith(REASONS)
