"""Arrays of pictures to grids, strips and animations. uint8 NHWC in, Pillow images or bytes out."""

import io

import numpy as np
from PIL import Image

from gan.common import checks

MAX_SCALE = 32
PALETTE_FRAMES = 60
PALETTE_SIDE = 1024  # pixels of the sheet that a palette is made from


def to_image(picture: np.ndarray, scale: int = 1) -> Image.Image:
    """uint8 (H, W, 1 or 3) -> a Pillow image, each pixel drawn as scale × scale pixels."""
    return enlarged(Image.fromarray(picture[..., 0] if picture.shape[-1] == 1 else picture), scale)


def enlarged(image: Image.Image, scale: int) -> Image.Image:
    """The image with each pixel drawn as scale × scale pixels, 1 to 32."""
    scale = checks.integer("scale", scale, 1, MAX_SCALE)
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def grid(pictures: np.ndarray, columns: int | None = None) -> np.ndarray:
    """uint8 (N, H, W, C) -> one picture, row by row; as square as can be unless told. White rest."""
    count, height, width, channels = pictures.shape
    columns = min(columns or int(np.ceil(np.sqrt(count))), count)
    rows = -(-count // columns)
    sheet = np.full((rows * columns, height, width, channels), 255, np.uint8)
    sheet[:count] = pictures
    sheet = sheet.reshape(rows, columns, height, width, channels).swapaxes(1, 2)
    return sheet.reshape(rows * height, columns * width, channels)


def png(picture: np.ndarray, scale: int = 1) -> bytes:
    """uint8 (H, W, C) -> the bytes of a PNG file."""
    return _encoded(to_image(picture, scale), format="PNG")


def webp(pictures: np.ndarray) -> bytes:
    """uint8 (N, H, W, C) -> a grid of them as WebP: a tenth of PNG's size at no visible loss."""
    return _encoded(to_image(grid(pictures)), format="WEBP", quality=90, method=1)


def gif(
    frames: np.ndarray, scale: int = 1, frames_per_second: float = 20, last_seconds: float = 0.0
) -> bytes:
    """uint8 (N, H, W, C) -> the bytes of an endlessly looping GIF; 1 to 50 frames a second.

    GIF counts in hundredths of a second, so the rate is rounded to those. The last frame stays for
    `last_seconds`, if that is longer.
    """
    rate = checks.number("frames per second", frames_per_second, 1, 50)
    images = [to_image(frame) for frame in frames]
    if frames.shape[-1] == 3:
        palette = _palette(frames)
        images = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    images = [enlarged(image, scale) for image in images]
    durations = [round(100 / rate) * 10] * len(images)
    durations[-1] = max(durations[-1], round(1000 * last_seconds))
    options = {"append_images": images[1:], "duration": durations, "loop": 0}
    return _encoded(images[0], format="GIF", save_all=True, **options)


def _palette(frames: np.ndarray) -> Image.Image:
    """One palette for all frames, from some that are spread over them: one each would flicker."""
    sheet = to_image(grid(frames[:: 1 + len(frames) // PALETTE_FRAMES]))
    sheet.thumbnail((PALETTE_SIDE, PALETTE_SIDE), Image.Resampling.NEAREST)
    return sheet.quantize(256)


def large_gif(frames: np.ndarray) -> bytes:
    """A GIF of about 256 pixels a side, each source pixel a whole square."""
    return gif(frames, max(1, 256 // frames.shape[1]))


def strip(frames: np.ndarray) -> bytes:
    """All frames side by side, as a PNG."""
    return png(grid(frames, columns=len(frames)), 2)


def _encoded(image: Image.Image, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()
