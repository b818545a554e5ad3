"""Arrays of pictures to grids, strips and animations. uint8 NHWC in, Pillow images or bytes out."""

import io

import numpy as np
from PIL import Image

from gan import checks

MAX_SCALE = 32
PALETTE_FRAMES = 60


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


def gif(frames: np.ndarray, scale: int = 1, frames_per_second: float = 20) -> bytes:
    """uint8 (N, H, W, C) -> the bytes of an endlessly looping GIF; 1 to 50 frames a second.

    GIF counts in hundredths of a second, so the rate is rounded to those.
    """
    rate = checks.number("frames per second", frames_per_second, 1, 50)
    images = [to_image(frame) for frame in frames]
    if frames.shape[-1] == 3:
        # One palette for all frames: a palette each would make colours flicker. Of a long film it
        # comes from frames spread over all of it.
        palette = to_image(grid(frames[:: 1 + len(frames) // PALETTE_FRAMES])).quantize(256)
        images = [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]
    images = [enlarged(image, scale) for image in images]
    duration = round(100 / rate) * 10
    return _encoded(
        images[0], format="GIF", save_all=True, append_images=images[1:], duration=duration, loop=0
    )


def _encoded(image: Image.Image, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, **options)
    return buffer.getvalue()
