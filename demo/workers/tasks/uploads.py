"""Jobs that read uploads: decode pictures, import weights, preview a folder or Hub id."""

import base64
import shutil
import time
from collections.abc import Iterator
from dataclasses import replace

from demo.workers.upload_format import list_files
from gan.data.image_collection import collect_images
from gan.data.image_tensors import Images
from gan.data.load import load_images, to_images, write_images
from gan.data.sources import upload_file, upload_folder
from gan.images.decode import parse_colour
from gan.images.encode import grid, png, preview_side, previews
from gan.models.import_weights import unpack_generator
from gan.models.storage import load_generator
from gan.training.small_data import SMALL

MAX_SHOWN = 64
PROGRESS_SECONDS = 0.25
MAX_LISTED = 200


def decode_pictures(source: str, size: int, channels: int, fit: str, background: str) -> Iterator[dict]:
    """Decode the pictures of an upload into squares and store them where training looks for them.

    Yields {"read": count} as progress, at last the facts of `_summarise` and what was left out.
    """
    found, due = list_files(upload_folder(source) / "packs"), 0.0
    for collected in collect_images(found, size, channels, fit, parse_colour(background)):
        if isinstance(collected, int) and time.monotonic() > due:
            due = time.monotonic() + PROGRESS_SECONDS
            yield {"read": collected}
    images = to_images(source, collected)
    # Without names of files: whoever has a link to a run on these pictures sees its messages.
    write_images(upload_file(source, size, channels, fit, background), replace(images, skipped=()))
    yield _summarise(images) | {
        "left_out": [list(each) for each in collected.skipped],
        "reasons": collected.reasons,
        "few": len(images) < SMALL,
    }


def preview_source(source: str, size: int, channels: int, fit: str, background: str) -> Iterator[dict]:
    """Load a sample of the pictures of a folder or Hub id, as training would see them."""
    images = load_images(source, size, channels, MAX_SHOWN, fit=fit, background=background)
    left_out = [line.partition(": ")[::2] for line in images.skipped[:MAX_LISTED]]
    yield _summarise(images) | {"left_out": left_out, "first": MAX_SHOWN}


def _summarise(images: Images) -> dict:
    """Counts, and previews of a sample of the squares as a PNG sheet, eight in a row, in base64."""
    squares = images.sample(MAX_SHOWN).pixels.permute(0, 2, 3, 1).numpy()
    return {
        "count": len(images),
        "duplicates": images.duplicates,
        "classes": list(images.classes),
        "notes": list(images.notes),
        "preview": preview_side(squares.shape[1]),
        "sheet": base64.b64encode(png(grid(previews(squares), columns=8))).decode(),
    }


def import_weights(source: str) -> Iterator[dict]:
    """Extract a generator's files from an upload, and check that it loads."""
    packs, folder = upload_folder(source) / "packs", upload_folder(source) / "weights"
    yield {"read": 0}
    try:
        unpack_generator(list_files(packs), folder)
        generator = load_generator(str(folder))
    except ValueError as error:
        shutil.rmtree(folder, ignore_errors=True)
        # Local paths are not shown to users.
        raise ValueError(str(error).replace(f" in {folder}", "")) from None
    yield {"size": generator.size, "channels": generator.channels, "z_dim": generator.z_dim}
