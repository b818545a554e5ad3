"""Decode untrusted image files: encoded bytes -> a square uint8 array. Free of PyTorch.

The content decides the format, not the file's name, and the size in the header is checked before memory
is allocated for pixels. Of an animation only the first frame is decoded.
"""

import contextlib
import io
import re

import numpy as np
from PIL import ExifTags, Image, ImageColor, ImageOps

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")  # PPM: PBM and PGM too
SIGNATURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")
ZIP_SIGNATURES = (b"PK\3\4", b"PK\5\6", b"PK\7\x08")
HEIF_BRANDS = (b"ftyphei", b"ftyphev", b"ftypmif", b"ftypavi")
MODES = ("1", "L", "LA", "P", "PA", "RGB", "RGBA", "RGBa", "RGBX", "CMYK", "YCbCr")
FIT_MODES = ("crop", "pad")
WHITE = (255, 255, 255)

MIN_SIDE = 8
MAX_PIXELS = 50 * 10**6  # WebP needs up to 800 MB to decode as many
# A progressive JPEG may visit every pixel in thousands of scans of a few bytes each.
MAX_SCANNED_PIXELS = 100 * MAX_PIXELS

# Reasons that are shown after a file's name.
NOT_AN_IMAGE = "not a PNG, JPEG, WebP, GIF, BMP, TIFF or PPM picture"
DAMAGED = "damaged or cut off"
TOO_LARGE = f"more than {MAX_PIXELS // 10**6} megapixels"


def decode_square(
    content: bytes,
    size: int,
    channels: int,
    fit: str = "crop",
    background: tuple[int, int, int] = WHITE,
) -> np.ndarray:
    """Encoded image -> uint8 (size, size, channels); see `to_square`.

    ValueError with a short reason, to be shown after the file's name, if it cannot be decoded.
    """
    with open_image(content) as image:
        return to_square(image, size, channels, fit, background)


def parse_colour(text: str) -> tuple[int, int, int]:
    """CSS "#rrggbb" -> (red, green, blue), each 0 to 255; ValueError for any other text."""
    if not (isinstance(text, str) and re.fullmatch("#[0-9a-fA-F]{6}", text)):
        raise ValueError("background must be a colour such as #ffffff (white) or #000000 (black).")
    return ImageColor.getrgb(text)


def open_image(content: bytes) -> Image.Image:
    """Read the header of an encoded image; its pixels are not decoded yet.

    ValueError with a short reason, to be shown after the file's name, if the format is none of
    `FORMATS`, the image is too large or too small, or its pixel format is not supported.
    """
    try:
        image = Image.open(io.BytesIO(content), formats=FORMATS)
        width, height = image.size
        pixels = max(width * height, _largest_tile(image))
    except Image.DecompressionBombError:  # Pillow's own limit, which is above MAX_PIXELS
        raise ValueError(TOO_LARGE) from None
    except Exception:  # Pillow's header parsers raise many kinds of exceptions
        raise ValueError(_why_not_opened(content)) from None
    if pixels > MAX_PIXELS:
        raise ValueError(TOO_LARGE)
    if min(width, height) < MIN_SIDE:
        raise ValueError(f"too small: less than {MIN_SIDE} pixels wide or high")
    if image.mode not in MODES and not _has_16_bits(image):
        # 32-bit integers and floats have no defined white level.
        raise ValueError(f"of an unsupported pixel format ({image.mode}): save it with 8 or 16 bits")
    scanned = width * height * content.count(b"\xff\xda")  # markers of the start of a scan
    if image.format in ("JPEG", "MPO") and scanned > MAX_SCANNED_PIXELS:
        raise ValueError("a JPEG of too many scans")
    return image


def to_square(
    image: Image.Image, size: int, channels: int, fit: str, background: tuple[int, int, int]
) -> np.ndarray:
    """Opened image -> uint8 (size, size, channels): upright, 1 channel (grey) or 3 (RGB).

    "crop" takes the centre square; "pad" scales the whole image to fit and fills the rest with
    `background` (red, green, blue). Transparent pixels are blended with `background` too. A square image
    up to an eighth smaller than `size` (MNIST's 28 in 32) is not resized but framed in the colour of its
    top left pixel, so that its pixels stay sharp. ValueError if the image cannot be decoded.
    """
    try:
        # Decodes a JPEG at 1/2, 1/4 or 1/8 of its size where that is still at least twice `size`.
        image.draft(None, (2 * size, 2 * size))
        image.load()
        with contextlib.suppress(Exception):  # damaged EXIF data: the pixels are still good
            ImageOps.exif_transpose(image, in_place=True)
        whole = _to_rgb(image, background)
    except Exception:  # Pillow's decoders raise many kinds of exceptions on damaged files
        raise ValueError(DAMAGED) from None
    square = _resized(whole, size, fit, background).convert("L" if channels == 1 else "RGB")
    return np.asarray(square, dtype=np.uint8).reshape(size, size, channels)


