"""One picture of someone's own, from encoded bytes to a square of pixels. Free of PyTorch.

Nothing that its maker says is believed: the content decides the format, and the header's size is
judged before memory is taken for pixels. Of an animation only the first frame is decoded.
"""

import io
import re

import numpy as np
from PIL import ExifTags, Image

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF")
STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
ZIP_STARTS = (b"PK\3\4", b"PK\5\6", b"PK\7\x08")
HEIC = (b"ftyphei", b"ftyphev", b"ftypmif", b"ftypavi")
MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr")
FITS = ("crop", "pad")
WHITE = (255, 255, 255)

LEAST_SIDE = 8
MOST_PIXELS = 50 * 10**6  # for which up to 800 MB are taken, by WebP
# A progressive JPEG may visit every pixel in thousands of scans of a few bytes each.
MOST_SCANNED = 100 * MOST_PIXELS

NOT_A_PICTURE = "not a PNG, JPEG, WebP, GIF, BMP or TIFF picture"
DAMAGED = "damaged or cut off"
TOO_LARGE = f"more than {MOST_PIXELS // 10**6} megapixels"

# What turns a picture upright, for each value of EXIF's orientation but 1.
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def fit(
    content: bytes,
    size: int,
    channels: int,
    how: str = "crop",
    background: tuple[int, int, int] = WHITE,
) -> np.ndarray:
    """An encoded picture -> uint8 (size, size, channels), as `to_square` makes it.

    ValueError with the reason, a few words to stand behind a file's name, if it cannot be used.
    """
    with open_picture(content) as picture:
        return to_square(picture, size, channels, how, background)


def colour(text: str) -> tuple[int, int, int]:
    """ "#rrggbb", as in a web page -> (red, green, blue), each 0 to 255; ValueError for other text."""
    if not (isinstance(text, str) and re.fullmatch("#[0-9a-fA-F]{6}", text)):
        raise ValueError("background must be a colour such as #ffffff (white) or #000000 (black).")
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue


def open_picture(content: bytes) -> Image.Image:
    """The picture in `content`, its header read and its pixels not yet decoded.

    ValueError with the reason, a few words to stand behind a file's name, if it is no picture of
    `FORMATS`, or one that is too large, too small or of a form that is not read.
    """
    try:
        picture = Image.open(io.BytesIO(content), formats=FORMATS)
        width, height = picture.size
        pixels = max(width * height, _largest_tile(picture))
    except Image.DecompressionBombError:  # Pillow's own limit, above this module's
        raise ValueError(TOO_LARGE) from None
    except Exception:  # Pillow's readers of headers raise many kinds
        raise ValueError(_what_else(content)) from None
    if pixels > MOST_PIXELS:
        raise ValueError(TOO_LARGE)
    if min(width, height) < LEAST_SIDE:
        raise ValueError(f"too small: less than {LEAST_SIDE} pixels wide or high")
    if picture.mode not in MODES and not picture.mode.startswith("I;16"):
        # Numbers of 32 bits have no range that would say what is white.
        raise ValueError(f"of a form that is not read ({picture.mode}): save it with 8 or 16 bits")
    if picture.format in ("JPEG", "MPO") and width * height * content.count(b"\xff\xda") > MOST_SCANNED:
        raise ValueError("a JPEG of too many scans")
    return picture


def to_square(
    picture: Image.Image, size: int, channels: int, fit: str, background: tuple[int, int, int]
) -> np.ndarray:
    """An opened picture -> uint8 (size, size, channels), upright, in 1 (grey) or 3 (colour) channels.

    "crop" takes the middle square, "pad" fits the whole picture in and fills the rest with
    `background` (red, green, blue), which also shows through where a picture is transparent.
    A square picture that is up to an eighth smaller than `size` (MNIST's 28 in 32) is framed in its
    corner's colour, not stretched: its pixels stay crisp. ValueError if the picture cannot be decoded.
    """
    try:
        # A JPEG is decoded at a half, a quarter or an eighth where that is still twice as large.
        picture.draft(None, (2 * size, 2 * size))
        picture.load()
        whole = _colours(picture, background)
    except Exception:  # Pillow's decoders raise many kinds on damaged files
        raise ValueError(DAMAGED) from None
    turn = UPRIGHT.get(_orientation(picture))
    if turn is not None:  # one of them is 0
        whole = whole.transpose(turn)
    square = _fitted(whole, size, fit, background).convert("L" if channels == 1 else "RGB")
    return np.asarray(square, dtype=np.uint8).reshape(size, size, channels)


def _fitted(picture: Image.Image, size: int, fit: str, background: tuple[int, int, int]) -> Image.Image:
    """RGB of any shape -> RGB of (size, size)."""
    width, height = picture.size
    if width == height and size * 7 / 8 <= width < size:
        return _on_canvas(picture, size, picture.getpixel((0, 0)))
    if fit == "crop":
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        box, shape = (left, top, left + side, top + side), (size, size)
    else:
        side = max(width, height)
        box = (0, 0, width, height)
        shape = (max(1, round(width * size / side)), max(1, round(height * size / side)))
    small = picture.resize(shape, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    return _on_canvas(small, size, background)


def _on_canvas(picture: Image.Image, size: int, background: tuple[int, int, int]) -> Image.Image:
    canvas = Image.new("RGB", (size, size), background)
    canvas.paste(picture, ((size - picture.width) // 2, (size - picture.height) // 2))
    return canvas


def _colours(picture: Image.Image, background: tuple[int, int, int]) -> Image.Image:
    """A decoded picture as RGB, on `background` where it is transparent."""
    if picture.mode.startswith("I;16"):
        picture = _eight_bits(picture)
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    picture = picture.convert("RGBA")
    canvas = Image.new("RGB", picture.size, background)
    canvas.paste(picture, mask=picture)
    return canvas


def _eight_bits(picture: Image.Image) -> Image.Image:
    """Grey of 16 bits (12 in some TIFFs) scaled to 8; Pillow's own conversion cuts off at 255."""
    tags = getattr(picture, "tag_v2", {})
    white = 2 ** tags.get(ExifTags.Base.BitsPerSample, (16,))[0] - 1
    grey = (np.asarray(picture).astype(np.uint32) * 255 + white // 2) // white
    if tags.get(ExifTags.Base.PhotometricInterpretation) == 0:  # TIFF's "white is zero"
        grey = 255 - grey
    return Image.fromarray(grey.astype(np.uint8))


def _orientation(picture: Image.Image) -> int:
    """EXIF's orientation, 1 (upright) if there is none or if it cannot be read."""
    try:
        value = picture.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # a damaged note is no reason to refuse the picture
        return 1
    return value if isinstance(value, int) else 1


def _largest_tile(picture: Image.Image) -> int:
    """Pixels of a TIFF's tile, for which memory is taken however small the picture is; else 0."""
    tags = getattr(picture, "tag_v2", {})
    return tags.get(ExifTags.Base.TileWidth, 0) * tags.get(ExifTags.Base.TileLength, 0)


def _what_else(content: bytes) -> str:
    """Why Pillow could not open `content`."""
    if not content:
        return "empty"
    if content.startswith(ZIP_STARTS):
        return "a zip inside a zip, which is not opened"
    if content[4:12].startswith(HEIC):
        return "a HEIC or AVIF picture: save it as JPEG or PNG"
    webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    return DAMAGED if webp or content.startswith(STARTS) else NOT_A_PICTURE
