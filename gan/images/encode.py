"""Encode image arrays (uint8 NHWC) as grids, strips and animations: PNG, WebP and GIF."""

import io
from pathlib import Path

import numpy as np
from PIL import Image

from gan.common import checks

MAX_SCALE = 32
FORMATS = {
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".webp": "WEBP",
}  # by the ending of a file's name
# Pixels: WebP's own limit; others need a gigabyte of memory at theirs.
MAX_SIDE = {"PNG": 16_384, "JPEG": 16_384, "WEBP": 16_383}
PREVIEW_SIDE = 64  # of pictures in sheets that show how a run goes: 64 larger ones would be a megabyte
PALETTE_FRAMES = 60
PALETTE_SIDE = 1024  # largest side, in pixels, of the image that the palette is computed from


def to_image(image: np.ndarray, scale: int = 1) -> Image.Image:
    """uint8 (H, W, 1 or 3) -> a Pillow image, upscaled as by `upscale`."""
    return upscale(Image.fromarray(image[..., 0] if image.shape[-1] == 1 else image), scale)


def upscale(image: Image.Image, scale: int) -> Image.Image:
    """Nearest-neighbour upscaling: each pixel becomes scale × scale pixels; `scale` is 1 to 32."""
    scale = checks.integer("scale", scale, 1, MAX_SCALE)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def grid_columns(count: int) -> int:
    """The columns of a grid of so many pictures: as many as rows, or one more."""
    return int(np.ceil(np.sqrt(count)))


def grid(images: np.ndarray, columns: int | None = None) -> np.ndarray:
    """uint8 (N, H, W, C) -> one image (H', W', C), filled row by row, white where cells are left over.

    Without `columns` the grid has as many columns as rows, or one more.
    """
    count, height, width, channels = images.shape
    columns = min(columns or grid_columns(count), count)
    rows = -(-count // columns)
    sheet = np.full((rows * columns, height, width, channels), 255, np.uint8)
    sheet[:count] = images
    sheet = sheet.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    return sheet.reshape(rows * height, columns * width, channels)


def preview_side(side: int, most: int = PREVIEW_SIDE) -> int:
    """The side of a preview of a square picture: as it is up to `most` pixels, else halved until it is at most that."""
    while side > most:
        side //= 2
    return side


def previews(images: np.ndarray, most: int = PREVIEW_SIDE) -> np.ndarray:
    """uint8 (N, S, S, C) -> (N, P, P, C) with P = `preview_side(S, most)`: means of S/P × S/P pixels, rounded."""
    count, side, _, channels = images.shape
    small = preview_side(side, most)
    if small == side:
        return images
    factor = side // small
    blocks = images.reshape(count, small, factor, small, factor, channels)
    return blocks.mean(axis=(2, 4), dtype=np.float32).round().astype(np.uint8)


def png(image: np.ndarray, scale: int = 1) -> bytes:
    """uint8 (H, W, C) -> the bytes of a PNG file."""
    return _encoded(to_image(image, scale), format="PNG")


def image_format(name: str) -> str:
    """The image format that a file name ends in, as Pillow calls it; ValueError for an ending that is not known."""
    form = FORMATS.get(Path(name).suffix.lower())
    if form is None:
        raise ValueError(f"A picture must be called {', '.join(FORMATS)}, not {Path(name).name!r}.")
    return form


def check_sheet(count: int, side: int, form: str, scale: int, columns: int | None = None) -> None:
    """ValueError if a grid of `count` pictures of `side` pixels is too large for its file, or for memory."""
    scale = checks.integer("scale", scale, 1, MAX_SCALE)
    columns = columns or grid_columns(count)
    most, width = MAX_SIDE[form], max(columns, -(-count // columns)) * side
    if width * scale > most:
        fits = f"choose a scale of at most {most // width}" if most >= width else "choose fewer"
        raise ValueError(
            f"{count:,} pictures at scale {scale} are {width * scale:,} pixels wide, of at most {most:,}: {fits}."
        )


def image_file(image: np.ndarray, form: str, scale: int = 1) -> bytes:
    """uint8 (H, W, 1 or 3) -> the bytes of a file; `form` is one that `image_format` returns."""
    options = {"JPEG": {"quality": 95}, "WEBP": {"lossless": True}}
    return _encoded(to_image(image, scale), format=form, **options.get(form, {}))


def webp(images: np.ndarray, quality: int = 90) -> bytes:
    """uint8 (N, H, W, C) -> their grid as lossy WebP, a tenth of the size of a PNG; `quality` from 0 to 100."""
    return _encoded(to_image(grid(images)), format="WEBP", quality=quality, method=1)


def gif(
    frames: np.ndarray, scale: int = 1, frames_per_second: float = 20, last_seconds: float = 0.0
) -> bytes:
    """uint8 (N, H, W, C) -> the bytes of an endlessly looping GIF; 1 to 50 frames a second.

    GIF stores durations in hundredths of a second, so a frame's is rounded to those. The last frame is
    shown for `last_seconds` if that is longer. ValueError for a scale or rate out of range.
    """
    rate = checks.number("frames per second", frames_per_second, 1, 50)
    images = [to_image(frame) for frame in frames]
    if frames.shape[-1] == 3:
        palette = _palette(frames)
        images = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    images = [upscale(image, scale) for image in images]
    durations = [round(100 / rate) * 10] * len(images)
    durations[-1] = max(durations[-1], round(1000 * last_seconds))
    options = {"append_images": images[1:], "duration": durations, "loop": 0}
    return _encoded(images[0], format="GIF", save_all=True, **options)


def _palette(frames: np.ndarray) -> Image.Image:
    """One palette for all frames, from evenly spaced ones: a palette for each frame would flicker."""
    sheet = to_image(grid(frames[:: 1 + len(frames) // PALETTE_FRAMES]))
    sheet.thumbnail((PALETTE_SIDE, PALETTE_SIDE), Image.Resampling.NEAREST)
    return sheet.quantize(256)


def large_gif(frames: np.ndarray) -> bytes:
    """A GIF upscaled by a whole number to at most 256 pixels wide (wider frames keep their size)."""
    return gif(frames, max(1, 256 // frames.shape[1]))


def strip(frames: np.ndarray) -> bytes:
    """uint8 (N, H, W, C) -> a PNG of all frames in one row, enlarged twice where they are below 128 pixels."""
    return png(grid(frames, columns=len(frames)), sheet_scale(frames.shape[2]))


def sheet_scale(side: int) -> int:
    """How much sheets of pictures of that side are enlarged in files."""
    return 2 if side < 128 else 1


def _encoded(image: Image.Image, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()
