"""Decoding one image: exact pixels for every file format, mode and orientation."""

import io
import struct

import numpy as np
import pytest
from helpers.making_pictures import coloured, encoded
from PIL import Image

from gan.images.decode import decode_square, open_image, to_square

WHITE = (255, 255, 255)


def square(content: bytes, size: int = 32, channels: int = 3, **options) -> np.ndarray:
    return decode_square(content, size, channels, **options)


def tiff(values: dict[int, int], data: bytes) -> bytes:
    """A TIFF of these tags, with its data at byte 8."""
    tags = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in values.items())
    start = b"II*\0" + struct.pack("<I", 8 + len(data))
    return start + data + struct.pack("<H", len(values)) + tags + bytes(4)


def left_and_right(left, right, width=64, height=64) -> Image.Image:
    pixels = np.zeros((height, width, len(left)), np.uint8)
    pixels[:, : width // 2], pixels[:, width // 2 :] = left, right
    return Image.fromarray(pixels)


def test_a_picture_of_the_right_size_keeps_every_pixel():
    picture = coloured(1)
    for fit in ("crop", "pad"):
        assert np.array_equal(square(encoded(picture), fit=fit), np.asarray(picture))
        grey = square(encoded(picture), channels=1, fit=fit)
        assert np.array_equal(grey[..., 0], np.asarray(picture.convert("L")))


@pytest.mark.parametrize(("width", "height"), [(45, 32), (32, 45)])
def test_crop_takes_the_middle_square(width, height):
    picture = coloured(1, width, height)
    left, top = (width - 32) // 2, (height - 32) // 2
    middle = np.asarray(picture)[top : top + 32, left : left + 32]
    assert np.array_equal(square(encoded(picture)), middle)


def test_crop_leaves_the_sides_out_before_it_resizes():
    picture = np.full((64, 128, 3), 255, np.uint8)
    picture[:, 32:96] = (10, 20, 30)
    # The outermost pixels of the square are made with their neighbours outside of it.
    assert (square(encoded(Image.fromarray(picture)))[:, 3:-3] == (10, 20, 30)).all()


def test_a_square_of_28_is_framed_in_32_and_not_stretched():
    digit = coloured(1, 28, 28).convert("L")
    digit.putpixel((0, 0), 77)
    out = square(encoded(digit), 32, 1)[..., 0]
    assert np.array_equal(out[2:30, 2:30], np.asarray(digit))
    frame = np.ones((32, 32), bool)
    frame[2:30, 2:30] = False
    assert (out[frame] == 77).all()
    # Smaller ones are enlarged to the edge instead.
    assert np.ptp(square(encoded(coloured(1, 27, 27)), 32, 3)[0]) > 0


def test_fine_patterns_are_averaged():
    checks = (np.indices((128, 128)).sum(0) % 2 * 255).astype(np.uint8)
    out = square(encoded(Image.fromarray(checks)))[4:-4, 4:-4].astype(int)
    assert np.abs(out - 127).max() <= 2


@pytest.mark.parametrize("wide", [True, False])
def test_pad_shows_the_whole_picture_on_the_background(wide):
    picture = np.full((32, 64, 3), (10, 20, 30), np.uint8)
    if not wide:
        picture = picture.transpose(1, 0, 2)
    out = square(encoded(Image.fromarray(picture)), fit="pad", background=(1, 2, 3))
    if not wide:
        out = out.transpose(1, 0, 2)
    assert (out[8:24] == (10, 20, 30)).all()
    assert (out[:8] == (1, 2, 3)).all() and (out[24:] == (1, 2, 3)).all()


def test_pad_keeps_a_line_of_the_thinnest_picture():
    out = square(encoded(Image.new("RGB", (2000, 8), "black")), fit="pad")
    assert (out == 0).all(-1).sum() == 32


FORMS = {
    "palette": ("P", "PNG"), "gif": ("P", "GIF"), "alpha": ("RGBA", "WEBP"), "alphas": ("LA", "PNG"),
    "cmyk": ("CMYK", "JPEG"), "cmyk tiff": ("CMYK", "TIFF"), "bits": ("1", "PNG"), "grey": ("L", "PNG"),
    "jpeg": ("RGB", "JPEG"), "webp": ("RGB", "WEBP"), "bmp": ("RGB", "BMP"), "tiff": ("RGB", "TIFF"),
    "two in one": ("RGB", "MPO"),
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_shows_the_same_picture(form):
    mode, kind = FORMS[form]
    content = encoded(left_and_right((0, 0, 0), (255, 255, 255)).convert(mode), kind)
    for channels in (1, 3):
        out = square(content, 64, channels)
        assert (out.shape, out.dtype) == ((64, 64, channels), np.uint8)
        assert out[:, :24].max() <= 3
        assert out[:, 40:].min() >= 252


@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_inks_are_turned_into_light(kind):
    inks = Image.new("CMYK", (64, 64), (255, 0, 0, 0))
    inks.paste((0, 0, 255, 128), (32, 0, 64, 64))
    out = square(encoded(inks, kind, **({"quality": 95} if kind == "JPEG" else {})), 64).astype(int)
    assert np.abs(out[:, :24] - (0, 255, 255)).max() <= 3
    assert np.abs(out[:, 40:] - (127, 127, 0)).max() <= 3


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_sixteen_bits_are_scaled_and_not_cut_off(kind):
    ramp = np.linspace(0, 65535, 64 * 64).astype(np.uint16).reshape(64, 64)
    for channels in (1, 3):
        out = square(encoded(Image.fromarray(ramp), kind), 64, channels)
        assert np.array_equal(out, np.repeat(np.rint(ramp / 257)[..., None], channels, -1))


def test_a_tiff_may_say_that_white_is_zero():
    ramp = np.linspace(0, 65535, 64 * 64).astype(np.uint16).reshape(64, 64)
    content = encoded(Image.fromarray(ramp), "TIFF", tiffinfo={262: 0})
    assert np.array_equal(square(content, 64, 1)[..., 0], 255 - np.rint(ramp / 257))


def test_a_tiff_may_have_twelve_bits():
    ramp = np.linspace(0, 4095, 32 * 32).astype(np.uint16)
    high, low = ramp[::2], ramp[1::2]
    packed = (
        np.stack([high >> 4, (high & 15) << 4 | low >> 8, low & 255], -1).astype(np.uint8).tobytes()
    )
    values = {256: 32, 257: 32, 258: 12, 259: 1, 262: 1, 273: 8, 277: 1, 278: 32, 279: len(packed)}
    content = tiff(values, packed)
    assert np.array_equal(square(content, 32, 1).ravel(), np.rint(ramp / 4095 * 255))


def test_the_background_shows_through_what_is_transparent():
    picture = left_and_right((255, 0, 0, 255), (255, 0, 0, 0), 32, 32)
    picture.putpixel((0, 0), (255, 0, 0, 51))
    out = square(encoded(picture), background=(0, 100, 200))
    assert tuple(out[0, 0]) == (51, 80, 160)
    assert (out[1:, :16] == (255, 0, 0)).all()
    assert (out[:, 16:] == (0, 100, 200)).all()


def test_a_palette_and_a_grey_may_have_a_transparent_colour():
    palette = Image.new("P", (32, 32), 1)
    palette.putpalette([9, 9, 9, 200, 0, 0])
    palette.paste(0, (0, 0, 16, 32))
    for content in (encoded(palette, transparency=0), encoded(palette, "GIF", transparency=0)):
        out = square(content, background=(1, 2, 3))
        assert (out[:, :16] == (1, 2, 3)).all() and (out[:, 16:] == (200, 0, 0)).all()
    out = square(encoded(Image.new("L", (32, 32), 7), transparency=7), background=(1, 2, 3))
    assert (out == (1, 2, 3)).all()


def test_what_is_invisible_does_not_bleed_into_what_is_seen():
    picture = left_and_right((0, 0, 0, 255), (255, 0, 0, 0))
    out = square(encoded(picture), background=(0, 0, 0))
    assert out.max() == 0


# What a camera stores for the same upright scene, for each value of EXIF's orientation.
STORED = {
    1: lambda scene: scene, 2: np.fliplr, 3: lambda scene: np.rot90(scene, 2), 4: np.flipud,
    5: lambda scene: scene.transpose(1, 0, 2), 6: lambda scene: np.rot90(scene, 1),
    7: lambda scene: np.rot90(scene, 2).transpose(1, 0, 2), 8: lambda scene: np.rot90(scene, -1),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP", "JPEG"])
@pytest.mark.parametrize("orientation", STORED)
def test_exif_turns_pictures_upright(orientation, kind):
    scene = np.zeros((32, 24, 3), np.uint8)
    scene[:16, :12], scene[:16, 12:], scene[16:, :12] = (255, 0, 0), (0, 255, 0), (0, 0, 255)
    exif = Image.Exif()
    exif[274] = orientation
    options = {"PNG": {}, "TIFF": {}, "WEBP": {"lossless": True}, "JPEG": {"quality": 100}}[kind]
    options |= {"subsampling": 0} if kind == "JPEG" else {}
    stored = Image.fromarray(np.ascontiguousarray(STORED[orientation](scene)))
    out = square(encoded(stored, kind, exif=exif, **options), fit="pad")
    assert np.abs(out[:, 4:28].astype(int) - scene).max() <= (3 if kind == "JPEG" else 0)
    assert (out[:, :4] == 255).all() and (out[:, 28:] == 255).all()


@pytest.mark.filterwarnings("ignore:Corrupt EXIF")
@pytest.mark.parametrize("exif", [b"Exif\0\0MM", b"Exif\0\0II*\0\xff\xff\xff\xff", b"\0" * 40])
def test_damaged_exif_leaves_a_picture_as_it_is(exif):
    picture = coloured(1)
    assert np.array_equal(square(encoded(picture, exif=exif)), np.asarray(picture))


def test_only_the_first_frame_of_an_animation_is_touched():
    frames = [Image.new("P", (32, 32), index) for index in range(3)]
    for index, frame in enumerate(frames):
        frame.putpalette([index * 100] * 3 * 256)
    content = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert Image.open(io.BytesIO(content)).n_frames == 3
    for cut in (content, content[: len(content) // 2]):
        assert (square(cut) == 0).all()
    content = encoded(
        frames[1].convert("RGB"), "WEBP", save_all=True, append_images=frames[:1], lossless=True
    )
    assert (square(content) == 100).all()


def test_large_jpegs_are_decoded_small():
    content = encoded(left_and_right((0, 0, 0), (255, 255, 255), 1024, 1024), "JPEG")
    with open_image(content) as picture:
        out = to_square(picture, 32, 3, "crop", WHITE)
        assert picture.size == (128, 128)
    assert out[:, :13].max() <= 12 and out[:, 19:].min() >= 243
