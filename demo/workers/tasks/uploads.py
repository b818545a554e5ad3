"""What is done with files that were handed in, in a process of its own: pictures and weights."""

import base64
import shutil
import time
from collections.abc import Iterator

from demo.workers.upload_format import pieces
from gan.data.image_collection import collect_images
from gan.data.image_tensors import Images
from gan.data.load import load_images, to_images, write_images
from gan.data.sources import upload_file, upload_folder
from gan.images.decode import parse_colour
from gan.images.encode import grid, png
from gan.models.import_weights import unpack_generator
from gan.models.storage import load_generator
from gan.training.small_data import SMALL

SHOWN = 64
TOLD_SECONDS = 0.25
LISTED = 200


def pictures(source: str, size: int, channels: int, fit: str, background: str) -> Iterator[dict]:
    """Decode a set's pictures into squares and keep them where training finds them.

    Yields {"read": how many} now and then, at last what `_told` says.
    """
    found, due = pieces(upload_folder(source) / "packs"), 0.0
    for own in collect_images(found, size, channels, fit, parse_colour(background)):
        if isinstance(own, int) and time.monotonic() > due:
            due = time.monotonic() + TOLD_SECONDS
            yield {"read": own}
    images = to_images(source, own)
    write_images(upload_file(source, size, channels, fit, background), images)
    yield _told(images) | {
        "left_out": [list(each) for each in own.skipped],
        "reasons": own.reasons,
        "classes": list(own.classes),
        "few": len(images) < SMALL,
    }


def named(source: str, size: int, channels: int, fit: str, background: str) -> Iterator[dict]:
    """The first pictures of a folder or Hub id, as a network would see them."""
    images = load_images(source, size, channels, SHOWN, fit=fit, background=background)
    left_out = [line.partition(": ")[::2] for line in images.skipped[:LISTED]]
    yield _told(images) | {"left_out": left_out, "first": SHOWN}


def _told(images: Images) -> dict:
    """Counts, and the first squares as a PNG, eight in a row, base64."""
    squares = images.pixels[:SHOWN].permute(0, 2, 3, 1).numpy()
    return {
        "count": len(images),
        "duplicates": images.duplicates,
        "sheet": base64.b64encode(png(grid(squares, columns=8))).decode(),
    }


def weights(source: str) -> Iterator[dict]:
    """Take a generator's files out of what was handed in, and check that they make one."""
    packs, folder = upload_folder(source) / "packs", upload_folder(source) / "weights"
    yield {"read": 0}
    try:
        unpack_generator(pieces(packs), folder)
        generator = load_generator(str(folder))
    except ValueError as error:
        shutil.rmtree(folder, ignore_errors=True)
        # Where they lie is nobody's business.
        raise ValueError(str(error).replace(f" in {folder}", "")) from None
    yield {"size": generator.size, "channels": generator.channels, "z_dim": generator.z_dim}
