"""Images decoded from untrusted files: what is kept, what is skipped and why, and the limits."""

import random
import subprocess
import sys
import zipfile

import numpy as np
import pytest
import torch
from helpers.making_pictures import coloured, encoded
from PIL import Image

from gan.data import image_collection
from gan.data.image_collection import ImageCollection, collect_images
from gan.data.image_tensors import Images, to_float


def collect(*args, **options) -> ImageCollection:
    """The collection, which comes after the counts."""
    *_, collection = collect_images(*args, **options)
    return collection


@pytest.fixture
def write(tmp_path):
    def write(name: str, content: bytes | Image.Image):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else encoded(content))
        return path

    return write


def test_pictures_and_zips_become_one_array_in_order(write, tmp_path):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("in/b.jpg", encoded(coloured(1), "BMP"))
    files = [write("a.png", coloured(0)), tmp_path / "z.zip", str(write("c.png", coloured(2)))]
    own = collect(files, 32, 3)
    assert own.names == ("a.png", "z.zip: in/b.jpg", "c.png")
    assert (own.pixels.dtype, own.pixels.shape, len(own)) == (np.uint8, (3, 32, 32, 3), 3)
    assert np.array_equal(own.pixels, [np.asarray(coloured(index)) for index in range(3)])
    assert (own.duplicates, own.skipped, own.reasons) == (0, (), {})


def test_they_become_tensors(write):
    own = collect([write("a", coloured(0)), write("b", coloured(1))], 16, 1)
    pixels = torch.from_numpy(own.pixels).permute(0, 3, 1, 2).contiguous()
    images = Images("own", pixels)
    assert (len(images), images.pixels.shape) == (2, (2, 1, 16, 16))
    assert to_float(images.pixels).abs().max() <= 1


def test_they_are_read_without_pytorch():
    program = "import sys, gan.data.image_collection; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program]).returncode == 0


def test_fit_and_background_reach_every_picture(write):
    files = [write(name, Image.new("RGB", (64, 32), name)) for name in ("red", "blue")]
    crop = collect(files, 32, 3)
    pad = collect(files, 32, 3, fit="pad", background=[1, 2, 3])
    assert (crop.pixels[0] == (255, 0, 0)).all() and (crop.pixels[1] == (0, 0, 255)).all()
    assert (pad.pixels[:, :8] == (1, 2, 3)).all()
    assert np.array_equal(pad.pixels[:, 8:24], crop.pixels[:, 8:24])
    white = collect(files, 32, 3, fit="pad")
    assert (white.pixels[:, :8] == 255).all()


def test_equal_pictures_are_kept_once(write):
    files = [
        write("a.png", coloured(0)), write("b.png", coloured(1)),
        write("a.bmp", encoded(coloured(0), "BMP")), write("a.tif", encoded(coloured(0), "TIFF")),
    ]  # fmt: skip
    own = collect(files, 32, 3)
    assert (own.names, own.duplicates, own.skipped) == (("a.png", "b.png"), 2, ())


def test_skipped_files_are_listed_with_the_reason(write):
    files = [
        write("a", coloured(0)), write("notes.txt", b"hello"), write("b", coloured(1)),
        write("none", b""), write("<b>.txt", b"more"), write("half", encoded(coloured(2))[:900]),
    ]  # fmt: skip
    own = collect(files, 32, 3)
    text = "not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture"
    assert own.names == ("a", "b")
    assert own.skipped == (
        ("notes.txt", text), ("none", "empty"), ("_b_.txt", text), ("half", "damaged or cut off"),
    )  # fmt: skip
    assert list(own.reasons.items()) == [(text, 2), ("empty", 1), ("damaged or cut off", 1)]


def test_the_list_of_skipped_files_is_limited_but_the_count_is_not(write, tmp_path):
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for index in range(250):
            archive.writestr(f"{index}.txt", b"text")
    own = collect([write("a", coloured(0)), write("b", coloured(1)), tmp_path / "z.zip"], 32, 3)
    assert len(own.skipped) == 200
    assert list(own.reasons.values()) == [250]


@pytest.mark.parametrize(
    ("name", "most", "reason"),
    [
        ("MAX_IMAGES", 2, "beyond the 2 pictures that are read in all"),
        ("MAX_RESULT_BYTES", 2 * 32 * 32 * 3 + 1, "beyond the 2 pictures that are read in all"),
        ("MAX_BYTES", 7000, "beyond the 7e-06 GB that are read in all"),
        ("MAX_PIXELS", 2 * 32 * 32, "beyond the 2.048e-06 gigapixels that are read in all"),
    ],
)
def test_what_is_beyond_a_limit_is_skipped(write, monkeypatch, name, most, reason):
    files = [write(str(index), coloured(index)) for index in range(4)]
    assert all(3000 < path.stat().st_size < 3500 for path in files)
    monkeypatch.setattr(image_collection, name, most)
    own = collect(files, 32, 3)
    # Of more images than are kept, a random sample.
    kept = ("0", "2") if "pictures" in reason else ("0", "1")
    skipped = [name for name in "0123" if name not in kept]
    assert own.names == kept
    assert own.skipped == tuple((name, reason) for name in skipped)


def test_damaged_members_use_up_what_may_be_read(write, tmp_path, monkeypatch):
    """Otherwise a zip could have gigabytes unpacked in vain."""
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("x", random.Random(0).randbytes(5000))
    content = bytearray((tmp_path / "z.zip").read_bytes())
    content[100] ^= 255
    monkeypatch.setattr(image_collection, "MAX_BYTES", 10_000)
    files = [
        write("z.zip", bytes(content)),
        *(write(str(index), coloured(index)) for index in range(2)),
    ]
    with pytest.raises(ValueError, match=r"Only 1 usable picture.* 1 × damaged in its zip; 1 × beyond"):
        collect(files, 32, 3)


def test_less_than_two_pictures_are_an_error_with_the_commonest_reasons(write):
    one, text, none = write("a", coloured(0)), write("t", b"text"), write("none", b"")
    small, half = write("s", coloured(1, 4, 4)), write("half", encoded(coloured(1))[:900])
    cases = [
        ([one], "Only 1 usable picture was found: at least 2 different ones are needed."),
        (
            [one, one, one],
            "Only 1 usable picture was found: at least 2 different ones are needed. "
            "Left out: 2 × the same picture again.",
        ),
        (
            [small, half, none, text, text, none, none, small],
            "No usable picture was found: at least 2 different ones are needed. Left out: 3 × empty; "
            "2 × too small: less than 8 pixels wide or high; "
            "2 × not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture.",
        ),
    ]
    for files, message in cases:
        with pytest.raises(ValueError) as caught:
            collect(files, 32, 3)
        assert str(caught.value) == message


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"files": []}, "1 to 100,000 files"),
        ({"files": "a.png"}, "Give a list"),
        ({"files": None}, "Give a list"),
        ({"files": ["a.png", None]}, "its path"),
        ({"size": 8}, "size must be from 16 to 256"),
        ({"channels": 4}, "Unknown channels 4"),
        ({"fit": "stretch"}, "Unknown fit 'stretch': choose one of crop, pad"),
        ({"background": "#ffffff"}, "three numbers"),
        ({"background": (1, 2)}, "three numbers"),
        ({"background": None}, "three numbers"),
        ({"background": (1, 2, 256)}, "background must be from 0 to 255"),
    ],
)
def test_wrong_arguments_are_named(write, changed, message):
    arguments = {"files": [write("a", coloured(0)), write("b", coloured(1))], "size": 32, "channels": 3}
    with pytest.raises(ValueError, match=message):
        collect(**(arguments | changed))
