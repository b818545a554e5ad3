"""Pictures that a page drew, as an animation."""

import io
import warnings

from PIL import Image

MOST_FRAMES = 120
MOST_SIDE = 800
COLOURS = 128
LAST_MS = 1500  # how long the end is shown before it begins anew


def animated(body: bytes, ms: int) -> bytes:
    """PNG pictures of one size, each behind its uint32 length (little endian), as an endless GIF.

    ValueError for anything else, for more than 120 pictures, or pictures larger than 800 × 800.
    """
    frames = [_frame(png) for png in _parts(body)]
    if not frames:
        raise ValueError("There are no pictures to animate.")
    if len({frame.size for frame in frames}) > 1:
        raise ValueError("All pictures of an animation must be of one size.")
    # One palette for all: else colours would flicker from frame to frame.
    palette = _strip(frames).quantize(COLOURS)
    drawn = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    durations = [ms] * (len(drawn) - 1) + [LAST_MS]
    buffer = io.BytesIO()
    options = {"append_images": drawn[1:], "duration": durations, "loop": 0, "optimize": False}
    drawn[0].save(buffer, "GIF", save_all=True, **options)
    return buffer.getvalue()


def _parts(body: bytes) -> list[bytes]:
    parts, at = [], 0
    while at < len(body):
        length = int.from_bytes(body[at : at + 4], "little")
        part = body[at + 4 : at + 4 + length]
        if len(part) != length or not length:
            raise ValueError("The pictures are cut off.")
        parts.append(part)
        at += 4 + length
        if len(parts) > MOST_FRAMES:
            raise ValueError(f"At most {MOST_FRAMES} pictures can be animated.")
    return parts


def _frame(content: bytes) -> Image.Image:
    # Beside OSError for what is no PNG or is cut off, Pillow raises what its parsers happen to raise.
    large = f"Pictures may be at most {MOST_SIDE} × {MOST_SIDE}."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=["PNG"])
        if max(image.size) <= MOST_SIDE:
            return image.convert("RGB")
    except Image.DecompressionBombError:
        raise ValueError(large) from None
    except (OSError, SyntaxError, ValueError):
        raise ValueError("The pictures must be PNG.") from None
    raise ValueError(large)


def _strip(frames: list[Image.Image]) -> Image.Image:
    """A few of the frames, small, side by side: what the palette is made of."""
    few = [*frames[:: max(1, len(frames) // 8)][:8], frames[-1]]
    side = 200
    strip = Image.new("RGB", (side * len(few), side))
    for place, frame in enumerate(few):
        strip.paste(frame.resize((side, side)), (side * place, 0))
    return strip