def _resized(image: Image.Image, size: int, fit: str, background: tuple[int, int, int]) -> Image.Image:
    """RGB of any shape -> RGB (size, size).

    Not by Pillow's ImageOps.fit and pad: the one crops at half pixels, which blurs an image that needs no
    resizing; the other fails where the shorter side rounds to 0; and both resize large images slowly.
    """
    width, height = image.size
    if width == height and size * 7 / 8 <= width < size:
        return _centred(image, size, image.getpixel((0, 0)))
    if fit == "crop":
        side = min(width, height)
        left, top = (width - side) // 2, (height - side) // 2
        box, shape = (left, top, left + side, top + side), (size, size)
    else:
        side = max(width, height)
        box = (0, 0, width, height)
        shape = (max(1, round(width * size / side)), max(1, round(height * size / side)))
    small = image.resize(shape, Image.Resampling.LANCZOS, box=box, reducing_gap=3.0)
    return _centred(small, size, background)


def _centred(image: Image.Image, size: int, background: tuple[int, int, int]) -> Image.Image:
    canvas = Image.new("RGB", (size, size), background)
    canvas.paste(image, ((size - image.width) // 2, (size - image.height) // 2))
    return canvas


def _to_rgb(image: Image.Image, background: tuple[int, int, int]) -> Image.Image:
    """Decoded image of any supported mode -> RGB, blended with `background` where it is transparent."""
    if _has_16_bits(image):
        image = _to_eight_bits(image)
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    canvas = Image.new("RGB", image.size, background)
    canvas.paste(image, mask=image)
    return canvas


def _to_eight_bits(image: Image.Image) -> Image.Image:
    """16-bit grey (12 bits in some TIFFs) scaled to 8 bits; Pillow's own conversion clips at 255."""
    tags = getattr(image, "tag_v2", {})
    white = 2 ** tags.get(ExifTags.Base.BitsPerSample, (16,))[0] - 1
    grey = (np.asarray(image).astype(np.uint32) * 255 + white // 2) // white
    if tags.get(ExifTags.Base.PhotometricInterpretation) == 0:  # TIFF's WhiteIsZero
        grey = 255 - grey
    return Image.fromarray(grey.astype(np.uint8))


def is_nearly_black(image: Image.Image) -> bool:
    """Whether a decoded image has 16 bits a pixel but values of at most 12, as cameras and scanners write."""
    bits = getattr(image, "tag_v2", {}).get(ExifTags.Base.BitsPerSample, (16,))[0]
    return _has_16_bits(image) and bits == 16 and 0 < np.asarray(image).max() < 4096


def _has_16_bits(image: Image.Image) -> bool:
    """Whether an image has 16 grey bits a pixel. Pillow opens a PGM of them as 32-bit integers up to 65,535."""
    return image.mode.startswith("I;16") or (image.mode == "I" and image.format == "PPM")


def _largest_tile(image: Image.Image) -> int:
    """Pixels of a TIFF's tile, which is allocated whole however small the image is; 0 if untiled."""
    tags = getattr(image, "tag_v2", {})
    return tags.get(ExifTags.Base.TileWidth, 0) * tags.get(ExifTags.Base.TileLength, 0)


def _why_not_opened(content: bytes) -> str:
    if not content:
        return "empty"
    if content.startswith(ZIP_SIGNATURES):
        return "a zip inside a zip, which is not opened"
    if content[4:12].startswith(HEIF_BRANDS):
        return "a HEIC or AVIF picture: save it as JPEG or PNG"
    webp = content.startswith(b"RIFF") and content[8:12] == b"WEBP"
    return DAMAGED if webp or content.startswith(SIGNATURES) else NOT_AN_IMAGE
